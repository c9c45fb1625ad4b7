"""What goes on at the title exchange of the demonstration: a yard that reports, a contact, a case of two
states, alerts.

Made by the acts of the product, in the names of those who sign in.
"""

from datetime import date, datetime, timedelta

from vinculum.access import people
from vinculum.access.database import Actor
from vinculum.access.models import Person
from vinculum.access.sign_in import actor_of_session
from vinculum.access.vouching import at_the_exchange, find_or_enter
from vinculum.entrypoints.demo import cases
from vinculum.entrypoints.demo.load_alerts import Desks, load_alerts
from vinculum.national.casework import check_paper, contacts, report_jsi, reporters
from vinculum.national.casework.compare_paper import Paper

_SALVAGED = next(vehicle for vehicle in cases.VEHICLES if vehicle.meets == "brand_missing_on_paper")
_YARD = ("reporter", "SALV1", "Placeholder Salvage Yard")


def load_exchange_desks(system: Actor, *, day: date, at: datetime) -> None:
    """The exchange as its clerks find it on their first day."""
    reporters.register(
        organisation_id=find_or_enter(system, kind=_YARD[0], code=_YARD[1], name=_YARD[2]),
        kind="salvage_yard",
        name=_YARD[2],
        state="NJ",
        actor=system,
        at=at - timedelta(days=70),
    )
    yard = _signed_in(system, "reports@salvage.example", *_YARD)
    report_jsi.run(
        report_jsi.Request(
            vin=_SALVAGED.vin,
            obtained_on=cases.days_before(day, 500),
            obtained_from="Fictional Mutual Insurance",
            disposition="rebuilt",
            for_export=False,
        ),
        actor=yard,
        at=at,
        channel="form",
    )
    new_york = _signed_in(system, "titles@newyork.example", "jurisdiction", "NY", "New York")
    contacts.keep(
        jurisdiction="NY",
        telephone="555-0100 extension 2",
        mailbox="title-help@newyork.example",
        hours="Monday to Friday, 8 to 5",
        actor=new_york,
        at=at,
    )
    connecticut = _signed_in(system, "titles@dmv.example", "jurisdiction", "CT", "Connecticut")
    check_paper.open_case(
        Paper(
            vin=_SALVAGED.vin,
            jurisdiction=_SALVAGED.paper_jurisdiction,
            title_number=_SALVAGED.paper_number,
            issue_date=cases.days_before(day, _SALVAGED.paper_days),
        ),
        question="Your title shows no brand, but New Jersey recorded one before. Was it rebuilt and inspected?",
        actor=connecticut,
        at=at,
    )
    desks = Desks(
        new_york=new_york,
        new_york_administrator=_signed_in(system, "admin@newyork.example", "jurisdiction", "NY", "New York"),
        connecticut=connecticut,
        agency=_signed_in(
            system, "admin@dmv.example", "jurisdiction", "CT", "Connecticut", role="exchange_administrator"
        ),
        help_desk=_signed_in(
            system, "desk@exchange.example", "association", "XCHG", "Title exchange, help desk"
        ),
    )
    load_alerts(vin=_SALVAGED.vin, desks=desks, at=at)
    for actor in (yard, new_york, connecticut, desks.new_york_administrator, desks.agency, desks.help_desk):
        people.close_sessions(system, person_id=actor.person_id)


def _signed_in(system: Actor, email: str, kind: str, code: str, name: str, *, role: str = "") -> Actor:
    person = Person.objects.get_by_natural_key(email)
    actor = actor_of_session(people.open_session(system, person_id=person.pk), terminal="demonstration")
    assert actor is not None, "The session was opened just now."
    return at_the_exchange(actor, kind=kind, code=code, name=name, role=role)

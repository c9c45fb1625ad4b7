"""What goes on at the title exchange of the demonstration: a yard that reports, a contact, a case of two
states, alerts.

Made by the acts of the product, in the names of those who sign in.
"""

from datetime import date, datetime, timedelta

from vinculum.access.database import Actor
from vinculum.access.vouching import find_or_enter
from vinculum.entrypoints.demo import cases
from vinculum.entrypoints.demo.at_work import Desks
from vinculum.entrypoints.demo.load_alerts import AlertDesks, load_alerts
from vinculum.national.casework import check_paper, contacts, report_jsi, reporters
from vinculum.national.casework.compare_paper import Paper

_SALVAGED = next(vehicle for vehicle in cases.VEHICLES if vehicle.meets == "brand_missing_on_paper")
_YARD = ("reporter", "SALV1", "Placeholder Salvage Yard")


def load_exchange_desks(system: Actor, desks: Desks, *, day: date, at: datetime) -> None:
    """The exchange as its clerks find it on their first day."""
    reporters.register(
        organisation_id=find_or_enter(system, kind=_YARD[0], code=_YARD[1], name=_YARD[2]),
        kind="salvage_yard",
        name=_YARD[2],
        state="NJ",
        actor=system,
        at=at - timedelta(days=70),
    )
    report_jsi.run(
        report_jsi.Request(
            vin=_SALVAGED.vin,
            obtained_on=cases.days_before(day, 500),
            obtained_from="Fictional Mutual Insurance",
            disposition="rebuilt",
            for_export=False,
        ),
        actor=desks("reports@salvage.example"),
        at=at,
        channel="form",
    )
    new_york = desks("titles@newyork.example")
    contacts.keep(
        jurisdiction="NY",
        telephone="555-0100 extension 2",
        mailbox="title-help@newyork.example",
        hours="Monday to Friday, 8 to 5",
        actor=new_york,
        at=at,
    )
    connecticut = desks("titles@dmv.example")
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
    alert_desks = AlertDesks(
        new_york=new_york,
        new_york_administrator=desks("admin@newyork.example"),
        connecticut=connecticut,
        agency=desks("admin@dmv.example"),
        help_desk=desks("desk@exchange.example"),
    )
    load_alerts(vin=_SALVAGED.vin, desks=alert_desks, at=at)

"""The people who sign in, and the dealers' papers, plates and funds: made by the acts of the product itself."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from vinculum.access import people
from vinculum.access.database import Actor
from vinculum.entrypoints.demo import cast
from vinculum.state.law.deal import PlateClass
from vinculum.state.records.dealer_papers import PaperKind
from vinculum.state.transactions import add_stock, deposit_funds, keep_dealer_paper, keep_lienholder

Organisations = dict[tuple[str, str], UUID]
_PLATES_EACH = 100
_YEARS = timedelta(days=3650)
_CLERKS = frozenset({"dealer_clerk", "dealer_manager"})


def load_cast(system: Actor) -> Organisations:
    """Organisations of the demonstration, by kind and code; the agency is there from the beginning."""
    found: Organisations = {}
    for organisation in cast.ORGANISATIONS:
        found[organisation.kind, organisation.code] = people.add_organisation(
            system, kind=organisation.kind, code=organisation.code, name=organisation.name
        )
    agency = people.find_organisation(system, kind="dmv", code="CT")
    assert agency is not None, "The agency is made with the ledger."
    found["dmv", "CT"] = agency
    return found


def load_dealers(
    system: Actor,
    organisations: Organisations,
    *,
    certified: dict[str, list[UUID]],
    day: date,
    at: datetime,
    last_reference: str,
) -> None:
    """Lienholders, and each dealer fit to transact with its certified clerks. The last deposit ends the load."""
    for code, name, address in cast.LIENHOLDERS:
        keep_lienholder.run(
            keep_lienholder.Request(code=code, name=name, address=address), actor=system, at=at
        )
    for dealer in cast.DEALERS:
        dealer_id = organisations["dealer", dealer.code]
        _papers(system, dealer_id, day=day, at=at, clerks=certified.get(dealer.code, []))
        stock: tuple[tuple[PlateClass, str], ...] = (
            ("passenger", dealer.passenger_from),
            ("combination", dealer.combination_from),
        )
        for plate_class, first in stock:
            add_stock.run(
                add_stock.Request(
                    dealer_id=dealer_id, plate_class=plate_class, first_number=first, count=_PLATES_EACH
                ),
                actor=system,
                at=at,
            )
    for dealer in cast.DEALERS:
        last = dealer is cast.DEALERS[-1]
        deposit_funds.run(
            deposit_funds.Request(
                dealer_id=organisations["dealer", dealer.code],
                amount=Decimal(dealer.deposit),
                reference=last_reference if last else f"demonstration {dealer.code}",
            ),
            actor=system,
            at=at,
        )


def load_people(system: Actor, organisations: Organisations) -> dict[str, list[UUID]]:
    """Enter and enrol everybody; answers the certified clerks by dealer."""
    certified: dict[str, list[UUID]] = {}
    for sign_in in cast.SIGN_INS:
        person = people.add_person(
            system,
            email=sign_in.email,
            name=sign_in.name,
            organisation_id=organisations[sign_in.kind, sign_in.code],
            role=sign_in.role,
        )
        people.enrol(person_id=person, password=cast.PASSWORD, totp_secret=sign_in.totp_secret)
        if sign_in.role in _CLERKS and sign_in.certified:
            certified.setdefault(sign_in.code, []).append(person)
    return certified


def _papers(system: Actor, dealer_id: UUID, *, day: date, at: datetime, clerks: list[UUID]) -> None:
    """Everything D-101 asks for, valid for years, and a certificate for each trained clerk."""
    since = day - timedelta(days=200)
    papers: tuple[tuple[PaperKind, date | None, str | None], ...] = (
        ("letter_of_intent", None, None),
        ("issuance_bond", day + _YEARS, "5000.00"),
        ("program_agreement", None, None),
        ("dealer_licence", day + _YEARS, None),
    )
    for kind, until, amount in papers:
        keep_dealer_paper.run(
            keep_dealer_paper.Request(
                dealer_id=dealer_id,
                kind=kind,
                valid_from=since,
                valid_until=until,
                number=f"{kind[:3].upper()}-DEMO",
                amount=Decimal(amount) if amount else None,
            ),
            actor=system,
            at=at,
        )
    for person in clerks:
        keep_dealer_paper.run(
            keep_dealer_paper.Request(
                dealer_id=dealer_id,
                kind="training_certificate",
                valid_from=since,
                valid_until=day + _YEARS,
                person_id=person,
            ),
            actor=system,
            at=at,
        )

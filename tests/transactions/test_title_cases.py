"""A dealer's refused title check opens a case between the states, and the closed case lets the sale go on (N-401)."""

import dataclasses
from datetime import date, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from both_systems import National
from desk import deliver, process, seen
from exchange_people import known_person
from lot import Lot, key, new_vin
from people import World
from vinculum.access.database import Actor
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.national.casework import cases, contacts, move_case
from vinculum.national.transactions import open_discrepancy
from vinculum.protocol.case_inquiry import CaseInquiry, case_number
from vinculum.protocol.exchange import ExchangeUnavailable
from vinculum.protocol.open_discrepancy import OpenDiscrepancy
from vinculum.state.law.deal import Deal
from vinculum.state.outbox.deliver import deliver_all_due
from vinculum.state.transactions import register_vehicle
from vinculum.state.transactions.register_vehicle import Request

PAPER_DATE = date(2024, 5, 6)


def refusals_of(lot: Lot, deal: Deal, national: National) -> dict[str, Refusal]:
    """Why the deal is refused when it is processed."""
    with pytest.raises(Refused) as refused:
        process(lot, deal, national)
    return {refusal.code: refusal for refusal in refused.value.refusals}


def disputed(lot: Lot, national: National) -> Deal:
    """A sale on a New York title whose number is not the one on record."""
    vin = new_vin()
    national.title(jurisdiction="NY", vin=vin, number="NY900")
    return lot.used_car(jurisdiction="NY", title_number="NY901", vin=vin)


def owed(lot: Lot, vin: str) -> list[tuple[object, ...]]:
    return seen(lot, "SELECT id, kind, state FROM outbox.message WHERE vin = %s ORDER BY position", vin)


def close(world: World, vin: str, case_id: UUID, lot: Lot, reason: str) -> None:
    """Connecticut's title clerk closes it, for a reason."""
    clerk = known_person(world, "title_clerk", "jurisdiction", "CT")
    request = move_case.Request(vin=vin, case_id=case_id, move="close", body="Settled.", reason=reason)
    assert move_case.run(request, actor=clerk, at=lot.now + timedelta(minutes=5)) == "closed"


def test_refused_title_check_opens_its_case(world: World, national: National) -> None:
    """N-401: the refusal names a case, which both states then see with the facts and the question, and once only."""
    lot = Lot(world)
    deal = disputed(lot, national)
    vin = deal.vehicle.vin
    contacts.keep(
        jurisdiction="NY",
        telephone="518-555-0100",
        mailbox="titles@ny.example",
        hours="",
        actor=known_person(world, "title_clerk", "jurisdiction", "NY"),
        at=lot.now,
    )
    first = refusals_of(lot, deal, national)["title_number_mismatch"]
    ((case_id, kind, state),) = owed(lot, vin)
    assert (kind, state) == ("open_discrepancy", "pending")
    assert isinstance(case_id, UUID)
    assert first.detail["case"] == case_number(case_id)
    assert f"case {case_number(case_id)}" in first.remedy
    assert "New York, 518-555-0100, titles@ny.example" in first.remedy
    again = refusals_of(lot, deal, national)["title_number_mismatch"]
    assert again.detail["case"] == first.detail["case"]
    deliver(lot, national)
    after = refusals_of(lot, deal, national)["title_number_mismatch"]
    assert after.detail["case"] == first.detail["case"]
    assert [state for _, _, state in owed(lot, vin)] == ["accepted"]
    for state in ("CT", "NY"):
        file = cases.show(
            vin=vin, case_id=case_id, actor=known_person(world, "title_clerk", "jurisdiction", state)
        )
        assert file is not None
        assert [fact.code for fact in file.case.facts] == ["title_number_differs"]
        assert "NY901" in file.events[0].body
        assert (file.case.asking, file.case.holding) == ("CT", "NY")
    assert seen(lot, "SELECT count(*) FROM book.registration WHERE vin = %s", vin) == [(0,)]


def test_looking_opens_nothing(world: World, national: National) -> None:
    """N-401: a quote shows the discrepancy; only processing the deal opens a case."""
    lot = Lot(world)
    deal = disputed(lot, national)
    shown = register_vehicle.preview(deal, actor=lot.clerk, at=lot.now, exchange=national.port)
    assert "title_number_mismatch" in {refusal.code for refusal in shown.refusals}
    assert owed(lot, deal.vehicle.vin) == []


def test_confirmed_paper_lets_the_sale_go_on(world: World, national: National) -> None:
    """N-401, N-301: closed because the paper is good, the deal goes through, and the pointer moves from the record."""
    lot = Lot(world)
    deal = disputed(lot, national)
    vin = deal.vehicle.vin
    refusals_of(lot, deal, national)
    deliver(lot, national)
    case_id = owed(lot, vin)[0][0]
    assert isinstance(case_id, UUID)
    close(world, vin, case_id, lot, "paper_confirmed")
    other_paper = dataclasses.replace(deal.ownership, number="NY902")
    still = refusals_of(lot, dataclasses.replace(deal, ownership=other_paper), national)
    assert "title_number_mismatch" in still, "the case was about another paper"
    receipt = process(lot, deal, national)
    deliver(lot, national)
    assert national.pointers(vin) == [("CT", receipt.title_number)]


def test_refused_paper_stays_refused(world: World, national: National) -> None:
    """N-401: closed because the paper is no good, nothing more is asked and nothing is issued."""
    lot = Lot(world)
    deal = disputed(lot, national)
    vin = deal.vehicle.vin
    refusals_of(lot, deal, national)
    deliver(lot, national)
    case_id = owed(lot, vin)[0][0]
    assert isinstance(case_id, UUID)
    close(world, vin, case_id, lot, "paper_refused")
    refusal = refusals_of(lot, deal, national)["title_number_mismatch"]
    assert "the paper is refused" in refusal.remedy
    assert len(owed(lot, vin)) == 1


def test_theft_is_not_settled_by_a_case(world: World, national: National) -> None:
    """N-401: a confirmed paper lifts what its case was about, never a theft report that came after."""
    lot = Lot(world)
    deal = disputed(lot, national)
    vin = deal.vehicle.vin
    refusals_of(lot, deal, national)
    deliver(lot, national)
    case_id = owed(lot, vin)[0][0]
    assert isinstance(case_id, UUID)
    close(world, vin, case_id, lot, "paper_confirmed")
    with psycopg.connect(national.url) as connection:
        connection.execute(
            "INSERT INTO exchange.theft (vin, report_id, reported_by, stolen_on, reported_at)"
            " VALUES (%s, %s, 'NY', %s, %s)",
            (vin, uuid4(), lot.today, lot.now),
        )
    assert set(refusals_of(lot, deal, national)) == {"vehicle_reported_stolen"}


def test_certificate_of_origin_for_a_titled_vehicle(world: World, national: National) -> None:
    """N-203, N-401: a certificate of origin for a vehicle that New York has titled is asked about as one."""
    lot = Lot(world)
    deal = lot.new_car()
    vin = deal.vehicle.vin
    national.title(jurisdiction="NY", vin=vin, number="NY910")
    refusal = refusals_of(lot, deal, national)["certificate_with_existing_title"]
    deliver(lot, national)
    ((case_id, _, state),) = owed(lot, vin)
    assert isinstance(case_id, UUID)
    assert (state, refusal.detail["case"]) == ("accepted", case_number(case_id))
    new_york = known_person(world, "title_clerk", "jurisdiction", "NY")
    file = cases.show(vin=vin, case_id=case_id, actor=new_york)
    assert file is not None
    assert [fact.code for fact in file.case.facts] == ["titled_already"]


class Deaf:
    """An exchange that answers inquiries and loses what is sent to it."""

    def __init__(self, national: National) -> None:
        self.inquire, self.cases = national.port.inquire, national.port.cases

    def send(self, message: object) -> None:
        raise ExchangeUnavailable("gone")


def test_case_is_not_lost(world: World, national: National) -> None:
    """N-309, N-401: an exchange that is away gets the case when it is back, once, however often it is sent."""
    lot = Lot(world)
    deal = disputed(lot, national)
    request = Request(deal=deal, idempotency_key=key())
    deaf = Deaf(national)
    with pytest.raises(Refused) as refused:
        register_vehicle.run(request, actor=lot.clerk, at=lot.now, exchange=deaf)  # type: ignore[arg-type]
    deliver_all_due(actor=world.system(), exchange=deaf, at=lot.now)  # type: ignore[arg-type]
    assert [state for _, _, state in owed(lot, deal.vehicle.vin)] == ["pending"]
    deliver_all_due(actor=world.system(), exchange=national.port, at=lot.now + timedelta(hours=1))
    assert [state for _, _, state in owed(lot, deal.vehicle.vin)] == ["accepted"]
    with pytest.raises(Refused) as again:
        register_vehicle.run(request, actor=lot.clerk, at=lot.now, exchange=national.port)
    assert again.value.refusals == refused.value.refusals


def a_case(vin: str, **other: object) -> OpenDiscrepancy:
    given: dict[str, object] = {
        "message_id": uuid4(),
        "origin": "CT",
        "vin": vin,
        "paper_jurisdiction": "NY",
        "paper_number": "NY901",
        "paper_date": PAPER_DATE,
        "question": "Which is right?",
    }
    return OpenDiscrepancy(**(given | other))  # type: ignore[arg-type]


def test_case_by_message_is_opened_once_and_joined(world: World, national: National, lot_now: Lot) -> None:
    """N-309, N-401: the same message answers the same; a second one joins the open case; agreement opens none."""
    vin = new_vin()
    national.title(jurisdiction="NY", vin=vin, number="NY900")
    first = a_case(vin, sent_at=lot_now.now)
    assert national.port.send(first).effect == "case_opened"
    assert national.port.send(first) == national.port.send(first)
    second = a_case(vin, sent_at=lot_now.now, paper_number="NY902", question="And this one?")
    assert national.port.send(second).effect == "case_joined"
    agreeing = a_case(vin, sent_at=lot_now.now, paper_number="NY900")
    assert [problem.code for problem in national.port.send(agreeing).problems] == ["V50"]
    own = new_vin()
    national.title(jurisdiction="CT", vin=own, number="CT1")
    mine = a_case(own, sent_at=lot_now.now, paper_jurisdiction="CT", paper_number="CT2")
    assert [problem.code for problem in national.port.send(mine).problems] == ["V51"]
    new_york: Actor = known_person(world, "title_clerk", "jurisdiction", "NY")
    file = cases.show(vin=vin, case_id=first.message_id, actor=new_york)
    assert file is not None
    assert {(event.move, event.body) for event in file.events} == {
        ("open", "Which is right?"),
        ("note", "And this one?"),
    }


def test_cases_of_others_are_not_told(world: World, national: National, lot_now: Lot) -> None:
    """N-401: a state's program is told its own cases; another state's, and the state asked, see none by program."""
    vin = new_vin()
    national.title(jurisdiction="NY", vin=vin, number="NY900")
    message = a_case(vin, sent_at=lot_now.now)
    assert national.port.send(message).effect == "case_opened"

    def told(state: str) -> int:
        port = dataclasses.replace(national.port, jurisdiction=state)
        asked = CaseInquiry(message_id=uuid4(), origin=state, sent_at=lot_now.now, vin=vin)
        return len(port.cases(asked).cases)

    assert {state: told(state) for state in ("CT", "NY", "MA")} == {"CT": 1, "NY": 0, "MA": 0}
    with psycopg.connect(national.url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        # Nobody is entered: the wall holds whatever the program asks for.
        open_discrepancy.run(
            a_case(vin, sent_at=lot_now.now, paper_number="NY903"),
            sender="CT",
            at=lot_now.now,
            connection=connection,
        )


@pytest.fixture
def lot_now(world: World) -> Lot:
    return Lot(world)

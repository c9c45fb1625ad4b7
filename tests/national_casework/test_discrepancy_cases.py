"""Discrepancy cases: what a check finds, who may open, read and move a case, and that it ends with a reason."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from counter import Counter, brand, new_vin

from both_systems import National
from exchange_people import Known
from vinculum.access.database import Actor, acting
from vinculum.access.permissions import Forbidden
from vinculum.config.scratch import ScratchDatabases
from vinculum.kernel.refusal import Refused
from vinculum.national.casework import cases, check_paper, contacts, move_case
from vinculum.national.casework.case_moves import ALLOWED, MOVES, SIDES, STATES, Side, after, waits_for
from vinculum.national.casework.compare_paper import Paper, compare, holder
from vinculum.national.law.brands import StandardBrand
from vinculum.national.law.title import Brand, Pointer, Theft, Title, VehicleRecord
from vinculum.national.records.roster import forget_roster
from vinculum.national.reports import jurisdiction_dashboard

pytestmark = pytest.mark.database
AT = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
DAY = date(2024, 5, 6)
STANDARD = {
    code: StandardBrand(code=code, name=name, category=category, status="active", meaning="")
    for code, name, category in (
        ("00", "Clear", "admin"),
        ("01", "Flood damage", "damage"),
        ("08", "Junk", "end_of_life"),
        ("11", "Salvage", "salvage"),
    )
}


@pytest.fixture
def counter(databases: ScratchDatabases, national: National) -> Counter:
    return Counter(url=databases.national_url)


@pytest.fixture
def ct(known: Known) -> Actor:
    return known("title_clerk", "jurisdiction", "CT")


@pytest.fixture
def ny(known: Known) -> Actor:
    return known("title_clerk", "jurisdiction", "NY")


@pytest.fixture
def desk(known: Known) -> Actor:
    return known("help_desk", "association", "ASSOC")


def a_title(state: str = "NY", number: str = "NY1", issued: date = DAY) -> Title:
    return Title(
        entry_id=uuid4(),
        transaction_type="AD",
        transaction_at=AT,
        jurisdiction=state,
        title_number=number,
        issue_date=issued,
        make="HOND",
        model_year=2023,
        odometer=10,
        odometer_unit="M",
    )


def a_record(*titles: Title, brands: tuple[str, ...] = (), stolen: bool = False) -> VehicleRecord:
    return VehicleRecord(
        vin="1HGCM82633A004352",
        pointers=tuple(Pointer(number=n, title=title) for n, title in enumerate(titles, start=1)),
        brands=tuple(
            Brand(code=code, brander="NJ", brand_date=DAY, make="HOND", model_year=2023) for code in brands
        ),
        thefts=(Theft(report_id=uuid4(), reported_by="MA", stolen_on=DAY),) if stolen else (),
    )


PAPER = Paper(vin="1HGCM82633A004352", jurisdiction="NY", title_number="NY1", issue_date=DAY)


@pytest.mark.parametrize(
    ("paper", "record", "found"),
    [
        (PAPER, a_record(a_title()), ()),
        (PAPER, a_record(a_title(), brands=("00",)), ()),
        (replace(PAPER, brands=("01",)), a_record(a_title(), brands=("01",)), ()),
        (PAPER, a_record(), ("no_current_title",)),
        (PAPER, a_record(a_title("MA")), ("state_differs",)),
        (PAPER, a_record(a_title(number="NY2")), ("title_number_differs",)),
        (PAPER, a_record(a_title(issued=date(2024, 5, 7))), ("issue_date_differs",)),
        (PAPER, a_record(a_title(), a_title("MA", "MA1")), ("several_current_titles",)),
        (PAPER, a_record(a_title(number="NY2"), a_title()), ("several_current_titles",)),
        (PAPER, a_record(a_title(), brands=("11",)), ("brand_missing_on_paper",)),
        (replace(PAPER, brands=("01",)), a_record(a_title()), ("brand_missing_on_record",)),
        (PAPER, a_record(a_title(), stolen=True), ("reported_stolen",)),
        (replace(PAPER, brands=("08",)), a_record(a_title(), brands=("08",)), ("no_road_title",)),
        (
            replace(PAPER, title_number="X"),
            a_record(a_title("MA", "MA1", date(2025, 1, 1)), brands=("01",), stolen=True),
            (
                "state_differs",
                "title_number_differs",
                "issue_date_differs",
                "brand_missing_on_paper",
                "reported_stolen",
            ),
        ),
    ],
)
def test_paper_is_held_against_the_record(
    paper: Paper, record: VehicleRecord, found: tuple[str, ...]
) -> None:
    """N-401, N-402, N-403: VIN, state, number, day, brands either way, theft, end of life; each explains itself."""
    discrepancies = compare(paper, record, standard=STANDARD)
    assert tuple(one.code for one in discrepancies) == found
    assert all(one.words.endswith(".") for one in discrepancies)


def test_who_can_settle_it() -> None:
    """N-401: the state of the one current title; with none or several the state of the paper."""
    assert holder(PAPER, a_record(a_title("MA"))) == "MA"
    assert holder(PAPER, a_record()) == "NY"
    assert holder(PAPER, a_record(a_title("MA"), a_title("RI"))) == "NY"


@pytest.mark.parametrize("cell", list(itertools.product(STATES, SIDES, MOVES)))
def test_every_pair_of_the_table_of_moves(cell: tuple[str, Side, str]) -> None:
    """N-401: each state, side and move: only who is waited for answers, only who asked closes, closed is the end."""
    state, side, move = cell
    expected = None
    if state != "closed":
        if move == "note":
            expected = state
        elif move == "answer" and (state, side) == ("open", "holding"):
            expected = "answered"
        elif move == "ask_again" and (state, side) == ("answered", "asking"):
            expected = "open"
        elif move == "escalate" and state in ("open", "answered") and side != "help_desk":
            expected = "escalated"
        elif move == "hand_back" and (state, side) == ("escalated", "help_desk"):
            expected = "open"
        elif move == "close" and (
            (state in ("open", "answered") and side == "asking")
            or (state, side) == ("escalated", "help_desk")
        ):
            expected = "closed"
    assert after(state, side=side, move=move) == expected  # type: ignore[arg-type]
    assert (cell in ALLOWED) is (expected is not None)


def test_no_case_is_stuck() -> None:
    """From every state but the last, the side that is waited for can go on, and the end can be reached."""
    for state in STATES[:-1]:
        side = waits_for(state)
        assert side is not None
        assert any(to != state for (at, who, _), to in ALLOWED.items() if (at, who) == (state, side))
    assert waits_for("closed") is None


def discrepant(counter: Counter, national: National) -> Paper:
    """A New York title on record under another number than the paper's, and a brand that it does not show."""
    vin = new_vin()
    national.title(jurisdiction="NY", vin=vin, number="NY900")
    assert counter.send(brand(vin, "NY", "11", DAY), at=AT).accepted
    return Paper(vin=vin, jurisdiction="NY", title_number="NY901", issue_date=DAY)


def test_each_side_of_a_case_is_told_whom_to_call(
    counter: Counter, national: National, ct: Actor, ny: Actor, desk: Actor
) -> None:
    """N-702: beside a case stands the contact of the other side, and for the help desk that of the state asked."""
    paper = discrepant(counter, national)
    case_id = check_paper.open_case(paper, question="Is NY901 yours?", actor=ct, at=AT)
    files = [cases.show(vin=paper.vin, case_id=case_id, actor=actor) for actor in (ct, ny, desk)]
    assert [file and file.contact and file.contact.jurisdiction for file in files] == ["NY", "CT", "NY"]


def test_case_is_worked_by_both_sides(
    counter: Counter, national: National, ct: Actor, ny: Actor, desk: Actor
) -> None:
    """N-401: opened with the facts found, answered by the other state, closed with a reason, kept as it was."""
    paper = discrepant(counter, national)
    checked = check_paper.run(paper, actor=ct, at=AT)
    assert {one.code for one in checked.discrepancies} == {"title_number_differs", "brand_missing_on_paper"}
    case_id = check_paper.open_case(paper, question="Is NY901 yours?", actor=ct, at=AT)
    seen = cases.show(vin=paper.vin, case_id=case_id, actor=ny)
    assert seen is not None
    assert seen.case.facts == checked.discrepancies
    assert seen.case.is_ones_turn
    assert [event.body for event in seen.events] == ["Is NY901 yours?"]

    def move(actor: Actor, what: str, body: str, reason: str = "", later: int = 1) -> str:
        request = move_case.Request(
            vin=paper.vin,
            case_id=case_id,
            move=what,  # type: ignore[arg-type]
            body=body,
            reason=reason,
        )
        return move_case.run(request, actor=actor, at=AT + timedelta(hours=later))

    assert move(ny, "answer", "No: NY900 is the title.", later=1) == "answered"
    assert move(ct, "ask_again", "The paper bears your seal.", later=2) == "open"
    assert move(ny, "escalate", "This needs a third.", later=3) == "escalated"
    assert move(desk, "hand_back", "New York, look at your stock.", later=4) == "open"
    assert move(ny, "answer", "The paper is forged.", later=5) == "answered"
    with pytest.raises(Refused) as refused:
        move(ct, "close", "Done.", reason="because")
    assert [refusal.code for refusal in refused.value.refusals] == ["case_reason_missing"]
    assert move(ct, "close", "Refused; police told.", reason="paper_refused", later=6) == "closed"
    file = cases.show(vin=paper.vin, case_id=case_id, actor=ct)
    assert file is not None
    assert file.case.closed_because == "The paper was refused; no title is issued"
    assert [event.side for event in file.events] == ["CT", "NY", "CT", "NY", "help_desk", "NY", "CT"]
    for actor in (ct, ny, desk):
        with pytest.raises(Refused):
            move(actor, "note", "One more word.", later=7)


def test_strangers_find_no_case(counter: Counter, national: National, ct: Actor, known: Known) -> None:
    """A third state finds neither the case nor what was said, cannot move it, and is told nothing of it."""
    paper = discrepant(counter, national)
    case_id = check_paper.open_case(paper, question="Yours?", actor=ct, at=AT)
    stranger = known("title_clerk", "jurisdiction", "MA")
    assert cases.show(vin=paper.vin, case_id=case_id, actor=stranger) is None
    assert paper.vin not in {case.vin for case in cases.listed(actor=stranger)}
    request = move_case.Request(vin=paper.vin, case_id=case_id, move="note", body="Hello")
    with pytest.raises(move_case.NoSuchCase):
        move_case.run(request, actor=stranger, at=AT)
    with pytest.raises(Forbidden):
        cases.listed(actor=known("jsi_reporter", "reporter"))
    with acting(stranger, act="work_exchange_case", database="national") as connection:
        for table in ("discrepancy_case", "case_event"):
            row = connection.execute(
                f"SELECT count(*) FROM exchange.{table} WHERE case_id = %s", (case_id,)
            ).fetchone()
            assert row == (0,)


def test_database_keeps_the_sides_apart(counter: Counter, national: National, ct: Actor, ny: Actor) -> None:
    """Raw SQL: the other side cannot close, nobody speaks as another, and what is closed is not reopened."""
    paper = discrepant(counter, national)
    case_id = check_paper.open_case(paper, question="Yours?", actor=ct, at=AT)
    close = (
        "UPDATE exchange.discrepancy_case SET state = 'closed', closed_at = moved_at, closed_because ="
        " 'paper_confirmed' WHERE case_id = %s"
    )
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        acting(ny, act="work_exchange_case", database="national") as connection,
    ):
        connection.execute(close, (case_id,))
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        acting(ny, act="work_exchange_case", database="national") as connection,
    ):
        connection.execute(
            "INSERT INTO exchange.case_event (vin, case_id, event_id, at, side, person_id, person_name, move, body)"
            " VALUES (%s, %s, %s, %s, 'CT', %s, 'X', 'note', 'forged')",
            (paper.vin, case_id, uuid4(), AT, ny.person_id),
        )
    with acting(ct, act="work_exchange_case", database="national") as connection:
        assert connection.execute(close, (case_id,)).rowcount == 1
    with acting(ct, act="work_exchange_case", database="national") as connection:
        reopen = (
            "UPDATE exchange.discrepancy_case SET state = 'open', closed_at = NULL, closed_because = NULL"
            " WHERE case_id = %s"
        )
        assert connection.execute(reopen, (case_id,)).rowcount == 0


def test_what_opens_no_case(counter: Counter, national: National, ct: Actor, desk: Actor) -> None:
    """N-401: agreement, one's own title, a second case of the same, an empty question, a desk that issues nothing."""
    vin = new_vin()
    national.title(jurisdiction="NY", vin=vin, number="NY900")
    agreeing = Paper(vin=vin, jurisdiction="NY", title_number="NY900", issue_date=DAY)

    def codes_of(paper: Paper, *, actor: Actor = ct, question: str = "Yours?") -> set[str]:
        with pytest.raises(Refused) as refused:
            check_paper.open_case(paper, question=question, actor=actor, at=AT)
        return {refusal.code for refusal in refused.value.refusals}

    assert check_paper.run(agreeing, actor=ct, at=AT).clear
    assert codes_of(agreeing) == {"nothing_to_settle"}
    own = new_vin()
    national.title(jurisdiction="CT", vin=own, number="CT1")
    assert codes_of(replace(agreeing, vin=own)) == {"case_with_oneself"}
    paper = discrepant(counter, national)
    assert codes_of(paper, question="  ") == {"question_missing"}
    check_paper.open_case(paper, question="Yours?", actor=ct, at=AT)
    assert codes_of(paper) == {"case_open_already"}
    assert codes_of(paper, actor=desk) == {"title_check_by_states"}


def test_check_is_an_inquiry(counter: Counter, national: National, ct: Actor) -> None:
    """N-207, N-105: each check leaves a line in the inquiry log; who does not report is not told."""
    paper = discrepant(counter, national)
    check_paper.run(paper, actor=ct, at=AT)
    with counter.transaction() as connection:
        asked = connection.execute(
            "SELECT asker, purpose FROM exchange.inquiry_log WHERE vin = %s", (paper.vin,)
        ).fetchall()
    assert asked == [("CT", "title check of a paper")]
    with pytest.raises(Refused) as refused:
        check_paper.run(paper, actor=ct, at=AT + timedelta(days=4000))
    assert "inquiries_closed" in {refusal.code for refusal in refused.value.refusals}


def test_contact_is_confirmed_yearly(known: Known, ct: Actor, ny: Actor, desk: Actor) -> None:
    """N-702: its own people and the help desk keep a contact; after a year it is stale until confirmed again."""
    given = {"telephone": "555-0100 100", "mailbox": "titles@state.example", "hours": "8 to 5"}
    contacts.keep(jurisdiction="NY", **given, actor=ny, at=AT)
    with acting(ct, act="show_exchange_desk", database="national") as connection:
        kept = contacts.contact_of(connection, "NY")
        never = contacts.contact_of(connection, "WY")
    assert kept is not None
    assert kept.mailbox == "titles@state.example"
    assert not kept.is_stale(at=AT + timedelta(days=365))
    assert kept.is_stale(at=AT + timedelta(days=366))
    assert never is not None
    assert never.is_stale(at=AT)
    with pytest.raises(Refused) as refused:
        contacts.keep(jurisdiction="NY", **given, actor=ct, at=AT)
    assert refused.value.refusals[0].code == "contact_not_yours"
    contacts.keep(jurisdiction="NY", **given, actor=desk, at=AT + timedelta(days=400))
    for wrong in ({"telephone": "1"}, {"mailbox": "nowhere"}, {"hours": "x" * 121}):
        with pytest.raises(Refused) as refused:
            contacts.keep(jurisdiction="NY", **(given | wrong), actor=ny, at=AT)
        assert refused.value.refusals[0].field == next(iter(wrong))


def test_contacts_are_not_for_the_public(ny: Actor, counter: Counter) -> None:
    """N-702: nobody's connection reads no contact."""
    contacts.keep(jurisdiction="NY", telephone="555-0100", mailbox="a@b.example", hours="", actor=ny, at=AT)
    with counter.transaction() as connection:
        assert connection.execute("SELECT count(*) FROM exchange.contact").fetchone() == (0,)


def test_dashboard_counts(counter: Counter, national: National, known: Known, desk: Actor) -> None:
    """N-705: participation, last update, error and warning rates, open cases and their age, one's own only."""
    ri, ma = known("title_clerk", "jurisdiction", "RI"), known("title_clerk", "jurisdiction", "MA")
    before = jurisdiction_dashboard.run(actor=ri, at=AT)[0]
    vin = new_vin()
    national.title(jurisdiction="RI", vin=vin, number="RI5", at=AT)
    with pytest.raises(AssertionError):
        national.title(jurisdiction="RI", vin=vin, number="RI5", at=AT)
    paper = Paper(vin=vin, jurisdiction="RI", title_number="RI6", issue_date=DAY)
    check_paper.open_case(paper, question="Yours?", actor=ma, at=AT - timedelta(days=3))
    another = Paper(vin=new_vin(), jurisdiction="RI", title_number="RI7", issue_date=DAY)
    check_paper.open_case(another, question="Yours?", actor=ma, at=AT)
    forget_roster()
    (now,) = jurisdiction_dashboard.run(actor=ri, at=AT)
    assert (now.code, now.participates, now.mode) == ("RI", True, "integrated on line")
    assert (now.records - before.records, now.errors - before.errors) == (2, 1)
    assert (now.open_cases - before.open_cases, now.waiting_for_it - before.waiting_for_it) == (2, 2)
    assert now.oldest_case_days is not None
    assert now.oldest_case_days >= 3, "the age is that of the oldest, not of the latest"
    late = jurisdiction_dashboard.run(actor=ri, at=AT + timedelta(days=4000))[0]
    assert not late.participates
    assert late.warning
    everybody = {one.code for one in jurisdiction_dashboard.run(actor=desk, at=AT)}
    assert {"CT", "NY", "MA", "RI"} <= everybody

"""The home of a desk lists what waits for it, of every kind, and nothing that waits for another (N-705)."""

from collections import Counter as Tally
from datetime import UTC, date, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID, uuid4

import psycopg
import pytest
from clone_room import CloneRoom
from counter import Counter, brand, change_of_state, first_title, new_vin
from django.urls import reverse

from both_systems import National
from exchange_people import Known, signed_in_person
from people import World
from signed_in import client_of
from vinculum.access.database import Actor
from vinculum.config.scratch import ScratchDatabases
from vinculum.entrypoints.web.exchange.clones import waits_for
from vinculum.entrypoints.web.exchange.waiting import Waiting, waiting_at
from vinculum.national.casework import (
    cases,
    check_paper,
    clone_cases,
    data_changes,
    rescind_brand,
    settle_clone_case,
    vin_corrections,
)
from vinculum.national.casework.compare_paper import Paper
from vinculum.national.records.roster import forget_roster
from vinculum.national.transactions import admit_jurisdiction

pytestmark = pytest.mark.database
# States of this file's own: one for which everything waits, one for which nothing does.
BUSY, IDLE = "AZ", "NE"
ISSUED = date(2020, 5, 1)
KINDS = (
    "discrepancy case",
    "shared VIN to accept or refuse",
    "data change to decide",
    "corrected VIN with a step of yours next",
    "brand to confirm that a colleague takes back",
    "kind of error to correct in batch files",
    "kind of warning to look at in batch files",
    "file of notices to confirm",
    "notice to read on line or in the next file",
)


@pytest.fixture
def room(databases: ScratchDatabases, national: National, known: Known) -> CloneRoom:
    with psycopg.connect(databases.national_url) as connection:
        for code in (BUSY, IDLE):
            admit_jurisdiction.run(code, mode=1, at=datetime.now(UTC), connection=connection)
    forget_roster()
    people = {code: known("title_clerk", "jurisdiction", code) for code in (BUSY, IDLE, "CT")}
    people |= {name: known("help_desk", "association", "ASSOC") for name in ("desk", "asks", "applies")}
    return CloneRoom(counter=Counter(url=databases.national_url), people=people)


def waiting(actor: Actor) -> tuple[Waiting, ...]:
    return waiting_at(actor, cases=cases.listed(actor=actor), at=datetime.now(UTC))


def titled(room: CloneRoom) -> str:
    vin = new_vin()
    room.send(first_title(vin, BUSY, f"{BUSY}1", ISSUED))
    return vin


def shared(room: CloneRoom) -> tuple[str, UUID]:
    """Two vehicles on one VIN: Connecticut's, and the busy state's that took over."""
    vin = new_vin()
    room.send(first_title(vin, "CT", "CT1", ISSUED))
    room.send(change_of_state(vin, ("CT", "CT1"), (BUSY, f"{BUSY}2"), date(2024, 6, 3)))
    return vin, room.drafted(vin, new_vin(), {(BUSY, f"{BUSY}2"): "remove"})


def make_everything_wait(room: CloneRoom, known: Known, databases: ScratchDatabases) -> Actor:
    """One of each kind for the busy state; the clerk who began what a colleague has to go on with."""
    at, colleague = datetime.now(UTC), known("title_clerk", "jurisdiction", BUSY)
    shared(room)
    vin = titled(room)
    paper = Paper(vin=vin, jurisdiction=BUSY, title_number="0", issue_date=ISSUED, brands=())
    check_paper.open_case(paper, question="Is it yours?", actor=room.people["CT"], at=at)
    asked = {"vin": vin, "owners": (BUSY,), "change": "The make.", "evidence": "The label in the door."}
    data_changes.propose(**asked, actor=room.people["CT"], at=at)
    vin_corrections.begin(
        vin=vin, right_vin=new_vin(), origin=BUSY, enters_both_vins=True, actor=colleague, at=at
    )
    branded = titled(room)
    room.send(brand(branded, BUSY, "08", ISSUED))
    rescind_brand.propose(
        vin=branded, brand_code="08", brand_date=ISSUED, reason="Another one", actor=colleague, at=at
    )
    room.send(change_of_state(titled(room), (BUSY, f"{BUSY}1"), ("CT", "CT9"), date(2024, 6, 3)))
    for_files(databases, at=at)
    return colleague


def for_files(databases: ScratchDatabases, *, at: datetime) -> None:
    """A batch file with one error and one warning, and a file of notices, as the exchange leaves them."""
    file_id = UUID(int=uuid4().int >> 48 << 48)
    days = at.date() - timedelta(days=uuid4().int % 100_000)
    with psycopg.connect(databases.admin_national_url) as connection:
        connection.execute(
            "INSERT INTO exchange.batch_file (file_id, jurisdiction, sender_file_id, file_type, form, created_on,"
            " content_name, byte_count, received_at, received_from, state, finished_at, records_read, records_rejected,"
            " records_with_warnings, records_valid)"
            " VALUES (%s, %s, %s, 'VINADD', 'csv', %s, 'x', 1, %s, 'web', 'applied', %s, 2, 1, 1, 1)",
            (file_id, BUSY, uuid4().hex[:20], at, at, at),
        )
        for code, severity in (("20B", "error"), ("401", "warning")):
            connection.execute(
                "INSERT INTO exchange.batch_code_count (file_id, code, severity, said, sample_text)"
                " VALUES (%s, %s, %s, 3, 'x')",
                (file_id, code, severity),
            )
        connection.execute(
            "INSERT INTO exchange.notice_file (file_id, jurisdiction, number, made_on, made_at, notice_count, control)"
            " SELECT %s, %s, coalesce(max(number), 0) + 1, %s, %s, 1, '0123456789ABCDEF' FROM exchange.notice_file"
            "  WHERE jurisdiction = %s",
            (uuid4(), BUSY, days, at, BUSY),
        )


def test_everything_that_waits_is_listed_to_its_own_side(
    world: World, room: CloneRoom, known: Known, databases: ScratchDatabases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """N-705: each kind with its count, day and page, in as many statements however much it is; to nobody else."""
    colleague = make_everything_wait(room, known, databases)
    clerk = signed_in_person(world, "title_clerk", "jurisdiction", BUSY)
    first = waiting(room.people[BUSY])
    assert tuple(one.words for one in first) == KINDS
    assert {one.count for one in first} == {1}
    page = client_of(clerk).get(reverse("exchange_home")).content.decode()
    for one in first:
        assert f'<a href="{one.address}"><strong class="vn-num">1</strong> {one.words}</a>' in page
        assert client_of(clerk).get(one.address).status_code == 200
    # Who proposed does not confirm; a colleague's brand is not waited for by who took it back.
    assert "brand to confirm" not in " ".join(one.words for one in waiting(colleague))
    assert waiting(room.people[IDLE]) == ()
    idle = signed_in_person(world, "title_clerk", "jurisdiction", IDLE)
    assert "Nothing waits for you." in client_of(idle).get(reverse("exchange_home")).content.decode()

    before = statements(room.people[BUSY], monkeypatch)
    make_everything_wait(room, known, databases)
    more = waiting(room.people[BUSY])
    counted = {one.count for one in more if "kind of" not in one.words}
    assert counted == {2}
    assert {one.address for one in more if one.count == 2} == {
        reverse(f"exchange_{name}")
        for name in ("cases", "clones", "changes", "corrections", "rescissions", "notices", "waiting_notices")
    }
    assert statements(room.people[BUSY], monkeypatch) == before


def statements(actor: Actor, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many statements are sent to say what waits for somebody."""
    told: Tally[str] = Tally()
    execute = psycopg.Connection.execute

    def counted(connection: psycopg.Connection[Any], query: LiteralString, *more: Any, **how: Any) -> Any:
        told["statements"] += 1
        return execute(connection, query, *more, **how)

    with monkeypatch.context() as patch:
        patch.setattr(psycopg.Connection, "execute", counted)
        waiting(actor)
    return told["statements"]


def test_help_desk_sees_what_it_can_go_on_with(world: World, room: CloneRoom, known: Known) -> None:
    """N-308, N-705: the help desk asks for what was accepted, a second person applies it, who asked has to wait."""

    def told(name: str) -> str:
        return " ".join(one.words for one in waiting(room.people[name]) if "undo" in one.words)

    vin, case_id = shared(room)
    begun = {name: told(name) for name in ("asks", "applies")}
    room.accept(vin, case_id, BUSY)
    assert "ask the application of" in told("asks")
    settle_clone_case.ask_for_application(
        vin=vin, case_id=case_id, actor=room.people["asks"], at=datetime.now(UTC)
    )
    assert "to apply as the second person" in told("applies")
    assert told("asks") == begun["asks"]
    [case] = [one for one in clone_cases.listed(actor=room.people["asks"]) if one.case_id == case_id]
    turns = {name: waits_for(case, room.people[name]) for name in ("desk", "asks", "applies")}
    assert turns == {"desk": False, "asks": False, "applies": True}, "the list says so as the home does"
    page = client_of(signed_in_person(world, "help_desk", "association", "ASSOC")).get(
        reverse("exchange_home")
    )
    text = page.content.decode()
    assert "to apply as the second person" in text
    assert text.index("Connecticut</th>") < text.index("Massachusetts</th>") < text.index("New York</th>")

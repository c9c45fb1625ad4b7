"""Two vehicles on one VIN: accepted by every owner, applied by two, and the legitimate record is what it was."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import psycopg
import pytest
from clone_room import AT, CloneRoom, clones_36
from counter import Counter, brand, change_of_state, first_title, in_state, new_vin, removal, undo

from both_systems import National
from exchange_people import Known
from vinculum.access.database import acting
from vinculum.config.scratch import ScratchDatabases
from vinculum.kernel.refusal import Refused
from vinculum.national.casework import clone_cases, settle_clone_case
from vinculum.national.queries import notices_for, vehicle_history
from vinculum.national.records.recalled_titles import page_of_recalled, recalled_titles
from vinculum.protocol.theft import ReportTheft

pytestmark = pytest.mark.database
GONE = {("NY", "NY1"): "reapply", ("NY", "NY2"): "remove"}


@pytest.fixture
def room(databases: ScratchDatabases, national: National, known: Known) -> CloneRoom:
    people = {code: known("title_clerk", "jurisdiction", code) for code in ("CT", "NY", "MA", "RI")}
    for name in ("desk", "asks", "applies"):
        people[name] = known("help_desk", "association", "ASSOC")
    return CloneRoom(counter=Counter(url=databases.national_url), people=people)


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {refusal.code for refusal in refused.value.refusals}


def legitimate(room: CloneRoom) -> str:
    vin = new_vin()
    room.send(
        first_title(vin, "CT", "CT1", date(2020, 5, 1)),
        brand(vin, "CT", "01", date(2021, 2, 3)),
        in_state(vin, "CT", "CT1", "CT2", date(2022, 3, 4), odometer=30_000),
        change_of_state(vin, ("CT", "CT2"), ("MA", "MA1"), date(2023, 1, 5), odometer=40_000),
    )
    return vin


def cloned(room: CloneRoom, vin: str) -> None:
    room.send(
        change_of_state(vin, ("MA", "MA1"), ("NY", "NY1"), date(2024, 6, 3), odometer=9_000),
        brand(vin, "NY", "11", date(2024, 7, 1)),
        in_state(vin, "NY", "NY1", "NY2", date(2025, 1, 3), odometer=11_000),
    )


def consumer_report(room: CloneRoom, vin: str) -> object:
    with room.counter.transaction() as connection:
        found = vehicle_history.run(vin, at=AT, connection=connection)
    return found.current, found.titles, found.brands, found.odometer, found.remarks


def history_rows(room: CloneRoom, vin: str) -> list[tuple[object, ...]]:
    with room.counter.transaction() as connection:
        return connection.execute(
            "SELECT entry_id, transaction_type, title_number, withdraws, undo_case, reason"
            "  FROM exchange.title_history WHERE vin = %s ORDER BY transaction_at",
            (vin,),
        ).fetchall()


def test_legitimate_record_is_byte_for_byte_what_it_was(room: CloneRoom) -> None:
    """N-308: inquiry, pointer, history, brands, odometer and the public's report are as before the clone came."""
    vin, right_vin = legitimate(room), new_vin()
    before, public, record = room.answer(vin), consumer_report(room, vin), room.counter.record(vin)
    cloned(room, vin)
    assert room.answer(vin) != before
    case_id = room.taken_apart(vin, right_vin, GONE, brands_gone={"11": "reapply"}, new_brand=clones_36("NY"))
    assert room.answer(vin) == before
    assert consumer_report(room, vin) == public
    assert room.counter.record(vin) == record
    own = room.counter.record(right_vin)
    assert [pointer.title.title_number for pointer in own.pointers] == ["NY1"]
    assert [(brand.code, brand.brander) for brand in own.brands] == [("36", "NY"), ("11", "NY")]
    assert str(case_id) in own.history[0].reason
    assert vin in own.history[0].reason


def test_undo_itself_is_kept(room: CloneRoom) -> None:
    """N-103: no row of the history is changed or gone; what was taken off is withdrawn by rows that name the case."""
    vin = legitimate(room)
    cloned(room, vin)
    rows = history_rows(room, vin)
    case_id = room.taken_apart(vin, new_vin(), GONE, brands_gone={"11": "remove"})
    after = history_rows(room, vin)
    assert after[: len(rows)] == rows
    added = after[len(rows) :]
    assert [(row[1], row[2], row[4]) for row in added] == [("CU", "NY2", case_id), ("CU", "NY1", case_id)]
    assert {row[3] for row in added} == {row[0] for row in rows[-2:]}
    with room.counter.transaction() as connection:
        brands = connection.execute(
            "SELECT brand_code FROM exchange.brand_history WHERE vin = %s ORDER BY 1", (vin,)
        ).fetchall()
    assert brands == [("01",), ("11",)]


def test_life_goes_on_after_the_undo(room: CloneRoom) -> None:
    """N-308, N-301: the legitimate owner's next title is accepted, and can be undone like any other."""
    vin = legitimate(room)
    cloned(room, vin)
    room.taken_apart(vin, new_vin(), GONE, brands_gone={"11": "remove"})
    restored = room.answer(vin)
    next_title = change_of_state(vin, ("MA", "MA1"), ("RI", "RI1"), date(2026, 1, 5))
    room.send(next_title, undo(next_title))
    assert room.counter.record(vin).pointers[0].title.title_number == "MA1"
    assert room.answer(vin) != restored  # the undone title of Rhode Island is told, as it always was


def test_title_that_was_late_only_for_the_clone(room: CloneRoom) -> None:
    """N-308, N-305: a legitimate title that joined the history behind the clone's is the current one without it."""
    vin = legitimate(room)
    cloned(room, vin)
    room.send(first_title(vin, "MA", "MA2", date(2024, 9, 9), odometer=50_000))
    assert room.counter.record(vin).pointers[0].title.title_number == "NY2"
    room.taken_apart(vin, new_vin(), GONE, brands_gone={"11": "remove"})
    record = room.counter.record(vin)
    assert [pointer.title.title_number for pointer in record.pointers] == ["MA2"]
    assert [(e.title.title_number, e.title.transaction_type) for e in record.history][:2] == [
        ("MA2", "AD"),
        ("MA1", "CS"),
    ]
    late = record.history[0]
    room.send(in_state(vin, "MA", "MA2", "MA3", date(2026, 2, 2)))
    assert room.counter.record(vin).history[0].replaces == late.title.entry_id


def test_who_is_told(room: CloneRoom) -> None:
    """N-308: the state whose title is current again is told so, the clone's state that its titles were taken off."""
    vin = legitimate(room)
    cloned(room, vin)
    room.taken_apart(vin, new_vin(), GONE, brands_gone={"11": "remove"})
    told = {}
    for state in ("MA", "NY", "CT"):
        with room.counter.transaction() as connection:
            page = notices_for.run(state, connection=connection, limit=500)
        told[state] = [(notice.kind, notice.title_number) for notice in page if notice.vin == vin]
    assert {state: sorted(kinds) for state, kinds in told.items()} == {
        "MA": [("title_left", "MA1"), ("title_returned", "MA1")],
        "NY": [("vehicles_separated", "NY2")],
        "CT": [("title_left", "CT2")],
    }


def test_every_owner_accepts_and_a_refusal_stops(room: CloneRoom) -> None:
    """N-104, N-308: nobody accepts another's entry, nothing goes on without it, and a refusal ends it."""
    vin = legitimate(room)
    cloned(room, vin)
    case_id = room.drafted(vin, new_vin(), GONE, new_brand=clones_36("NY"))
    with pytest.raises(Refused) as refused:
        room.accept(vin, case_id, "MA")
    assert codes(refused) == {"nothing_to_decide"}
    with pytest.raises(Refused) as refused:
        room.apply(vin, case_id)
    assert codes(refused) == {"clone_not_accepted"}
    room.accept(vin, case_id, "NY", accept=False)
    assert clone_cases.show(vin=vin, case_id=case_id, actor=room.people["CT"]).standing == "refused"
    with pytest.raises(Refused) as refused:
        room.apply(vin, case_id)
    assert codes(refused) == {"clone_not_accepted"}
    with pytest.raises(clone_cases.NoSuchCase):
        clone_cases.show(vin=vin, case_id=case_id, actor=room.people["RI"])
    assert case_id not in {case.case_id for case in clone_cases.listed(actor=room.people["RI"])}


def test_nobody_applies_alone(room: CloneRoom, known: Known) -> None:
    """N-308, dual control: neither who drafted nor who asked applies; the database refuses it by itself."""
    vin = legitimate(room)
    cloned(room, vin)
    case_id = room.drafted(vin, new_vin(), GONE, by="desk")
    room.accept(vin, case_id, "NY")
    settle_clone_case.ask_for_application(vin=vin, case_id=case_id, actor=room.people["asks"], at=AT)
    for alone in ("asks", "desk"):
        with pytest.raises(Refused) as refused:
            settle_clone_case.apply(vin=vin, case_id=case_id, actor=room.people[alone], at=AT)
        assert codes(refused) == {"clone_takes_two"}
    for actor, statement in (
        (room.people["asks"], "SELECT exchange.apply_clone_undo(%s, %s, now(), 'X', '[]')"),
        (room.people["NY"], "SELECT exchange.apply_clone_undo(%s, %s, now(), 'X', '[]')"),
        (
            room.people["asks"],
            "UPDATE exchange.clone_case SET applied_by = gen_random_uuid() WHERE vin = %s AND case_id = %s",
        ),
    ):
        with (
            pytest.raises((psycopg.errors.CheckViolation, psycopg.errors.InsufficientPrivilege)),
            acting(actor, act="work_clone_case", database="national") as connection,
        ):
            connection.execute(statement, (vin, case_id))
    settle_clone_case.apply(vin=vin, case_id=case_id, actor=room.people["applies"], at=AT)
    with pytest.raises(Refused) as refused:
        settle_clone_case.apply(vin=vin, case_id=case_id, actor=room.people["applies"], at=AT)
    assert codes(refused) == {"clone_record_changed"}


def test_history_is_taken_off_by_the_function_only(room: CloneRoom) -> None:
    """N-103: the application's own login cannot write a row that takes a title off."""
    vin = legitimate(room)
    row = (
        "INSERT INTO exchange.title_history (vin, entry_id, transaction_type, transaction_at, jurisdiction,"
        " title_number, issue_date, make, model_year, odometer, odometer_unit, withdraws, reason{})"
        " VALUES (%s, gen_random_uuid(), 'CU', now(), 'NY', '1', '2020-01-01', 'HOND', 2003, 1, 'M',"
        " gen_random_uuid(), 'X'{})"
    )
    for columns, wrong in (
        (("", ""), psycopg.errors.CheckViolation),
        ((", undo_case", ", gen_random_uuid()"), psycopg.errors.InsufficientPrivilege),
    ):
        with pytest.raises(wrong), room.counter.transaction() as connection:
            connection.execute(row.format(*columns), (vin,))


def test_what_was_not_accepted_is_not_taken(room: CloneRoom) -> None:
    """N-104: the database's function takes off accepted titles only, whatever it is handed."""
    vin = legitimate(room)
    cloned(room, vin)
    case_id = room.drafted(vin, new_vin(), GONE)
    room.accept(vin, case_id, "NY")
    settle_clone_case.ask_for_application(vin=vin, case_id=case_id, actor=room.people["asks"], at=AT)
    kept = next(e for e in room.counter.record(vin).history if e.title.title_number == "MA1")
    rows = (
        f'[{{"vin": "{vin}", "entry_id": "{uuid4()}", "transaction_type": "CU", "jurisdiction": "MA",'
        f' "title_number": "MA1", "withdraws": "{kept.title.entry_id}"}}]'
    )
    with (
        pytest.raises(psycopg.errors.CheckViolation, match="clone_undo_as_accepted"),
        acting(room.people["applies"], act="apply_clone_undo", database="national") as connection,
    ):
        connection.execute(
            "SELECT exchange.apply_clone_undo(%s, %s, %s, 'X', %s)",
            (vin, case_id, datetime.now(UTC), rows),
        )


def test_changed_record_is_drafted_anew(room: CloneRoom) -> None:
    """N-308: whatever came to the VIN since the draft, a title, a brand or a theft, the undo is refused."""
    vin = legitimate(room)
    cloned(room, vin)
    case_id = room.drafted(vin, new_vin(), GONE)
    room.accept(vin, case_id, "NY")
    room.send(brand(vin, "CT", "05", date(2026, 1, 1)))
    with pytest.raises(Refused) as refused:
        room.apply(vin, case_id)
    assert codes(refused) == {"clone_record_changed"}
    settle_clone_case.withdraw(vin=vin, case_id=case_id, actor=room.people["desk"], at=AT)
    room.taken_apart(vin, new_vin(), GONE, brands_gone={"11": "remove"})


@pytest.mark.parametrize("what", ["theft of the shared VIN", "title of vehicle B's own"])
def test_what_the_undo_itself_would_not_notice(room: CloneRoom, what: str) -> None:
    """N-308: a theft, or a title that came to vehicle B's own VIN, was not known to those who accepted."""
    vin, right_vin = legitimate(room), new_vin()
    cloned(room, vin)
    case_id = room.drafted(vin, right_vin, GONE)
    room.accept(vin, case_id, "NY")
    if what.startswith("theft"):
        day = date(2026, 2, 1)
        room.send(ReportTheft(message_id=uuid4(), origin="CT", sent_at=AT, vin=vin, stolen_on=day))
    else:
        room.send(first_title(right_vin, "RI", "RI7", date(2024, 12, 1)))
    with pytest.raises(Refused) as refused:
        room.apply(vin, case_id)
    assert codes(refused) == {"clone_record_changed"}


def test_state_drafts_its_own_case_and_a_colleague_accepts(room: CloneRoom, known: Known) -> None:
    """N-308, dual control: a state that is concerned drafts; the person who drafted does not accept."""
    vin = legitimate(room)
    cloned(room, vin)
    with pytest.raises(Refused) as refused:
        room.drafted(vin, new_vin(), GONE, by="RI")
    assert codes(refused) == {"clone_not_concerned"}
    case_id = room.drafted(vin, new_vin(), GONE, by="NY", circumstance="typing_error")
    with pytest.raises(Refused) as refused:
        room.accept(vin, case_id, "NY")
    assert codes(refused) == {"decided_by_another"}
    room.people["NY"] = known("title_clerk", "jurisdiction", "NY")
    room.accept(vin, case_id, "NY")
    room.apply(vin, case_id)


def test_draft_that_makes_no_sense(room: CloneRoom) -> None:
    """N-308: nothing taken, no VIN for vehicle B, a title that is there already: said before anybody is asked."""
    vin = legitimate(room)
    cloned(room, vin)
    there = new_vin()
    room.send(first_title(there, "NY", "NY1", date(2024, 6, 3)))
    for right_vin, gone, code in (
        (new_vin(), {}, "clone_nothing_taken"),
        ("", GONE, "clone_right_vin_missing"),
        (vin, GONE, "clone_right_vin_missing"),
        (there, GONE, "clone_title_there"),
        ("", {("NY", "NY1"): "destroy"}, "clone_not_assigned"),
    ):
        with pytest.raises(Refused) as refused:
            room.drafted(vin, right_vin, gone)
        assert codes(refused) == {code}


def test_title_taken_back_is_not_applied_again(room: CloneRoom) -> None:
    """N-308: what the clone's state took back itself goes off the VIN; it does not come back under vehicle B's own."""
    vin = legitimate(room)
    cloned(room, vin)
    room.send(removal(vin, "NY", "NY2"))
    with pytest.raises(Refused) as refused:
        room.drafted(vin, new_vin(), {("NY", "NY1"): "reapply", ("NY", "NY2"): "reapply"})
    assert codes(refused) == {"clone_title_withdrawn"}
    right_vin = new_vin()
    room.taken_apart(vin, right_vin, GONE)
    own = room.counter.record(right_vin)
    assert [entry.title.title_number for entry in own.history] == ["NY1"]


def test_clones_own_record_goes_on(room: CloneRoom) -> None:
    """N-308: where vehicle B has a record of its own, its titles join it in order; the latest is current."""
    vin, right_vin = legitimate(room), new_vin()
    room.send(first_title(right_vin, "RI", "RI7", date(2024, 12, 1)))
    cloned(room, vin)
    room.taken_apart(vin, right_vin, {("NY", "NY1"): "reapply", ("NY", "NY2"): "reapply"})
    own = room.counter.record(right_vin)
    assert [pointer.title.title_number for pointer in own.pointers] == ["NY2"]
    assert [entry.title.title_number for entry in own.history] == ["NY2", "RI7", "NY1"]


def test_second_clone_of_the_same_vehicle(room: CloneRoom) -> None:
    """N-308: an undo rests on a record that an earlier undo has left."""
    vin = legitimate(room)
    before = room.answer(vin)
    cloned(room, vin)
    room.taken_apart(vin, new_vin(), GONE, brands_gone={"11": "remove"})
    room.send(change_of_state(vin, ("MA", "MA1"), ("RI", "RI1"), date(2025, 6, 3)))
    room.send(first_title(vin, "MA", "MA2", date(2025, 2, 2)))
    room.taken_apart(vin, new_vin(), {("RI", "RI1"): "reapply", ("MA", "MA2"): "remove"})
    assert room.answer(vin) == before


def test_two_pointers_from_files_of_old(room: CloneRoom) -> None:
    """N-308, N-103: two current titles of one make and year, as loaded files have them, are taken apart too."""
    vin = new_vin()
    room.send(first_title(vin, "CT", "CT1", date(2020, 5, 1)))
    before = room.answer(vin)
    with room.counter.transaction() as connection:
        for table, number in (("title_history", ""), ("pointer", "2, ")):
            connection.execute(
                f"INSERT INTO exchange.{table} (vin, {'pointer_number, ' if number else ''}entry_id,"
                " transaction_type, transaction_at, jurisdiction, title_number, issue_date, make, model_year,"
                f" odometer, odometer_unit) VALUES (%s, {number}%s, 'AD', %s, 'NY', 'NY9', '2021-01-01', 'HOND',"
                " 2003, 5, 'M')",  # type: ignore[arg-type]
                (vin, UUID(int=hash(vin) % 2**100), room.moment),
            )
    assert len(room.counter.record(vin).pointers) == 2
    room.taken_apart(vin, new_vin(), {("NY", "NY9"): "reapply"})
    assert room.answer(vin) == before


def test_register_of_recalled_titles_is_what_it_was(room: CloneRoom) -> None:
    """N-308, N-303: what the undo takes off, a taking back by mistake too, leaves the register; A's own stays in it."""
    forged, clones, mistaken = (f"X{uuid4().int % 10**9:09d}" for _ in range(3))

    def registered(number: str) -> list[str]:
        with room.counter.transaction() as connection:
            found = recalled_titles(connection, jurisdiction="NY", title_number=number, asker="RI")
            start = (number, "", UUID(int=0))
            page, _more = page_of_recalled(connection, jurisdiction="NY", asker="RI", after=start)
        assert [title for title in page if title.title_number == number] == list(found)
        return [title.reason for title in found]

    vin = legitimate(room)
    room.send(
        change_of_state(vin, ("MA", "MA1"), ("NY", forged), date(2023, 6, 6)),
        removal(vin, "NY", forged),
        change_of_state(vin, ("MA", "MA1"), ("NY", mistaken), date(2023, 7, 7)),
    )
    before = room.answer(vin)
    room.send(
        in_state(vin, "NY", mistaken, clones, date(2024, 6, 3)),
        removal(vin, "NY", clones),
        removal(vin, "NY", mistaken),
    )
    assert [len(registered(number)) for number in (forged, clones, mistaken)] == [1, 1, 1]
    by_mistake = next(
        entry.title.entry_id
        for entry in room.counter.record(vin).history
        if (entry.title.title_number, entry.title.transaction_type) == (mistaken, "RM")
    )
    gone = {("NY", clones): "remove", ("NY", mistaken): "keep"}
    room.taken_apart(vin, new_vin(), gone, entries_gone={by_mistake: "remove"})
    assert room.answer(vin) == before
    assert [len(registered(number)) for number in (forged, clones, mistaken)] == [1, 0, 0]
    room.send(removal(vin, "NY", mistaken))
    assert [len(registered(number)) for number in (forged, clones, mistaken)] == [1, 0, 1]

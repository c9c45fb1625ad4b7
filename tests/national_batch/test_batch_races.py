"""A file and messages on line about the same vehicles at the same time: each sees the other, or comes after it."""

from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from batch_room import NOW, BatchRoom, add
from counter import change_of_state, first_title, new_vin

from vinculum.entrypoints.exchange.dispatch import apply_message
from vinculum.national.batch import set_by_set, titles_file
from vinculum.national.batch.apply_file import apply_next
from vinculum.national.batch.file_row import BatchFile
from vinculum.national.law.on_record import Held
from vinculum.national.records.write_change import PointerMoved
from vinculum.protocol.exchange import UpdateMessage

pytestmark = pytest.mark.database


def online(room: BatchRoom, message: UpdateMessage) -> None:
    with psycopg.connect(room.url) as connection:
        answer = apply_message(message, sender=message.origin, at=NOW, connection=connection)
    assert answer.accepted, answer


@pytest.mark.parametrize("few", [0, titles_file.FEW_TITLES])
def test_pointer_that_moves_meanwhile_is_decided_anew(
    room: BatchRoom, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """N-309, N-504: a pointer moved or made between decision and writing is decided again, by the same law.

    So it is in a small file and in one whose plain titles were read by another connection.
    """
    monkeypatch.setattr(titles_file, "FEW_TITLES", few)
    while room.apply() is not None:
        pass
    moved, late, made, untouched = (new_vin() for _ in range(4))
    room.run("VINADD", [add(moved, "OH1"), add(late, "OH2")], state="OH")
    records = [
        add(moved, "PA1", date(2025, 1, 1)),
        add(late, "PA2", date(2021, 1, 1)),
        add(made, "PA3", date(2025, 1, 1)),
        add(untouched, "PA4"),
    ]
    file = room.send(room.written("VINADD", records))
    meddled: list[str] = []

    def meddle(_file: BatchFile, phase: str, _records: int) -> None:
        if phase != "writing" or meddled:
            return
        meddled.append(phase)
        for vin, number in ((moved, "OH1"), (late, "OH2")):
            online(room, change_of_state(vin, ("OH", number), ("CA", f"C{number}"), date(2024, 6, 3)))
        online(room, first_title(made, "CA", "C3"))

    with psycopg.connect(room.url) as connection:
        apply_next(connection, spool=room.spool, at=NOW, note=meddle)
    assert meddled
    assert room.look(file).records_valid == 4
    assert [(p.number, p.title.title_number) for p in room.record(moved).pointers] == [(1, "PA1")]
    assert [(p.number, p.title.title_number) for p in room.record(late).pointers] == [(1, "COH2")]
    assert [(p.number, p.title.title_number) for p in room.record(made).pointers] == [(1, "PA3")]
    assert len(room.record(untouched).history) == 1
    assert (2, "V67") in room.codes(file)
    current = {entry.title.title_number: entry for entry in room.record(moved).history}
    assert current["PA1"].replaces == current["COH1"].title.entry_id
    with psycopg.connect(room.url) as connection:
        told = connection.execute(
            "SELECT to_jurisdiction FROM exchange.notice WHERE vin = %s AND by_jurisdiction = 'PA'", (moved,)
        ).fetchall()
    assert told == [("CA",)]


@pytest.mark.parametrize("seen_by", ["count of pointers", "key"])
def test_each_way_in_which_a_pointer_moves_is_noticed(
    room: BatchRoom, seen_by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """N-309, N-504: what was read beside the writing is out of date: a pointer moved, or one is there that was not."""
    monkeypatch.setattr(titles_file, "FEW_TITLES", 0)
    while room.apply() is not None:
        pass
    vin, untouched = new_vin(), new_vin()
    if seen_by == "count of pointers":
        room.run("VINADD", [add(vin, "OH1")], state="OH")
    records = [add(vin, "PA1", date(2025, 1, 1)), add(untouched, "PA2", date(2025, 1, 1))]
    file = room.send(room.written("VINADD", records))
    meddled: list[str] = []

    def meddle(_file: BatchFile, phase: str, _records: int) -> None:
        if phase != "writing" or meddled:
            return
        meddled.append(phase)
        if seen_by == "count of pointers":
            online(room, change_of_state(vin, ("OH", "OH1"), ("CA", "C1"), date(2024, 6, 3)))
        else:
            online(room, first_title(vin, "CA", "C1"))

    with psycopg.connect(room.url) as connection:
        apply_next(connection, spool=room.spool, at=NOW, note=meddle)
    assert room.look(file).records_valid == 2
    assert [(p.number, p.title.title_number) for p in room.record(vin).pointers] == [(1, "PA1")]
    history = {entry.title.title_number: entry for entry in room.record(vin).history}
    assert history["PA1"].replaces == history["C1"].title.entry_id
    assert len(room.record(untouched).history) == 1


@pytest.mark.parametrize("tries", [5, 1])
def test_title_that_comes_while_a_vin_is_corrected(
    room: BatchRoom, monkeypatch: pytest.MonkeyPatch, tries: int
) -> None:
    """N-309, N-504: a first title under the right VIN, come between reading and writing, is seen when decided anew.

    Its twin may not decide again: then nothing of the file is applied, and the file waits.
    """
    while room.apply() is not None:
        pass
    wrong, right = new_vin(), new_vin()
    room.run("VINADD", [add(wrong, "PA1")])
    correction = {
        "vin": wrong,
        "old_title_number": "PA1",
        "title_number": "PA2",
        "issue_date": date(2025, 1, 1),
        "odometer": 5,
        "new_vin": right,
        "vin_verified_on": date(2024, 12, 1),
    }
    file = room.send(room.written("VINMOD", [correction]))
    read = set_by_set.read_vehicles
    meddled: list[str] = []

    def meddle(*what: Any, **how: Any) -> dict[str, Held]:
        held = read(*what, **how)
        if not meddled:
            meddled.append(right)
            online(room, first_title(right, "CA", "C1"))
        return held

    monkeypatch.setattr(set_by_set, "read_vehicles", meddle)
    monkeypatch.setattr(set_by_set, "_TRIES", tries)
    if tries == 1:
        with pytest.raises(PointerMoved):
            room.apply()
        assert room.look(file).state == "waiting"
    else:
        room.apply()
        assert room.codes(file) == [(1, "V24")]
    assert [p.title.title_number for p in room.record(wrong).pointers] == ["PA1"]
    assert [p.title.title_number for p in room.record(right).pointers] == ["C1"]
    monkeypatch.undo()
    while room.apply() is not None:
        pass


def test_file_that_another_process_holds_is_left_to_it(room: BatchRoom) -> None:
    """N-504: one process per file, and the files of a jurisdiction one after the other."""
    while room.apply() is not None:
        pass
    stolen = [{"vin": new_vin(), "stolen_on": date(2024, 1, 1)}]
    first = room.send(room.written("VINADD", [add(new_vin(), "U1")]))
    second = room.send(room.written("VINADD", [add(new_vin(), "U2")]), at=NOW + timedelta(seconds=1))
    other = room.send(room.written("THFSET", stolen, state="OH"), state="OH", at=NOW + timedelta(seconds=2))
    with psycopg.connect(room.url) as connection:
        held = apply_next(connection, spool=room.spool, at=NOW, note=lambda *_: None)
        assert held is not None
        assert held.file_id == first.file_id
        beside = room.apply()
        assert beside is not None
        assert beside.file_id == other.file_id
        assert room.apply() is None, "the second file of that jurisdiction waits for the first"
    last = room.apply()
    assert last is not None
    assert last.file_id == second.file_id

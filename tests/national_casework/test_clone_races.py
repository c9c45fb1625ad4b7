"""An update that arrives on line while vehicles are taken apart: it waits, and decides anew from what is left."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import psycopg
import pytest
from clone_room import AT, CloneRoom
from counter import Counter, change_of_state, codes, first_title, in_state, new_vin

from both_systems import National
from exchange_people import Known
from vinculum.config.scratch import ScratchDatabases
from vinculum.national.casework import settle_clone_case
from vinculum.national.law.title import VehicleRecord
from vinculum.national.records import inbox, vehicle, write_change
from vinculum.protocol.update_answer import UpdateAnswer

pytestmark = pytest.mark.database


@pytest.fixture
def room(databases: ScratchDatabases, national: National, known: Known) -> CloneRoom:
    people = {code: known("title_clerk", "jurisdiction", code) for code in ("CT", "NY")}
    for name in ("desk", "asks", "applies"):
        people[name] = known("help_desk", "association", "ASSOC")
    return CloneRoom(counter=Counter(url=databases.national_url), people=people)


class Meeting:
    """The undo has read the record before the update reads it, and writes before the update does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, vin: str, *, patience: float) -> None:
        self.undo_has_read, self.update_has_read = threading.Event(), threading.Event()
        self.undo_is_done = threading.Event()
        read, look_up = vehicle.read_vehicle, inbox.look_up

        def read_and_wait(connection: psycopg.Connection[Any], which: str) -> VehicleRecord:
            record = read(connection, which)
            if which == vin and threading.current_thread().name.startswith("undo"):
                self.undo_has_read.set()
                self.update_has_read.wait(patience)
            return record

        def look_up_and_wait(*arguments: Any, **named: Any) -> inbox.LookedUp:
            found = look_up(*arguments, **named)
            if found.record.vin == vin and threading.current_thread().name.startswith("update"):
                self.update_has_read.set()
                self.undo_is_done.wait(10)
            return found

        monkeypatch.setattr(vehicle, "read_vehicle", read_and_wait)
        monkeypatch.setattr(inbox, "look_up", look_up_and_wait)


def update_during_undo(
    room: CloneRoom, monkeypatch: pytest.MonkeyPatch, *, patience: float
) -> tuple[str, bytes, UpdateAnswer]:
    """The VIN, what was answered about it before the clone came, and what the clone's state was answered."""
    vin = new_vin()
    room.send(first_title(vin, "CT", "CT1"))
    before = room.answer(vin)
    room.send(change_of_state(vin, ("CT", "CT1"), ("NY", "NY1")))
    case_id = room.drafted(vin, new_vin(), {("NY", "NY1"): "reapply"})
    room.accept(vin, case_id, "NY")
    settle_clone_case.ask_for_application(vin=vin, case_id=case_id, actor=room.people["asks"], at=AT)
    meeting = Meeting(monkeypatch, vin, patience=patience)

    def undo() -> None:
        try:
            settle_clone_case.apply(vin=vin, case_id=case_id, actor=room.people["applies"], at=AT)
        finally:
            meeting.undo_is_done.set()

    def update() -> UpdateAnswer:
        assert meeting.undo_has_read.wait(10)
        return room.counter.send(in_state(vin, "NY", "NY1", "NY2", date(2025, 1, 2)), at=AT)

    with (
        ThreadPoolExecutor(1, thread_name_prefix="undo") as one,
        ThreadPoolExecutor(1, thread_name_prefix="update") as other,
    ):
        undone, answered = one.submit(undo), other.submit(update)
        undone.result(20)
        return vin, before, answered.result(20)


def test_update_during_undo(room: CloneRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    """N-308, N-309: the clone's state finds that the title it would change is not there any more."""
    vin, before, answer = update_during_undo(room, monkeypatch, patience=1)
    assert codes(answer) == [("V15", "origin")]
    assert room.answer(vin) == before


def test_update_during_undo_unprotected(room: CloneRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    """N-308: the race is real: without lock and compare-and-set the clone's title takes the pointer back."""
    monkeypatch.setattr(vehicle, "LOCK_POINTERS", "SELECT 1 WHERE %(vin)s::text IS NULL")
    unconditional = write_change.MOVE_POINTER.replace(" AND entry_id = %(expected)s", "")
    monkeypatch.setattr(write_change, "MOVE_POINTER", unconditional)
    vin, before, answer = update_during_undo(room, monkeypatch, patience=8)
    assert answer.accepted
    assert room.answer(vin) != before
    assert room.counter.record(vin).pointers[0].title.title_number == "NY2"

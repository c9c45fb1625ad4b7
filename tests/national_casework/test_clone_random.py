"""Random legitimate titles with a clone's among them: the undo leaves the record of the legitimate ones alone."""

import os
import random
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from clone_room import CloneRoom, another_message
from counter import Counter, brand, change_of_state, first_title, in_state, new_vin, removal, undo

from both_systems import National
from exchange_people import Known
from vinculum.config.scratch import ScratchDatabases
from vinculum.entrypoints.exchange.dispatch import answer_message
from vinculum.national.law.recalled import RecalledTitle
from vinculum.national.law.title import HistoryEntry, VehicleRecord
from vinculum.national.records.recalled_titles import recalled_titles
from vinculum.protocol.exchange import UpdateMessage
from vinculum.protocol.undo_title import UndoTitle

pytestmark = pytest.mark.database
SEEDS = int(os.environ.get("VINCULUM_CLONE_SEEDS", "8"))
MESSAGES = 22
LEGITIMATE, CLONE = ("CT", "MA", "RI"), ("NY", "MA")


@pytest.fixture
def room(databases: ScratchDatabases, national: National, known: Known) -> CloneRoom:
    people = {code: known("title_clerk", "jurisdiction", code) for code in ("CT", "NY", "MA", "RI")}
    for name in ("desk", "asks", "applies"):
        people[name] = known("help_desk", "association", "ASSOC")
    return CloneRoom(counter=Counter(url=databases.national_url), people=people)


def some_message(
    chance: random.Random,
    vin: str,
    record: VehicleRecord,
    *,
    states: tuple[str, ...],
    mark: str,
    sent: list[Any],
) -> UpdateMessage:
    """What one of these states may well send, its numbers marked."""
    number = f"{mark}{chance.randrange(10**6)}"
    issued = date(2020, 1, 1) + timedelta(days=chance.randrange(2000))
    held = chance.choice(record.pointers).title if record.pointers else None
    kind = chance.choice(["add", "add", "leave", "leave", "inside", "brand", "remove", "undo", "again"])
    own = [message for message in sent if not isinstance(message, UndoTitle)]
    if kind == "undo" and own:
        return undo(chance.choice(own[-2:]))
    if kind == "remove" and own:
        title = getattr(chance.choice(own), "title_number", "")
        return removal(vin, chance.choice(states), title or number)
    if kind == "brand":
        code = chance.choice(["01", "05"] if mark == "L" else ["11", "36"])
        return brand(vin, chance.choice(states), code, issued)
    if held is None or kind == "add":
        make = "TOYT" if mark == "C" and chance.random() < 0.3 else "HOND"
        return first_title(
            vin, chance.choice(states), number, issued, make=make, odometer=chance.randrange(10**5)
        )
    if kind == "again":  # a duplicate under the number of the title, by its own state
        return in_state(vin, held.jurisdiction, held.title_number, held.title_number, issued)
    if kind == "inside":
        return in_state(vin, held.jurisdiction, held.title_number, number, issued)
    return change_of_state(
        vin, (held.jurisdiction, held.title_number), (chance.choice(states), number), issued
    )


def is_right_alone(room: CloneRoom, message: UpdateMessage) -> bool:
    """Whether it would be accepted; nothing is kept of the trial."""
    with room.counter.transaction() as connection:
        answer = answer_message(message, sender=message.origin, at=room.moment, connection=connection)
        connection.rollback()
    return answer.accepted


def entry_of(room: CloneRoom, message: UpdateMessage) -> UUID:
    with room.counter.transaction() as connection:
        row = connection.execute(
            "SELECT entry_id FROM exchange.message_inbox WHERE vin = %s AND message_id = %s",
            (message.vin, message.message_id),
        ).fetchone()
    assert row is not None
    return row[0]


def both_histories(room: CloneRoom, chance: random.Random) -> tuple[str, str, set[UUID]]:
    """A VIN with the legitimate messages alone, one with a clone's among them, and the clone's entries."""
    alone, shared = new_vin(), new_vin()
    sent: list[UpdateMessage] = []
    of_clone: list[UpdateMessage] = []
    told: dict[UUID, UUID] = {}
    for step in range(MESSAGES):
        room.moment += timedelta(minutes=1)
        if step > 3 and chance.random() < 0.45:
            message = some_message(
                chance, shared, room.counter.record(shared), states=CLONE, mark="C", sent=of_clone
            )
            if message.origin in CLONE and room.counter.send(message, at=room.moment).accepted:
                of_clone.append(message)
            continue
        message = some_message(
            chance, alone, room.counter.record(alone), states=LEGITIMATE, mark="L", sent=sent
        )
        if not is_right_alone(room, message):
            continue
        if names_a_clones_title(message, of_clone):
            continue
        twin = another_message(message, shared)
        if isinstance(message, UndoTitle):
            twin = another_message(UndoTitle(**{**_said(message), "undoes": told[message.undoes]}), shared)
        if room.counter.send(twin, at=room.moment).accepted:
            assert room.counter.send(message, at=room.moment).accepted
            sent.append(message)
            told[message.message_id] = twin.message_id
    return alone, shared, {entry_of(room, message) for message in of_clone}


def names_a_clones_title(message: Any, of_clone: list[Any]) -> bool:
    """A number that the clone has too does not tell whose title is meant: no message could, nor can an undo."""
    named = {
        (getattr(message, "old_jurisdiction", message.origin), getattr(message, "old_title_number", None)),
        (message.origin, getattr(message, "title_number", None)),
    }
    return any((one.origin, getattr(one, "title_number", "")) in named for one in of_clone)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_undo_leaves_the_legitimate_titles_alone(room: CloneRoom, seed: int) -> None:
    """N-308: whatever came in between, the record and every answer are what the legitimate messages alone make."""
    chance = random.Random(seed)
    alone, shared, of_clone = both_histories(room, chance)
    entries = room.counter.record(shared).history
    theirs = {e.title.entry_id: "remove" for e in entries if e.title.entry_id in of_clone}
    brands = {b.code: "remove" for b in room.counter.record(shared).brands if b.code in {"11", "36"}}
    if not theirs and not brands:
        pytest.skip("no message of the clone was accepted")
    room.taken_apart(shared, new_vin(), {}, brands_gone=brands, entries_gone=theirs)
    assert (
        room.answer(shared).replace(shared.encode(), alone.encode()).decode() == room.answer(alone).decode()
    )
    assert in_words(room.counter.record(shared)) == in_words(room.counter.record(alone))
    for state, number in numbers_ever(room, alone, shared):
        registered = register(room, state, number)
        assert len(registered) == 2 * len(taken_back(room.counter.record(alone), state, number)), number


def numbers_ever(room: CloneRoom, *vins: str) -> list[tuple[str, str]]:
    """Every title that was ever said of these VINs, the clone's too."""
    with room.counter.transaction() as connection:
        return connection.execute(
            "SELECT DISTINCT jurisdiction, title_number FROM exchange.title_history WHERE vin = ANY (%s)",
            (list(vins),),
        ).fetchall()


def register(room: CloneRoom, state: str, number: str) -> tuple[RecalledTitle, ...]:
    with room.counter.transaction() as connection:
        return recalled_titles(connection, jurisdiction=state, title_number=number, asker="RI")


def taken_back(record: VehicleRecord, state: str, number: str) -> list[HistoryEntry]:
    """What the register has of a vehicle by its history (N-303): removals after which the title did not come again."""
    named = [e for e in record.history if (e.title.jurisdiction, e.title.title_number) == (state, number)]
    again = [
        e.title.transaction_at
        for e in named
        if e.withdraws is None
        and e.title.entry_id not in record.withdrawn
        and e.title.transaction_type != "VC"
    ]
    removals = (e for e in named if e.title.transaction_type == "RM")
    return [e for e in removals if not any(at > e.title.transaction_at for at in again)]


def in_words(record: VehicleRecord) -> object:
    """The record without its VIN and ids: which title rests on which is told by their numbers."""
    named = {entry.title.entry_id: place for place, entry in enumerate(record.history)}
    return (
        [(pointer.number, named[pointer.title.entry_id]) for pointer in record.pointers],
        [
            (e.title.title_number, e.title.transaction_type, named.get(e.replaces), named.get(e.withdraws))
            for e in record.history
        ],
        [(b.code, b.brander, b.brand_date) for b in record.brands],
    )


def _said(message: Any) -> dict[str, Any]:
    return {name: getattr(message, name) for name in type(message).__dataclass_fields__}

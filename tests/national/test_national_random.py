"""Random updates by several states on a few VINs: whatever they send, the record stays a record."""

import random
from datetime import date, timedelta

import pytest
from counter import Counter, change_of_state, first_title, in_state, new_vin, removal, undo

from vinculum.national.law.title import VehicleRecord
from vinculum.protocol.exchange import UpdateMessage

pytestmark = pytest.mark.database

STATES = ("CT", "NY", "MA", "RI")
OPERATIONS = 250


def some_message(
    chance: random.Random, vin: str, record: VehicleRecord, sent: list[UpdateMessage]
) -> UpdateMessage:
    """A message that is mostly right and sometimes not."""
    state, number = chance.choice(STATES), f"{chance.randrange(40):04d}"
    issued = date(2020, 1, 1) + timedelta(days=chance.randrange(2000))
    held = chance.choice(record.pointers).title if record.pointers and chance.random() < 0.9 else None
    old = (held.jurisdiction, held.title_number) if held else (chance.choice(STATES), number)
    kind = chance.randrange(6)
    if kind == 0 and sent:
        return undo(chance.choice(sent[-3:]))
    if kind == 1:
        return removal(vin, *old)
    if kind == 2:
        return in_state(vin, old[0], old[1], number, issued)
    if kind == 3:
        return first_title(vin, state, number, issued, make=chance.choice(["HOND", "TOYT"]))
    return change_of_state(vin, old, (state, number), issued)


def check_invariants(record: VehicleRecord) -> None:
    standing = {entry.title.entry_id: entry.title for entry in record.standing_titles()}
    shown = [pointer.title for pointer in record.pointers]
    assert len({title.entry_id for title in shown}) == len(shown)
    for title in shown:
        assert standing[title.entry_id] == title
    kept = [(t.jurisdiction, t.title_number, t.issue_date) for t in standing.values()]
    assert len(set(kept)) == len(kept)
    assert {pointer.number for pointer in record.pointers} <= set(range(1, 20))


@pytest.mark.parametrize("seed", range(6))
def test_random_updates_keep_the_record(counter: Counter, seed: int) -> None:
    """N-103, N-309: refused changes nothing, history only grows, pointers show standing titles, undo is exact."""
    chance = random.Random(seed)
    sent: dict[str, list[UpdateMessage]] = {new_vin(): [] for _ in range(4)}
    accepted = undone = 0
    for _ in range(OPERATIONS):
        vin = chance.choice(list(sent))
        before = counter.record(vin)
        message = some_message(chance, vin, before, sent[vin])
        answer = counter.send(message)
        after = counter.record(vin)
        check_invariants(after)
        assert set(before.history) <= set(after.history)
        if not answer.accepted:
            assert after == before
            continue
        accepted += 1
        sent[vin].append(message)
        if chance.random() < 0.4 and answer.effect in {"pointer_moved", "title_changed", "title_added"}:
            assert counter.send(undo(message)).accepted
            assert counter.record(vin).pointers == before.pointers
            undone += 1
    assert accepted > OPERATIONS / 5
    assert undone > 5

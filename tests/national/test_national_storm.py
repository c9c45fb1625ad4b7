"""Eight states racing on many VINs at once: every invariant holds, and breaks when the protection is taken away."""

import os
import random
import threading
from collections import Counter as Tally
from datetime import date, timedelta

import psycopg
import pytest
from counter import NOW, Counter, change_of_state, first_title, in_state, new_vin, removal

from records_after_a_storm import broken
from vinculum.entrypoints.exchange import dispatch
from vinculum.national.law.title import VehicleRecord
from vinculum.national.records import vehicle, write_change
from vinculum.national.transactions import admit_jurisdiction
from vinculum.protocol.exchange import UpdateMessage
from vinculum.protocol.update_answer import UpdateAnswer

pytestmark = pytest.mark.database

STATES = ("CT", "NY", "MA", "RI", "NJ", "DE", "PA", "MD")
VINS = int(os.environ.get("VINCULUM_STORM_VINS", "40"))
MESSAGES = int(os.environ.get("VINCULUM_STORM_MESSAGES", "60"))


@pytest.fixture(scope="module", autouse=True)
def eight_states(counter: Counter) -> None:
    with counter.transaction() as connection:
        for state in STATES:
            admit_jurisdiction.run(state, mode=1, at=NOW, connection=connection)


def message_of(chance: random.Random, state: str, record: VehicleRecord) -> UpdateMessage:
    """What a state might send that has just looked at the record; by then it may be another's."""
    number = f"{state}{chance.randrange(10**9)}"
    issued = date(2021, 1, 1) + timedelta(days=chance.randrange(1500))
    if not record.pointers:
        return first_title(record.vin, state, number, issued)
    held = chance.choice(record.pointers).title
    # Each title later than the one it replaces, so that "the one before" is never a matter of taste.
    later = held.issue_date + timedelta(days=chance.randrange(1, 4))
    kind = chance.random()
    if held.jurisdiction == state:
        if kind < 0.3:
            return removal(record.vin, state, held.title_number)
        return in_state(record.vin, state, held.title_number, number, later)
    if kind < 0.1:
        return first_title(record.vin, state, number, issued)
    old = (held.jurisdiction, held.title_number)
    return change_of_state(record.vin, old, (state, number), later)


def storm(counter: Counter, vins: list[str], *, seed: int) -> Tally[str]:
    """Each state sends its messages from a thread of its own; how many were accepted for each VIN."""
    accepted: Tally[str] = Tally()
    faults: list[BaseException] = []
    start = threading.Barrier(len(STATES))

    def send_all(state: str) -> None:
        chance = random.Random(f"{seed} {state}")
        try:
            with psycopg.connect(counter.url) as connection:
                start.wait(20)
                for _ in range(MESSAGES):
                    record = vehicle.read_vehicle(connection, chance.choice(vins))
                    connection.commit()
                    message = message_of(chance, state, record)
                    answer = dispatch.answer_message(message, sender=state, at=NOW, connection=connection)
                    connection.commit()
                    assert isinstance(answer, UpdateAnswer)
                    accepted[message.vin] += answer.accepted
        except Exception as fault:  # noqa: BLE001 - told to the test, which fails with it
            faults.append(fault)

    threads = [threading.Thread(target=send_all, args=(state,)) for state in STATES]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert faults == []
    return accepted


def test_storm_keeps_every_invariant(counter: Counter) -> None:
    """N-309, N-103, N-305: whoever wins, each record stays one record and every answer is true."""
    vins = [new_vin() for _ in range(VINS)]
    accepted = storm(counter, vins, seed=7)
    faults = {vin: broken(counter.record(vin), accepted=accepted[vin]) for vin in vins}
    assert {vin: found for vin, found in faults.items() if found} == {}
    assert sum(accepted.values()) > len(STATES) * MESSAGES / 4
    assert sum(accepted.values()) < len(STATES) * MESSAGES


def test_storm_unprotected(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """N-309: the same storm without lock and compare-and-set breaks records, so the test above can fail."""
    monkeypatch.setattr(vehicle, "LOCK_POINTERS", "SELECT 1 WHERE %(vin)s::text IS NULL")
    unconditional = write_change.MOVE_POINTER.replace(" AND entry_id = %(expected)s", "")
    assert unconditional != write_change.MOVE_POINTER
    monkeypatch.setattr(write_change, "MOVE_POINTER", unconditional)
    for seed in range(40):
        vins = [new_vin() for _ in range(3)]
        accepted = storm(counter, vins, seed=seed)
        if any(broken(counter.record(vin), accepted=accepted[vin]) for vin in vins):
            return
    pytest.fail("forty unprotected storms broke nothing")

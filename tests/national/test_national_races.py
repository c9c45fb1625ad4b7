"""Races at the exchange, in pairs: with the protection one wins; with it taken away both do."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from counter import NOW, Counter, change_of_state, codes, first_title, new_vin

from vinculum.entrypoints.exchange import dispatch
from vinculum.national.law import add_title as add_title_law
from vinculum.national.records import inbox, vehicle, write_change
from vinculum.protocol.exchange import Message
from vinculum.protocol.theft import ReportTheft
from vinculum.protocol.update_answer import UpdateAnswer

pytestmark = pytest.mark.database


def together(counter: Counter, messages: list[Message]) -> list[UpdateAnswer]:
    """Send each message from a thread of its own, all let go at once."""
    start = threading.Barrier(len(messages))

    def one(message: Message) -> UpdateAnswer:
        with psycopg.connect(counter.url) as connection:
            connection.execute("SELECT 1")
            start.wait(10)
            answer = dispatch.answer_message(
                message, sender=message.origin, at=message.sent_at, connection=connection
            )
            assert isinstance(answer, UpdateAnswer)
        return answer

    with ThreadPoolExecutor(len(messages)) as threads:
        return list(threads.map(one, messages))


def meet_after_reading(monkeypatch: pytest.MonkeyPatch, *, patience: float = 1) -> None:
    """Make both readers hold the same reading before either writes, as an unlucky moment would.

    Where nothing keeps them apart they always meet, so the patience is long; where something does, it is short.
    """
    both = threading.Barrier(2)
    look_up = inbox.look_up

    def look_up_and_wait(*arguments: Any, **named: Any) -> inbox.LookedUp:
        found = look_up(*arguments, **named)
        if threading.current_thread() is threading.main_thread():
            return found  # the race is being prepared; only racers meet
        # Broken when the other one is kept out by the lock, or has gone ahead: that is what is tested.
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(patience)
        return found

    monkeypatch.setattr(inbox, "look_up", look_up_and_wait)


def two_states_one_pointer(counter: Counter) -> tuple[str, list[UpdateAnswer]]:
    vin = new_vin()
    counter.titled(vin, "NY", "1")
    return vin, together(
        counter,
        [
            change_of_state(vin, ("NY", "1"), ("CT", "2")),
            change_of_state(vin, ("NY", "1"), ("MA", "3")),
        ],
    )


def test_two_states_one_pointer(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """N-309: two states race for one pointer: one wins, the other gets the mismatch error."""
    meet_after_reading(monkeypatch)
    vin, answers = two_states_one_pointer(counter)
    winners = [answer for answer in answers if answer.accepted]
    losers = [answer for answer in answers if not answer.accepted]
    assert (len(winners), len(losers)) == (1, 1)
    assert codes(losers[0]) == [("V11", "old_jurisdiction")]
    assert len(counter.record(vin).history) == 2


def test_compare_and_set_alone_is_enough(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """N-309: constraint for safety, lock for manners: without the lock the loser is found when it writes."""
    monkeypatch.setattr(vehicle, "LOCK_POINTERS", "SELECT 1 WHERE %(vin)s::text IS NULL")
    meet_after_reading(monkeypatch)
    _vin, answers = two_states_one_pointer(counter)
    assert sorted(answer.accepted for answer in answers) == [False, True]


def test_two_states_one_pointer_unprotected(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """N-309: the race is real: without lock and compare-and-set both states believe they hold the title."""
    monkeypatch.setattr(vehicle, "LOCK_POINTERS", "SELECT 1 WHERE %(vin)s::text IS NULL")
    unconditional = write_change.MOVE_POINTER.replace(" AND entry_id = %(expected)s", "")
    assert unconditional != write_change.MOVE_POINTER
    monkeypatch.setattr(write_change, "MOVE_POINTER", unconditional)
    meet_after_reading(monkeypatch, patience=8)
    vin, answers = two_states_one_pointer(counter)
    assert [answer.accepted for answer in answers] == [True, True]
    replaced = [entry.replaces for entry in counter.record(vin).history if entry.replaces]
    assert len(replaced) == 2
    assert len(set(replaced)) == 1


def test_a_lock_that_holds_nothing_is_found_out(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """N-309, P-4: what is written without a look rests on the lock: without it both are told that they won."""
    unheld = vehicle.LOCK_POINTERS.replace(" FOR UPDATE", "")
    assert unheld != vehicle.LOCK_POINTERS
    monkeypatch.setattr(vehicle, "LOCK_POINTERS", unheld)
    meet_after_reading(monkeypatch, patience=8)
    _vin, answers = two_states_one_pointer(counter)
    assert [answer.accepted for answer in answers] == [True, True]


def two_first_titles(counter: Counter) -> tuple[str, list[UpdateAnswer]]:
    vin = new_vin()
    return vin, together(counter, [first_title(vin, "CT", "1"), first_title(vin, "MA", "2")])


def test_two_first_titles(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """N-303, N-309: two first titles of one VIN end as one pointer and two titles in order, never as two."""
    meet_after_reading(monkeypatch)
    vin, answers = two_first_titles(counter)
    assert sorted(str(answer.effect) for answer in answers) == ["pointer_moved", "title_added"]
    assert len(counter.record(vin).pointers) == 1


def test_two_first_titles_unprotected(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """N-303, N-309: numbered apart, so that they do not meet in the key, both would be first."""
    numbers = iter((1, 2))
    monkeypatch.setattr(add_title_law, "_next_number", lambda _record: next(numbers))
    meet_after_reading(monkeypatch, patience=8)
    vin, answers = two_first_titles(counter)
    assert [answer.effect for answer in answers] == ["title_added", "title_added"]
    assert len(counter.record(vin).pointers) == 2


def one_first_title_twice(counter: Counter) -> tuple[str, list[UpdateAnswer]]:
    vin = new_vin()
    message = first_title(vin, "CT", "1")
    return vin, together(counter, [message, message])


def test_one_message_twice_at_once(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """N-309: a message sent twice at the same moment is applied once and answered alike, though both looked first."""
    meet_after_reading(monkeypatch, patience=8)
    vin, answers = one_first_title_twice(counter)
    assert answers[0] == answers[1]
    assert answers[0].accepted
    assert len(counter.record(vin).history) == 1


def test_one_message_twice_at_once_untaken(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """N-309: where the inbox did not keep a second of the same out, the two would be answered as two messages."""
    for statement, values in (("TAKE", 8), ("KEEP_ANSWER", 5)):
        nothing_kept = f"SELECT true WHERE num_nulls({', '.join(['%s::text'] * values)}) >= 0"
        monkeypatch.setattr(inbox, statement, nothing_kept)
    meet_after_reading(monkeypatch, patience=8)
    _vin, answers = one_first_title_twice(counter)
    assert answers[0] != answers[1]


def test_one_change_twice_at_once(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """N-309: where there is a pointer to lock, the second of the same looks when the first has its answer."""
    meet_after_reading(monkeypatch)
    vin = new_vin()
    counter.titled(vin, "NY", "1")
    message = change_of_state(vin, ("NY", "1"), ("CT", "2"))
    answers = together(counter, [message, message])
    assert answers[0] == answers[1]
    assert answers[0].accepted
    assert len(counter.record(vin).history) == 2


def test_one_theft_reported_twice_at_once(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """N-102, N-309: a theft reported by two clerks of a state at the same moment is one open report."""
    meet_after_reading(monkeypatch)
    vin = new_vin()
    answers = together(
        counter,
        [
            ReportTheft(message_id=uuid4(), origin="CT", sent_at=NOW, vin=vin, stolen_on=date(2025, 1, 1))
            for _ in range(2)
        ],
    )
    assert all(answer.accepted for answer in answers)
    assert len(counter.record(vin).thefts) == 1


def test_many_states_one_pointer(counter: Counter) -> None:
    """N-309: however many race, the pointer's history is one unbroken chain."""
    vin = new_vin()
    counter.titled(vin, "NY", "1")
    states = ["CT", "MA", "RI", "NJ"]
    answers = together(
        counter,
        [change_of_state(vin, ("NY", "1"), (state, f"{state}{n}")) for n in range(3) for state in states],
    )
    assert sum(answer.accepted for answer in answers) == 1
    record = counter.record(vin)
    assert {entry.title.entry_id for entry in record.history} >= {record.pointers[0].title.entry_id}
    assert len(record.history) == 2

"""The way of every update: take the message once, lock the pointer, decide, write, keep the answer."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg

from vinculum.national.law.change import Change, Decision
from vinculum.national.law.standing import Channel, check_mode
from vinculum.national.law.title import VehicleRecord
from vinculum.national.records import vehicle
from vinculum.national.records.inbox import keep_answer, take
from vinculum.national.records.roster import Roster, note_accepted_update, read_roster
from vinculum.national.records.write_change import PointerMoved, write_pointers, write_rows
from vinculum.protocol.exchange import UpdateMessage
from vinculum.protocol.fields import field_problems
from vinculum.protocol.problem import Problem, problem
from vinculum.protocol.update_answer import UpdateAnswer

# A first title has no pointer row to lock: two of them meet when they write, and the later decides anew.
TRIES = 5

Decide = Callable[[VehicleRecord, Roster, UUID], Decision]


def apply_update(
    connection: psycopg.Connection[Any],
    message: UpdateMessage,
    *,
    sender: str,
    at: datetime,
    channel: Channel,
    decide: Decide,
    also_lock: str | None = None,
) -> UpdateAnswer:
    """Apply one update in the transaction of the connection; a message taken before answers as it did then.

    A message that is malformed or not the sender's to send is answered without being kept: it is nobody's.
    `also_lock` is a second VIN whose pointers the update touches.
    """
    roster = read_roster(connection)
    faults = _check_sender(message, sender=sender, roster=roster, channel=channel)
    if faults:
        return _answer(message, at=at, problems=faults)
    taken = take(connection, message, entry_id=uuid4(), at=at)
    if isinstance(taken, UpdateAnswer):
        return taken
    decision = _decide_and_set_pointers(
        connection, message, entry_id=taken.entry_id, roster=roster, decide=decide, also_lock=also_lock
    )
    with connection.pipeline():
        if isinstance(decision, Change):
            answer = _answer(message, at=at, problems=decision.warnings, change=decision)
            write_rows(connection, decision, vin=message.vin, origin=sender, entry_id=taken.entry_id, at=at)
            note_accepted_update(connection, roster.standings[sender], at=at)
        else:
            answer = _answer(message, at=at, problems=decision.problems)
        keep_answer(connection, message, answer)
    return answer


def _decide_and_set_pointers(
    connection: psycopg.Connection[Any],
    message: UpdateMessage,
    *,
    entry_id: UUID,
    roster: Roster,
    decide: Decide,
    also_lock: str | None,
) -> Decision:
    for _try in range(TRIES):
        # In VIN order, so that two updates which touch the same two VINs cannot wait for each other.
        for vin in sorted({message.vin, also_lock or message.vin}):
            lock_pointers(connection, vin)
        decision = decide(vehicle.read_vehicle(connection, message.vin), roster, entry_id)
        if not isinstance(decision, Change):
            return decision
        try:
            if len(decision.pointers) > 1:
                with connection.transaction():
                    write_pointers(connection, decision)
            else:
                write_pointers(connection, decision)
        except PointerMoved:
            continue
        return decision
    raise PointerMoved(message.vin)


def lock_pointers(connection: psycopg.Connection[Any], vin: str) -> None:
    """Hold the pointers of a VIN until the transaction ends: updates of a VIN are done one after the other."""
    connection.execute(vehicle.LOCK_POINTERS, {"vin": vin})


def _check_sender(
    message: UpdateMessage, *, sender: str, roster: Roster, channel: Channel
) -> tuple[Problem, ...]:
    problems = list(field_problems(message))
    if message.origin != sender:
        problems.append(problem("V01", field="origin", origin=message.origin[:2], sender=sender))
    problems.extend(check_mode(roster.standings.get(sender), code=sender, act="update", channel=channel))
    old = getattr(message, "old_jurisdiction", None)
    if old is not None and old not in roster.standings:
        problems.append(problem("V06", field="old_jurisdiction", jurisdiction=old[:2]))
    return tuple(problems)


def _answer(
    message: UpdateMessage, *, at: datetime, problems: tuple[Problem, ...], change: Change | None = None
) -> UpdateAnswer:
    return UpdateAnswer(
        message_id=message.message_id,
        vin=message.vin,
        accepted=change is not None,
        answered_at=at,
        effect=None if change is None else change.effect,
        problems=problems,
    )

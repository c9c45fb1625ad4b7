"""The way of every update: lock the pointer, look up, decide, write with the answer; a message is taken once.

As much as possible goes to the database together, for each wait costs more than what is waited for: one wait for
what is on record, and one for all that is written, with the commit where that is sent along
(`access.database.acting_together`). Where no pointer is there to be held, pointers and inbox are waited for before
the rest is written.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg

from vinculum.access.line import Executes, Line, Sent, line_of
from vinculum.national.law.change import Change, Decision, Declined
from vinculum.national.law.standing import Channel, check_mode
from vinculum.national.law.title import VehicleRecord
from vinculum.national.records import inbox, vehicle
from vinculum.national.records.roster import Roster, note_accepted_update, read_roster
from vinculum.national.records.write_change import (
    PointerMoved,
    send_pointers,
    write_reassignments,
    write_rows,
)
from vinculum.protocol.exchange import UpdateMessage
from vinculum.protocol.fields import field_problems
from vinculum.protocol.json_codec import message_digest
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
    digest, entry_id, taken = message_digest(message), uuid4(), False
    with line_of(connection) as line:
        for _try in range(TRIES):
            # In VIN order, so that two updates which touch the same two VINs cannot wait for each other.
            locks = {vin: lock_pointers(line, vin) for vin in sorted({message.vin, also_lock or message.vin})}
            found = inbox.look_up(line, message, digest=digest, at=at)
            if found.earlier is not None and not taken:
                return found.earlier
            decision = decide(found.record, roster, entry_id)
            answer = _answer_to(message, decision, at=at)
            if not taken and _holds_what_it_needs(decision, message.vin, locks):
                inbox.take_while_held(line, message, answer, digest=digest, entry_id=entry_id, at=at)
                if isinstance(decision, Change):
                    send_pointers(line, decision)
                    _write_the_rest(line, message, decision, roster=roster, entry_id=entry_id, at=at)
                return answer
            if taken:
                kept: Sent = inbox.keep_answer(line, message, answer)
            else:
                kept = inbox.take(line, message, answer, digest=digest, entry_id=entry_id, at=at)
            moved = _set_pointers(line, decision)
            if kept.row() is None:
                # Another transaction has just taken this message; its answer is found by looking again.
                if moved and isinstance(decision, Change) and decision.pointers:
                    raise PointerMoved(message.vin)
                continue
            taken = True
            if moved:
                if isinstance(decision, Change):
                    _write_the_rest(line, message, decision, roster=roster, entry_id=entry_id, at=at)
                return answer
    raise PointerMoved(message.vin)


def lock_pointers(connection: Executes, vin: str) -> Any:
    """Hold the pointers of a VIN until the transaction ends: updates of a VIN are done one after the other.

    What comes back are those that are held, with the entry that each shows.
    """
    return connection.execute(vehicle.LOCK_POINTERS, {"vin": vin})


def _holds_what_it_needs(decision: Decision, vin: str, locks: Mapping[str, Sent]) -> bool:
    """Whether this transaction holds a pointer of the VIN, and each that it sets shows what is expected.

    Then nobody can take the message or move a pointer before the end, and nothing has to be waited for.
    """
    if not locks[vin].rows():
        return False
    if isinstance(decision, Declined) or not decision.pointers:
        return True
    shown = {(where, number): entry for where, sent in locks.items() for number, entry in sent.rows()}
    return all(
        shown.get((write.vin, b"%d" % write.number)) == str(write.expected).encode()
        for write in decision.pointers
    )


def _write_the_rest(
    line: Line, message: UpdateMessage, change: Change, *, roster: Roster, entry_id: UUID, at: datetime
) -> None:
    """Everything of the change that is neither pointer nor inbox."""
    write_rows(line, change, vin=message.vin, origin=message.origin, entry_id=entry_id, at=at)
    chain = getattr(message, "reassignments", ())
    if chain:
        write_reassignments(line, change, entry_id=entry_id, chain=chain)
    note_accepted_update(line, roster.standings[message.origin], at=at)


def _set_pointers(line: Line, decision: Decision) -> bool:
    """Set the pointers of the decision, all or none; whether each was still as it was looked up."""
    if not isinstance(decision, Change):
        return True
    if len(decision.pointers) > 1:
        line.execute("SAVEPOINT before_pointers")
    moved = all(sent.row() is not None for sent in send_pointers(line, decision))
    if not moved and len(decision.pointers) > 1:
        line.execute("ROLLBACK TO SAVEPOINT before_pointers")
    return moved


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


def _answer_to(message: UpdateMessage, decision: Decision, *, at: datetime) -> UpdateAnswer:
    if isinstance(decision, Change):
        return _answer(message, at=at, problems=decision.warnings, change=decision)
    return _answer(message, at=at, problems=decision.problems)


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

"""What is done with a drafted undo: owners accept or refuse, the help desk asks for it, another applies it (N-308).

The application is one transaction: pointers of both VINs locked in the order of the VINs, the undo decided from the
record as it is, its history rows written by the database's own function, which looks for every acceptance, for two
persons and for the record that was drafted; then pointers by compare and set, brands and notices.
"""

import dataclasses
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

import psycopg

from vinculum.access.database import Actor, Connection
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.national.casework.clone_cases import LONGEST, CloneCase, known, refusal, side_of
from vinculum.national.law.undo_clone import CannotBeTakenApart, HistoryRow, take_apart
from vinculum.national.records import vehicle
from vinculum.national.records.apply_update import lock_pointers
from vinculum.national.records.write_change import PointerMoved, write_pointers, write_rows

APPLY_ACT: Final = "apply_clone_undo"
_AGAIN: Final = "Draft it anew from the record as it is now."
# What the database's function finds, in words.
_FAULTS: Final = {
    "clone_undo_is_open": ("clone_case_ended", "This case has ended.", "Look at it again."),
    "clone_undo_is_accepted": (
        "clone_not_accepted",
        "Not every owner has accepted what is to be done with its titles and brands.",
        "Wait for them, or draft it otherwise.",
    ),
    "clone_undo_is_requested": (
        "clone_not_requested",
        "Nobody of the help desk has asked for the application yet.",
        "Ask for it; somebody else applies it.",
    ),
    "clone_undo_takes_two": (
        "clone_takes_two",
        "You drafted this case or asked for its application; somebody else of the help desk applies it.",
        "Have a colleague look at it and apply it.",
    ),
    "clone_undo_of_what_was_drafted": (
        "clone_record_changed",
        "Something on the record has changed since this was drafted.",
        _AGAIN,
    ),
    "clone_undo_as_accepted": ("clone_not_accepted", "The undo is not the one that was accepted.", _AGAIN),
}


def decide(
    *, vin: str, case_id: UUID, places: Iterable[int], accept: bool, words: str, actor: Actor, at: datetime
) -> None:
    """Accept or refuse items of one's own jurisdiction, once; never what one has drafted oneself. Raises Refused."""
    with known(vin, case_id, actor) as (connection, found):
        waiting = {item.place for item in found.waiting_for(actor.organisation_code)}
        chosen = sorted(set(places))
        refusals = []
        if not chosen or not set(chosen) <= waiting:
            refusals.append(_nothing_waits())
        if found.drafted_by == actor.person_id:
            refusals.append(
                refusal(
                    "decided_by_another",
                    "You drafted this case; somebody else of your jurisdiction accepts it.",
                    "Have a colleague look at it.",
                )
            )
        if not 1 <= len(words.strip()) <= LONGEST:
            refusals.append(
                refusal(
                    "missing_field",
                    "Say on what you decide so.",
                    "Name the papers you looked at.",
                    field="words",
                )
            )
        if refusals:
            raise Refused(refusals)
        decided = connection.execute(
            "UPDATE exchange.clone_item SET accepted = %s, decided_at = %s, decided_by = %s, decided_by_name = %s,"
            " words = %s WHERE vin = %s AND case_id = %s AND place = ANY (%s) AND accepted IS NULL",
            (accept, at, actor.person_id, actor.person_name, words.strip(), vin, case_id, chosen),
        ).rowcount
        if decided != len(chosen):
            raise Refused([_nothing_waits()])


def withdraw(*, vin: str, case_id: UUID, actor: Actor, at: datetime) -> None:
    """Take back what one's own side has drafted, while it is not applied. Raises Refused."""
    with known(vin, case_id, actor) as (connection, found):
        if found.asked_by != side_of(actor) or found.standing in {"applied", "withdrawn"}:
            words = "Only the side that drafted a case withdraws it, before it is applied."
            raise Refused([refusal("clone_not_withdrawn", words, "Look at the case again.")])
        ended = connection.execute(
            "UPDATE exchange.clone_case SET withdrawn_at = %s WHERE vin = %s AND case_id = %s",
            (at, vin, case_id),
        ).rowcount
        if ended != 1:
            raise Refused([_found("clone_undo_is_open")])


def ask_for_application(*, vin: str, case_id: UUID, actor: Actor, at: datetime) -> None:
    """The first of two persons of the help desk: everything is accepted, it may be applied. Raises Refused."""
    with known(vin, case_id, actor, act=APPLY_ACT) as (connection, found):
        if found.standing != "accepted":
            fault = (
                "clone_undo_is_accepted" if found.standing in {"drafted", "refused"} else "clone_undo_is_open"
            )
            raise Refused([_found(fault)])
        asked = connection.execute(
            "UPDATE exchange.clone_case SET requested_at = %s, requested_by = %s, requested_by_name = %s"
            " WHERE vin = %s AND case_id = %s AND requested_by IS NULL",
            (at, actor.person_id, actor.person_name, vin, case_id),
        ).rowcount
        if asked != 1:
            raise Refused([_found("clone_undo_is_open")])


def apply(*, vin: str, case_id: UUID, actor: Actor, at: datetime) -> None:
    """The second person of the help desk: take the vehicles apart, wholly or not at all. Raises Refused."""
    try:
        with known(vin, case_id, actor, act=APPLY_ACT) as (connection, found):
            _apply(connection, found, actor=actor, at=at)
    except PointerMoved as fault:
        raise Refused([_found("clone_undo_of_what_was_drafted")]) from fault
    except psycopg.errors.CheckViolation as fault:
        if fault.diag.constraint_name not in _FAULTS:
            raise
        raise Refused([_found(fault.diag.constraint_name)]) from fault


def _apply(connection: Connection, case: CloneCase, *, actor: Actor, at: datetime) -> None:
    for vin in sorted({case.vin, case.right_vin or case.vin}):
        lock_pointers(connection, vin)
    shared = vehicle.read_vehicle(connection, case.vin)
    own = vehicle.read_vehicle(connection, case.right_vin) if case.right_vin else None
    try:
        apart = take_apart(case.split, shared=shared, own=own, case_id=case.case_id, at=at)
    except CannotBeTakenApart as fault:
        raise Refused([refusal(fault.code, fault.words, _AGAIN)]) from fault
    connection.execute(
        "SELECT exchange.apply_clone_undo(%s, %s, %s, %s, %s)",
        (case.vin, case.case_id, at, actor.person_name, json.dumps([_row(row) for row in apart.rows])),
    )
    write_pointers(connection, apart.change)
    write_rows(connection, apart.change, vin=case.vin, origin=side_of(actor), entry_id=case.case_id, at=at)


def _row(row: HistoryRow) -> dict[str, str | int | None]:
    entry, title = row.entry, row.entry.title
    said = {field.name: getattr(title, field.name) for field in dataclasses.fields(title)}
    said |= {
        "vin": row.vin,
        "replaces": entry.replaces,
        "withdraws": entry.withdraws,
        "other_vin": entry.other_vin,
        "reason": entry.reason,
        "stands_for": row.stands_for,
    }
    return {
        name: value if value is None or isinstance(value, int) else _text(value)
        for name, value in said.items()
    }


def _text(value: object) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _found(fault: str) -> Refusal:
    return refusal(*_FAULTS[fault])


def _nothing_waits() -> Refusal:
    return refusal(
        "nothing_to_decide",
        "That does not wait for a decision of your jurisdiction.",
        "Look at the case again.",
    )

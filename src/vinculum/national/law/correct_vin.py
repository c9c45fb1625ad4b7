"""A corrected VIN: the history moves from the wrong VIN to the right one, and each names the other (N-307)."""

import dataclasses
from collections.abc import Iterator
from datetime import date
from uuid import UUID, uuid5

from vinculum.national.law.change import BrandWithdrawal, Change, PlannedNotice, PointerWrite
from vinculum.national.law.title import HistoryEntry, Pointer, Title, VehicleRecord
from vinculum.protocol.problem import Problem
from vinculum.protocol.update_answer import Effect


def correct_vin(
    wrong: VehicleRecord,
    pointer: Pointer,
    title: Title,
    *,
    right_vin: str,
    verified_on: date,
    effect: Effect,
    notices: tuple[PlannedNotice, ...],
    warnings: tuple[Problem, ...],
) -> Change:
    """The new title stands under the right VIN, with the titles before it and the brands.

    Under the wrong VIN they are withdrawn, never erased. When another vehicle has a current title under the
    wrong VIN, only the titles that led to this pointer go, and the brands stand under both: which vehicle
    bears them is for a case between the states, and until then a brand must not be lost.
    """
    old = pointer.title
    alone = len(wrong.pointers) == 1
    reason = (
        f"VIN corrected from {wrong.vin} to {right_vin}, read off the vehicle on {verified_on.isoformat()}"
    )
    moved = tuple(_titles_that_go(wrong, pointer, all_of_them=alone))
    gone = HistoryEntry(
        title=dataclasses.replace(title, transaction_type="VC"),
        replaces=old.entry_id,
        other_vin=right_vin,
        reason=reason,
    )
    arrived = HistoryEntry(
        title=title,
        replaces=_moved_id(title.entry_id, old.entry_id),
        other_vin=wrong.vin,
        reason=reason,
    )
    return Change(
        effect=effect,
        entries=(
            (wrong.vin, gone),
            *(
                (wrong.vin, _withdrawn(entry, by=title, right_vin=right_vin, reason=reason))
                for entry in moved
            ),
            (right_vin, arrived),
            *((right_vin, _copied(entry, by=title, wrong_vin=wrong.vin, reason=reason)) for entry in moved),
        ),
        pointers=(
            PointerWrite(vin=wrong.vin, number=pointer.number, expected=old.entry_id, title=None),
            PointerWrite(vin=right_vin, number=1, expected=None, title=title),
        ),
        brands=tuple((right_vin, brand) for brand in wrong.brands),
        brands_withdrawn=tuple(
            BrandWithdrawal(vin=wrong.vin, brand=brand, reason=reason) for brand in wrong.brands if alone
        ),
        notices=notices,
        warnings=warnings,
    )


def _titles_that_go(wrong: VehicleRecord, pointer: Pointer, *, all_of_them: bool) -> Iterator[HistoryEntry]:
    replaced = {entry.title.entry_id: entry.replaces for entry in wrong.history}
    led_here: set[UUID] = set()
    step: UUID | None = pointer.title.entry_id
    while step is not None and step not in led_here:
        led_here.add(step)
        step = replaced.get(step)
    for entry in wrong.standing_titles():
        if all_of_them or entry.title.entry_id in led_here:
            yield entry


def _withdrawn(entry: HistoryEntry, *, by: Title, right_vin: str, reason: str) -> HistoryEntry:
    return HistoryEntry(
        title=dataclasses.replace(
            entry.title,
            entry_id=_moved_id(by.entry_id, entry.title.entry_id),
            transaction_type="MV",
            transaction_at=by.transaction_at,
        ),
        withdraws=entry.title.entry_id,
        other_vin=right_vin,
        reason=reason,
    )


def _copied(entry: HistoryEntry, *, by: Title, wrong_vin: str, reason: str) -> HistoryEntry:
    """The title as it was; only its entry is another, for the VIN may have been corrected to and fro."""
    replaces = None if entry.replaces is None else _moved_id(by.entry_id, entry.replaces)
    return HistoryEntry(
        title=dataclasses.replace(entry.title, entry_id=_moved_id(by.entry_id, entry.title.entry_id)),
        replaces=replaces,
        other_vin=wrong_vin,
        reason=reason,
    )


def _moved_id(correction: UUID, entry: UUID) -> UUID:
    return uuid5(correction, str(entry))

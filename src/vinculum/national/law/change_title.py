"""Change of state of title (N-301) and in-state change (N-302): matched against the pointer, then decided."""

import dataclasses
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from vinculum.national.law.change import Change, Decision, Declined, PlannedNotice, PointerWrite
from vinculum.national.law.check_title import check_title
from vinculum.national.law.makes import correct_make
from vinculum.national.law.title import Brand, HistoryEntry, Pointer, Title, TransactionType, VehicleRecord
from vinculum.protocol.change_of_state_of_title import ChangeOfStateOfTitle
from vinculum.protocol.in_state_change import InStateChange
from vinculum.protocol.problem import Problem, problem


def decide_change_of_state(
    message: ChangeOfStateOfTitle,
    *,
    record: VehicleRecord,
    corrected: VehicleRecord | None,
    entry_id: UUID,
    at: datetime,
) -> Decision:
    """N-301: the old state's title becomes inactive, the pointer moves, the old state is told."""
    problems = list(_check_common(message, record=record, corrected=corrected, at=at))
    if message.old_jurisdiction == message.origin:
        problems.append(problem("V14", field="old_jurisdiction", jurisdiction=message.origin))
        return Declined(problems=tuple(problems))
    pointer, mismatch = _match(
        record, jurisdiction=message.old_jurisdiction, title_number=message.old_title_number
    )
    problems.extend(mismatch)
    if record.holds_title(jurisdiction=message.origin, title_number=message.title_number):
        problems.append(problem("401", field="title_number"))
    return _decided(
        message,
        pointer=pointer,
        problems=problems,
        record=record,
        entry_id=entry_id,
        at=at,
        transaction_type="CS",
    )


def decide_in_state(
    message: InStateChange,
    *,
    record: VehicleRecord,
    corrected: VehicleRecord | None,
    entry_id: UUID,
    at: datetime,
) -> Decision:
    """N-302: the same within the state of title; a duplicate must differ in date or number (N-305)."""
    problems = list(_check_common(message, record=record, corrected=corrected, at=at))
    held = {pointer.title.jurisdiction for pointer in record.pointers}
    if held and message.origin not in held:
        problems.append(problem("V15", field="origin", held=", ".join(sorted(held))))
        return Declined(problems=tuple(problems))
    pointer, mismatch = _match(record, jurisdiction=message.origin, title_number=message.old_title_number)
    problems.extend(mismatch)
    same_number = message.title_number == message.old_title_number
    if same_number and pointer is not None and message.issue_date == pointer.title.issue_date:
        problems.append(problem("V16", field="issue_date"))
    elif not same_number and record.holds_title(
        jurisdiction=message.origin, title_number=message.title_number
    ):
        problems.append(problem("401", field="title_number"))
    return _decided(
        message,
        pointer=pointer,
        problems=problems,
        record=record,
        entry_id=entry_id,
        at=at,
        transaction_type="IS",
    )


def _check_common(
    message: ChangeOfStateOfTitle | InStateChange,
    *,
    record: VehicleRecord,
    corrected: VehicleRecord | None,
    at: datetime,
) -> Iterator[Problem]:
    yield from check_title(
        record,
        title_number=message.title_number,
        issue_date=message.issue_date,
        title_type=message.title_type,
        at=at,
    )
    if message.new_vin not in (None, message.vin) and corrected is not None and corrected.pointers:
        yield problem("V24", field="new_vin", given=corrected.vin)


def _match(
    record: VehicleRecord, *, jurisdiction: str, title_number: str
) -> tuple[Pointer | None, tuple[Problem, ...]]:
    """The pointer that state and number name, or the mismatch, which names the field that differs."""
    of_state = [pointer for pointer in record.pointers if pointer.title.jurisdiction == jurisdiction]
    matching = [pointer for pointer in of_state if pointer.title.title_number == title_number]
    if len(matching) == 1:
        return matching[0], ()
    if matching:
        return None, (problem("V13", field="vin"),)
    if not record.pointers:
        return None, (problem("V10", field="vin"),)
    if of_state:
        return None, (problem("V12", field="old_title_number", held=jurisdiction),)
    held = ", ".join(sorted({pointer.title.jurisdiction for pointer in record.pointers}))
    return None, (problem("V11", field="old_jurisdiction", given=jurisdiction, held=held),)


def _decided(
    message: ChangeOfStateOfTitle | InStateChange,
    *,
    pointer: Pointer | None,
    problems: list[Problem],
    record: VehicleRecord,
    entry_id: UUID,
    at: datetime,
    transaction_type: TransactionType,
) -> Decision:
    if pointer is None or any(found.severity == "error" for found in problems):
        return Declined(problems=tuple(problems))
    old = pointer.title
    vin = message.new_vin or message.vin
    make, corrections = (old.make, ()) if message.make is None else correct_make(message.make, vin=vin)
    title = Title(
        entry_id=entry_id,
        transaction_type=transaction_type,
        transaction_at=at,
        jurisdiction=message.origin,
        title_number=message.title_number,
        issue_date=message.issue_date,
        make=make,
        model_year=old.model_year if message.model_year is None else message.model_year,
        odometer=message.odometer,
        odometer_unit=message.odometer_unit,
        state_title_key=message.state_title_key,
    )
    warnings = (*problems, *corrections)
    if message.issue_date < old.issue_date:
        return join_history(message.vin, title, warnings=warnings)
    if vin != message.vin:
        return _move_to_corrected_vin(
            message.vin, vin, pointer, title, brands=record.brands, warnings=warnings
        )
    return take_pointer(message.vin, pointer, title, warnings=warnings)


def take_pointer(vin: str, pointer: Pointer, title: Title, *, warnings: tuple[Problem, ...]) -> Change:
    """The new title takes the pointer; a state that loses it is told."""
    old = pointer.title
    leaves = old.jurisdiction != title.jurisdiction
    return Change(
        effect="pointer_moved" if leaves else "title_changed",
        entries=((vin, HistoryEntry(title=title, replaces=old.entry_id)),),
        pointers=(PointerWrite(vin=vin, number=pointer.number, expected=old.entry_id, title=title),),
        notice=_title_left(vin, old=old, title=title) if leaves else None,
        warnings=warnings,
    )


def join_history(vin: str, title: Title, *, warnings: tuple[Problem, ...]) -> Change:
    """N-305: an older title that arrives late joins the history; the pointer stays where it is."""
    late = dataclasses.replace(title, transaction_type="LH")
    return Change(
        effect="title_joined_history",
        entries=((vin, HistoryEntry(title=late)),),
        warnings=(*warnings, problem("V67", field="issue_date")),
    )


def _move_to_corrected_vin(
    old_vin: str,
    new_vin: str,
    pointer: Pointer,
    title: Title,
    *,
    brands: tuple[Brand, ...],
    warnings: tuple[Problem, ...],
) -> Change:
    """The new title stands under the corrected VIN; the old VIN says where it went, brands go along."""
    old = pointer.title
    gone = dataclasses.replace(title, transaction_type="VC")
    leaves = old.jurisdiction != title.jurisdiction
    return Change(
        effect="pointer_moved" if leaves else "title_changed",
        entries=(
            (old_vin, HistoryEntry(title=gone, replaces=old.entry_id, other_vin=new_vin)),
            (new_vin, HistoryEntry(title=title, other_vin=old_vin)),
        ),
        pointers=(
            PointerWrite(vin=old_vin, number=pointer.number, expected=old.entry_id, title=None),
            PointerWrite(vin=new_vin, number=1, expected=None, title=title),
        ),
        brands=tuple((new_vin, brand) for brand in brands),
        notice=_title_left(old_vin, old=old, title=title) if leaves else None,
        warnings=warnings,
    )


def _title_left(vin: str, *, old: Title, title: Title) -> PlannedNotice:
    return PlannedNotice(
        vin=vin,
        to=old.jurisdiction,
        kind="title_left",
        title_number=old.title_number,
        by=title.jurisdiction,
        issue_date=title.issue_date,
    )

"""Change of state (N-301), in-state change (N-302), modification (N-303): matched against the pointer, decided."""

import dataclasses
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from vinculum.national.law.brands import check_road_use
from vinculum.national.law.change import Change, Decision, Declined, PlannedNotice, PointerWrite
from vinculum.national.law.check_title import check_title, is_in_the_future
from vinculum.national.law.correct_vin import correct_vin
from vinculum.national.law.makes import correct_make
from vinculum.national.law.reassignments import check_reassignments
from vinculum.national.law.title import HistoryEntry, Pointer, Title, TransactionType, VehicleRecord
from vinculum.protocol.change_of_state_of_title import ChangeOfStateOfTitle
from vinculum.protocol.in_state_change import InStateChange
from vinculum.protocol.modify_title import ModifyTitle
from vinculum.protocol.problem import Problem, problem

TitleChange = ChangeOfStateOfTitle | InStateChange | ModifyTitle


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


def decide_modification(
    message: ModifyTitle,
    *,
    record: VehicleRecord,
    corrected: VehicleRecord | None,
    entry_id: UUID,
    at: datetime,
) -> Decision:
    """N-303: the state of title changes VIN, number, make or year of its own title; at least one must change."""
    problems = list(_check_common(message, record=record, corrected=corrected, at=at))
    held = {pointer.title.jurisdiction for pointer in record.pointers}
    if held and message.origin not in held:
        problems.append(problem("V15", field="origin", held=", ".join(sorted(held))))
        return Declined(problems=tuple(problems))
    pointer, mismatch = _match(record, jurisdiction=message.origin, title_number=message.old_title_number)
    problems.extend(mismatch)
    if message.title_number != message.old_title_number and record.holds_title(
        jurisdiction=message.origin, title_number=message.title_number
    ):
        problems.append(problem("401", field="title_number"))
    if pointer is not None and not _says_something_new(message, pointer.title):
        problems.append(problem("V25", field="vin"))
    return _decided(
        message,
        pointer=pointer,
        problems=problems,
        record=record,
        entry_id=entry_id,
        at=at,
        transaction_type="VM",
    )


def _says_something_new(message: ModifyTitle, held: Title) -> bool:
    vin = message.new_vin or message.vin
    make = held.make if message.make is None else correct_make(message.make, vin=vin)[0]
    year = held.model_year if message.model_year is None else message.model_year
    return (vin, message.title_number, make, year) != (
        message.vin,
        held.title_number,
        held.make,
        held.model_year,
    )


def _check_common(
    message: TitleChange,
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
    yield from check_reassignments(message)
    if message.new_vin in (None, message.vin):
        return
    if corrected is not None and corrected.pointers:
        yield problem("V24", field="new_vin", given=corrected.vin)
    if corrected is not None:
        yield from check_road_use(corrected.brands, title_type=message.title_type)
    if message.vin_verified_on is None:
        yield problem("V26", field="vin_verified_on")
    elif is_in_the_future(message.vin_verified_on, at=at):
        yield problem("V34", field="vin_verified_on", given=message.vin_verified_on.isoformat())


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
    message: TitleChange,
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
        assert message.vin_verified_on is not None, "V26 has refused it otherwise."
        leaves = old.jurisdiction != title.jurisdiction
        return correct_vin(
            record,
            pointer,
            title,
            right_vin=vin,
            verified_on=message.vin_verified_on,
            effect="pointer_moved" if leaves else "title_changed",
            notices=(_title_left(message.vin, old=old, title=title),) if leaves else (),
            warnings=warnings,
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
        notices=(_title_left(vin, old=old, title=title),) if leaves else (),
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


def _title_left(vin: str, *, old: Title, title: Title) -> PlannedNotice:
    return PlannedNotice(
        vin=vin,
        to=old.jurisdiction,
        kind="title_left",
        title_number=old.title_number,
        by=title.jurisdiction,
        issue_date=title.issue_date,
    )

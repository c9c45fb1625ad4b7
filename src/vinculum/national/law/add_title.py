"""VINADD: a title is added; whether it takes a pointer, makes one or joins the history (N-303, N-305)."""

from datetime import datetime
from uuid import UUID

from vinculum.national.law.change import Change, Decision, Declined, PointerWrite
from vinculum.national.law.change_title import join_history, take_pointer
from vinculum.national.law.check_title import check_title
from vinculum.national.law.makes import correct_make
from vinculum.national.law.reassignments import check_reassignments
from vinculum.national.law.title import HistoryEntry, Title, VehicleRecord
from vinculum.protocol.add_title import AddTitle
from vinculum.protocol.problem import problem


def decide(message: AddTitle, *, record: VehicleRecord, entry_id: UUID, at: datetime) -> Decision:
    """N-303: VIN, make and year as on the pointer; two that match are refused, 401 when the title exists."""
    problems = list(
        check_title(
            record,
            title_number=message.title_number,
            issue_date=message.issue_date,
            title_type=message.title_type,
            at=at,
        )
    )
    problems.extend(check_reassignments(message))
    make, corrections = correct_make(message.make, vin=message.vin)
    problems.extend(corrections)
    if record.holds_title(jurisdiction=message.origin, title_number=message.title_number):
        problems.append(problem("401", field="title_number"))
    matching = [
        pointer
        for pointer in record.pointers
        if (pointer.title.make, pointer.title.model_year) == (make, message.model_year)
    ]
    if len(matching) > 1:
        problems.append(problem("V13", field="vin"))
    if any(found.severity == "error" for found in problems):
        return Declined(problems=tuple(problems))
    title = _title(message, make=make, entry_id=entry_id, at=at)
    if matching:
        pointer = matching[0]
        if message.issue_date < pointer.title.issue_date:
            return join_history(message.vin, title, warnings=tuple(problems))
        return take_pointer(message.vin, pointer, title, warnings=tuple(problems))
    if record.pointers:
        problems.append(problem("V61", field="make" if _makes_differ(record, make) else "model_year"))
    return Change(
        effect="title_added",
        entries=((message.vin, HistoryEntry(title=title)),),
        pointers=(PointerWrite(vin=message.vin, number=_next_number(record), expected=None, title=title),),
        warnings=tuple(problems),
    )


def _title(message: AddTitle, *, make: str, entry_id: UUID, at: datetime) -> Title:
    return Title(
        entry_id=entry_id,
        transaction_type="AD",
        transaction_at=at,
        jurisdiction=message.origin,
        title_number=message.title_number,
        issue_date=message.issue_date,
        make=make,
        model_year=message.model_year,
        odometer=message.odometer,
        odometer_unit=message.odometer_unit,
        state_title_key=message.state_title_key,
    )


def _makes_differ(record: VehicleRecord, make: str) -> bool:
    return all(pointer.title.make != make for pointer in record.pointers)


def _next_number(record: VehicleRecord) -> int:
    """The next number in the row: two writers must meet in the same number to notice each other."""
    return max((pointer.number for pointer in record.pointers), default=0) + 1

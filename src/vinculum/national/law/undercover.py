"""Records marked undercover: who still sees them, and who may set and lift the mark (N-206)."""

from uuid import UUID

from vinculum.national.law.change import Change, Decision, Declined
from vinculum.national.law.title import UndercoverMark, VehicleRecord
from vinculum.protocol.problem import problem
from vinculum.protocol.undercover import LiftUndercover, MarkUndercover


def as_shown(record: VehicleRecord, *, asker_kind: str, asker: str) -> VehicleRecord:
    """The record as this asker may know it: hidden, it is the record of a VIN that nobody ever reported.

    Everything that follows (findings, standing, report) then runs on nothing, exactly as for an unknown VIN.
    """
    for mark in record.undercover:
        named = asker_kind == "jurisdiction" and asker in {mark.marked_by, *mark.visible_to}
        if not named:
            return VehicleRecord(vin=record.vin)
    return record


def decide_mark(message: MarkUndercover, *, record: VehicleRecord, entry_id: UUID) -> Decision:
    """Only a state that holds a current title of the vehicle; a new list of names takes the place of the old."""
    if all(pointer.title.jurisdiction != message.origin for pointer in record.pointers):
        return Declined(problems=(problem("V43", field="vin"),))
    return Change(
        effect="marked_undercover",
        undercover=UndercoverMark(
            mark_id=entry_id, marked_by=message.origin, visible_to=frozenset(message.visible_to)
        ),
        undercover_lifted=_mark_of(message.origin, record=record),
        agency=message.agency,
    )


def decide_lift(message: LiftUndercover, *, record: VehicleRecord) -> Decision:
    """The mark is lifted by the state that set it."""
    mark = _mark_of(message.origin, record=record)
    if mark is None:
        return Declined(problems=(problem("V44", field="vin", jurisdiction=message.origin),))
    return Change(effect="undercover_lifted", undercover_lifted=mark)


def _mark_of(origin: str, *, record: VehicleRecord) -> UUID | None:
    return next((mark.mark_id for mark in record.undercover if mark.marked_by == origin), None)

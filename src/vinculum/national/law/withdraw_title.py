"""Taking a title back: removal by its issuing state (N-303), and undo of a just-made update (N-104)."""

import dataclasses
from datetime import datetime
from uuid import UUID

from vinculum.national.law.change import Change, Decision, Declined, PlannedNotice, PointerWrite
from vinculum.national.law.title import HistoryEntry, Pointer, Title, VehicleRecord
from vinculum.protocol.problem import problem
from vinculum.protocol.remove_title import RemoveTitle
from vinculum.protocol.undo_title import UndoTitle


def decide_removal(message: RemoveTitle, *, record: VehicleRecord, entry_id: UUID, at: datetime) -> Decision:
    """The title leaves the national files, the one before comes back, the removal is kept with its reason."""
    entry = next(
        (
            entry
            for entry in record.standing_titles()
            if entry.title.jurisdiction == message.origin and entry.title.title_number == message.title_number
        ),
        None,
    )
    if entry is None:
        return Declined(problems=(problem("V20", field="title_number", jurisdiction=message.origin),))
    if entry.other_vin is not None:
        return Declined(problems=(problem("V23", field="title_number"),))
    removed = entry.title
    withdrawal = HistoryEntry(
        title=dataclasses.replace(removed, entry_id=entry_id, transaction_type="RM", transaction_at=at),
        withdraws=removed.entry_id,
        reason=message.reason,
    )
    pointer = _pointer_showing(record, removed.entry_id)
    if pointer is None:
        return Change(effect="title_removed", entries=((message.vin, withdrawal),))
    before = _title_before(record, pointer)
    return Change(
        effect="title_removed",
        entries=((message.vin, withdrawal),),
        pointers=(
            PointerWrite(vin=message.vin, number=pointer.number, expected=removed.entry_id, title=before),
        ),
        notices=_returned(message.vin, before=before, taken=removed),
    )


def decide_undo(
    message: UndoTitle, *, record: VehicleRecord, undone_entry: UUID | None, entry_id: UUID, at: datetime
) -> Decision:
    """Exactly the state before returns; refused once anything later rests on the update.

    `undone_entry` is the history entry which that message of the sender's made; None if it made none.
    """
    entry = next((entry for entry in record.history if entry.title.entry_id == undone_entry), None)
    if undone_entry is None:
        return Declined(problems=(problem("V21", field="undoes", jurisdiction=message.origin),))
    undoable = entry is not None and entry.withdraws is None and entry.other_vin is None
    if entry is None or not undoable or undone_entry in record.withdrawn:
        return Declined(problems=(problem("V23", field="undoes"),))
    undone = entry.title
    withdrawal = HistoryEntry(
        title=dataclasses.replace(undone, entry_id=entry_id, transaction_type="UN", transaction_at=at),
        withdraws=undone.entry_id,
        reason=message.reason,
    )
    pointer = _pointer_showing(record, undone.entry_id)
    if undone.transaction_type == "LH":
        if pointer is not None:  # a removal has made it current since
            return Declined(problems=(problem("V22", field="undoes"),))
        return Change(effect="update_undone", entries=((message.vin, withdrawal),))
    prior = _titles_by_entry(record).get(entry.replaces) if entry.replaces is not None else None
    prior_is_gone = entry.replaces is not None and (prior is None or entry.replaces in record.withdrawn)
    if pointer is None or prior_is_gone:
        return Declined(problems=(problem("V22", field="undoes"),))
    return Change(
        effect="update_undone",
        entries=((message.vin, withdrawal),),
        pointers=(
            PointerWrite(vin=message.vin, number=pointer.number, expected=undone.entry_id, title=prior),
        ),
        notices=_returned(message.vin, before=prior, taken=undone),
    )


def _pointer_showing(record: VehicleRecord, entry_id: UUID) -> Pointer | None:
    return next((pointer for pointer in record.pointers if pointer.title.entry_id == entry_id), None)


def _titles_by_entry(record: VehicleRecord) -> dict[UUID, Title]:
    return {entry.title.entry_id: entry.title for entry in record.history if entry.withdraws is None}


def _title_before(record: VehicleRecord, pointer: Pointer) -> Title | None:
    """The latest standing title that no other pointer of the VIN shows or came from (issue date decides)."""
    claimed = {pointer.title.entry_id}
    replaced = {entry.title.entry_id: entry.replaces for entry in record.history}
    for other in record.pointers:
        step: UUID | None = other.title.entry_id
        while other.number != pointer.number and step is not None and step not in claimed:
            claimed.add(step)
            step = replaced.get(step)
    candidates = [entry.title for entry in record.standing_titles() if entry.title.entry_id not in claimed]
    return max(candidates, key=lambda title: (title.issue_date, title.transaction_at), default=None)


def _returned(vin: str, *, before: Title | None, taken: Title) -> tuple[PlannedNotice, ...]:
    """The state whose title is current again is told, unless it took the later one back itself."""
    if before is None or before.jurisdiction == taken.jurisdiction:
        return ()
    return (
        PlannedNotice(
            vin=vin,
            to=before.jurisdiction,
            kind="title_returned",
            title_number=before.title_number,
            by=taken.jurisdiction,
            issue_date=before.issue_date,
        ),
    )

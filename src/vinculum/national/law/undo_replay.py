"""The record of a vehicle as it would be had only some of the titles on its VIN ever come (N-308).

Titles are taken in the order in which they came, by the same rules as on the day. A title that was late only because
another vehicle's stood before it is no longer late; one that rested on another vehicle's rests on what that one did.
"""

import dataclasses
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from vinculum.national.law.change import Change, Declined, PointerWrite
from vinculum.national.law.change_title import join_history, take_pointer
from vinculum.national.law.newest_first import history_in_order, pointers_in_order
from vinculum.national.law.title import HistoryEntry, Pointer, Title, TransactionType, VehicleRecord
from vinculum.national.law.withdraw_title import decide_removal, decide_undo
from vinculum.protocol.remove_title import RemoveTitle
from vinculum.protocol.undo_title import UndoTitle


class CannotBeReplayed(Exception):
    """The entries do not follow from each other by the rules; `title` is where they stop to."""

    def __init__(self, title: Title) -> None:
        super().__init__(f"{title.jurisdiction} {title.title_number}")
        self.title = title


def replay(record: VehicleRecord, *, kept: Collection[UUID], own_pointers: bool = False) -> VehicleRecord:
    """Pointers and history that these entries of the record would have made.

    A withdrawal goes with its title, and so does what moved with it to a corrected VIN. With `own_pointers` a title
    that replaced none has a pointer of its own, whatever make and year say: so it is where files of old were loaded.
    """
    by_id = {entry.title.entry_id: entry for entry in record.history}
    entries = [entry for entry in record.history if _is_kept(entry, kept)]
    made = dataclasses.replace(record, pointers=(), history=())
    for entry in _as_they_came(entries, by_id, record):
        first = entry.title.transaction_type == "AD" and entry.replaces is None
        if own_pointers and first:
            change = _with_remarks(_new_pointer(made.vin, entry.title, record=made), entry)
        else:
            change = _change(entry, made, world=by_id)
        made = applied(made, change)
    return made


def applied(record: VehicleRecord, change: Change) -> VehicleRecord:
    """The record after the change."""
    pointers = {pointer.number: pointer for pointer in record.pointers}
    for write in change.pointers:
        if write.vin != record.vin:
            continue
        if write.title is None:
            pointers.pop(write.number)
        else:
            pointers[write.number] = Pointer(number=write.number, title=write.title)
    new = [entry for vin, entry in change.entries if vin == record.vin]
    return dataclasses.replace(
        record,
        pointers=pointers_in_order(pointers.values()),
        history=history_in_order((*record.history, *new)),
    )


def place(vin: str, title: Title, *, record: VehicleRecord, late_as: TransactionType = "LH") -> Change:
    """As a title that is added: by make and year it takes a pointer, joins the history, or makes a pointer."""
    matching = _matching(title, record)
    if len(matching) > 1:
        raise CannotBeReplayed(title)
    if matching:
        return follow(vin, title, pointer=matching[0], late_as=late_as)
    return _new_pointer(vin, title, record=record)


def _new_pointer(vin: str, title: Title, *, record: VehicleRecord) -> Change:
    number = max((pointer.number for pointer in record.pointers), default=0) + 1
    return Change(
        effect="title_added",
        entries=((vin, HistoryEntry(title=title)),),
        pointers=(PointerWrite(vin=vin, number=number, expected=None, title=title),),
    )


def _matching(title: Title, record: VehicleRecord) -> list[Pointer]:
    return [
        pointer
        for pointer in record.pointers
        if (pointer.title.make, pointer.title.model_year) == (title.make, title.model_year)
    ]


def follow(vin: str, title: Title, *, pointer: Pointer, late_as: TransactionType = "LH") -> Change:
    """The title takes the pointer, or joins the history when it is older."""
    if title.issue_date < pointer.title.issue_date:
        joined = join_history(vin, title, warnings=())
        late = dataclasses.replace(title, transaction_type=late_as)
        return dataclasses.replace(joined, entries=((vin, HistoryEntry(title=late)),))
    return take_pointer(vin, pointer, title, warnings=())


def _is_kept(entry: HistoryEntry, kept: Collection[UUID]) -> bool:
    if entry.withdraws is not None and entry.withdraws not in kept:
        return False
    return entry.title.entry_id in kept or entry.title.transaction_type == "MV"


def _as_they_came(
    entries: Iterable[HistoryEntry], by_id: Mapping[UUID, HistoryEntry], record: VehicleRecord
) -> list[HistoryEntry]:
    """By time; of one moment, what rests on another after it, and pointers in their order."""
    number = {pointer.title.entry_id: pointer.number for pointer in record.pointers}

    def depth(entry: HistoryEntry) -> int:
        steps, rests_on = 0, entry.withdraws or entry.replaces
        while rests_on is not None and rests_on in by_id and steps <= len(by_id):
            below = by_id[rests_on]
            steps, rests_on = steps + 1, below.withdraws or below.replaces
        return steps

    return sorted(
        entries,
        key=lambda e: (
            e.title.transaction_at,
            depth(e),
            number.get(e.title.entry_id, 0),
            str(e.title.entry_id),
        ),
    )


def _change(entry: HistoryEntry, made: VehicleRecord, *, world: Mapping[UUID, HistoryEntry]) -> Change:
    title = entry.title
    match title.transaction_type:
        case "RM":
            return _removal(entry, made)
        case "UN":
            return _undo(entry, made)
        case "MV":
            return Change(effect="title_changed", entries=((made.vin, entry),))
        case "VC":
            return _gone_elsewhere(entry, made)
        case _:
            change = _title(entry, made, world=world)
            return _with_remarks(change, entry)


def _with_remarks(change: Change, entry: HistoryEntry) -> Change:
    """What was said of the entry beside its title is said of it again."""
    remarked = tuple(
        (vin, dataclasses.replace(one, other_vin=entry.other_vin, reason=entry.reason))
        for vin, one in change.entries
    )
    return dataclasses.replace(change, entries=remarked)


def _title(entry: HistoryEntry, made: VehicleRecord, *, world: Mapping[UUID, HistoryEntry]) -> Change:
    title = entry.title
    rested_on = world.get(entry.replaces) if entry.replaces is not None else None
    if title.transaction_type == "AD":
        return place(made.vin, title, record=made)
    late_as: TransactionType = "RA" if title.transaction_type == "RA" else "LH"
    if title.transaction_type == "LH" and len(_matching(title, made)) > 1:
        # Of several pointers a message named one, which the history does not tell: late it was, and stays.
        return Change(effect="title_joined_history", entries=((made.vin, HistoryEntry(title=title)),))
    if title.transaction_type == "LH":
        return place(made.vin, dataclasses.replace(title, transaction_type="AD"), record=made)
    while rested_on is not None:
        pointer = showing(made, rested_on.title.entry_id)
        if pointer is not None:
            return follow(made.vin, title, pointer=pointer, late_as=late_as)
        rested_on = world.get(rested_on.replaces) if rested_on.replaces is not None else None
    return place(made.vin, title, record=made, late_as=late_as)


def _removal(entry: HistoryEntry, made: VehicleRecord) -> Change:
    title = entry.title
    message = RemoveTitle(
        message_id=title.entry_id,
        origin=title.jurisdiction,
        sent_at=title.transaction_at,
        vin=made.vin,
        title_number=title.title_number,
        reason=entry.reason,
    )
    change = decide_removal(message, record=made, entry_id=title.entry_id, at=title.transaction_at)
    return _the_same_withdrawal(change, entry)


def _undo(entry: HistoryEntry, made: VehicleRecord) -> Change:
    title, at = entry.title, entry.title.transaction_at
    message = UndoTitle(
        message_id=title.entry_id,
        origin=title.jurisdiction,
        sent_at=at,
        vin=made.vin,
        undoes=title.entry_id,
        reason=entry.reason,
    )
    change = decide_undo(message, record=made, undone_entry=entry.withdraws, entry_id=title.entry_id, at=at)
    return _the_same_withdrawal(change, entry)


def _the_same_withdrawal(change: Change | Declined, entry: HistoryEntry) -> Change:
    if isinstance(change, Declined) or change.entries[0][1].withdraws != entry.withdraws:
        raise CannotBeReplayed(entry.title)
    return change


def _gone_elsewhere(entry: HistoryEntry, made: VehicleRecord) -> Change:
    """The title was issued under a corrected VIN: the pointer went with it."""
    pointer = showing(made, entry.replaces)
    if pointer is None:
        raise CannotBeReplayed(entry.title)
    write = PointerWrite(vin=made.vin, number=pointer.number, expected=pointer.title.entry_id, title=None)
    return Change(effect="title_changed", entries=((made.vin, entry),), pointers=(write,))


def showing(record: VehicleRecord, entry_id: UUID | None) -> Pointer | None:
    """The pointer that shows this entry."""
    return next((pointer for pointer in record.pointers if pointer.title.entry_id == entry_id), None)

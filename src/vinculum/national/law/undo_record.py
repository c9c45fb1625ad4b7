"""A vehicle's own history: what an undo of clones took off its VIN does not stand in it any more (N-308).

The rows stay (N-103). A row of type CU withdraws another row; a row that stands for another one is that entry, as it
reads since the undo.
"""

import dataclasses
from collections.abc import Iterable
from uuid import UUID

from vinculum.national.law.newest_first import history_in_order
from vinculum.national.law.title import HistoryEntry

Row = tuple[HistoryEntry, UUID | None]


def own_history(rows: Iterable[Row]) -> tuple[HistoryEntry, ...]:
    """The entries of the vehicle itself, newest first; each row comes with the entry it stands for, if any."""
    rows = tuple(rows)
    taken_off = {entry.withdraws for entry, _ in rows if entry.title.transaction_type == "CU"}
    if not taken_off:
        return tuple(entry for entry, _ in rows)
    left = [_as_entry(entry, stands_for) for entry, stands_for in rows if _is_left(entry, taken_off)]
    titles = {entry.title.entry_id for entry in left if entry.withdraws is None}
    gone = {
        stands_for or entry.title.entry_id
        for entry, stands_for in rows
        if entry.withdraws is None and entry.title.entry_id in taken_off
    } - titles
    own = [entry for entry in left if entry.withdraws is None or entry.withdraws not in gone]
    return history_in_order(own)


def _is_left(entry: HistoryEntry, taken_off: set[UUID | None]) -> bool:
    return entry.title.transaction_type != "CU" and entry.title.entry_id not in taken_off


def _as_entry(entry: HistoryEntry, stands_for: UUID | None) -> HistoryEntry:
    if stands_for is None:
        return entry
    title = dataclasses.replace(entry.title, entry_id=stands_for)
    return dataclasses.replace(entry, title=title, recorded_as=entry.title.entry_id)

"""What holds of every vehicle's record when states have raced for it, whoever won (N-103, N-305, N-309)."""

from collections import Counter as Tally

from vinculum.national.law.title import VehicleRecord


def broken(record: VehicleRecord, *, accepted: int) -> list[str]:
    """The invariants that this record does not keep."""
    standing = {entry.title.entry_id: entry.title for entry in record.standing_titles()}
    replaced = Tally(
        entry.replaces
        for entry in record.history
        if entry.replaces is not None and entry.title.entry_id in standing
    )
    shown = [pointer.title for pointer in record.pointers]
    found = []
    if any(standing.get(title.entry_id) != title for title in shown):
        found.append("a pointer shows a title that does not stand")
    if any(count > 1 for count in replaced.values()):
        found.append("two standing titles replaced the same one")
    if len(record.history) != accepted:
        found.append("the history has not one entry for each accepted update")
    if len({title.entry_id for title in shown}) != len(shown):
        found.append("two pointers show one title")
    newest = {pointer.title.issue_date for pointer in record.pointers}
    if len(record.pointers) == 1 and standing and newest != {max(t.issue_date for t in standing.values())}:
        found.append("the one pointer does not show the latest title")
    return found

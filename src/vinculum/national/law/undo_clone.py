"""Two vehicles on one VIN are taken apart: what leaves the VIN, what is re-applied where, in which order (N-308)."""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID, uuid5

from vinculum.national.law.change import BrandWithdrawal, Change, PlannedNotice, PointerWrite
from vinculum.national.law.title import Brand, HistoryEntry, Pointer, Title, VehicleRecord
from vinculum.national.law.undo_replay import CannotBeReplayed, applied, follow, place, replay, showing

# Vehicle A keeps it; it is vehicle B's and no more than taken off; it is vehicle B's and goes to B's own VIN.
Disposition = Literal["keep", "remove", "reapply"]
BrandKey = tuple[str, str, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """What is whose: each title and each brand on the VIN, and brands that vehicle B gets under its own VIN."""

    vin: str
    right_vin: str
    titles: Mapping[UUID, Disposition]
    brands: Mapping[BrandKey, Disposition]
    new_brands: tuple[Brand, ...] = ()

    @property
    def needs_right_vin(self) -> bool:
        """Whether anything goes to a VIN of vehicle B's own."""
        goes = "reapply" in {*self.titles.values(), *self.brands.values()}
        return goes or bool(self.new_brands)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """A row to be added to the history; `stands_for` is the entry that it says anew."""

    vin: str
    entry: HistoryEntry
    stands_for: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenApart:
    """The rows of the history, and everything else that changes with them."""

    rows: tuple[HistoryRow, ...]
    change: Change


class CannotBeTakenApart(Exception):
    """Why not, as a code and a sentence."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.words = words


def key_of(brand: Brand) -> BrandKey:
    """What tells a brand of a VIN from another."""
    return brand.code, brand.brander, brand.brand_date


def take_apart(
    split: Split, *, shared: VehicleRecord, own: VehicleRecord | None, case_id: UUID, at: datetime
) -> TakenApart:
    """Decide the undo. `shared` is the record of the VIN, `own` that of vehicle B's VIN. Raises CannotBeTakenApart."""
    own_pointers = _check(split, shared=shared, own=own)
    kept = {entry_id for entry_id, disposition in split.titles.items() if disposition == "keep"}
    left = _replayed(shared, kept=kept, own_pointers=own_pointers)
    reason = f"Two vehicles shared {split.vin}; taken apart by case {case_id}"
    rows = [*_rows_of_the_shared(split, shared=shared, left=left, case_id=case_id, reason=reason, at=at)]
    pointers = [*_pointer_writes(shared, left)]
    if own is not None:
        arrived, entries = _reapplied(split, shared=shared, own=own, case_id=case_id, reason=reason, at=at)
        rows += [HistoryRow(vin=own.vin, entry=entry) for entry in entries]
        pointers += _pointer_writes(own, arrived)
    gone = [brand for brand in shared.brands if split.brands[key_of(brand)] != "keep"]
    moved = [brand for brand in gone if split.brands[key_of(brand)] == "reapply"]
    change = Change(
        effect="update_undone",
        pointers=tuple(pointers),
        brands=tuple((split.right_vin, brand) for brand in (*moved, *split.new_brands)),
        brands_withdrawn=tuple(BrandWithdrawal(vin=split.vin, brand=brand, reason=reason) for brand in gone),
        notices=tuple(_notices(split, shared=shared, left=left)),
    )
    return TakenApart(rows=tuple(rows), change=change)


def titles_of(record: VehicleRecord) -> Iterator[HistoryEntry]:
    """What has to be given to one vehicle or the other: every title, withdrawn ones too, and every taking back.

    A title may have been taken back by mistake for the other vehicle's; then the taking back is what goes.
    """
    return (entry for entry in record.history if entry.title.transaction_type != "MV")


def _check(split: Split, *, shared: VehicleRecord, own: VehicleRecord | None) -> bool:
    """Whether it can be taken apart at all, and whether the record has pointers that no rule of today makes."""
    titles = {entry.title.entry_id: entry for entry in titles_of(shared)}
    if set(split.titles) != set(titles) or set(split.brands) != {key_of(brand) for brand in shared.brands}:
        raise CannotBeTakenApart(
            "clone_record_changed", "The record of the VIN is not the one that was drafted."
        )
    if not {"remove", "reapply"} & {*split.titles.values(), *split.brands.values()}:
        raise CannotBeTakenApart("clone_nothing_taken", "Nothing is taken off the VIN.")
    if split.needs_right_vin and own is None:
        raise CannotBeTakenApart("clone_right_vin_missing", "Vehicle B needs a VIN of its own.")
    if split.right_vin == split.vin:
        raise CannotBeTakenApart(
            "clone_right_vin_missing", "Vehicle B's own VIN is another than the shared one."
        )
    for entry_id, disposition in split.titles.items():
        _check_title(titles[entry_id], disposition, shared=shared, own=own)
    for own_pointers in (False, True):
        if _follows(shared, kept=set(titles), own_pointers=own_pointers):
            return own_pointers
    raise CannotBeTakenApart(
        "clone_not_retraceable", "The history of this VIN does not follow from its titles by the rules."
    )


def _follows(shared: VehicleRecord, *, kept: set[UUID], own_pointers: bool) -> bool:
    try:
        return _same(replay(shared, kept=kept, own_pointers=own_pointers), shared)
    except CannotBeReplayed:
        return False


def _check_title(
    entry: HistoryEntry, disposition: Disposition, *, shared: VehicleRecord, own: VehicleRecord | None
) -> None:
    title = entry.title
    named = f"{title.jurisdiction} {title.title_number}"
    if disposition != "keep" and entry.other_vin is not None:
        raise CannotBeTakenApart(
            "clone_title_moved",
            f"Title {named} came here, or went, by a corrected VIN: correct the VIN back first.",
        )
    if disposition != "reapply":
        return
    if title.entry_id in shared.withdrawn or entry.withdraws is not None:
        raise CannotBeTakenApart(
            "clone_title_withdrawn",
            f"Title {named} was taken back by its state: it is not re-applied, only removed.",
        )
    if own is not None and own.holds_title(jurisdiction=title.jurisdiction, title_number=title.title_number):
        raise CannotBeTakenApart(
            "clone_title_there", f"Title {named} is on record for {own.vin} already: only remove it here."
        )


def _replayed(record: VehicleRecord, *, kept: set[UUID], own_pointers: bool) -> VehicleRecord:
    try:
        return replay(record, kept=kept, own_pointers=own_pointers)
    except CannotBeReplayed as stopped:
        title = stopped.title
        raise CannotBeTakenApart(
            "clone_not_retraceable",
            f"What is left does not follow by the rules: see title {title.jurisdiction} {title.title_number}.",
        ) from stopped


def _same(made: VehicleRecord, held: VehicleRecord) -> bool:
    plain = {dataclasses.replace(entry, recorded_as=None) for entry in held.history}
    return set(made.pointers) == set(held.pointers) and set(made.history) == plain


def _rows_of_the_shared(
    split: Split, *, shared: VehicleRecord, left: VehicleRecord, case_id: UUID, reason: str, at: datetime
) -> Iterator[HistoryRow]:
    """Newest first, what is taken off; then what stays and reads differently without it."""
    stays = {entry.title.entry_id: entry for entry in left.history}
    said_anew = []
    for place_in_order, entry in enumerate(shared.history):
        entry_id = entry.title.entry_id
        if stays.get(entry_id) == dataclasses.replace(entry, recorded_as=None):
            continue
        if entry.withdraws is not None and entry.withdraws not in stays:
            continue  # a withdrawal goes with the title it withdraws
        if entry_id in stays:
            said_anew.append(stays[entry_id])
        moment = at + timedelta(microseconds=place_in_order)
        title = dataclasses.replace(
            entry.title,
            entry_id=uuid5(case_id, f"off {entry.row_id}"),
            transaction_type="CU",
            transaction_at=moment,
        )
        goes = split.titles.get(entry_id) == "reapply"
        yield HistoryRow(
            vin=split.vin,
            entry=HistoryEntry(
                title=title,
                withdraws=entry.row_id,
                other_vin=split.right_vin if goes else None,
                reason=reason,
            ),
        )
    for entry in reversed(said_anew):
        entry_id = entry.title.entry_id
        row = dataclasses.replace(entry.title, entry_id=uuid5(case_id, f"anew {entry_id}"))
        yield HistoryRow(vin=split.vin, entry=dataclasses.replace(entry, title=row), stands_for=entry_id)


def _pointer_writes(before: VehicleRecord, after: VehicleRecord) -> Iterator[PointerWrite]:
    held = {pointer.number: pointer.title for pointer in before.pointers}
    wanted = {pointer.number: pointer.title for pointer in after.pointers}
    for number in sorted({*held, *wanted}):
        was, becomes = held.get(number), wanted.get(number)
        if was != becomes:
            expected = was.entry_id if was is not None else None
            yield PointerWrite(vin=before.vin, number=number, expected=expected, title=becomes)


def _reapplied(
    split: Split, *, shared: VehicleRecord, own: VehicleRecord, case_id: UUID, reason: str, at: datetime
) -> tuple[VehicleRecord, tuple[HistoryEntry, ...]]:
    """Vehicle B's titles under its own VIN, oldest first, as they came."""
    by_id = {entry.title.entry_id: entry for entry in shared.history}
    going = [entry for entry in titles_of(shared) if split.titles[entry.title.entry_id] == "reapply"]
    going.sort(key=lambda entry: (entry.title.transaction_at, entry.title.issue_date))
    new_id = {entry.title.entry_id: uuid5(case_id, f"again {entry.title.entry_id}") for entry in going}
    made, entries = own, []
    for place_in_order, entry in enumerate(going):
        title = dataclasses.replace(
            entry.title,
            entry_id=new_id[entry.title.entry_id],
            transaction_type="RA",
            transaction_at=at + timedelta(microseconds=len(shared.history) + place_in_order),
        )
        pointer = _pointer_below(entry, made, by_id=by_id, new_id=new_id)
        try:
            if pointer is not None:
                change = follow(own.vin, title, pointer=pointer, late_as="RA")
            else:
                change = place(own.vin, title, record=made, late_as="RA")
        except CannotBeReplayed as stopped:
            raise CannotBeTakenApart(
                "clone_several_titles_there",
                f"{own.vin} has several current titles of this make and year: settle them first.",
            ) from stopped
        ((_, new),) = change.entries
        new = dataclasses.replace(new, reason=reason)
        made = applied(made, dataclasses.replace(change, entries=((own.vin, new),)))
        entries.append(new)
    return made, tuple(entries)


def _pointer_below(
    entry: HistoryEntry,
    made: VehicleRecord,
    *,
    by_id: Mapping[UUID, HistoryEntry],
    new_id: Mapping[UUID, UUID],
) -> Pointer | None:
    """The pointer of B's VIN that shows the title on which this one rested."""
    rests_on = entry.replaces
    while rests_on is not None:
        pointer = showing(made, new_id.get(rests_on))
        if pointer is not None:
            return pointer
        rests_on = by_id[rests_on].replaces if rests_on in by_id else None
    return None


def _notices(split: Split, *, shared: VehicleRecord, left: VehicleRecord) -> Iterator[PlannedNotice]:
    """Who holds the current title again is told so; every other state whose title or brand went is told of it."""
    taken = [entry.title for entry in titles_of(shared) if split.titles[entry.title.entry_id] != "keep"]
    brands = [brand for brand in shared.brands if split.brands[key_of(brand)] != "keep"]
    by = taken[0].jurisdiction if taken else brands[0].brander
    held = {pointer.title.jurisdiction for pointer in shared.pointers}
    told: set[str] = set()
    for pointer in left.pointers:
        if pointer.title.jurisdiction not in held:
            told.add(pointer.title.jurisdiction)
            yield _notice(split.vin, to=pointer.title.jurisdiction, title=pointer.title, by=by, returned=True)
    current = next((pointer.title for pointer in (*left.pointers, *shared.pointers)), None)
    owners = [(title.jurisdiction, title) for title in taken]
    owners += [(brand.brander, current) for brand in brands if current is not None]
    owners += [(pointer.title.jurisdiction, pointer.title) for pointer in left.pointers]
    for owner, title in owners:
        if owner not in told:
            told.add(owner)
            yield _notice(split.vin, to=owner, title=title, by=by)


def _notice(vin: str, *, to: str, title: Title, by: str, returned: bool = False) -> PlannedNotice:
    return PlannedNotice(
        vin=vin,
        to=to,
        kind="title_returned" if returned else "vehicles_separated",
        title_number=title.title_number,
        by=by,
        issue_date=title.issue_date,
    )

"""Titles as the exchange holds them: the pointer to the current one, and the history of all."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from vinculum.protocol.inquiry import Disposition, ReporterKind
from vinculum.protocol.reassignment import Reassignment

# Two positions in the published layout, values ours: AD added, CS change of state, IS in-state change,
# VM modification, LH late, joined history only, VC title issued under a corrected VIN, MV history moved to the
# right VIN, RM removal, UN undo, CU taken off a VIN that two vehicles shared, RA re-applied under the VIN of its own.
TransactionType = Literal["AD", "CS", "IS", "VM", "LH", "VC", "MV", "RM", "UN", "CU", "RA"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """One title as reported, and the entry of the history that brought it."""

    entry_id: UUID
    transaction_type: TransactionType
    transaction_at: datetime
    jurisdiction: str
    title_number: str
    issue_date: date
    make: str
    model_year: int
    odometer: int
    odometer_unit: Literal["M", "K"]
    state_title_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One entry of the history: a title, or the withdrawal of one (then `withdraws` names it).

    `recorded_as` is the id of the row that holds the entry since an undo of clones recorded it anew (N-308); None:
    its own.
    """

    title: Title
    replaces: UUID | None = None
    withdraws: UUID | None = None
    other_vin: str | None = None
    reason: str = ""
    recorded_as: UUID | None = None

    @property
    def row_id(self) -> UUID:
        """The row that holds it."""
        return self.recorded_as or self.title.entry_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """A current title of the VIN; pointers of a VIN are numbered from 1."""

    number: int
    title: Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """A brand of the brand history."""

    code: str
    brander: str
    brand_date: date
    make: str
    model_year: int
    percent_of_damage: int | None = None

    @property
    def key(self) -> tuple[str, str, date]:
        """What makes it this brand: its code, who applied it and when."""
        return self.code, self.brander, self.brand_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Theft:
    """An open theft report."""

    report_id: UUID
    reported_by: str
    stolen_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Obtained:
    """A junk or salvage yard or an insurer obtained the vehicle, by the last report of a chain of supplements."""

    reporter_kind: ReporterKind
    reporter_name: str
    reporter_state: str
    obtained_on: date
    disposition: Disposition
    for_export: bool
    reported_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UndercoverMark:
    """A mark in force: the record is for the state that set it and for those it named."""

    mark_id: UUID
    marked_by: str
    visible_to: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleRecord:
    """All that the national files hold about one VIN, newest first.

    `jsi` and `reassignments`, which name the entry of their title, are read for inquiries only.
    """

    vin: str
    pointers: tuple[Pointer, ...] = ()
    history: tuple[HistoryEntry, ...] = ()
    brands: tuple[Brand, ...] = ()
    thefts: tuple[Theft, ...] = ()
    undercover: tuple[UndercoverMark, ...] = ()
    jsi: tuple[Obtained, ...] = ()
    reassignments: tuple[tuple[UUID, Reassignment], ...] = ()

    @property
    def withdrawn(self) -> frozenset[UUID]:
        """The entries that were undone or removed."""
        return frozenset(entry.withdraws for entry in self.history if entry.withdraws is not None)

    def standing_titles(self) -> Iterator[HistoryEntry]:
        """The titles the vehicle has legitimately had: neither withdrawn nor issued under another VIN."""
        gone = self.withdrawn
        for entry in self.history:
            elsewhere = entry.title.transaction_type == "VC"
            if entry.withdraws is None and entry.title.entry_id not in gone and not elsewhere:
                yield entry

    def holds_title(self, *, jurisdiction: str, title_number: str) -> bool:
        """Whether this title of this state is on record, current or former."""
        return any(
            title.jurisdiction == jurisdiction and title.title_number == title_number
            for title in (
                *(pointer.title for pointer in self.pointers),
                *(entry.title for entry in self.standing_titles()),
            )
        )

"""What an update does to the national files, decided before anything is written."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from vinculum.national.law.title import Brand, HistoryEntry, Title, UndercoverMark
from vinculum.protocol.notice import NoticeKind
from vinculum.protocol.problem import Problem
from vinculum.protocol.update_answer import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class PointerWrite:
    """What becomes of one pointer.

    `expected` is the entry it must still show when it is written (compare and set); None makes a new pointer.
    `title` is what it shows afterwards; None takes the pointer away.
    """

    vin: str
    number: int
    expected: UUID | None
    title: Title | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedNotice:
    """What the old state is to be told."""

    vin: str
    to: str
    kind: NoticeKind
    title_number: str
    by: str
    issue_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandWithdrawal:
    """A brand that does not stand on this VIN any more, and why; the brand history keeps it."""

    vin: str
    brand: Brand
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An update that is accepted: its effect, the rows it means, and warnings on the way."""

    effect: Effect
    entries: tuple[tuple[str, HistoryEntry], ...] = ()
    pointers: tuple[PointerWrite, ...] = ()
    brands: tuple[tuple[str, Brand], ...] = ()
    stolen_on: date | None = None
    theft_cleared: UUID | None = None
    recovered_on: date | None = None
    brands_withdrawn: tuple[BrandWithdrawal, ...] = ()
    undercover: UndercoverMark | None = None
    undercover_lifted: UUID | None = None
    agency: str = ""
    notices: tuple[PlannedNotice, ...] = ()
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """An update that is not applied, and every reason why."""

    problems: tuple[Problem, ...]

    def __post_init__(self) -> None:
        assert any(problem.severity == "error" for problem in self.problems)


Decision = Change | Declined

"""A vehicle's life on one axis of time: where it was titled, when branded or reported, what its odometer showed.

Only places are reckoned here, in units of a drawing that begins at the top left; the page draws them as SVG, the
PDF with its own pen. Both therefore show the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise
from math import ceil
from operator import itemgetter
from typing import Final

from vinculum.national.law.odometer import Reading, check_sequence
from vinculum.national.queries.vehicle_history import VehicleHistory

WIDTH: Final = 720
HEIGHT: Final = 300
LEFT, RIGHT = 64, 704
BAND_TOP, BAND_HEIGHT = 24, 30
PLOT_TOP, PLOT_BOTTOM = 92, 268
MARK_RADIUS: Final = 7
MARK_ROWS: Final = (64, 79)
# A letter of the band is about this wide; a name that does not fit gives way to the two-letter code.
_LETTER = 7.5
_MARGIN = 12
_MOST_YEARS_WRITTEN = 9
_STEPS: Final = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500)


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A stretch of time under titles of one state."""

    x: float
    width: float
    label: str
    words: str
    odd: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One reading; `falls` when it is lower than one before it (N-803)."""

    x: float
    y: float
    falls: bool
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """The line from one reading to the next."""

    x1: float
    y1: float
    x2: float
    y2: float
    falls: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A day on which brands were put on the vehicle, or a yard or insurer got it; its number leads to which."""

    x: float
    y: float
    number: int
    day: date
    names: str

    @property
    def words(self) -> str:
        """What it was, and the day."""
        return f"{self.names}, {self.day.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A line of the grid with what is written at it."""

    at: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleChart:
    """Everything to draw. `words` says the same for whoever does not see it."""

    bands: tuple[Band, ...]
    dots: tuple[Dot, ...]
    legs: tuple[Leg, ...]
    marks: tuple[Mark, ...]
    years: tuple[Tick, ...]
    miles: tuple[Tick, ...]
    words: str

    @property
    def has_fall(self) -> bool:
        """Whether a reading is lower than one before it."""
        return any(dot.falls for dot in self.dots)


def fallen(oldest_first: Sequence[Reading]) -> tuple[bool, ...]:
    """For each reading whether it is lower than one before it, by the rule that the remarks go by (N-803)."""
    answers, highest = [], None
    for reading in oldest_first:
        falls = highest is not None and any(check_sequence((highest, reading)))
        answers.append(falls)
        if highest is None or reading.miles > highest.miles:
            highest = reading
    return tuple(answers)


def draw(history: VehicleHistory) -> VehicleChart | None:
    """The chart of a history; None when there is nothing with a date to draw."""
    oldest_first = tuple(reversed(history.odometer))
    titled = sorted(history.titles, key=lambda title: title.issue_date)
    branded = [
        (record.brand_date, brand.name) for brand in history.brands_on_record for record in brand.records
    ]
    reported = [
        (report.obtained_on, f"{report.reporter_kind.capitalize()}'s report: {report.disposition}")
        for report in history.jsi
    ]
    marked = sorted(branded + reported)
    days = [title.issue_date for title in titled] + [day for day, _ in marked]
    if not days:
        return None
    axis = _Axis(first=min(days), last=max(*days, history.reported_at.date()))
    ceiling = _round_up(max((reading.miles for reading in oldest_first), default=0))
    dots = tuple(
        Dot(x=axis.x(reading.read_on), y=_height(reading.miles, ceiling), falls=falls, words=str(reading))
        for reading, falls in zip(oldest_first, fallen(oldest_first), strict=True)
    )
    return VehicleChart(
        bands=_bands([(t.issue_date, t.jurisdiction, t.jurisdiction_name) for t in titled], axis),
        dots=dots,
        legs=tuple(Leg(x1=a.x, y1=a.y, x2=b.x, y2=b.y, falls=b.falls) for a, b in pairwise(dots)),
        marks=_marks(marked, axis),
        years=axis.years(),
        miles=tuple(
            Tick(at=_height(ceiling * part / 4, ceiling), label=f"{round(ceiling * part / 4):,}")
            for part in range(5)
        ),
        words=_words(history, dots),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Axis:
    first: date
    last: date

    @property
    def days(self) -> int:
        return max((self.last - self.first).days, 90)

    def x(self, day: date) -> float:
        return round(LEFT + (RIGHT - LEFT) * (day - self.first).days / self.days, 1)

    def years(self) -> tuple[Tick, ...]:
        span = self.last.year - self.first.year + 1
        every = max(1, ceil(span / _MOST_YEARS_WRITTEN))
        end = self.first + timedelta(days=self.days)
        begun = [date(year, 1, 1) for year in range(self.first.year + 1, end.year + 1, every)]
        written = begun or [self.first]
        return tuple(Tick(at=self.x(day), label=str(day.year)) for day in written if day <= end)


def _bands(titled: list[tuple[date, str, str]], axis: _Axis) -> tuple[Band, ...]:
    """Titles after each other in one state are one stretch; the last one reaches to today."""
    if not titled:
        return ()
    stretches: list[tuple[date, str, str]] = []
    for title in titled:
        if not stretches or stretches[-1][1] != title[1]:
            stretches.append(title)
    ends = [since for since, _, _ in stretches[1:]] + [axis.first + timedelta(days=axis.days)]
    bands = []
    for number, ((since, code, name), until) in enumerate(zip(stretches, ends, strict=True)):
        width = max(axis.x(until) - axis.x(since), 3.0)
        room = (width - _MARGIN) / _LETTER
        fits = name if len(name) < room else code if len(code) < room else ""
        last = number == len(stretches) - 1
        words = (
            f"{name}, since {since.isoformat()}"
            if last
            else f"{name}, {since.isoformat()} to {until.isoformat()}"
        )
        bands.append(
            Band(x=axis.x(since), width=round(width, 1), label=fits, words=words, odd=number % 2 == 1)
        )
    return tuple(bands)


def _marks(marked: Sequence[tuple[date, str]], axis: _Axis) -> tuple[Mark, ...]:
    """Days in their order; of two that would lie over each other the later one stands lower."""
    marks: list[Mark] = []
    for number, (day, same) in enumerate(groupby(marked, key=itemgetter(0)), 1):
        x, last = axis.x(day), marks[-1] if marks else None
        crowded = last is not None and x - last.x < 2 * MARK_RADIUS and last.y == MARK_ROWS[0]
        names = ", ".join(dict.fromkeys(name for _, name in same))
        marks.append(Mark(x=x, y=MARK_ROWS[crowded], number=number, day=day, names=names))
    return tuple(marks)


def _round_up(miles: float) -> int:
    """The top of the scale: a round figure that four parts divide evenly."""
    quarter = max(miles, 1000) / 4
    size = 10 ** max(0, len(str(int(quarter))) - 2)
    return 4 * next((step * size for step in _STEPS if step * size >= quarter), ceil(quarter))


def _height(miles: float, ceiling: int) -> float:
    return round(PLOT_BOTTOM - (PLOT_BOTTOM - PLOT_TOP) * miles / ceiling, 1)


def _words(history: VehicleHistory, dots: Sequence[Dot]) -> str:
    states = " then ".join(dict.fromkeys(title.jurisdiction_name for title in reversed(history.titles)))
    readings = "; ".join(f"{dot.words}{', lower than before' if dot.falls else ''}" for dot in dots)
    return f"Titled in {states or 'no state on record'}. Odometer: {readings or 'no reading'}."

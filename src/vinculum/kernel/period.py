"""A period of legal days, first day in and last day out, and the arithmetic by which terms are reckoned.

Half-open periods join without gap or overlap: one ends on the day the next begins. An open end means "until
further notice".
"""

import calendar
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `start` up to, not including, `end`; `end=None` has not ended."""

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"A period cannot end ({self.end}) before it starts ({self.start}).")

    @property
    def is_empty(self) -> bool:
        """Whether no day lies in the period: it ends on the day it starts."""
        return self.end == self.start

    def contains(self, day: date) -> bool:
        """Whether the day lies in the period; the end day does not."""
        return self.start <= day and (self.end is None or day < self.end)

    def overlaps(self, other: "Period") -> bool:
        """Whether the two periods share at least one day; neighbours do not."""
        if self.is_empty or other.is_empty:
            return False
        return (other.end is None or self.start < other.end) and (self.end is None or other.start < self.end)


def add_months_clipped(day: date, months: int) -> date:
    """The same day some months on or back; where that month is too short, its last day."""
    month_index = day.year * 12 + (day.month - 1) + months
    year, month_zero = divmod(month_index, 12)
    if not date.min.year <= year <= date.max.year:
        raise ValueError(f"{day} and {months} months leave the calendar.")
    last_day = calendar.monthrange(year, month_zero + 1)[1]
    return date(year, month_zero + 1, min(day.day, last_day))


def add_years_clipped(day: date, years: int) -> date:
    """The same day some years on or back; 29 February becomes 28 February in a common year (F-101)."""
    return add_months_clipped(day, years * 12)

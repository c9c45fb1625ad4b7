"""The agency's working days, without weekends and state holidays, and deadlines by the office clock.

A deadline such as "18:00 on the next business day" is a legal day and a local hour. It becomes an
instant only here, by the zone's own rules, so that it stays 18:00 on the wall when the clocks change.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays as holiday_tables

_DAY = timedelta(days=1)
_SATURDAY = 5
_SUNDAY = 6
CLOSE_OF_BUSINESS = time(18, 0)
CONNECTICUT_ZONE = "America/New_York"


def _no_holidays(year: int) -> frozenset[date]:
    return frozenset()


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """Which days count as business days.

    `holidays` are named days; `holidays_of_year` gives the regular holidays of any calendar year, so that the
    calendar has no horizon after which holidays are silently forgotten.
    """

    holidays: frozenset[date] = frozenset()
    holidays_of_year: Callable[[int], frozenset[date]] = field(default=_no_holidays)

    def is_holiday(self, day: date) -> bool:
        """Whether the offices are closed by law on this day, weekends aside."""
        return day in self.holidays or day in self.holidays_of_year(day.year)

    def is_business_day(self, day: date) -> bool:
        """Monday to Friday and no holiday."""
        return day.weekday() < _SATURDAY and not self.is_holiday(day)

    def next_business_day(self, day: date) -> date:
        """The first business day after the given one, which itself never counts."""
        candidate = day + _DAY
        while not self.is_business_day(candidate):
            candidate += _DAY
        return candidate

    def add_business_days(self, day: date, count: int) -> date:
        """Count business days forward; the given day does not count. A count of 0 is the day itself."""
        if count < 0:
            raise ValueError(f"Business days are counted forward, not {count}.")
        for _ in range(count):
            day = self.next_business_day(day)
        return day

    def add_holidays(self, extra: frozenset[date]) -> "BusinessCalendar":
        """The same calendar with closings of its own, as when the Governor appoints a day."""
        return BusinessCalendar(self.holidays | extra, self.holidays_of_year)


def deadline_at(day: date, at: time = CLOSE_OF_BUSINESS, zone: str = CONNECTICUT_ZONE) -> datetime:
    """The instant, in UTC, at which a local clock shows the hour on that day; it is itself still in time."""
    if at.tzinfo is not None:
        raise ValueError("A deadline's hour is local; give it without a zone of its own.")
    return datetime.combine(day, at, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def local_date(instant: datetime, zone: str = CONNECTICUT_ZONE) -> date:
    """The legal day on which an instant falls in that zone."""
    if instant.tzinfo is None:
        raise ValueError("An instant without a zone has no legal day: pass an aware datetime.")
    return instant.astimezone(ZoneInfo(zone)).date()


@lru_cache(maxsize=512)
def _connecticut_holidays(year: int) -> frozenset[date]:
    """Legal holidays of Connecticut in one calendar year (Conn. Gen. Stat. 1-4).

    The statute moves every holiday that falls on a Sunday to Monday and on a Saturday to Friday. The library
    moves only the federal ones and leaves Lincoln Day where it falls, so its unmoved days are taken and moved
    here. A holiday of 1 January can move into the year before: hence the neighbouring year.
    """
    closed: set[date] = set()
    for table_year in (year, year + 1):
        for day, name in holiday_tables.country_holidays(
            "US", subdiv="CT", years=table_year, observed=False
        ).items():
            if "Juneteenth" in name and day.year < _JUNETEENTH_FIRST_YEAR:
                continue
            closed.add(day)
            if day.weekday() == _SUNDAY:
                closed.add(day + _DAY)
            elif day.weekday() == _SATURDAY:
                closed.add(day - _DAY)
    return frozenset(day for day in closed if day.year == year)


# Public Act 22-128 made 19 June a holiday of the State; the library lists it from the federal year, 2021.
_JUNETEENTH_FIRST_YEAR = 2023


@lru_cache(maxsize=1)
def connecticut_calendar() -> BusinessCalendar:
    """The working days of the Connecticut agency, for any year."""
    return BusinessCalendar(holidays_of_year=_connecticut_holidays)

"""Business days of Connecticut and deadlines at six in the evening on the wall."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vinculum.kernel.business_calendar import BusinessCalendar, connecticut_calendar, deadline_at, local_date

CONNECTICUT = connecticut_calendar()
MONDAY = date(2020, 3, 2)


@pytest.mark.parametrize(
    ("weekday", "days_to_deadline"), [(0, 1), (1, 1), (2, 1), (3, 1), (4, 3), (5, 2), (6, 1)]
)
def test_next_business_day_of_each_weekday(weekday: int, days_to_deadline: int) -> None:
    """D-601: Mon→Tue, Tue→Wed, Wed→Thu, Thu→Fri, Fri→Mon, Sat→Mon, Sun→Mon."""
    issued = MONDAY + timedelta(days=weekday)
    assert CONNECTICUT.next_business_day(issued) == issued + timedelta(days=days_to_deadline)


@pytest.mark.parametrize(
    ("issued", "next_day"),
    [
        (date(2020, 2, 11), date(2020, 2, 13)),  # Lincoln Day
        (date(2020, 4, 9), date(2020, 4, 13)),  # Good Friday
        (date(2020, 7, 2), date(2020, 7, 6)),  # 4 July on a Saturday closes the Friday
        (date(2022, 2, 10), date(2022, 2, 14)),  # Lincoln Day on a Saturday closes the Friday
        (date(2023, 2, 10), date(2023, 2, 14)),  # Lincoln Day on a Sunday closes the Monday
        (date(2021, 12, 30), date(2022, 1, 3)),  # New Year's Day 2022 closes 31 December 2021
        (date(2023, 6, 16), date(2023, 6, 20)),  # Juneteenth
        (date(2020, 11, 25), date(2020, 11, 27)),  # the day after Thanksgiving is a business day
    ],
)
def test_next_business_day_skips_state_holidays(issued: date, next_day: date) -> None:
    """D-601: the next business day also skips state holidays."""
    assert CONNECTICUT.next_business_day(issued) == next_day


def test_juneteenth_was_no_holiday_of_the_state_before_2023() -> None:
    """D-601: a holiday counts from the year in which the State made it one."""
    assert CONNECTICUT.is_business_day(date(2020, 6, 19))
    assert not CONNECTICUT.is_holiday(date(2021, 6, 18))


def test_six_in_the_evening_is_on_the_wall_summer_and_winter() -> None:
    """D-601: 18:00 America/New_York, whatever the clocks do."""
    assert deadline_at(date(2020, 1, 6)) == datetime(2020, 1, 6, 23, 0, tzinfo=UTC)
    assert deadline_at(date(2020, 7, 6)) == datetime(2020, 7, 6, 22, 0, tzinfo=UTC)
    assert deadline_at(date(2020, 3, 6)) == datetime(2020, 3, 6, 23, 0, tzinfo=UTC)
    assert deadline_at(date(2020, 3, 9)) == datetime(2020, 3, 9, 22, 0, tzinfo=UTC)


def test_legal_day_is_the_day_of_the_office() -> None:
    assert local_date(datetime(2020, 1, 7, 4, 59, tzinfo=UTC)) == date(2020, 1, 6)
    assert local_date(datetime(2020, 1, 7, 5, 0, tzinfo=UTC)) == date(2020, 1, 7)
    with pytest.raises(ValueError, match="aware"):
        local_date(datetime(2020, 1, 7))  # noqa: DTZ001 - the naive value is what must be refused


@given(st.dates(date(1995, 1, 1), date(2060, 1, 1)), st.integers(0, 30))
def test_business_days_are_counted_one_by_one(day: date, count: int) -> None:
    reached = CONNECTICUT.add_business_days(day, count)
    between = (day + timedelta(days=n) for n in range(1, (reached - day).days + 1))
    assert sum(map(CONNECTICUT.is_business_day, between)) == count


def test_a_calendar_takes_days_that_the_governor_appoints() -> None:
    snow = date(2020, 3, 3)
    assert CONNECTICUT.add_holidays(frozenset({snow})).next_business_day(MONDAY) == date(2020, 3, 4)
    assert BusinessCalendar(frozenset({snow})).next_business_day(MONDAY) == date(2020, 3, 4)
    assert deadline_at(snow, time(12, 0), "UTC") == datetime(2020, 3, 3, 12, tzinfo=UTC)

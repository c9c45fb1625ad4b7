"""The working days and the clock of the agency whose law is applied."""

from collections.abc import Callable, Mapping
from datetime import date as legal_day
from datetime import datetime, time
from types import MappingProxyType

from vinculum.kernel.business_calendar import (
    CONNECTICUT_ZONE,
    BusinessCalendar,
    connecticut_calendar,
    deadline_at,
    local_date,
)

_AGENCIES: Mapping[str, tuple[Callable[[], BusinessCalendar], str]] = MappingProxyType(
    {"CT": (connecticut_calendar, CONNECTICUT_ZONE)}
)


def calendar_of(jurisdiction: str) -> BusinessCalendar:
    """The working days of this agency."""
    return _AGENCIES[jurisdiction][0]()


def today_of(jurisdiction: str, *, at: datetime) -> legal_day:
    """The legal day that this instant belongs to where the agency is."""
    return local_date(at, _AGENCIES[jurisdiction][1])


def hour_of_day(jurisdiction: str, *, day: legal_day, hour: time) -> datetime:
    """The instant at which the agency's clock shows this hour on this day."""
    return deadline_at(day, hour, _AGENCIES[jurisdiction][1])

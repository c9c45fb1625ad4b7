"""What must hold for every title reported: its number, its dates, its road use."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

from vinculum.national.law.brands import check_road_use
from vinculum.national.law.title import VehicleRecord
from vinculum.protocol.problem import Problem, problem
from vinculum.protocol.title_type import TitleType

# A title may carry today's date of any jurisdiction, and the day begins in Guam: what is tomorrow there is in
# the future everywhere.
_WHERE_THE_DAY_BEGINS = timezone(timedelta(hours=10))
# N-306: what is printed on reassignment forms begins so; no jurisdiction numbers titles this way.
REASSIGNMENT_NUMBER = re.compile(r"(?:RE-?ASSIGN(?:MENT)?|REASGN|RA)[ -]", flags=re.ASCII)
FULL_VIN_LENGTH = 17


def check_title(
    record: VehicleRecord, *, title_number: str, issue_date: date, title_type: TitleType, at: datetime
) -> Iterator[Problem]:
    """The rules common to every message that reports a title."""
    yield from check_vin_length(record.vin)
    yield from check_title_number(title_number)
    yield from check_not_in_the_future(issue_date, at=at)
    yield from check_road_use(record.brands, title_type=title_type)


def check_vin_length(vin: str) -> Iterator[Problem]:
    """N-601: short VINs are legal (before 1981), and said to be short."""
    if len(vin) < FULL_VIN_LENGTH:
        yield problem("20B", field="vin")


def check_title_number(title_number: str) -> Iterator[Problem]:
    """N-306: the number is the title's, never that of a reassignment document."""
    if REASSIGNMENT_NUMBER.match(title_number):
        yield problem("V18", field="title_number", given=title_number)


def check_not_in_the_future(issue_date: date, *, at: datetime) -> Iterator[Problem]:
    """N-305: the issue date is the day the title was generated; it cannot lie ahead."""
    if is_in_the_future(issue_date, at=at):
        yield problem("V17", field="issue_date", given=issue_date.isoformat())


def is_in_the_future(day: date, *, at: datetime) -> bool:
    """Whether the day has not begun anywhere yet."""
    return day > at.astimezone(_WHERE_THE_DAY_BEGINS).date()


def errors(problems: Iterator[Problem] | tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Those that keep a message from being applied."""
    return tuple(found for found in problems if found.severity == "error")

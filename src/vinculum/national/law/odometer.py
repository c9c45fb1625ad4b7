"""Odometer history checked for impossible sequences (N-803)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from vinculum.national.law.title import VehicleRecord
from vinculum.protocol.problem import Problem, problem

_KILOMETRES_PER_MILE = 1.609344


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A reading as it came with a title."""

    reading: int
    unit: Literal["M", "K"]
    read_on: date
    jurisdiction: str

    @property
    def miles(self) -> float:
        """For comparison only: readings are kept and shown as they were reported."""
        return self.reading if self.unit == "M" else self.reading / _KILOMETRES_PER_MILE

    def __str__(self) -> str:
        unit = "miles" if self.unit == "M" else "km"
        return f"{self.reading:,} {unit} on {self.read_on.isoformat()} ({self.jurisdiction})"


def readings(record: VehicleRecord) -> tuple[Reading, ...]:
    """The readings of all standing titles, oldest first."""
    return tuple(
        sorted(
            (
                Reading(
                    reading=entry.title.odometer,
                    unit=entry.title.odometer_unit,
                    read_on=entry.title.issue_date,
                    jurisdiction=entry.title.jurisdiction,
                )
                for entry in record.standing_titles()
            ),
            key=lambda reading: (reading.read_on, reading.miles),
        )
    )


def check_sequence(oldest_first: Iterable[Reading]) -> Iterator[Problem]:
    """N-803: a reading lower than an earlier one. A mile is allowed for conversion between units."""
    highest: Reading | None = None
    for reading in oldest_first:
        if highest is not None and reading.miles < highest.miles - 1:
            yield problem("V64", field="odometer", earlier=str(highest), later=str(reading))
        if highest is None or reading.miles > highest.miles:
            highest = reading

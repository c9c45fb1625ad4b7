"""Values through time: which one holds on a day, and what is wrong when two hold at once."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Protocol, TypeVar


class Dated(Protocol):
    """A value from a day on, until the next one or its own end."""

    @property
    def start(self) -> date: ...

    @property
    def until(self) -> date | None: ...


_Dated = TypeVar("_Dated", bound=Dated)


def value_on(values: Sequence[_Dated], day: date) -> _Dated | None:
    """The value in force on a day; None before the first, and after one that ended."""
    found: _Dated | None = None
    for value in values:
        if value.start <= day:
            found = value
    if found is None or (found.until is not None and found.until <= day):
        return None
    return found


def in_force(value: Dated, day: date) -> bool:
    """Whether a single dated value holds on a day."""
    return value.start <= day and (value.until is None or day < value.until)


def overlaps(values: Sequence[Dated]) -> Iterator[str]:
    """A sentence for each value that ends before it starts, and each pair that would both hold."""
    for value in values:
        if value.until is not None and value.until <= value.start:
            yield f"the value from {value.start} ends on {value.until}, before it holds"
    for earlier, later in pairwise(values):
        if later.start <= earlier.start:
            yield f"the value from {later.start} overlaps the one from {earlier.start}: dates must ascend"
        elif earlier.until is not None and earlier.until > later.start:
            yield f"the value from {earlier.start} until {earlier.until} overlaps the one from {later.start}"


def boundaries(values: Iterable[Dated]) -> Iterator[date]:
    """Every day on which something begins to hold or ceases to."""
    for value in values:
        yield value.start
        if value.until is not None:
            yield value.until

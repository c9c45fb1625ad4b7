"""What no deal holds, whatever its law: sums, weights, days and texts beyond anything that was ever on paper.

Kept out at the door, so that the rules may reckon without minding overflow.
"""

import dataclasses
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final

from vinculum.kernel.refusal import Refusal

LARGEST_SUM: Final = Decimal(100_000_000)
LARGEST_FIGURE: Final = 100_000_000
# The first automobile was patented in 1886; the last day any paper of today names lies before 2200.
DAYS: Final = (date(1886, 1, 29), date(2199, 12, 31))
LONGEST_TEXT: Final = 200
MOST_OF_A_KIND: Final = 50
# Control characters and halves of characters: no database keeps the first of them, no printer prints any.
_UNPRINTABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def out_of_bounds(held: Any, *, path: str = "") -> Iterator[Refusal]:
    """A refusal for each value of a deal that lies out of bounds, with its path."""
    if dataclasses.is_dataclass(held):
        for field in dataclasses.fields(held):
            yield from out_of_bounds(getattr(held, field.name), path=f"{path}.{field.name}".lstrip("."))
    elif isinstance(held, tuple):
        if len(held) > MOST_OF_A_KIND:
            yield _refusal(path, f"has more than {MOST_OF_A_KIND} entries")
        for index, value in enumerate(held[:MOST_OF_A_KIND]):
            yield from out_of_bounds(value, path=f"{path}.{index}")
    else:
        fault = _fault(held)
        if fault:
            yield _refusal(path, fault)


def _fault(value: Any) -> str:
    if isinstance(value, Decimal):
        if not value.is_finite() or not 0 <= value <= LARGEST_SUM:
            return f"is no sum from 0 to {LARGEST_SUM:,} dollars"
        exponent = value.as_tuple().exponent
        return "has parts of a cent" if isinstance(exponent, int) and exponent < -2 else ""
    if isinstance(value, int) and not isinstance(value, bool):
        return "" if 0 <= value <= LARGEST_FIGURE else f"is no figure from 0 to {LARGEST_FIGURE:,}"
    if isinstance(value, date):
        return "" if DAYS[0] <= value <= DAYS[1] else "is no day on a paper of today"
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT:
            return f"is longer than {LONGEST_TEXT} characters"
        return "has characters that cannot be printed" if _UNPRINTABLE.search(value) else ""
    return ""


def _refusal(path: str, fault: str) -> Refusal:
    label = path.rsplit(".", 1)[-1].replace("_", " ").capitalize()
    return Refusal(
        code="invalid_field",
        message=f"{label} {fault}.",
        remedy="Correct it.",
        field=path,
        rule="D-203",
        detail={"field": path, "fault": fault},
    )

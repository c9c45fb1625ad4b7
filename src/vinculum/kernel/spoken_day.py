"""A day as people in the United States read it, the month in letters so that none is mistaken: Jan 31, 2026.

Law, messages and files write 2026-01-31; pages and papers say it in words.
"""

import re
from datetime import date
from typing import Final

_ISO: Final = re.compile(r"\b([12][0-9]{3})-([01][0-9])-([0-3][0-9])\b")


def spoken_day(day: date) -> str:
    """The day in words."""
    return f"{day:%b} {day.day}, {day.year}"


def days_spoken(sentence: str) -> str:
    """The sentence with its days in words; what only looks like a day is left alone."""
    return _ISO.sub(_spoken, sentence)


def _spoken(found: re.Match[str]) -> str:
    try:
        return spoken_day(date(*(int(part) for part in found.groups())))
    except ValueError:
        return found[0]

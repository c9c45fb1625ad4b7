"""Days inside sentences, said as everywhere else on the pages: the law and the API write 2026-01-31."""

import re
from datetime import date
from typing import Final

from django import template

register = template.Library()
_ISO: Final = re.compile(r"\b([12][0-9]{3})-([01][0-9])-([0-3][0-9])\b")


@register.filter
def days_said(sentence: str) -> str:
    """The sentence with its days in words; what only looks like a day is left alone."""
    return _ISO.sub(_said, sentence)


def _said(found: re.Match[str]) -> str:
    try:
        day = date(*(int(part) for part in found.groups()))
    except ValueError:
        return found[0]
    return f"{day:%b} {day.day}, {day.year}"

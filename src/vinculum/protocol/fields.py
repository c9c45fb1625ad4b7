"""The fields of the national files: name, length and alphabet of each, declared once.

Mnemonics and lengths are those of the published file layouts (NM30 current title, NM31 title history, NM37
brand history, NM3B jurisdiction). A message marks its attributes with these, and `field_problems` holds a
message against them, so that every transport and later every batch file is measured by the same ruler.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, get_args, get_type_hints

from vinculum.protocol.problem import Problem, problem

_VIN_ALPHABET = r"[A-HJ-NPR-Z0-9]"


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalField:
    """One field of the national files: its published mnemonic, its longest length, what may stand in it."""

    mnemonic: str
    meaning: str
    length: int
    shortest: int = 1
    pattern: str = r"[\x20-\x7E]*"


VVHIDN = NationalField(mnemonic="VVHIDN", meaning="VIN", length=30, pattern=rf"{_VIN_ALPHABET}+")
VTIJUR = NationalField(
    mnemonic="VTIJUR", meaning="titling jurisdiction", length=2, shortest=2, pattern=r"[A-Z]{2}"
)
VTINUM = NationalField(
    mnemonic="VTINUM", meaning="title number", length=17, pattern=r"[A-Z0-9](?:[A-Z0-9 -]*[A-Z0-9])?"
)
VVHMAK = NationalField(mnemonic="VVHMAK", meaning="make", length=4, pattern=r"[\x20-\x7E]+")
VVHMYE = NationalField(mnemonic="VVHMYE", meaning="model year", length=4, shortest=4)
VSKYTI = NationalField(mnemonic="VSKYTI", meaning="state title key", length=30, shortest=0)
VODMTR = NationalField(mnemonic="VODMTR", meaning="odometer reading", length=9)
VBRCOD = NationalField(mnemonic="VBRCOD", meaning="brand code", length=2, shortest=2, pattern=r"\d{2}")
VBRDCD = NationalField(mnemonic="VBRDCD", meaning="brander code", length=7, pattern=r"[A-Z0-9]+")
VBRPSA = NationalField(mnemonic="VBRPSA", meaning="percent of damage", length=3)
CONTROL = NationalField(
    mnemonic="", meaning="control number of title stock", length=20, pattern=r"[A-Z]{0,6}[0-9]+"
)
AGENCY = NationalField(mnemonic="", meaning="agency", length=60)
REASON = NationalField(mnemonic="", meaning="reason", length=200)

Vin = Annotated[str, VVHIDN]
JurisdictionCode = Annotated[str, VTIJUR]
TitleNumber = Annotated[str, VTINUM]
MakeCode = Annotated[str, VVHMAK]
ModelYear = Annotated[int, VVHMYE]
StateTitleKey = Annotated[str, VSKYTI]
Odometer = Annotated[int, VODMTR]
BrandCode = Annotated[str, VBRCOD]
BranderCode = Annotated[str, VBRDCD]
PercentOfDamage = Annotated[int, VBRPSA]
Reason = Annotated[str, REASON]
ControlNumber = Annotated[str, CONTROL]
Agency = Annotated[str, AGENCY]


_RULERS_OF: dict[type, tuple[tuple[str, NationalField], ...]] = {}


def field_problems(message: Any) -> tuple[Problem, ...]:
    """Every field of the message that is too long, too short or holds what may not stand in it."""
    found: list[Problem] = []
    for name, ruler in rulers_of(type(message)):
        value = getattr(message, name)
        if value is None:
            continue
        for part in value if isinstance(value, tuple) else (value,):
            found.extend(_measured(name, ruler, part))
    for place, step in enumerate(getattr(message, "reassignments", ()), 1):
        for name, ruler in rulers_of(type(step)):
            found.extend(_measured(f"reassignments.{place}.{name}", ruler, getattr(step, name)))
    if message.sent_at.tzinfo is None:
        found.append(problem("V02", field="sent_at", why="the time must name its offset from UTC"))
    return tuple(found)


def _measured(name: str, ruler: NationalField, value: object) -> Iterator[Problem]:
    if isinstance(value, int):
        if value < 0 or len(str(value)) > ruler.length or len(str(value)) < ruler.shortest:
            yield problem("V02", field=name, why=f"{ruler.meaning} must be a number of {_span(ruler)} digits")
        return
    text = str(value)
    if not ruler.shortest <= len(text) <= ruler.length:
        yield problem("V02", field=name, why=f"{ruler.meaning} must have {_span(ruler)} characters")
    elif not _whole(ruler.pattern).fullmatch(text):
        yield problem("V02", field=name, why=f"{ruler.meaning} holds characters that may not stand there")


@cache
def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


def _span(ruler: NationalField) -> str:
    return str(ruler.length) if ruler.shortest == ruler.length else f"{ruler.shortest} to {ruler.length}"


def rulers_of(message_type: type) -> tuple[tuple[str, NationalField], ...]:
    """The attributes of a message type that stand for a field of the national files."""
    known = _RULERS_OF.get(message_type)
    if known is None:
        hints = get_type_hints(message_type, include_extras=True)
        known = tuple((name, ruler) for name, hint in hints.items() for ruler in _annotations(hint))
        _RULERS_OF[message_type] = known
    return known


def _annotations(hint: object) -> Iterator[NationalField]:
    for argument in get_args(hint):
        if isinstance(argument, NationalField):
            yield argument
        else:
            yield from _annotations(argument)

"""The fields of the national files: name, length and alphabet of each, declared once.

Mnemonics and lengths are those of the published file layouts (NM30 current title, NM31 title history, NM37
brand history, NM3B jurisdiction). A message marks its attributes with these, and `field_problems` holds a
message against them, so that every transport and later every batch file is measured by the same ruler.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Final, get_args, get_type_hints

from vinculum.protocol.problem import Problem, problem

_PRINTABLE: Final = r"[\x20-\x7E]"
_CAPITALS_AND_DIGITS: Final = r"[A-Z0-9]"
_VIN_ALPHABET: Final = r"[A-HJ-NPR-Z0-9]"
# A report names a few of the characters that may not stand, however many there are.
_MOST_NAMED: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalField:
    """One field of the national files: its published mnemonic, its longest length, what may stand in it.

    `alphabet` are the characters that may stand anywhere in it, which `may_stand` says in words; `written` says how
    they follow each other where the pattern asks for more than these characters. Numbers are measured as numbers.
    """

    mnemonic: str
    meaning: str
    length: int
    shortest: int = 1
    pattern: str = rf"{_PRINTABLE}*"
    alphabet: str = _PRINTABLE
    may_stand: str = "printable characters of ASCII"
    written: str = ""


VVHIDN = NationalField(
    mnemonic="VVHIDN",
    meaning="VIN",
    length=30,
    pattern=rf"{_VIN_ALPHABET}+",
    alphabet=_VIN_ALPHABET,
    may_stand="capital letters other than I, O, Q and digits",
)
VTIJUR = NationalField(
    mnemonic="VTIJUR",
    meaning="titling jurisdiction",
    length=2,
    shortest=2,
    pattern=r"[A-Z]{2}",
    alphabet=r"[A-Z]",
    may_stand="capital letters",
)
VTINUM = NationalField(
    mnemonic="VTINUM",
    meaning="title number",
    length=17,
    pattern=r"[A-Z0-9](?:[A-Z0-9 -]*[A-Z0-9])?",
    alphabet=r"[A-Z0-9 -]",
    may_stand="capital letters, digits, and spaces and hyphens between them",
    written="must begin and end with a capital letter or a digit",
)
VVHMAK = NationalField(mnemonic="VVHMAK", meaning="make", length=4, pattern=rf"{_PRINTABLE}+")
VVHMYE = NationalField(
    mnemonic="VVHMYE", meaning="model year", length=4, shortest=4, alphabet=r"\d", may_stand="digits"
)
VSKYTI = NationalField(mnemonic="VSKYTI", meaning="state title key", length=30, shortest=0)
VODMTR = NationalField(
    mnemonic="VODMTR", meaning="odometer reading", length=9, alphabet=r"\d", may_stand="digits"
)
VBRCOD = NationalField(
    mnemonic="VBRCOD",
    meaning="brand code",
    length=2,
    shortest=2,
    pattern=r"\d{2}",
    alphabet=r"\d",
    may_stand="digits",
)
VBRDCD = NationalField(
    mnemonic="VBRDCD",
    meaning="brander code",
    length=7,
    pattern=rf"{_CAPITALS_AND_DIGITS}+",
    alphabet=_CAPITALS_AND_DIGITS,
    may_stand="capital letters and digits",
)
VBRPSA = NationalField(
    mnemonic="VBRPSA", meaning="percent of damage", length=3, alphabet=r"\d", may_stand="digits"
)
CONTROL = NationalField(
    mnemonic="",
    meaning="control number of title stock",
    length=20,
    pattern=r"[A-Z]{0,6}[0-9]+",
    alphabet=_CAPITALS_AND_DIGITS,
    may_stand="capital letters and digits",
    written="must be at most six capital letters and then digits",
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
        yield problem("V02", field=name, why=f"{ruler.meaning} {_what_does_not_fit(ruler, text)}")


def _what_does_not_fit(ruler: NationalField, text: str) -> str:
    """Which characters may not stand in the field and which may, or how they are to follow each other."""
    stands = _whole(ruler.alphabet)
    strange = [character for character in dict.fromkeys(text) if not stands.fullmatch(character)]
    if not strange:
        return ruler.written
    named = ", ".join(map(_named, strange[:_MOST_NAMED])) + (
        " and more" if len(strange) > _MOST_NAMED else ""
    )
    # A letter that may not stand as a capital either is not put right by its case.
    small = [
        "a" <= character <= "z" and stands.fullmatch(character.upper()) is not None for character in strange
    ]
    case = " in lower case" if all(small) else ", some in lower case" if any(small) else ""
    return f"holds {named}{case}: {ruler.may_stand} may stand there"


def _named(character: str) -> str:
    """A character in a report, which is plain ASCII and shows nothing that acts: others by their number."""
    if character == " ":
        return "a space"
    return f'"{character}"' if "!" <= character <= "~" else f"U+{ord(character):04X}"


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

"""The hull identification number: what a boat's transom says (33 CFR 181 subpart C).

Twelve characters: the builder's code, five of serial, four of date. Three ways of writing the date were
used, one after the other overlapping: month and year in digits ("straight year"), the letter M with model
year and a month counted from August ("model year"), and from August 1984 month letter, year digit and
model year. A two-letter country may stand before, and one character of the builder's own may follow: 12 to
14 characters (V-110). A boat built at home gets its number from the state, whose code and a Z stand in the
builder's place.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

HIN_LENGTH: Final = 12
FIRST_YEAR_REQUIRED: Final = 1973

_LETTERS: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DIGITS: Final = frozenset("0123456789")
_SERIAL: Final = (_LETTERS | _DIGITS) - frozenset("IOQ")
_MONTH_LETTERS: Final = "ABCDEFGHIJKL"
_AUGUST: Final = 8
_FIRST_CURRENT_MODEL_YEAR: Final = 84
# Every state, district and territory that may number a boat built at home, two letters each.
_STATE_LETTERS: Final = (
    "ALAKASAZARCACMCOCTDEDCFLGAGUHIIDILINIAKSKYLAMEMDMAMIMNMSMO"
    "MTNENVNHNJNMNYNCNDOHOKORPAPRRISCSDTNTXUTVTVIVAWAWVWIWY"
)
_STATES: Final = frozenset(_STATE_LETTERS[at : at + 2] for at in range(0, len(_STATE_LETTERS), 2))
_NORMALISE: Final = {
    **{ord(letter.lower()): letter for letter in _LETTERS},
    **{ord(separator): None for separator in " -"},
}


class HinFormat(StrEnum):
    """The three ways in which the last four characters were written."""

    STRAIGHT_YEAR = "straight_year"
    MODEL_YEAR = "model_year"
    CURRENT = "current"


@dataclass(frozen=True, slots=True, kw_only=True)
class HullNumber:
    """A hull number read into its parts; `certified_year` and `certified_month` date its building.

    `model_year` is None for a straight-year number, which states none; `issuing_state` is the state whose
    agency gave the number to a boat without a builder's own.
    """

    hin: str
    country: str
    manufacturer_code: str
    serial: str
    suffix: str
    format: HinFormat
    certified_year: int
    certified_month: int
    model_year: int | None
    issuing_state: str | None


class HinFault(ValueError):
    """A hull number that cannot be read; the message says where and why."""


def normalise_hin(text: str) -> str:
    """The number as it is kept: capital letters and digits, without spaces and hyphens."""
    return text.strip("\t\r\n").translate(_NORMALISE)


def hin_required(year_built: int) -> bool:
    """Whether a vessel of that year must carry a hull number (V-110)."""
    return year_built >= FIRST_YEAR_REQUIRED


def hin_faults(hin: str) -> tuple[str, ...]:
    """Everything wrong with a normalised hull number, one sentence each; empty when it can be read."""
    try:
        _split(hin)
    except HinFault as fault:
        return (str(fault),)
    _country, body, _suffix = _split(hin)
    faults = [
        f"Position {position} of the builder's code is {_named(character)}; it has three letters."
        for position, character in enumerate(body[:3], 1)
        if character not in _LETTERS
    ]
    faults += [
        f"Position {position} of the serial is {_named(character)}; it has digits and letters but I, O, Q."
        for position, character in enumerate(body[3:8], 4)
        if character not in _SERIAL
    ]
    if _dates(body[8:]) is None:
        faults.append(
            f"The last four characters {body[8:]!a} are no date: neither month and year in digits, "
            "nor M with model year and month letter, nor month letter, year digit and model year."
        )
    return tuple(faults)


def parse_hin(text: str) -> HullNumber:
    """Read a hull number into its parts; raises HinFault with every reason why it cannot be read."""
    hin = normalise_hin(text)
    if faults := hin_faults(hin):
        raise HinFault(" ".join(faults))
    country, body, suffix = _split(hin)
    dates = _dates(body[8:])
    if dates is None:
        raise AssertionError("hin_faults passes only numbers with a date")
    form, year, month, model_year = dates
    code = body[:3]
    return HullNumber(
        hin=hin,
        country=country,
        manufacturer_code=code,
        serial=body[3:8],
        suffix=suffix,
        format=form,
        certified_year=year,
        certified_month=month,
        model_year=model_year,
        issuing_state=code[:2] if code[2] == "Z" and code[:2] in _STATES else None,
    )


def _split(hin: str) -> tuple[str, str, str]:
    """Country, the twelve characters, suffix. Fourteen means a country; thirteen a suffix."""
    if len(hin) == HIN_LENGTH:
        return "", hin, ""
    if len(hin) == HIN_LENGTH + 1:
        if hin[12] not in _LETTERS | _DIGITS:
            raise HinFault(f"Position 13 is {_named(hin[12])}; a hull number has letters and digits only.")
        return "", hin[:12], hin[12]
    if len(hin) == HIN_LENGTH + 2:
        if not _LETTERS.issuperset(hin[:2]):
            raise HinFault("A hull number of 14 characters begins with the two letters of its country.")
        return hin[:2], hin[2:], ""
    raise HinFault(
        f"A hull number has 12 characters, or up to 14 with country or suffix; this one has {len(hin)}."
    )


def _dates(tail: str) -> tuple[HinFormat, int, int, int | None] | None:
    """Format, year and month of certification, and model year by the last four characters."""
    if _DIGITS.issuperset(tail):
        month, year = int(tail[:2]), int(tail[2:])
        # The straight year was written from November 1972 until the present way became the only one in 1984.
        if 1 <= month <= 12 and 72 <= year <= 84:
            return HinFormat.STRAIGHT_YEAR, 1900 + year, month, None
        return None
    if tail[0] == "M" and _DIGITS.issuperset(tail[1:3]) and tail[3] in _MONTH_LETTERS:
        return _model_year_dates(int(tail[1:3]), tail[3])
    if tail[0] in _MONTH_LETTERS and _DIGITS.issuperset(tail[1:]):
        return _current_dates(_MONTH_LETTERS.index(tail[0]) + 1, int(tail[1]), int(tail[2:]))
    return None


def _model_year_dates(short_year: int, letter: str) -> tuple[HinFormat, int, int, int] | None:
    """A model year runs from August (A) of the year before to July (L)."""
    if not 72 <= short_year <= 85:
        return None
    model_year = 1900 + short_year
    months_after_august = _MONTH_LETTERS.index(letter)
    month = (_AUGUST - 1 + months_after_august) % 12 + 1
    return HinFormat.MODEL_YEAR, model_year - 1 if month >= _AUGUST else model_year, month, model_year


def _current_dates(month: int, year_digit: int, short_model_year: int) -> tuple[HinFormat, int, int, int]:
    """The year digit stands for the year nearest the model year; a boat is built at most a year after it."""
    century = 1900 if short_model_year >= _FIRST_CURRENT_MODEL_YEAR else 2000
    model_year = century + short_model_year
    year = next(year for year in range(model_year + 1, model_year - 9, -1) if year % 10 == year_digit)
    return HinFormat.CURRENT, year, month, model_year


def _named(character: str) -> str:
    return repr(character) if " " <= character < "\x7f" else f"U+{ord(character):04X}"

"""The vehicle identification number: seventeen characters that name one vehicle, and what they say.

What is here follows from the characters alone: alphabet, check digit, model-year letter, manufacturer
identifier (49 CFR 565, ISO 3779). What a manufacturer meant by its characters is decoding, another floor.
A wrong check digit is never by itself a fault: manufacturers have built vehicles with one, and older
numbers have none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from operator import mul
from typing import Final

VIN_LENGTH: Final = 17
CHECK_DIGIT_INDEX: Final = 8
FIRST_STANDARD_MODEL_YEAR: Final = 1981
LIGHT_VEHICLE_GVWR_POUNDS: Final = 10_000

_ALPHABET: Final = frozenset("ABCDEFGHJKLMNPRSTUVWXYZ0123456789")
_OLD_ALPHABET: Final = _ALPHABET | frozenset("IOQ")
_LETTER_VALUES: Final = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)), strict=True)
)
_VALUES: Final[dict[str, int]] = {**{str(digit): digit for digit in range(10)}, **_LETTER_VALUES}
_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_CHECK_CHARACTERS: Final = "0123456789X"
# The letters I, O, Q, U, Z and the digit 0 never stand for a model year.
_YEAR_CHARACTERS: Final = "ABCDEFGHJKLMNPRSTVWXY123456789"
_FIRST_CYCLE_YEAR: Final = 1980
_YEAR_CYCLE: Final = 30

# Only ASCII letters are raised: str.upper() would also turn a dotless i or a long s into a letter of the VIN.
_NORMALISE: Final = {
    **{ord(letter): letter.upper() for letter in "abcdefghijklmnopqrstuvwxyz"},
    ord(" "): None,
    ord("-"): None,
}

_ALWAYS_LIGHT: Final = frozenset({"passenger", "suv"})
_LIGHT_BY_WEIGHT: Final = frozenset({"truck", "van", "motorhome"})


class VinFaultKind(StrEnum):
    """What can be wrong with the writing of a VIN."""

    EMPTY = "vin_empty"
    TOO_LONG = "vin_too_long"
    TOO_SHORT = "vin_too_short"
    LETTER_NOT_USED = "vin_letter_not_used"
    CHARACTER_NOT_ALLOWED = "vin_character_not_allowed"


@dataclass(frozen=True, slots=True, kw_only=True)
class VinFault:
    """One fault in the writing of a VIN; `position` counts from 1, None when the whole number is meant."""

    kind: VinFaultKind
    message: str
    position: int | None = None
    character: str = ""


def normalise_vin(text: str) -> str:
    """The VIN as it is kept: capital letters, no spaces, no hyphens. Foreign characters stay, for refusal."""
    return text.strip("\t\r\n").translate(_NORMALISE)


def vin_faults(vin: str, *, model_year: int | None = None) -> tuple[VinFault, ...]:
    """Every fault in the writing of a normalised VIN, with its position.

    Before model year 1981 numbers were shorter and each maker had its own alphabet, so a short number is
    legal when the model year is before 1981 or not known yet (N-601).
    """
    if not vin:
        return (VinFault(kind=VinFaultKind.EMPTY, message="The VIN is empty; type or scan it."),)
    faults: list[VinFault] = []
    standard = model_year is not None and model_year >= FIRST_STANDARD_MODEL_YEAR
    if len(vin) > VIN_LENGTH:
        message = f"The VIN has {len(vin)} characters; a VIN has at most {VIN_LENGTH}."
        faults.append(VinFault(kind=VinFaultKind.TOO_LONG, message=message))
    elif len(vin) < VIN_LENGTH and standard:
        message = f"The VIN has {_counted(vin)}; from model year 1981 a VIN has exactly {VIN_LENGTH}."
        faults.append(VinFault(kind=VinFaultKind.TOO_SHORT, message=message))
    allowed = _ALPHABET if standard or len(vin) == VIN_LENGTH else _OLD_ALPHABET
    if not allowed.issuperset(vin):
        # Bounded: a pasted page must not become a page of faults.
        wrong = (
            (place, character) for place, character in enumerate(vin[:64], 1) if character not in allowed
        )
        faults.extend(_character_fault(place, character) for place, character in wrong)
    return tuple(faults)


def vin_doubt(vin: str) -> str:
    """Why a normalised VIN without faults may yet be mistyped, in a sentence; nothing when there is no doubt.

    Makers have built vehicles with a wrong check digit, and old numbers are shorter: whoever sees the vehicle or the
    paper decides (N-601).
    """
    if vin_faults(vin) or check_digit_valid(vin):
        return ""
    if len(vin) < VIN_LENGTH:
        return f"The VIN {vin} has {_counted(vin)}; vehicles made since {FIRST_STANDARD_MODEL_YEAR} have {VIN_LENGTH}."
    return f"The check digit of {vin}, at position 9, does not fit: most often one character is mistyped."


def _counted(vin: str) -> str:
    return "1 character" if len(vin) == 1 else f"{len(vin)} characters"


def _character_fault(position: int, character: str) -> VinFault:
    if character in "IOQ":
        digit = "1" if character == "I" else "0"
        message = (
            f"Position {position} is the letter {character}, which no VIN uses; it may be the digit {digit}."
        )
        return VinFault(
            kind=VinFaultKind.LETTER_NOT_USED, message=message, position=position, character=character
        )
    shown = f"{character!r}" if character.isascii() and character.isprintable() else f"U+{ord(character):04X}"
    message = (
        f"Position {position} is {shown}; a VIN has only the letters A to Z without I, O and Q, and digits."
    )
    return VinFault(
        kind=VinFaultKind.CHARACTER_NOT_ALLOWED, message=message, position=position, character=character
    )


def check_digit(vin: str) -> str:
    """The check digit that position 9 of these seventeen characters ought to carry (49 CFR 565.15(c))."""
    if len(vin) != VIN_LENGTH:
        raise ValueError(f"Only a VIN of {VIN_LENGTH} characters has a check digit, not one of {len(vin)}.")
    total = 0
    for index, (character, weight) in enumerate(zip(vin, _WEIGHTS, strict=True)):
        if character not in _VALUES and index != CHECK_DIGIT_INDEX:
            raise ValueError(f"Position {index + 1} holds {character!r}, which no VIN uses.")
        total += _VALUES.get(character, 0) * weight
    return _CHECK_CHARACTERS[total % 11]


def check_digit_valid(vin: str) -> bool:
    """Whether position 9 fits the other sixteen; False for anything that is not seventeen VIN characters."""
    if len(vin) != VIN_LENGTH:
        return False
    try:
        total = sum(map(mul, map(_VALUES.__getitem__, vin), _WEIGHTS))
    except KeyError:
        return False
    return vin[CHECK_DIGIT_INDEX] == _CHECK_CHARACTERS[total % 11]


# For many VINs at once the sum is taken by columns. Each column of characters is translated straight to
# (value x weight) mod 11, at most 10; sixteen of them stay under 256, so that whole columns can be added as
# big integers, one byte a VIN, without a carry from one VIN into the next.
def _column_table(weight: int) -> bytes:
    table = bytearray(256)
    for character, value in _VALUES.items():
        table[ord(character)] = value * weight % 11
    return bytes(table)


_COLUMN_TABLES: Final = tuple(
    (index, _column_table(weight)) for index, weight in enumerate(_WEIGHTS) if weight
)
_EXPECTED_TABLE: Final = bytes(ord(_CHECK_CHARACTERS[total % 11]) for total in range(256))
_ALPHABET_BYTES: Final = "".join(sorted(_ALPHABET)).encode("ascii")
_BATCH: Final = 4096


def check_digits_valid(vins: Sequence[str]) -> list[bool]:
    """`check_digit_valid` for many VINs, in their order, about ten times as fast."""
    answers: list[bool] = []
    for start in range(0, len(vins), _BATCH):
        answers += _batch_valid(vins[start : start + _BATCH])
    return answers


def _batch_valid(vins: Sequence[str]) -> list[bool]:
    joined = "".join(vins).encode("ascii", "replace")
    # Two wrong lengths may cancel out in the sum, so each one is looked at; one foreign character is enough
    # to send the batch the slow way, which needs no table for everything that a file may contain.
    if set(map(len, vins)) != {VIN_LENGTH} or joined.translate(None, _ALPHABET_BYTES):
        return [check_digit_valid(vin) for vin in vins]
    expected = _expected_check_digits(joined)
    return [want == have for want, have in zip(expected, joined[CHECK_DIGIT_INDEX::VIN_LENGTH], strict=True)]


def expected_check_digits(joined: bytes) -> bytes:
    """The right check digit of each of many VINs that follow each other without anything between.

    All are of seventeen characters that may stand in a VIN.
    """
    step = _BATCH * VIN_LENGTH
    return b"".join(
        _expected_check_digits(joined[begin : begin + step]) for begin in range(0, len(joined), step)
    )


def _expected_check_digits(joined: bytes) -> bytes:
    total = 0
    for index, table in _COLUMN_TABLES:
        total += int.from_bytes(joined[index::VIN_LENGTH].translate(table))
    return total.to_bytes(len(joined) // VIN_LENGTH).translate(_EXPECTED_TABLE)


def model_year_candidates(vin: str) -> tuple[int, ...]:
    """The years that position 10 can stand for, earliest first: one in each cycle of thirty years."""
    if len(vin) != VIN_LENGTH:
        return ()
    offset = _YEAR_CHARACTERS.find(vin[9])
    if offset < 0:
        return ()
    return (_FIRST_CYCLE_YEAR + offset, _FIRST_CYCLE_YEAR + _YEAR_CYCLE + offset)


def is_light_vehicle(vehicle_type: str, gvwr_pounds: int | None = None) -> bool | None:
    """Whether 49 CFR 565 counts it as light (car, or 10,000 lb and under); None when the weight is needed."""
    if vehicle_type in _ALWAYS_LIGHT:
        return True
    if vehicle_type in _LIGHT_BY_WEIGHT:
        return None if gvwr_pounds is None else gvwr_pounds <= LIGHT_VEHICLE_GVWR_POUNDS
    return False


def model_year(
    vin: str, *, vehicle_type: str, gvwr_pounds: int | None = None, not_after: int | None = None
) -> int | None:
    """The model year by the characters alone, or None where they leave two years open or none.

    On a light vehicle position 7 tells the cycle: a digit means up to 2009, a letter from 2010
    (49 CFR 565.15(b)). On others only the calendar can rule a year out: `not_after` is the latest model year
    that can exist on the day of asking.
    """
    years = model_year_candidates(vin)
    if years and is_light_vehicle(vehicle_type, gvwr_pounds):
        return years[0] if vin[6].isdigit() else years[1]
    possible = [year for year in years if not_after is None or year <= not_after]
    return possible[0] if len(possible) == 1 else None


def manufacturer_identifier(vin: str) -> str:
    """The world manufacturer identifier: positions 1-3, and with 12-14 for makers of under 1,000 a year.

    Such small makers share a group of identifiers whose third character is 9 (49 CFR 565.15(a)).
    """
    if len(vin) != VIN_LENGTH:
        raise ValueError(f"Only a VIN of {VIN_LENGTH} characters names its manufacturer this way.")
    return vin[:3] + vin[11:14] if vin[2] == "9" else vin[:3]


# What eyes, keyboards and worn stampings confuse. Both directions are listed by the loop below.
_CONFUSED_PAIRS: Final = (
    "B8",
    "S5",
    "Z2",
    "G6",
    "D0",
    "UV",
    "VY",
    "MN",
    "1L",
    "7T",
    "CG",
    "EF",
    "KX",
    "PR",
    "38",
    "17",
    "06",
    "49",
)
_OUTSIDE: Final = {"I": "1", "O": "0", "Q": "0"}


def _confusions() -> dict[str, str]:
    table: dict[str, str] = {}
    for one, other in _CONFUSED_PAIRS:
        table[one] = table.get(one, "") + other
        table[other] = table.get(other, "") + one
    return table


_CONFUSIONS: Final = _confusions()
MAXIMUM_SUGGESTIONS: Final = 20


def vin_suggestions(vin: str) -> tuple[str, ...]:
    """VINs that may be meant when the check digit fails (N-602): likeliest first, each with a valid one.

    Tried are, in this order: I, O and Q read as digits; neighbours swapped; one character that is easily
    taken for another. Bar-code labels of imported cars begin with an I that is not part of the VIN.
    Nothing is ever corrected silently: a person chooses, looking at the vehicle.
    """
    if check_digit_valid(vin):
        return ()
    if len(vin) == VIN_LENGTH + 1 and vin[0] == "I":
        return (vin[1:],) if check_digit_valid(vin[1:]) else ()
    if len(vin) != VIN_LENGTH:
        return ()
    readable = "".join(_OUTSIDE.get(character, character) for character in vin)
    found = [readable] if check_digit_valid(readable) else []
    if not found:
        found = [candidate for candidate in _near(readable) if check_digit_valid(candidate)]
    return tuple(dict.fromkeys(found))[:MAXIMUM_SUGGESTIONS]


def _near(vin: str) -> Iterator[str]:
    for index in range(VIN_LENGTH - 1):
        if vin[index] != vin[index + 1]:
            yield vin[:index] + vin[index + 1] + vin[index] + vin[index + 2 :]
    for index, character in enumerate(vin):
        for other in _CONFUSIONS.get(character, ""):
            yield vin[:index] + other + vin[index + 1 :]

"""VINs that look alike: a doubtful one, and the sound ones that a slip of the pen or a file makes of it.

A VIN is doubtful when its check digit fails or it has a character too few or too many. Of two numbers at such a
distance with check digits in order, each was given by its maker: those are never called alike.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from vinculum.kernel.vin import VIN_LENGTH, check_digit_valid, check_digits_valid, vin_suggestions

_CHARACTERS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
_LETTERS_NOT_USED: Final = frozenset("IOQ")
# What eyes, keyboards and worn stampings confuse most.
GLYPHS: Final = frozenset(
    map(frozenset, ("I1", "O0", "Q0", "S5", "B8", "Z2", "G6", "D0", "UV", "1L", "7T", "38"))
)


def doubtful(vins: Sequence[str]) -> list[str]:
    """Those of the VINs that may be a slip for another: sixteen to eighteen characters, no sound check digit."""
    near = [vin for vin in vins if abs(len(vin) - VIN_LENGTH) <= 1]
    return [vin for vin, sound in zip(near, check_digits_valid(near), strict=True) if not sound]


def sound_neighbours(vin: str) -> tuple[str, ...]:
    """The sound VINs one slip away: a character changed, lost, doubled or swapped; letters read as digits."""
    tried = list(dict.fromkeys(_one_slip_from(vin)))
    sound = [one for one, valid in zip(tried, check_digits_valid(tried), strict=True) if valid]
    # Several letters at once that no VIN uses: read as the digits they look like.
    read = vin_suggestions(vin) if _LETTERS_NOT_USED.intersection(vin) else ()
    return tuple(dict.fromkeys((*sound, *read)))


def _one_slip_from(vin: str) -> Iterator[str]:
    if len(vin) == VIN_LENGTH:
        for place in range(VIN_LENGTH):
            head, tail = vin[:place], vin[place + 1 :]
            yield from (head + character + tail for character in _CHARACTERS)
        for place in range(VIN_LENGTH - 1):
            yield vin[:place] + vin[place + 1] + vin[place] + vin[place + 2 :]
    elif len(vin) == VIN_LENGTH - 1:
        for place in range(VIN_LENGTH):
            yield from (vin[:place] + character + vin[place:] for character in _CHARACTERS)
    elif len(vin) == VIN_LENGTH + 1:
        yield from (vin[:place] + vin[place + 1 :] for place in range(VIN_LENGTH + 1))


def slip(doubtful_vin: str, vin: str) -> str:
    """How the one came out of the other, in words; empty when they are not alike in any of these ways."""
    if check_digit_valid(doubtful_vin) or not check_digit_valid(vin):
        return ""
    if len(doubtful_vin) != len(vin):
        lost = len(doubtful_vin) < len(vin)
        return "one character is missing" if lost else "one character is too many"
    places = [place for place, (one, other) in enumerate(zip(doubtful_vin, vin, strict=True)) if one != other]
    pairs = [frozenset((doubtful_vin[place], vin[place])) for place in places]
    if len(places) == 1 and pairs[0] in GLYPHS:
        return (
            f"position {places[0] + 1} has {doubtful_vin[places[0]]} for {vin[places[0]]}, which look alike"
        )
    if len(places) == 1:
        return f"position {places[0] + 1} has {doubtful_vin[places[0]]} for {vin[places[0]]}"
    swapped = len(places) == 2 and places[1] == places[0] + 1 and pairs[0] == pairs[1]
    if swapped:
        return f"positions {places[0] + 1} and {places[1] + 1} are swapped"
    if pairs and all(pair in GLYPHS for pair in pairs):
        return f"{len(places)} characters are taken for ones that look alike"
    return ""

"""Plate numbers: how a mark is written, which marks a plate class has, and which one is made next (I-110).

A class's format is a pattern such as "BA#####" or "@@-####": `#` stands for a digit, `@` for a letter,
anything else for itself. Marks of a class run in one sequence like an odometer: the last place turns first
and carries to the left; places that stand for themselves never turn.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

MAXIMUM_PLATE_LENGTH: Final = 8
_DIGITS: Final = "0123456789"
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MARK_CHARACTERS: Final = frozenset(_LETTERS + _DIGITS)
_NORMALISE: Final = {
    **{ord(letter.lower()): letter for letter in _LETTERS},
    **{ord(separator): None for separator in " -."},
}


class PlateSequenceExhausted(Exception):
    """Every mark of the class has been made: the agency must open a new format."""


def normalise_plate_number(text: str) -> str:
    """The mark as it is kept and compared: capital letters and digits, without separators."""
    return text.strip("\t\r\n").translate(_NORMALISE)


def plate_number_faults(mark: str) -> tuple[str, ...]:
    """What is wrong with the writing of a normalised mark, one sentence each, positions from 1."""
    if not mark:
        return ("The plate number is empty.",)
    faults: list[str] = []
    if len(mark) > MAXIMUM_PLATE_LENGTH:
        faults.append(f"The plate number has {len(mark)} characters; at most {MAXIMUM_PLATE_LENGTH} fit.")
    for position, character in enumerate(mark[:64], 1):
        if character not in _MARK_CHARACTERS:
            named = repr(character) if " " < character < "\x7f" else f"U+{ord(character):04X}"
            faults.append(
                f"Position {position} is {named}; a plate number has letters A to Z and digits only."
            )
    return tuple(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarksNotManufactured:
    """Marks that are never made: single marks, and words that no mark may contain."""

    marks: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()

    def __contains__(self, mark: str) -> bool:
        return mark in self.marks or any(word in mark for word in self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateFormat:
    """The marks of one plate class, as the class table of a jurisdiction gives them.

    `letters` are the letters that `@` runs through, in order: many agencies leave out I, O and Q.
    """

    pattern: str
    letters: str = _LETTERS
    not_manufactured: MarksNotManufactured = field(default_factory=MarksNotManufactured)

    def __post_init__(self) -> None:
        if not set(self.letters) <= set(_LETTERS) or len(set(self.letters)) != len(self.letters):
            raise ValueError(
                f"The letters of a plate format are each of A to Z at most once: {self.letters!r}."
            )
        places = self._places()
        if not places or len(places) > MAXIMUM_PLATE_LENGTH:
            raise ValueError(f"A plate format has 1 to {MAXIMUM_PLATE_LENGTH} places: {self.pattern!r}.")
        for place in places:
            if not place or not _MARK_CHARACTERS.issuperset(place):
                raise ValueError(
                    f"A plate format has only #, @, capital letters and digits: {self.pattern!r}."
                )

    def _places(self) -> tuple[str, ...]:
        stands_for = {"#": _DIGITS, "@": self.letters}
        return tuple(stands_for.get(place, place) for place in self.pattern if place not in " -.")

    @property
    def capacity(self) -> int:
        """How many marks the pattern writes, those not manufactured included."""
        capacity = 1
        for place in self._places():
            capacity *= len(place)
        return capacity

    def matches(self, mark: str) -> bool:
        """Whether a normalised mark is written in this format."""
        places = self._places()
        return len(mark) == len(places) and all(
            character in place for character, place in zip(mark, places, strict=True)
        )

    def may_be_manufactured(self, mark: str) -> bool:
        """Whether the mark is in the format and not among those that are never made."""
        return self.matches(mark) and mark not in self.not_manufactured

    def ordinal(self, mark: str) -> int:
        """The place of a mark in the sequence, counted from 0; ValueError for a mark of another class."""
        if not self.matches(mark):
            raise ValueError(f"{mark!r} is not a mark of the format {self.pattern!r}.")
        ordinal = 0
        for character, place in zip(mark, self._places(), strict=True):
            ordinal = ordinal * len(place) + place.index(character)
        return ordinal

    def mark_at(self, ordinal: int) -> str:
        """The mark at a place of the sequence."""
        if ordinal < 0:
            raise ValueError(f"Places are counted from 0, not {ordinal}.")
        characters: list[str] = []
        for place in reversed(self._places()):
            ordinal, index = divmod(ordinal, len(place))
            characters.append(place[index])
        if ordinal:
            raise PlateSequenceExhausted(f"The format {self.pattern!r} has no more marks; open a new format.")
        return "".join(reversed(characters))

    def first_mark(self) -> str:
        """The first mark of the sequence that is made."""
        return self._manufactured_from(0)

    def next_mark(self, mark: str) -> str:
        """The mark that is made after this one; marks not manufactured are stepped over."""
        return self._manufactured_from(self.ordinal(mark) + 1)

    def _manufactured_from(self, ordinal: int) -> str:
        while (mark := self.mark_at(ordinal)) in self.not_manufactured:
            ordinal += 1
        return mark

    def marks_between(self, first: str, last: str) -> Iterator[str]:
        """The marks of a shipment, both ends included, in sequence, without those not manufactured."""
        start, end = self.ordinal(first), self.ordinal(last)
        if end < start:
            raise ValueError(f"{last} comes before {first} in the sequence.")
        marks = (self.mark_at(ordinal) for ordinal in range(start, end + 1))
        return (mark for mark in marks if mark not in self.not_manufactured)

"""Detail lines of a VINADD file, whatever their form, as fixed-width lines one below the other.

Here a line is only cut. What its cells hold is looked at when its turn comes (`titles`); but a line that cannot be cut,
or holds what fixed-width lines have no place for, is read by itself at once.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from vinculum.national.batch.cells import (
    BLANK,
    LINE_FEED,
    Cells,
    Mask,
    Numbers,
    are_digits,
    characters,
    gather,
    gather_numbers,
)
from vinculum.national.batch.file_types import FILE_TYPES
from vinculum.national.batch.layout import DATE_LENGTH, Form
from vinculum.national.batch.reading import Details
from vinculum.national.batch.record_lines import RecordFaults, is_printable
from vinculum.national.batch.tally import Findings
from vinculum.protocol.add_title import AddTitle

LAYOUT: Final = FILE_TYPES["VINADD"].detail
PLACES: Final = {column.name: slice(begins, begins + column.length) for column, begins in LAYOUT.places()}
# Each line has its line feed.
WIDTH: Final = LAYOUT.length + 1
_LETTER: Final = ord(LAYOUT.letter)
_COMMA: Final = ord(",")
_QUOTE: Final = ord('"')

# The message of one line with that record number; raises RecordFaults.
ReadAlone = Callable[[bytes, int, Form], AddTitle]


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleLines:
    """Some lines, in no order: their record numbers and their characters."""

    numbers: Numbers
    cells: Cells

    def __len__(self) -> int:
        return len(self.numbers)

    def of(self, name: str) -> Cells:
        """The cells of a column."""
        return self.cells[:, PLACES[name]]

    def take(self, which: Mask | Numbers) -> Self:
        """Those lines, in that order."""
        return type(self)(numbers=self.numbers[which], cells=self.cells[which])

    @classmethod
    def joined(cls, some: Sequence["TitleLines"]) -> "TitleLines":
        """All of them."""
        if len(some) == 1:
            return some[0]
        return cls(
            numbers=np.concatenate([lines.numbers for lines in some]),
            cells=np.concatenate([lines.cells for lines in some]),
        )


def cut_lines(details: Details, *, form: Form, read_alone: ReadAlone, findings: Findings) -> TitleLines:
    """The lines, but for those that are rejected in the findings."""
    text, line_feeds = characters(details.text), details.count
    printable = is_printable(details.text)
    if form == "fixed" and printable and len(text) == line_feeds * WIDTH:
        cells = text.reshape(line_feeds, WIDTH)
        if (cells[:, -1] == LINE_FEED).all() and (cells[:, 0] == _LETTER).all():
            return TitleLines(numbers=details.first + np.arange(line_feeds), cells=cells)
    ends = np.flatnonzero(text == LINE_FEED)
    begins = np.concatenate(([0], ends[:-1] + 1))
    whole = (text[begins] == _LETTER) & (ends > begins)
    if not printable:
        # A line feed is none of the characters that may stand in a line, and ends each of them.
        strange = np.flatnonzero((text < ord(" ")) | (text > ord("~")))
        whole &= _in_each(strange, ends=ends) == 1
    cut = _cut_fixed if form == "fixed" else _cut_csv
    cells, whole = cut(text, begins, ends, whole)
    numbers = details.first + np.arange(line_feeds)
    lines = TitleLines(numbers=numbers[whole], cells=cells)
    if whole.all():
        return lines
    odd = np.flatnonzero(~whole).tolist()
    left = ((details.first + place, details.text[begins[place] : ends[place]]) for place in odd)
    return TitleLines.joined([lines, read_by_themselves(left, form, read_alone, findings)])


def read_by_themselves(
    lines: Iterable[tuple[int, bytes]], form: Form, read_alone: ReadAlone, findings: Findings
) -> TitleLines:
    """Lines that were read one by one, as they would have been printed; those that cannot be read are rejected."""
    numbers: list[int] = []
    printed: list[str] = []
    for number, line in lines:
        try:
            message = read_alone(line, number, form)
        except RecordFaults as faults:
            findings.reject(number, faults.vin, faults.problems)
            continue
        values = {column.name: getattr(message, column.name) for column in LAYOUT.columns}
        numbers.append(number)
        printed.append(f"{LAYOUT.print_line(values, form='fixed')}\n")
    cells = characters("".join(printed).encode("ascii")).reshape(len(printed), WIDTH)
    return TitleLines(numbers=np.array(numbers, dtype=np.int64), cells=cells)


def _in_each(places: Numbers, *, ends: Numbers) -> Numbers:
    """How many of the places lie in each line."""
    return np.diff(np.searchsorted(places, ends, side="right"), prepend=0)


def _cut_fixed(text: Cells, begins: Numbers, ends: Numbers, whole: Mask) -> tuple[Cells, Mask]:
    whole = whole & (ends - begins == LAYOUT.length)
    return gather(text, begins[whole], ends[whole] + 1, width=WIDTH), whole


def _cut_csv(text: Cells, begins: Numbers, ends: Numbers, whole: Mask) -> tuple[Cells, Mask]:
    """Lines of as many cells as there are columns, of which none is too long or a number of anything but digits."""
    commas = np.flatnonzero(text == _COMMA)
    in_each = _in_each(commas, ends=ends)
    whole = (
        whole & (in_each == len(LAYOUT.columns)) & (_in_each(np.flatnonzero(text == _QUOTE), ends=ends) == 0)
    )
    between = commas[np.repeat(whole, in_each)].reshape(-1, len(LAYOUT.columns))
    first, last = begins[whole], ends[whole]
    cells = np.empty((len(first), WIDTH), dtype=np.uint8)
    cells[:, 0], cells[:, -1] = _LETTER, LINE_FEED
    good = between[:, 0] == first + 1
    stops = _without_blanks(text, np.concatenate((between[:, 1:], last[:, None]), axis=1))
    for place, column in enumerate(LAYOUT.columns):
        begin, end = between[:, place] + 1, stops[:, place]
        length = end - begin
        if column.kind in {"number", "date"}:
            found = gather_numbers(text, begin, end, width=column.length)
            good &= are_digits(found) & (length >= (DATE_LENGTH if column.kind == "date" else 1))
        else:
            found = gather(text, begin, end, width=column.length)
        good &= length <= column.length
        cells[:, PLACES[column.name]] = found
    whole[whole] = good
    return cells[good], whole


def _without_blanks(text: Cells, ends: Numbers) -> Numbers:
    """Where the cells end without the blanks that fill them up; what stands before a cell is none."""
    if not (text[ends - 1] == BLANK).any():
        return ends
    filled: Numbers = np.maximum.accumulate(np.where(text != BLANK, np.arange(1, len(text) + 1), 0))
    return filled[ends - 1]

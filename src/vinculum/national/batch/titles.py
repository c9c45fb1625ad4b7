"""A lot of titles of a VINADD file: their cells measured and typed many at once.

A line that does not pass here is not wrong yet: it is read again by itself (`record_lines`), which says what is
wrong with it in the words that every file gets, or gives the title that was not seen at a glance.
"""

import re
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from vinculum.national.batch import cells as column_of
from vinculum.national.batch.cells import BLANK, Cells, Mask, Numbers
from vinculum.national.batch.layout import DATE_LENGTH, Column
from vinculum.national.batch.tally import Findings
from vinculum.national.batch.title_lines import LAYOUT, PLACES, ReadAlone, TitleLines, read_by_themselves
from vinculum.protocol.add_title import AddTitle
from vinculum.protocol.fields import NationalField, rulers_of

_RULERS: Final = dict(rulers_of(AddTitle))
_DEFAULT_UNIT: Final = ord("M")
_ROAD: Final = "road"
# Columns whose texts may have any length.
TEXTS: Final = ("vin", "title_number", "make", "state_title_key")


@dataclass(slots=True, kw_only=True)
class Titles:
    """Titles in the order of their VINs, column by column; `issued` counts days from 1 January 1970.

    What was found is kept for the few of which something is to be said, by their place: `codes`, and as `sent_makes`
    the makes that were put right.
    """

    lines: TitleLines
    issued: Numbers
    model_year: Numbers
    odometer: Numbers
    road: Mask
    lengths: dict[str, Numbers]
    codes: dict[int, list[str]] = field(default_factory=dict)
    sent_makes: dict[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def numbers(self) -> Numbers:
        """The numbers of the records."""
        return self.lines.numbers

    def of(self, name: str) -> Cells:
        """The cells of a column."""
        return self.lines.of(name)

    def say(self, which: Mask, code: str) -> None:
        """That was found of these titles."""
        for place in np.flatnonzero(which).tolist():
            self.codes.setdefault(place, []).append(code)


def read_titles(lines: TitleLines, *, read_alone: ReadAlone, findings: Findings) -> Titles:
    """The titles of the lines; lines that cannot be read are rejected in the findings."""
    good = keep_measure(lines)
    if not good.all():
        odd = lines.take(~good)
        left = (
            (number, line.tobytes()[:-1])
            for number, line in zip(odd.numbers.tolist(), odd.cells, strict=True)
        )
        alone = read_by_themselves(left, "fixed", read_alone, findings)
        lines = TitleLines.joined([lines.take(good), alone])
    lines = lines.take(np.argsort(column_of.keys(lines.of("vin")), kind="stable"))
    unit, kind = PLACES["odometer_unit"].start, lines.of("title_type")
    lines.cells[lines.cells[:, unit] == BLANK, unit] = _DEFAULT_UNIT
    return Titles(
        lines=lines,
        issued=_days(lines.of("issue_date"))[0],
        model_year=column_of.numbers(lines.of("model_year")),
        odometer=column_of.numbers(lines.of("odometer")),
        road=_is_one_of(kind, ("", _ROAD)),
        lengths={name: column_of.lengths(lines.of(name)) for name in TEXTS},
    )


def keep_measure(lines: TitleLines) -> Mask:
    """Of each line whether all its cells can be read and keep the measure of their fields, seen at a glance."""
    good = np.ones(len(lines), dtype=np.bool_)
    for column in LAYOUT.columns:
        good &= _keeps_measure(column, lines.of(column.name))
    return good


def _keeps_measure(column: Column, cells: Cells) -> Mask:
    if column.kind == "date":
        return _days(cells)[1]
    if column.values:
        return _is_one_of(cells, column.values if column.required else ("", *column.values))
    ruler = _RULERS[column.name]
    if column.kind == "number":
        digits = column_of.are_digits(cells)
        # No nought in front where the shortest number has more than one digit: 0999 is a number of three.
        return digits & (cells[:, 0] != ord("0")) if ruler.shortest > 1 else digits
    return _fits(cells, ruler)


def _days(cells: Cells) -> tuple[Numbers, Mask]:
    # Few days stand in many titles.
    found, of_title = np.unique(np.ascontiguousarray(cells).view(np.uint64).ravel(), return_inverse=True)
    some = found.view(np.uint8).reshape(-1, DATE_LENGTH)
    days, are_days = column_of.days(some[:, :4], some[:, 4:6], some[:, 6:])
    return days[of_title], are_days[of_title]


def _is_one_of(cells: Cells, values: tuple[str, ...]) -> Mask:
    if not column_of.trimmed(cells).shape[1]:
        return np.full(len(cells), "" in values)
    keys = column_of.keys(cells)
    found = np.zeros(len(cells), dtype=np.bool_)
    for wanted in column_of.keys_of(list(values), width=cells.shape[1]):
        found |= keys == wanted
    return found


def _fits(cells: Cells, ruler: NationalField) -> Mask:
    """Whether the text is one of the field. Capitals and digits of its alphabet are; of others its pattern is asked."""
    cells = column_of.trimmed(cells)
    if not cells.shape[1]:
        return np.full(len(cells), ruler.shortest == 0)
    filled = cells != BLANK
    good: Mask = column_of.every(_PLAIN[ruler.mnemonic].take(cells)) & filled[:, 0]
    good &= column_of.every(filled[:, :-1] >= filled[:, 1:])
    unsure = np.flatnonzero(~good)
    if len(unsure):
        texts = column_of.texts(cells[unsure])
        fits = re.compile(ruler.pattern).fullmatch
        good[unsure] = [len(text) >= ruler.shortest and fits(text) is not None for text in texts]
    return good


def _plain_characters(ruler: NationalField) -> npt.NDArray[np.bool_]:
    """The capitals and digits that may stand in the field, and the blank that fills it up."""
    table = np.zeros(256, dtype=np.bool_)
    for character in range(128):
        plain = chr(character).isupper() or chr(character).isdigit()
        table[character] = plain and re.fullmatch(ruler.alphabet, chr(character)) is not None
    table[BLANK] = True
    return table


_PLAIN: Final = {ruler.mnemonic: _plain_characters(ruler) for name, ruler in _RULERS.items() if name in TEXTS}

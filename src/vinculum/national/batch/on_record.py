"""What is on record of the VINs of a lot, as columns: pointers, and what else may keep a title from being plain."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, LiteralString

import numpy as np
import psycopg

from vinculum.national.batch import cells as column_of
from vinculum.national.batch.cells import Cells, Numbers, characters, gather, gather_numbers
from vinculum.national.batch.titles import Titles
from vinculum.national.law.brands import END_OF_ROAD_LIFE

# The columns of a pointer as they are read, and how long each may be.
_COLUMNS: Final = {
    "vin": 30,
    "pointer_number": 5,
    "entry_id": 36,
    "jurisdiction": 2,
    "title_number": 17,
    "issue_date": 10,
    "make": 4,
    "model_year": 5,
}
_NUMBERS: Final = frozenset({"pointer_number", "model_year"})
# Nothing stands in it.
_NO_POINTER: Final = b"\t" * (len(_COLUMNS) - 1) + b"\n"
# The hexadecimal digits of a printed id: all but its hyphens.
_DIGITS_OF_ID: Final = [place for place in range(36) if place not in {8, 13, 18, 23}]
# One text for a whole lot: rows that arrive one by one cost more than all that is done with them here. What stands
# in the columns is printable and needs no marks.
_READ_POINTERS: Final[LiteralString] = (
    "SELECT string_agg(concat_ws(E'\\t', vin, pointer_number, entry_id, jurisdiction, title_number, issue_date, make,"
    " model_year), E'\\n') FROM exchange.pointer WHERE vin = ANY (%(vins)s::text[])"
)
# Of the history and the brands only what may keep a title from being plain. Which vehicles have more history than what
# their pointers show is in the index: for most of them no row of it need be looked at.
_READ_LONGER_HISTORIES: Final[LiteralString] = (
    "SELECT string_agg(DISTINCT vin, E'\\n') FROM exchange.title_history"
    " WHERE vin = ANY (%(vins)s::text[]) AND entry_id <> ALL (%(shown)s::uuid[])"
)
_READ_OWN_TITLES: Final[LiteralString] = (
    "SELECT string_agg(rpad(vin, 30) || title_number, E'\\n') FROM exchange.title_history"
    " WHERE vin = ANY (%(vins)s::text[]) AND jurisdiction = %(origin)s"
)
_READ_JUNK: Final[LiteralString] = (
    "SELECT string_agg(vin, E'\\n') FROM exchange.brand_history"
    " WHERE vin = ANY (%(vins)s::text[]) AND brand_code = ANY (%(junk)s)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnRecord:
    """Pointers of the vehicles of a lot: `place` is that of the first title of the vehicle in the lot.

    The columns of pointers have one row more, the last, which stands for no pointer and is like none.
    `own_titles` are titles of the origin in the histories, VIN and number in their full lengths, but not all of those
    that pointers show; `junk` are VINs with brands that end a road life.
    """

    place: Numbers
    pointer_number: Numbers
    entry: Cells
    jurisdiction: Cells
    title_number: Cells
    issued: Numbers
    make: Cells
    model_year: Numbers
    own_titles: list[str]
    junk: list[str]


def read_record(reading: psycopg.Connection[Any], titles: Titles, *, origin: str) -> OnRecord:
    """What is on record of the vehicles of these titles, at one moment."""
    vins = titles.of("vin")
    asked = {"vins": _as_array(vins), "origin": origin, "junk": sorted(END_OF_ROAD_LIFE)}
    columns = _columns(_read(reading, _READ_POINTERS, asked))
    shown = _as_array(columns["entry_id"][:-1])
    longer = _lines(_read(reading, _READ_LONGER_HISTORIES, {**asked, "shown": shown}))
    own = _read(reading, _READ_OWN_TITLES, {**asked, "vins": _printed_array(longer)}) if longer else b""
    junk = _read(reading, _READ_JUNK, asked)
    reading.rollback()
    since = columns["issue_date"]
    return OnRecord(
        place=np.searchsorted(column_of.keys(vins), column_of.keys(columns["vin"][:-1])),
        pointer_number=column_of.numbers(columns["pointer_number"]),
        entry=column_of.from_hexadecimal(columns["entry_id"][:, _DIGITS_OF_ID]),
        jurisdiction=columns["jurisdiction"],
        title_number=columns["title_number"],
        issued=column_of.days(since[:, :4], since[:, 5:7], since[:, 8:])[0],
        make=columns["make"],
        model_year=column_of.numbers(columns["model_year"]),
        own_titles=_lines(own),
        junk=_lines(junk),
    )


def _columns(answer: bytes) -> dict[str, Cells]:
    text = characters((answer + b"\n" if answer else b"") + _NO_POINTER)
    marks = np.flatnonzero((text == ord("\t")) | (text == ord("\n")))
    begins = np.concatenate(([0], marks[:-1] + 1)).reshape(-1, len(_COLUMNS))
    ends = marks.reshape(-1, len(_COLUMNS))
    found: dict[str, Cells] = {}
    for place, (name, width) in enumerate(_COLUMNS.items()):
        cut = gather_numbers if name in _NUMBERS else gather
        found[name] = cut(text, begins[:, place], ends[:, place], width=width)
    return found


def _lines(answer: bytes) -> list[str]:
    return answer.decode("ascii").split("\n") if answer else []


def _as_array(cells: Cells) -> str:
    """The values as the server reads an array: nothing in them needs a mark; the quotes are for one that reads NULL."""
    length = int(column_of.lengths(cells).min(initial=cells.shape[1]))
    if not len(cells) or (cells[:, length:] != column_of.BLANK).any():
        return _printed_array(column_of.texts(cells))
    # All of one length, as VINs most often are: the marks are laid between all of them at once.
    marked = np.full((len(cells), length + 3), ord('"'), dtype=np.uint8)
    marked[:, 1 : length + 1], marked[:, -1] = cells[:, :length], ord(",")
    return f"{{{marked.tobytes().decode('ascii')[:-1]}}}"


def _printed_array(values: list[str]) -> str:
    return '{"' + '","'.join(values) + '"}' if values else "{}"


def _read(reading: psycopg.Connection[Any], statement: LiteralString, asked: Mapping[str, Any]) -> bytes:
    # Planned for these values: a list of ids that must not be among them is then looked up and not gone through.
    row = reading.execute(statement, asked, prepare=False).fetchone()
    return b"" if row is None or row[0] is None else row[0].encode("ascii")

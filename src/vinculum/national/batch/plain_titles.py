"""Plain titles of a VINADD file: the first of a vehicle, or one that takes over its only pointer (N-303, N-504).

The law makes the same of all of them; at most a warning is said that was found in the title alone. Plain is also that a
title exists which its own pointer shows (401). One connection reads what is on record of a
lot of VINs while another writes the lot before. Whatever is not plain is left to `add_titles`, which knows the
whole law; so is a lot in which a pointer turns out to have moved when it is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, LiteralString
from uuid import UUID

import numpy as np
import psycopg

from vinculum.national.batch import cells as column_of
from vinculum.national.batch import copy_binary as binary
from vinculum.national.batch.add_titles import COPY_TOLD
from vinculum.national.batch.cells import Cells, Mask, Numbers
from vinculum.national.batch.on_record import OnRecord, read_record
from vinculum.national.batch.staged_titles import staged
from vinculum.national.batch.tally import Tally
from vinculum.national.batch.titles import TEXTS, Titles
from vinculum.protocol.problem import PROBLEM_KINDS

_TITLE: Final[LiteralString] = (
    "entry_id, transaction_type, transaction_at, jurisdiction, title_number, issue_date, make, model_year,"
    " odometer, odometer_unit, state_title_key"
)
_TITLE_COLUMNS: Final = 11
_MAKE_POINTERS: Final[LiteralString] = (
    f"COPY exchange.pointer (vin, pointer_number, {_TITLE}) FROM STDIN (FORMAT binary)"
)
_ADD_HISTORY: Final[LiteralString] = (
    f"COPY exchange.title_history (vin, {_TITLE}, replaces) FROM STDIN (FORMAT binary)"
)
_ADD_NOTICES: Final[LiteralString] = (
    "COPY exchange.notice (vin, notice_id, to_jurisdiction, kind, title_number, by_jurisdiction, issue_date,"
    " created_at) FROM STDIN (FORMAT binary)"
)
_NOTICE_COLUMNS: Final = 8
_STAGE_MOVES: Final[LiteralString] = (
    f"COPY staging.move (vin, pointer_number, expected, {_TITLE}) FROM STDIN (FORMAT binary)"
)
_MOVE_POINTERS: Final[LiteralString] = f"""
UPDATE exchange.pointer AS p
   SET ({_TITLE}) = ROW(v.entry_id, v.transaction_type, v.transaction_at, v.jurisdiction, v.title_number, v.issue_date,
       v.make, v.model_year, v.odometer, v.odometer_unit, v.state_title_key)
  FROM staging.move AS v
 WHERE p.vin = v.vin AND p.pointer_number = v.pointer_number AND p.entry_id = v.expected
"""  # noqa: S608
CLEAR_MOVES: Final[LiteralString] = "TRUNCATE staging.move"
_ERRORS: Final = {code for code, kind in PROBLEM_KINDS.items() if kind.severity == "error"}
# More shapes in one lot are rare, and would cost more than they save.
MOST_SHAPES: Final = 48
# No text has more characters: a shape is a number with a digit for each length.
_LONGER_THAN_ANY: Final = 64


class _Moved(Exception):
    """A pointer of the lot is no longer what was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A lot as it is going to be written: all its titles, and the places of those that are not plain."""

    titles: Titles
    rest: Numbers
    plain: int
    moved: int
    with_warnings: int
    refused: int
    texts: Mapping[LiteralString, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beside:
    """Titles beside the pointers of their vehicles, title by title.

    `pointer` is the place of a pointer on record, -1 where there is none. `odd`: more has to be known
    to decide the title. `exists`: the pointer shows that very title. `own`: the history does. `fits`: there is no
    pointer, or it can be taken over.
    """

    pointer: Numbers
    odd: Mask
    exists: Mask
    own: Mask
    fits: Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainTitles:
    """The plain titles of one file."""

    file_id: UUID
    origin: str
    at: datetime

    def prepare(self, titles: Titles, *, reading: psycopg.Connection[Any]) -> Prepared:
        """Read what is on record of the VINs of a lot, and make out what is plain and what that writes."""
        record = read_record(reading, titles, origin=self.origin)
        beside = self._beside_the_record(titles, record)
        refused = ~beside.odd & beside.exists
        plain = ~(beside.odd | beside.exists | beside.own) & beside.fits
        shapes = self._shapes(titles, record, pointer=beside.pointer)
        found, counts = np.unique(shapes[plain], return_counts=True)
        found = found[np.argsort(-counts, kind="stable")][:MOST_SHAPES]
        of_shapes = [np.flatnonzero(plain & (shapes == shape)) for shape in found]
        # From here on what is written tells what is plain.
        plain = np.zeros(len(titles), dtype=np.bool_)
        for places in of_shapes:
            plain[places] = True
        has_codes = np.zeros(len(titles), dtype=np.bool_)
        has_codes[list(titles.codes)] = True
        warned, refused_at = np.flatnonzero(plain & has_codes), np.flatnonzero(refused)
        told = staged(titles, warned, "1", "0") + staged(titles, refused_at, "1", "0", also="401")
        return Prepared(
            titles=titles,
            rest=np.flatnonzero(~plain & ~refused),
            plain=int(plain.sum()),
            moved=int((plain & (beside.pointer >= 0)).sum()),
            with_warnings=len(warned),
            refused=len(refused_at),
            texts={**self._texts(titles, record, beside.pointer, of_shapes), COPY_TOLD: told},
        )

    def _beside_the_record(self, titles: Titles, record: OnRecord) -> _Beside:
        count, vins = len(titles), titles.of("vin")
        pointers = np.bincount(record.place, minlength=count)
        pointer = np.full(count, -1, dtype=np.int64)
        pointer[record.place] = np.arange(len(record.place))
        again = (vins[1:] == vins[:-1]).all(axis=1)
        odd = pointers > 1
        odd[1:] |= again
        odd[:-1] |= again
        odd[[place for place, codes in titles.codes.items() if not _ERRORS.isdisjoint(codes)]] = True
        if record.junk:
            odd |= np.isin(column_of.keys(vins), column_of.keys_of(record.junk, width=vins.shape[1]))
        exists = (record.jurisdiction[pointer] == _letters(self.origin)).all(axis=1)
        exists &= (record.title_number[pointer] == titles.of("title_number")).all(axis=1)
        takes_over = (record.make[pointer] == titles.of("make")).all(axis=1)
        takes_over &= record.model_year[pointer] == titles.model_year
        takes_over &= record.issued[pointer] <= titles.issued
        own = np.zeros(count, dtype=np.bool_)
        if record.own_titles:
            both = np.concatenate((vins, titles.of("title_number")), axis=1)
            own = np.isin(column_of.keys(both), column_of.keys_of(record.own_titles, width=both.shape[1]))
        return _Beside(pointer=pointer, odd=odd, exists=exists, own=own, fits=(pointer < 0) | takes_over)

    def _shapes(self, titles: Titles, record: OnRecord, *, pointer: Numbers) -> Numbers:
        """How long the values of a title's rows are, and which rows it makes, as one number."""
        stays = (record.jurisdiction[pointer] == _letters(self.origin)).all(axis=1)
        shapes: Numbers = np.where(pointer < 0, 0, np.where(stays, 1, 2))
        for lengths in (
            *(titles.lengths[name] for name in TEXTS),
            column_of.lengths(record.title_number)[pointer],
        ):
            shapes = shapes * _LONGER_THAN_ANY + lengths
        return shapes

    def _texts(
        self, titles: Titles, record: OnRecord, pointer: Numbers, of_shapes: list[Numbers]
    ) -> dict[LiteralString, bytes]:
        """What is handed over, statement by statement, in the order in which they are executed."""
        parts: dict[LiteralString, list[bytes]] = {
            statement: [] for statement in (_STAGE_MOVES, _MAKE_POINTERS, _ADD_HISTORY, _ADD_NOTICES)
        }
        for places in of_shapes:
            for statement, part in self._rows_of(titles, record, pointer, places):
                parts[statement].append(part)
        return {statement: binary.whole(found) for statement, found in parts.items()}

    def _rows_of(
        self, titles: Titles, record: OnRecord, pointer: Numbers, places: Numbers
    ) -> list[tuple[LiteralString, bytes]]:
        """The rows of titles that are of one shape."""
        count, lines, origin = len(places), titles.lines.take(places), self.origin.encode()
        texts = {name: lines.of(name)[:, : titles.lengths[name][places[0]]] for name in TEXTS}
        # `entry_id_of` and `moment_of`, for columns.
        entry = binary.ids_of_records(bytes.fromhex(str(self.file_id)[:24].replace("-", "")), lines.numbers)
        moment, issued = binary.moments(self.at, lines.numbers), binary.dates(titles.issued[places])
        vin = binary.fields([texts["vin"]], count=count)
        title = binary.fields(
            [
                *(entry, b"AD", moment, origin, texts["title_number"], issued, texts["make"]),
                binary.smallints(titles.model_year[places]),
                binary.integers(titles.odometer[places]),
                *(lines.of("odometer_unit"), texts["state_title_key"]),
            ],
            count=count,
        )
        held = pointer[places]
        if held[0] < 0:
            first, nothing = binary.fields([b"\0\1"], count=count), binary.fields([None], count=count)
            return [
                (_MAKE_POINTERS, binary.rows([vin, first, title], columns=2 + _TITLE_COLUMNS)),
                (_ADD_HISTORY, binary.rows([vin, title, nothing], columns=2 + _TITLE_COLUMNS)),
            ]
        number = binary.fields([binary.smallints(record.pointer_number[held])], count=count)
        expected = binary.fields([record.entry[held]], count=count)
        found = [
            (_STAGE_MOVES, binary.rows([vin, number, expected, title], columns=3 + _TITLE_COLUMNS)),
            (_ADD_HISTORY, binary.rows([vin, title, expected], columns=2 + _TITLE_COLUMNS)),
        ]
        state = record.jurisdiction[held]
        if bytes(state[0]) != origin:
            old = record.title_number[held]
            old = old[:, : column_of.lengths(old[:1])[0]]
            told = binary.fields(
                [texts["vin"], entry, state, b"title_left", old, origin, issued, moment], count=count
            )
            found.append((_ADD_NOTICES, binary.rows([told], columns=_NOTICE_COLUMNS)))
        return found


def _letters(text: str) -> Cells:
    return column_of.characters(text.encode("ascii"))


def write_prepared(connection: psycopg.Connection[Any], lot: Prepared, *, tally: Tally) -> Numbers:
    """Write and count the plain titles of the lot; the places of those left, which are all if a pointer moved."""
    try:
        with connection.transaction():
            for statement, text in lot.texts.items():
                if text:
                    copy_in(connection, statement, text)
                if statement is _STAGE_MOVES and text:
                    if connection.execute(_MOVE_POINTERS).rowcount != lot.moved:
                        raise _Moved
                    connection.execute(CLEAR_MOVES)
    except (_Moved, psycopg.errors.UniqueViolation):
        return np.arange(len(lot.titles))
    tally.valid += lot.plain
    tally.rejected += lot.refused
    tally.with_warnings += lot.with_warnings
    return lot.rest


def copy_in(connection: psycopg.Connection[Any], statement: LiteralString, text: bytes) -> None:
    """Hand the rows over."""
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(text)

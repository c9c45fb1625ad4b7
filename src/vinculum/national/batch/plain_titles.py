"""Plain titles of a VINADD file: the first of a vehicle, or one that takes over its only pointer (N-303, N-504).

The law makes the same of all of them; at most a warning is said that was found in the title alone. Plain is also that a
title exists which its own pointer shows (401). One connection reads what is on record of a
lot of VINs while another writes the lot before. Whatever is not plain is left to `add_titles`, which knows the
whole law; so is a lot in which a pointer turns out to have moved when it is written.
"""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, LiteralString
from uuid import UUID

import polars as pl
import psycopg

from vinculum.national.batch import copy_binary as binary
from vinculum.national.batch.add_titles import COPY_TOLD
from vinculum.national.batch.tally import Tally
from vinculum.national.law.brands import END_OF_ROAD_LIFE
from vinculum.protocol.problem import PROBLEM_KINDS

_POINTERS: Final = pl.Schema(
    {
        "vin": pl.String(),
        "pointer_number": pl.Int16(),
        "expected": pl.String(),
        "held_by": pl.String(),
        "held_number": pl.String(),
        "held_since": pl.String(),
        "held_make": pl.String(),
        "held_year": pl.Int64(),
    }
)
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
    "SELECT string_agg(concat_ws(E'\\t', vin, title_number), E'\\n') FROM exchange.title_history"
    " WHERE vin = ANY (%(vins)s::text[]) AND jurisdiction = %(origin)s"
)
_READ_JUNK: Final[LiteralString] = (
    "SELECT string_agg(vin, E'\\n') FROM exchange.brand_history"
    " WHERE vin = ANY (%(vins)s::text[]) AND brand_code = ANY (%(junk)s)"
)
_TITLE: Final[LiteralString] = (
    "entry_id, transaction_type, transaction_at, jurisdiction, title_number, issue_date, make, model_year,"
    " odometer, odometer_unit, state_title_key"
)
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
STAGED: Final = (
    "record_number",
    "vin",
    "title_number",
    "issue_date",
    "make",
    "model_year",
    "odometer",
    "odometer_unit",
    "state_title_key",
    "road",
    "sent_make",
    "codes",
)
_MAY_HOLD_BACKSLASHES: Final = ("make", "state_title_key", "sent_make")
_ERRORS: Final = [code for code, kind in PROBLEM_KINDS.items() if kind.severity == "error"]
_WITH_401: Final = (
    pl.when(pl.col("codes").is_null())
    .then(pl.lit("{401}"))
    .otherwise(pl.col("codes").str.strip_suffix("}") + pl.lit(",401}"))
)
_TEXTS: Final = ("vin", "title_number", "make", "odometer_unit", "state_title_key", "held_by", "held_number")
_WRITTEN: Final = (
    *("shape", "record_number", "issue_date", "model_year", "odometer", "pointer_number", "expected"),
    *_TEXTS,
)
# What the shape of a title says: which rows it makes, and how long its texts are.
_SHAPING: Final = ("vin", "title_number", "make", "state_title_key", "held_number")
_LENGTHS: Final = ("held_by", *(pl.col(name).str.len_bytes() for name in _SHAPING))
# More of them in one lot are rare, and would cost more than they save.
MOST_SHAPES: Final = 48


class _Moved(Exception):
    """A pointer of the lot is no longer what was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A lot as it is going to be written: all its rows, and those that are not plain."""

    rows: pl.DataFrame
    rest: pl.DataFrame
    plain: int
    moved: int
    with_warnings: int
    refused: int
    texts: Mapping[LiteralString, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainTitles:
    """The plain titles of one file."""

    file_id: UUID
    origin: str
    at: datetime

    def prepare(self, rows: pl.DataFrame, *, reading: psycopg.Connection[Any]) -> Prepared:
        """Read what is on record of the VINs of a lot, and make out what is plain and what that writes.

        The rows are in order of their VINs.
        """
        asked = {
            "vins": _as_array(rows["vin"]),
            "origin": self.origin,
            "junk": sorted(END_OF_ROAD_LIFE),
        }
        pointers = _read(reading, _READ_POINTERS, asked, schema=_POINTERS)
        own = self._own_titles(asked, pointers["expected"], reading=reading)
        junk = _read(reading, _READ_JUNK, asked, schema={"vin": pl.String})
        reading.rollback()
        joined = self._beside_the_record(rows, pointers=pointers, own=own, junk=junk)
        refused = joined.filter(pl.col("odd").not_() & pl.col("exists")).with_columns(codes=_WITH_401)
        plain = pl.col("odd").not_() & pl.col("exists").not_() & ~pl.col("own") & pl.col("fits")
        joined = joined.with_columns(shape=pl.when(plain).then(self._shape()))
        shapes = joined["shape"].drop_nulls().value_counts(sort=True)["shape"].head(MOST_SHAPES)
        is_plain = pl.col("shape").is_in(shapes.implode()).fill_null(value=False)
        titles = joined.filter(is_plain)
        warned = titles.filter(pl.col("codes").is_not_null())
        told = pl.concat([warned.select(STAGED), refused.select(STAGED)])
        return Prepared(
            rows=rows,
            rest=joined.filter(~is_plain & (pl.col("odd") | pl.col("exists").not_())).select(STAGED),
            plain=len(titles),
            moved=len(titles) - titles["expected"].null_count(),
            with_warnings=len(warned),
            refused=len(refused),
            texts={
                **self._texts(titles),
                COPY_TOLD: as_copy_text(told, turn="1", tried="0") if len(told) else b"",
            },
        )

    def _own_titles(
        self, asked: Mapping[str, Any], shown: pl.Series, *, reading: psycopg.Connection[Any]
    ) -> pl.DataFrame:
        """Titles of the origin in the histories of the VINs; those that pointers show need not be among them."""
        asked = {**asked, "shown": _as_array(shown)}
        longer = _read(reading, _READ_LONGER_HISTORIES, asked, schema={"vin": pl.String})["vin"]
        schema = pl.Schema({"vin": pl.String(), "title_number": pl.String()})
        if not len(longer):
            return pl.DataFrame(schema=schema)
        return _read(reading, _READ_OWN_TITLES, {**asked, "vins": _as_array(longer)}, schema=schema)

    def _beside_the_record(
        self, rows: pl.DataFrame, *, pointers: pl.DataFrame, own: pl.DataFrame, junk: pl.DataFrame
    ) -> pl.DataFrame:
        """Each title with the only pointer of its vehicle, if there is one.

        `odd`: more has to be known to decide it. `exists`: the pointer shows that very title. `own`: the history does.
        `fits`: there is no pointer, or it can be taken over.
        """
        several = pointers.filter(pl.col("vin").is_duplicated())["vin"]
        joined = rows.join(
            pointers.filter(~pl.col("vin").is_duplicated()), on="vin", how="left", maintain_order="left"
        )
        own = own.unique().with_columns(own=pl.lit(value=True))
        joined = joined.join(own, on=["vin", "title_number"], how="left", maintain_order="left")
        repeated = (pl.col("vin") == pl.col("vin").shift(1)) | (pl.col("vin") == pl.col("vin").shift(-1))
        odd = repeated.fill_null(value=False) | pl.col("codes").str.contains_any(_ERRORS).fill_null(
            value=False
        )
        for vins in (several, junk["vin"]):
            if len(vins):
                odd = odd | pl.col("vin").is_in(vins.implode())
        takes_over = (
            (pl.col("make") == pl.col("held_make"))
            & (pl.col("model_year") == pl.col("held_year"))
            & (pl.col("issue_date") >= pl.col("held_since").str.to_date("%Y-%m-%d"))
        )
        exists = (pl.col("held_by") == self.origin) & (pl.col("held_number") == pl.col("title_number"))
        return joined.with_columns(
            odd=odd,
            own=pl.col("own").fill_null(value=False),
            exists=exists.fill_null(value=False),
            fits=pl.col("expected").is_null() | takes_over,
        )

    def _shape(self) -> pl.Expr:
        """How long the values of a row are, and which rows it makes; its texts have less than 64 characters."""
        shape = pl.col("held_by").is_null().cast(pl.Int64) * 2 + (pl.col("held_by") == self.origin).fill_null(
            value=False
        ).cast(pl.Int64)
        for column in _SHAPING:
            shape = shape * 64 + pl.col(column).str.len_bytes().fill_null(0).cast(pl.Int64)
        return shape

    def _texts(self, titles: pl.DataFrame) -> dict[LiteralString, bytes]:
        """What is handed over, statement by statement, in the order in which they are executed."""
        parts: dict[LiteralString, list[bytearray]] = {
            statement: [] for statement in (_STAGE_MOVES, _MAKE_POINTERS, _ADD_HISTORY, _ADD_NOTICES)
        }
        if len(titles):
            titles = titles.select(_WRITTEN).sort("shape", maintain_order=True)
            values = _ColumnValues.of(titles, file_id=self.file_id, at=self.at)
            counts = titles["shape"].rle().struct.unnest()["len"]
            heads = titles.select(_LENGTHS)[(counts.cum_sum() - counts).to_list()]
            for count, head in zip(counts.to_list(), heads.iter_rows(named=True), strict=True):
                for statement, part in self._rows_of(values, count=count, head=head):
                    parts[statement].append(part)
        return {statement: binary.whole(found) for statement, found in parts.items()}

    def _rows_of(
        self, values: "_ColumnValues", *, count: int, head: Mapping[str, Any]
    ) -> Iterator[tuple[LiteralString, bytearray]]:
        """The rows of the next titles, which are of one shape: that of the head."""
        origin = self.origin.encode()
        vin, moment = values.vin.take(count, width=head["vin"]), values.moment.take(count, width=8)
        entry, issued = values.entry.take(count, width=16), values.issued.take(count, width=4)
        title: tuple[binary.Column, ...] = (
            *(entry, b"AD", moment, origin),
            values.title_number.take(count, width=head["title_number"]),
            issued,
            values.make.take(count, width=head["make"]),
            values.model_year.take(count, width=2),
            values.odometer.take(count, width=4),
            values.odometer_unit.take(count, width=1),
            values.state_title_key.take(count, width=head["state_title_key"]),
        )
        if head["held_by"] is None:
            yield _MAKE_POINTERS, binary.rows((vin, b"\0\1", *title), count=count)
            yield _ADD_HISTORY, binary.rows((vin, *title, None), count=count)
            return
        expected, place = values.expected.take(count, width=16), values.pointer_number.take(count, width=2)
        yield _STAGE_MOVES, binary.rows((vin, place, expected, *title), count=count)
        yield _ADD_HISTORY, binary.rows((vin, *title, expected), count=count)
        held = values.held_by.take(count, width=2)
        old = values.held_number.take(count, width=head["held_number"])
        if head["held_by"] != self.origin:
            told = (vin, entry, held, b"title_left", old, origin, issued, moment)
            yield _ADD_NOTICES, binary.rows(told, count=count)


@dataclass(frozen=True, slots=True, kw_only=True)
class _ColumnValues:
    """What the rows of the titles of a lot hold, column by column; what is held only of vehicles with a pointer."""

    vin: binary.Run
    entry: binary.Run
    moment: binary.Run
    title_number: binary.Run
    issued: binary.Run
    make: binary.Run
    model_year: binary.Run
    odometer: binary.Run
    odometer_unit: binary.Run
    state_title_key: binary.Run
    pointer_number: binary.Run
    expected: binary.Run
    held_by: binary.Run
    held_number: binary.Run

    @classmethod
    def of(cls, titles: pl.DataFrame, *, file_id: UUID, at: datetime) -> "_ColumnValues":
        number = titles["record_number"]
        digits = pl.col("record_number").cast(pl.String).str.zfill(12)
        joined = titles.select(pl.col(*_TEXTS, "expected").str.join(""), digits.str.join("").alias("digits"))
        texts: dict[str, str] = joined.row(0, named=True)
        # `entry_id_of` and `moment_of`, for columns.
        return cls(
            entry=binary.in_front(
                bytes.fromhex(str(file_id)[:24].replace("-", "")),
                binary.hexadecimals(texts["digits"]),
                width=6,
            ),
            moment=binary.moments(at, number),
            issued=binary.dates(titles["issue_date"]),
            model_year=binary.smallints(titles["model_year"]),
            odometer=binary.integers(titles["odometer"]),
            pointer_number=binary.smallints(titles["pointer_number"].drop_nulls()),
            expected=binary.hexadecimals(texts["expected"]),
            **{name: binary.texts(texts[name]) for name in _TEXTS},
        )


def write_prepared(connection: psycopg.Connection[Any], lot: Prepared, *, tally: Tally) -> pl.DataFrame:
    """Write and count the plain titles of the lot; the rows that are left, all of them if a pointer moved."""
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
        return lot.rows
    tally.valid += lot.plain
    tally.rejected += lot.refused
    tally.with_warnings += lot.with_warnings
    return lot.rest


def copy_in(connection: psycopg.Connection[Any], statement: LiteralString, text: bytes) -> None:
    """Hand the rows over."""
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(text)


def as_copy_text(rows: pl.DataFrame, **more: str) -> bytes:
    """The staged columns of the rows as COPY reads them: tabs between, \\N for nothing, backslashes doubled."""
    buffer = io.BytesIO()
    slashed = pl.col(*_MAY_HOLD_BACKSLASHES).str.replace_all("\\", "\\\\", literal=True)
    rows.select(STAGED).with_columns(
        slashed, **{name: pl.lit(value) for name, value in more.items()}
    ).write_csv(
        buffer,
        include_header=False,
        separator="\t",
        null_value="\\N",
        quote_style="never",
        date_format="%Y-%m-%d",
    )
    return buffer.getvalue()


def _as_array(values: pl.Series) -> str:
    """The values as the server reads an array: nothing in them needs a mark; the quotes are for one that reads NULL."""
    return '{"' + '","'.join(values) + '"}' if len(values) else "{}"


def _read(
    reading: psycopg.Connection[Any], statement: LiteralString, asked: Mapping[str, Any], *, schema: Any
) -> pl.DataFrame:
    # Planned for these values: a list of ids that must not be among them is then looked up and not gone through.
    row = reading.execute(statement, asked, prepare=False).fetchone()
    if row is None or row[0] is None:
        return pl.DataFrame(schema=schema)
    return pl.read_csv(
        row[0].encode("ascii"),
        has_header=False,
        separator="\t",
        quote_char=None,
        schema=schema,
        empty_string_is_null=False,
    )

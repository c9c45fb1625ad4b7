"""Detail lines of a VINADD file as columns: cut, measured and typed many at once.

A line that does not pass here is not wrong yet: it is read again by itself (`record_lines`), which says what is
wrong with it in the words that every file gets, or gives the row that the columns were too strict for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from vinculum.national.batch.layout import Column, Form, Layout
from vinculum.national.batch.record_lines import RecordFaults, is_printable
from vinculum.national.batch.tally import Findings
from vinculum.protocol.add_title import AddTitle
from vinculum.protocol.fields import NationalField, rulers_of

_RULERS: Final = dict(rulers_of(AddTitle))
_DEFAULTS: Final = {"odometer_unit": "M", "state_title_key": "", "title_type": "road"}
# What is read of each line, and how it is kept.
SCHEMA: Final = pl.Schema(
    {
        "record_number": pl.Int64(),
        "vin": pl.String(),
        "title_number": pl.String(),
        "issue_date": pl.Date(),
        "make": pl.String(),
        "model_year": pl.Int64(),
        "odometer": pl.Int64(),
        "odometer_unit": pl.String(),
        "state_title_key": pl.String(),
        "title_type": pl.String(),
    }
)
ReadAlone = Callable[[bytes, int], AddTitle]
_DIGITS: Final = b"0123456789"
_CAPITALS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ANYTHING: Final = (r"[\x20-\x7E]*", r"[\x20-\x7E]+")
# Where neither a hyphen nor a blank in front occurs, capitals, digits and blanks are all there is to it.
_TITLE_NUMBER: Final = r"[A-Z0-9](?:[A-Z0-9 -]*[A-Z0-9])?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Fixed-width lines of the right length and letter, printable throughout: one character below the other."""

    text: bytes
    width: int
    layout: Layout

    @classmethod
    def of(cls, text: bytes, layout: Layout) -> "Grid | None":
        """The grid that the lines make; None when one of them stands out."""
        width = layout.length + 1
        letters, ends = text[::width], text[width - 1 :: width]
        count = len(text) // width
        if len(text) != width * count or text.count(b"\n") != count or ends != b"\n" * count:
            return None
        if letters != layout.letter.encode() * count:
            return None
        return cls(text=text, width=width, layout=layout)

    def holds_only(self, allowed: bytes, *, begins: int, length: int) -> bool:
        """Whether nothing else stands in these places of any line."""
        return not any(
            self.text[place :: self.width].translate(None, allowed)
            for place in range(begins, begins + length)
        )

    def holds_no(self, unwanted: bytes, *, begins: int) -> bool:
        """Whether that character stands in this place of no line."""
        return unwanted not in self.text[begins :: self.width]

    def is_blank(self, column: Column, begins: int) -> bool:
        """Whether the column is empty in every line."""
        return self.holds_only(b" ", begins=begins, length=column.length)


def read_columns(
    lines: pl.DataFrame, *, layout: Layout, form: Form, read_alone: ReadAlone, findings: Findings
) -> pl.DataFrame:
    """The rows of the lines that can be read; the others are rejected in the findings.

    `lines` has a `record_number` and a `line`, in which each byte of the file is one character.
    """
    text = f"{lines['line'].str.join(chr(10)).item()}\n".encode("latin-1")
    suspect = not is_printable(text)
    grid = Grid.of(text, layout) if form == "fixed" and not suspect else None
    rows = (
        _rows_of_grid(lines, grid) if grid is not None else _rows(lines, layout, form=form, suspect=suspect)
    )
    if len(rows) == len(lines):
        return rows.select(SCHEMA.names())
    return _with_those_read_alone(rows, lines, read_alone=read_alone, findings=findings)


def _rows(frame: pl.DataFrame, layout: Layout, *, form: Form, suspect: bool) -> pl.DataFrame:
    frame = frame.with_columns(whole=_is_whole(layout, form=form, suspect=suspect))
    frame = frame.with_columns(_cut(layout, form=form))
    good = pl.all_horizontal("whole", *(_keeps_measure(column) for column in layout.columns))
    typed = [_typed(column).alias(column.name) for column in layout.columns]
    return frame.filter(good.fill_null(value=False)).select("record_number", *typed).drop_nulls()


def _rows_of_grid(frame: pl.DataFrame, grid: Grid) -> pl.DataFrame:
    """The same, where whole columns of the file can be seen to keep their measure without looking at each cell."""
    cells: list[pl.Expr] = []
    measures: list[pl.Expr] = []
    typed: list[pl.Expr] = []
    for column, begins in grid.layout.places():
        if not column.required and grid.is_blank(column, begins):
            typed.append(pl.lit(_DEFAULTS[column.name]).alias(column.name))
            continue
        cell = pl.col("line").str.slice(begins, column.length)
        filled = grid.holds_no(b" ", begins=begins + column.length - 1)
        cells.append((cell if filled else cell.str.strip_chars_end(" ")).alias(column.name))
        if not _is_settled(column, begins, grid):
            measures.append(_keeps_measure(column))
        typed.append(_typed(column).alias(column.name))
    frame = frame.select("record_number", *cells)
    if measures:
        frame = frame.filter(pl.all_horizontal(measures).fill_null(value=False))
    return frame.select("record_number", *typed).drop_nulls()


def _is_settled(column: Column, begins: int, grid: Grid) -> bool:
    """Whether every cell keeps its measure, as far as that shows in the characters of the column."""
    length = column.length
    if column.kind == "date":
        # The day itself is found out when it is typed; the year 0 is none.
        return grid.holds_only(_DIGITS, begins=begins, length=length) and grid.holds_no(b"0", begins=begins)
    ruler = _RULERS.get(column.name)
    if ruler is None:
        return False
    if column.kind == "number":
        leading = ruler.shortest == 1 or grid.holds_no(b"0", begins=begins)
        return leading and grid.holds_only(_DIGITS, begins=begins, length=length)
    if ruler.shortest > 1 or not grid.holds_no(b" ", begins=begins):
        return False
    if ruler.pattern in _ANYTHING:
        return True
    return ruler.pattern == _TITLE_NUMBER and grid.holds_only(
        _CAPITALS + _DIGITS + b" ", begins=begins, length=length
    )


def _with_those_read_alone(
    rows: pl.DataFrame, lines: pl.DataFrame, *, read_alone: ReadAlone, findings: Findings
) -> pl.DataFrame:
    left = lines.filter(~pl.col("record_number").is_in(rows["record_number"].implode()))
    rest: list[dict[str, Any]] = []
    for number, line in left.select("record_number", "line").iter_rows():
        try:
            message = read_alone(line.encode("latin-1"), number)
        except RecordFaults as faults:
            findings.reject(number, faults.vin, faults.problems)
            continue
        values = {name: getattr(message, name) for name in SCHEMA.names() if name != "record_number"}
        rest.append(values | {"record_number": number})
    return pl.concat([rows.select(SCHEMA.names()), pl.DataFrame(rest, schema=SCHEMA)])


def _is_whole(layout: Layout, *, form: Form, suspect: bool) -> pl.Expr:
    line = pl.col("line")
    if form == "fixed":
        whole = (line.str.len_bytes() == layout.length) & line.str.starts_with(layout.letter)
    else:
        commas = line.str.count_matches(",", literal=True) == len(layout.columns)
        whole = commas & line.str.starts_with(f"{layout.letter},") & ~line.str.contains('"', literal=True)
    return whole & ~line.str.contains(r"[^\x20-\x7e]") if suspect else whole


def _cut(layout: Layout, *, form: Form) -> list[pl.Expr]:
    line = pl.col("line")
    if form == "fixed":
        cut = [line.str.slice(begins, column.length) for column, begins in layout.places()]
    else:
        cells = line.str.splitn(",", len(layout.columns) + 1).struct
        cut = [cells.field(f"field_{place}") for place in range(1, len(layout.columns) + 1)]
    return [
        cell.str.strip_chars_end(" ").alias(column.name)
        for cell, column in zip(cut, layout.columns, strict=True)
    ]


def _keeps_measure(column: Column) -> pl.Expr:
    """Whether the cell can be read and keeps the measure of its field."""
    cell = pl.col(column.name)
    ruler = _RULERS.get(column.name)
    if column.kind == "date":
        good = cell.str.contains(r"^[0-9]{8}$") & (cell >= "00010101")
    elif column.kind == "number":
        assert ruler is not None
        shortest = ruler.shortest
        # No nought in front where the shortest number has more than one digit: 0999 is a number of three.
        good = cell.str.contains(rf"^[0-9]{{{shortest},{ruler.length}}}$")
        good = good & ~cell.str.starts_with("0") if shortest > 1 else good
    elif column.values:
        good = cell.is_in(list(column.values))
    else:
        assert ruler is not None
        good = _fits(cell, ruler)
    return good if column.required else good | (cell == "")


def _fits(cell: pl.Expr, ruler: NationalField) -> pl.Expr:
    length = cell.str.len_bytes()
    # What may stand anywhere in a file need not be looked for again.
    fits = (length >= ruler.shortest) & (length <= ruler.length)
    if ruler.pattern in _ANYTHING:
        return fits
    return fits & cell.str.contains(f"^(?:{ruler.pattern})$")


def _typed(column: Column) -> pl.Expr:
    cell = pl.col(column.name)
    if column.kind == "date":
        return cell.str.to_date("%Y%m%d", strict=False)
    if column.kind == "number":
        return cell.str.to_integer(dtype=pl.Int64, strict=False)
    if not column.required:
        return pl.when(cell == "").then(pl.lit(_DEFAULTS[column.name])).otherwise(cell)
    return cell

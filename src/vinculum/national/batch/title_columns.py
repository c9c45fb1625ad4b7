"""Detail lines of a VINADD file as columns: cut, measured and typed many at once.

A line that does not pass here is not wrong yet: it is read again by itself (`record_lines`), which says what is
wrong with it in the words that every file gets, or gives the row that the columns were too strict for.
"""

from collections.abc import Callable
from typing import Any, Final

import polars as pl

from vinculum.national.batch.layout import Column, Form, Layout
from vinculum.national.batch.reading import Details
from vinculum.national.batch.record_lines import NOT_ALLOWED, RecordFaults
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


def read_columns(
    details: Details, *, layout: Layout, form: Form, read_alone: ReadAlone, findings: Findings
) -> pl.DataFrame:
    """The rows of the lines that can be read; the others are rejected in the findings."""
    lines = details.lines
    joined = b"\n".join(lines)
    suspect = NOT_ALLOWED.search(joined.replace(b"\n", b"")) is not None
    # Latin-1 gives each byte one character; what is not ASCII fails below.
    frame = pl.DataFrame({"line": joined.decode("latin-1").split("\n")}).with_columns(
        record_number=pl.int_range(pl.len(), dtype=pl.Int64) + details.first
    )
    frame = frame.with_columns(whole=_is_whole(layout, form=form, suspect=suspect))
    frame = frame.with_columns(_cut(layout, form=form))
    frame = frame.with_columns(
        pl.all_horizontal("whole", *(_keeps_measure(column) for column in layout.columns))
        .fill_null(value=False)
        .alias("good")
    )
    rows = frame.filter("good").select(
        "record_number", *(_typed(column).alias(column.name) for column in layout.columns)
    )
    rows = rows.drop_nulls()
    if len(rows) == len(lines):
        return rows.select(SCHEMA.names())
    return _with_those_read_alone(rows, details, read_alone=read_alone, findings=findings)


def _with_those_read_alone(
    rows: pl.DataFrame, details: Details, *, read_alone: ReadAlone, findings: Findings
) -> pl.DataFrame:
    passed = set(rows["record_number"].to_list())
    rest: list[dict[str, Any]] = []
    for number, line in enumerate(details.lines, details.first):
        if number in passed:
            continue
        try:
            message = read_alone(line, number)
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
    if ruler.pattern in {r"[\x20-\x7E]*", r"[\x20-\x7E]+"}:
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

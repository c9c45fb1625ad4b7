"""The lines of a large file laid apart by their VINs, so that they can be worked in order without holding them all.

Where one lot ends and the next begins is asked of lines from all over the file, for a file may be in any order.
Of a line no more is read here than where it belongs; one that has no VIN to be seen may lie anywhere, for nothing will
come of it. The lots lie in a file without a name: whatever becomes of the process, nothing of it stays.
"""

import io
import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

import polars as pl

from vinculum.national.batch.layout import Form, Layout
from vinculum.national.batch.reading import LONGEST_LINE, Details
from vinculum.national.batch.record_lines import RecordFaults, is_printable, read_cells

RECORDS_IN_A_LOT: Final = 12_000
_MOST_LOTS: Final = 1_000
_LINES_PER_LOT: Final = 40
_ROWS_AT_ONCE: Final = 40_000
# It stands in no text that is printable.
_NO_SEPARATOR: Final = "\x1f"


def cut_lines(details: Details, *, layout: Layout, form: Form) -> pl.DataFrame:
    """The lines with their `record_number` and the `vin` that stands in them, as far as it can be seen."""
    line = pl.col("line")
    lines = _as_lines(details.text).with_columns(
        record_number=pl.int_range(pl.len(), dtype=pl.Int64) + details.first
    )
    if form == "fixed":
        column, begins = next((one, place) for one, place in layout.places() if one.name == "vin")
        return lines.with_columns(vin=line.str.slice(begins, column.length).str.strip_chars_end(" "))
    place = 1 + [column.name for column in layout.columns].index("vin")
    vin = (
        line.str.splitn(",", place + 2).struct.field(f"field_{place}").str.strip_chars_end(" ").fill_null("")
    )
    if b'"' in details.text:
        quoted = line.map_elements(lambda text: _quoted_vin(text, layout=layout), return_dtype=pl.String)
        vin = pl.when(line.str.contains('"', literal=True)).then(quoted).otherwise(vin)
    return lines.with_columns(vin=vin)


def _as_lines(text: bytes) -> pl.DataFrame:
    if not is_printable(text):
        # Latin-1 gives each byte one character; what is not ASCII fails when the line is read.
        return pl.DataFrame({"line": text[:-1].decode("latin-1").split("\n")}, schema={"line": pl.String})
    return pl.read_csv(
        text,
        has_header=False,
        separator=_NO_SEPARATOR,
        quote_char=None,
        schema={"line": pl.String},
        empty_string_is_null=False,
    )


def _quoted_vin(line: str, *, layout: Layout) -> str:
    try:
        return read_cells(line.encode("latin-1"), layout=layout, form="csv")[0]
    except RecordFaults:
        return ""


def borders_of(stream: BinaryIO, *, form: Form, line_length: int) -> list[str]:
    """The VINs at which a new lot begins. `line_length` is about how long a line is; the place is left alone."""
    file, size = stream.fileno(), os.fstat(stream.fileno()).st_size
    lots = min(size // (line_length * RECORDS_IN_A_LOT), _MOST_LOTS)
    if lots < 2:
        return []
    asked = lots * _LINES_PER_LOT
    vins: list[str] = []
    for place in range(asked):
        piece = os.pread(file, 2 * LONGEST_LINE, size * place // asked)
        line = piece[piece.find(b"\n") + 1 :].partition(b"\n")[0].decode("latin-1")
        vins.append(line[1:31].rstrip(" ") if form == "fixed" else line.partition(",")[2].partition(",")[0])
    vins.sort()
    return sorted({vins[_LINES_PER_LOT * lot] for lot in range(1, lots)})


@dataclass(slots=True, kw_only=True)
class TitleLots:
    """Lines, or rows of anything else that has a `vin`, lot after lot."""

    borders: list[str]
    directory: Path
    _file: BinaryIO = field(init=False)
    _places: list[list[tuple[int, int]]] = field(init=False)
    _waiting: list[pl.DataFrame] = field(default_factory=list, init=False)
    _rows_waiting: int = field(default=0, init=False)
    # Rows are put away while the next are read.
    _hand: ThreadPoolExecutor = field(init=False)
    _under_way: Future[None] | None = field(default=None, init=False)

    def __enter__(self) -> Self:
        self._hand = ThreadPoolExecutor(max_workers=1)
        self._file = tempfile.TemporaryFile(dir=self.directory)
        self._places = [[] for _ in range(len(self.borders) + 1)]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hand.shutdown()
        self._file.close()

    def lay(self, rows: pl.DataFrame) -> None:
        """Put the rows where they belong."""
        self._waiting.append(rows)
        self._rows_waiting += len(rows)
        if self._rows_waiting >= _ROWS_AT_ONCE:
            self._put_away_beside()

    def take(self) -> Iterator[pl.DataFrame]:
        """Lot after lot in the order of the VINs; all records of a VIN are in the same lot."""
        self._put_away_beside()
        self._settle()
        for places in self._places:
            frames: list[pl.DataFrame] = []
            for begins, length in places:
                frames.append(pl.read_ipc_stream(os.pread(self._file.fileno(), length, begins)))
            if frames:
                yield pl.concat(frames)

    def _put_away_beside(self) -> None:
        self._settle()
        if self._waiting:
            self._under_way = self._hand.submit(self._put_away, self._waiting)
            self._waiting, self._rows_waiting = [], 0

    def _settle(self) -> None:
        if self._under_way is not None:
            self._under_way.result()
            self._under_way = None

    def _put_away(self, waiting: list[pl.DataFrame]) -> None:
        rows = pl.concat(waiting)
        borders = pl.Series(self.borders, dtype=pl.String)
        rows = rows.with_columns(lot=borders.search_sorted(rows["vin"], side="right")).sort("lot")
        for (lot,), some in rows.partition_by("lot", as_dict=True, include_key=False).items():
            written = io.BytesIO()
            some.write_ipc_stream(written)
            self._places[lot].append((self._file.tell(), written.tell()))
            self._file.write(written.getbuffer())
        self._file.flush()

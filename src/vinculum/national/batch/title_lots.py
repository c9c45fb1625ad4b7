"""The titles of a large file laid apart by their VINs, so that they can be worked in order without holding them all.

Where one lot ends and the next begins is asked of lines from all over the file, for a file may be in any order.
The lots lie in a file without a name: whatever becomes of the process, nothing of it stays.
"""

import io
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

import polars as pl

from vinculum.national.batch.layout import Form
from vinculum.national.batch.reading import LONGEST_LINE

RECORDS_IN_A_LOT: Final = 12_000
_MOST_LOTS: Final = 1_000
_LINES_PER_LOT: Final = 40
_ROWS_AT_ONCE: Final = 40_000


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
    """Rows of titles, lot after lot."""

    borders: list[str]
    directory: Path
    _file: BinaryIO = field(init=False)
    _places: list[list[tuple[int, int]]] = field(init=False)
    _waiting: list[pl.DataFrame] = field(default_factory=list, init=False)
    _rows_waiting: int = field(default=0, init=False)

    def __enter__(self) -> Self:
        self._file = tempfile.TemporaryFile(dir=self.directory)
        self._places = [[] for _ in range(len(self.borders) + 1)]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def lay(self, rows: pl.DataFrame) -> None:
        """Put the rows where they belong."""
        self._waiting.append(rows)
        self._rows_waiting += len(rows)
        if self._rows_waiting >= _ROWS_AT_ONCE:
            self._put_away()

    def take(self) -> Iterator[pl.DataFrame]:
        """Lot after lot in the order of the VINs; all records of a VIN are in the same lot."""
        if len(self._places) == 1 and not self._places[0]:
            yield pl.concat(self._waiting) if self._waiting else pl.DataFrame()
            return
        self._put_away()
        for places in self._places:
            frames: list[pl.DataFrame] = []
            for begins, length in places:
                frames.append(pl.read_ipc_stream(os.pread(self._file.fileno(), length, begins)))
            if frames:
                yield pl.concat(frames)

    def _put_away(self) -> None:
        if not self._waiting:
            return
        rows = pl.concat(self._waiting).sort("vin")
        self._waiting, self._rows_waiting = [], 0
        ends = (
            [*rows["vin"].search_sorted(pl.Series(self.borders), side="left").to_list(), len(rows)]
            if self.borders
            else [len(rows)]
        )
        begins = 0
        for places, end in zip(self._places, ends, strict=True):
            if end > begins:
                written = io.BytesIO()
                rows.slice(begins, end - begins).write_ipc_stream(written)
                places.append((self._file.tell(), written.tell()))
                self._file.write(written.getbuffer())
                begins = end
        self._file.flush()

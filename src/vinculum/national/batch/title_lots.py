"""The lines of a large file laid apart by their VINs, so that they can be worked in order without holding them all.

Where one lot ends and the next begins is asked of lines from all over the file, for a file may be in any order. The
lots lie in a file without a name: whatever becomes of the process, nothing of it stays.
"""

import os
import random
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

import numpy as np

from vinculum.national.batch.cells import characters, keys, keys_of
from vinculum.national.batch.layout import Form
from vinculum.national.batch.reading import LONGEST_LINE
from vinculum.national.batch.title_lines import PLACES, WIDTH, TitleLines

RECORDS_IN_A_LOT: Final = 24_000
_MOST_LOTS: Final = 1_000
_LINES_PER_LOT: Final = 40
_ROWS_AT_ONCE: Final = 40_000
_VIN: Final = PLACES["vin"]
_NUMBER_WIDTH: Final = np.dtype(np.int64).itemsize
# How long lines are is seen at the beginning of the file.
_LOOKED_AT: Final = 64 * 1024


def borders_of(stream: BinaryIO, *, form: Form) -> list[str]:
    """The VINs at which a new lot begins. The place in the stream is left alone."""
    file, size = stream.fileno(), os.fstat(stream.fileno()).st_size
    first = os.pread(file, _LOOKED_AT, 0)
    lots = min(size * first.count(b"\n") // (max(len(first), 1) * RECORDS_IN_A_LOT), _MOST_LOTS)
    if lots < 2:
        return []
    asked = lots * _LINES_PER_LOT
    # Not at regular distances: files may be regular too. The same file is always asked at the same places.
    anywhere = random.Random(size)  # noqa: S311
    vins: list[str] = []
    for place in range(asked):
        piece = os.pread(
            file, 2 * LONGEST_LINE, size * place // asked + anywhere.randrange(size // asked + 1)
        )
        line = piece[piece.find(b"\n") + 1 :].partition(b"\n")[0].decode("latin-1")
        cell = line[_VIN] if form == "fixed" else line.partition(",")[2].partition(",")[0].strip('"')
        vins.append(cell.rstrip(" "))
    vins.sort()
    return sorted({vins[_LINES_PER_LOT * lot] for lot in range(1, lots)})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """Some lines of a lot: how many, and where they and their numbers lie."""

    count: int
    lines: int
    numbers: int


@dataclass(slots=True, kw_only=True)
class TitleLots:
    """Lines lot after lot."""

    borders: list[str]
    directory: Path
    _file: BinaryIO = field(init=False)
    _pieces: list[list[_Piece]] = field(init=False)
    _waiting: list[TitleLines] = field(default_factory=list, init=False)
    _rows_waiting: int = field(default=0, init=False)
    # Lines are put away while the next are read.
    _hand: ThreadPoolExecutor = field(init=False)
    _under_way: Future[None] | None = field(default=None, init=False)

    def __enter__(self) -> Self:
        self._hand = ThreadPoolExecutor(max_workers=1)
        self._file = tempfile.TemporaryFile(dir=self.directory)
        self._pieces = [[] for _ in range(len(self.borders) + 1)]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hand.shutdown()
        self._file.close()

    def lay(self, lines: TitleLines) -> None:
        """Put the lines where they belong."""
        self._waiting.append(lines)
        self._rows_waiting += len(lines)
        if self._rows_waiting >= _ROWS_AT_ONCE:
            self._put_away_beside()

    def take(self) -> Iterator[TitleLines]:
        """Lot after lot in the order of the VINs; all records of a VIN are in the same lot."""
        self._put_away_beside()
        self._settle()
        for pieces in self._pieces:
            if pieces:
                yield TitleLines.joined([self._read(piece) for piece in pieces])

    def _read(self, piece: _Piece) -> TitleLines:
        file = self._file.fileno()
        lines = os.pread(file, piece.count * WIDTH, piece.lines)
        numbers = os.pread(file, piece.count * _NUMBER_WIDTH, piece.numbers)
        return TitleLines(
            numbers=np.frombuffer(numbers, dtype=np.int64),
            cells=characters(lines).reshape(piece.count, WIDTH),
        )

    def _put_away_beside(self) -> None:
        self._settle()
        if self._waiting:
            self._under_way = self._hand.submit(self._put_away, self._waiting)
            self._waiting, self._rows_waiting = [], 0

    def _settle(self) -> None:
        if self._under_way is not None:
            self._under_way.result()
            self._under_way = None

    def _put_away(self, waiting: list[TitleLines]) -> None:
        lines = TitleLines.joined(waiting)
        vins = lines.of("vin")
        lots = np.searchsorted(keys_of(self.borders, width=vins.shape[1]), keys(vins), side="right")
        # Numbers of two bytes are put in order without comparing them.
        lines = lines.take(np.argsort(lots.astype(np.uint16), kind="stable"))
        begins_lines = self._file.tell()
        self._file.write(lines.cells.data)
        begins_numbers = self._file.tell()
        self._file.write(lines.numbers.data)
        self._file.flush()
        before = 0
        for lot, count in enumerate(np.bincount(lots).tolist()):
            if count:
                self._pieces[lot].append(
                    _Piece(
                        count=count,
                        lines=begins_lines + before * WIDTH,
                        numbers=begins_numbers + before * _NUMBER_WIDTH,
                    )
                )
            before += count

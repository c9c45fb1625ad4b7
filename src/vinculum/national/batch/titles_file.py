"""The way of a VINADD file: its lines laid apart by VIN, read and written lot by lot where plain, then the rest."""

from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeVar

import numpy as np
import psycopg
from psycopg.conninfo import make_conninfo

from vinculum.national.batch.add_titles import (
    CLEAR,
    COPY_ARRIVED,
    StagedFile,
    apply_staged,
    plan_by_rows,
    report_told,
)
from vinculum.national.batch.cells import Numbers
from vinculum.national.batch.entry_of_record import entry_id_of
from vinculum.national.batch.file_row import BatchFile
from vinculum.national.batch.layout import Form
from vinculum.national.batch.limits import lift_limits
from vinculum.national.batch.plain_titles import CLEAR_MOVES, PlainTitles, Prepared, copy_in, write_prepared
from vinculum.national.batch.reading import Details, Header, read_details
from vinculum.national.batch.record_lines import read_record
from vinculum.national.batch.staged_titles import staged
from vinculum.national.batch.tally import Findings, Tally
from vinculum.national.batch.title_checks import DecodedDescriptors, check_titles
from vinculum.national.batch.title_lines import TitleLines, cut_lines
from vinculum.national.batch.title_lots import TitleLots, borders_of
from vinculum.national.batch.titles import Titles, read_titles
from vinculum.protocol.add_title import AddTitle

_BYTES_AT_ONCE: Final = 1024 * 1024
# Below that a second connection costs more than it saves.
FEW_TITLES: Final = 1_000
# Lots are of different sizes: more than one lies ready when a small one is written.
_MADE_AHEAD: Final = 2
Note = Callable[[str, int], None]
Given = TypeVar("Given")
Made = TypeVar("Made")


def apply_titles_file(
    connection: psycopg.Connection[Any],
    stream: BinaryIO,
    header: Header,
    *,
    file: BatchFile,
    at: datetime,
    directory: Path,
    note: Note,
) -> Tally:
    """Apply all records in the connection's transaction. What does not fit into memory is laid into the directory."""
    tally, left = Tally(), 0
    arrival = StagedFile(file_id=file.file_id, origin=file.jurisdiction, at=at)
    reader = _Reader(file=file, at=at)
    connection.execute(CLEAR)
    connection.execute(CLEAR_MOVES)
    with TitleLots(borders=borders_of(stream, form=header.form), directory=directory) as lots:
        for details in read_details(stream, header, bytes_at_once=_BYTES_AT_ONCE):
            lines, findings = reader.cut(details, form=header.form)
            tally.read += details.count
            _report(connection, findings, tally=tally)
            lots.lay(lines)
            note("reading", tally.read)
        if tally.read < FEW_TITLES:
            for titles, findings in _ahead(reader.read, lots.take()):
                _report(connection, findings, tally=tally)
                left += _lay_in(connection, titles, np.arange(len(titles)))
        else:
            plan_by_rows(connection)
            plain = PlainTitles(file_id=file.file_id, origin=file.jurisdiction, at=at)
            with closing(_prepared(lots, plain, reader=reader, connection=connection)) as prepared:
                for lot, findings in prepared:
                    note("writing", tally.valid)
                    _report(connection, findings, tally=tally)
                    left += _lay_in(connection, lot.titles, write_prepared(connection, lot, tally=tally))
            report_told(connection, arrival)
    if left:
        apply_staged(connection, arrival, tally=tally, note=note)
    return tally


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Reads the lines of one file, as far as they can be read alone."""

    file: BatchFile
    at: datetime
    descriptors: DecodedDescriptors = field(default_factory=DecodedDescriptors)

    def cut(self, details: Details, *, form: Form) -> tuple[TitleLines, Findings]:
        """The lines, and what was found about those that are none."""
        findings = self._findings()
        return cut_lines(details, form=form, read_alone=self._read_alone, findings=findings), findings

    def read(self, lines: TitleLines) -> tuple[Titles, Findings]:
        """The titles of a lot, checked as far as they can be alone, and what was found about the others."""
        findings = self._findings()
        titles = read_titles(lines, read_alone=self._read_alone, findings=findings)
        check_titles(titles, at=self.at, descriptors=self.descriptors)
        return titles, findings

    def _findings(self) -> Findings:
        return Findings(file_id=self.file.file_id, tally=Tally())

    def _read_alone(self, line: bytes, number: int, form: Form) -> AddTitle:
        message: AddTitle = read_record(
            line,
            kind=self.file.kind,
            form=form,
            origin=self.file.jurisdiction,
            message_id=entry_id_of(self.file.file_id, number),
            sent_at=self.at,
        )
        return message


def _prepared(
    lots: TitleLots, plain: PlainTitles, *, reader: _Reader, connection: psycopg.Connection[Any]
) -> Generator[tuple[Prepared, Findings], None, None]:
    """Lot after lot, the next ones read up while one is written."""
    with _beside(connection) as reading:

        def prepare(lines: TitleLines) -> tuple[Prepared, Findings]:
            titles, findings = reader.read(lines)
            lift_limits(reading)
            return plain.prepare(titles, reading=reading), findings

        yield from _ahead(prepare, lots.take())


def _ahead(make: Callable[[Given], Made], given: Iterator[Given]) -> Iterator[Made]:
    """What is made of each, in order; while one is used the next ones are fetched and made, one after the other."""

    def following() -> Made | None:
        for one in given:
            return make(one)
        return None

    # One hand, so that two processors are enough: it rests while the reading session works for it.
    hand = ThreadPoolExecutor(max_workers=1)
    try:
        under_way = deque(hand.submit(following) for _ in range(_MADE_AHEAD))
        while (made := under_way.popleft().result()) is not None:
            under_way.append(hand.submit(following))
            yield made
    finally:
        hand.shutdown(cancel_futures=True)


@contextmanager
def _beside(connection: psycopg.Connection[Any]) -> Iterator[psycopg.Connection[Any]]:
    """Another connection of the same login that reads, and sees each lot at one moment."""
    told = connection.info
    reading = psycopg.connect(make_conninfo(told.dsn, password=told.password or None))
    with reading:
        reading.read_only = True
        reading.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        yield reading


def _report(connection: psycopg.Connection[Any], findings: Findings, *, tally: Tally) -> None:
    """Write what was found about lines that cannot be read, and count them."""
    tally.rejected += findings.tally.rejected
    findings.write(connection)


def _lay_in(connection: psycopg.Connection[Any], titles: Titles, which: Numbers) -> int:
    """Leave these titles to the whole law; how many they are."""
    if len(which):
        copy_in(connection, COPY_ARRIVED, staged(titles, which))
    return len(which)

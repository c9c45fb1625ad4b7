"""The way of a VINADD file: its lines laid apart by VIN, read and written lot by lot where plain, then the rest."""

from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeVar

import polars as pl
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
from vinculum.national.batch.entry_of_record import entry_id_of
from vinculum.national.batch.file_row import BatchFile
from vinculum.national.batch.limits import lift_limits
from vinculum.national.batch.plain_titles import (
    CLEAR_MOVES,
    STAGED,
    PlainTitles,
    Prepared,
    as_copy_text,
    copy_in,
    write_prepared,
)
from vinculum.national.batch.reading import Details, Header, read_details
from vinculum.national.batch.record_lines import read_record
from vinculum.national.batch.tally import Findings, Tally
from vinculum.national.batch.title_checks import DecodedDescriptors, check_columns
from vinculum.national.batch.title_columns import read_columns
from vinculum.national.batch.title_lots import TitleLots, borders_of, cut_lines
from vinculum.protocol.add_title import AddTitle

_BYTES_AT_ONCE: Final = 1024 * 1024
# Below that a second connection costs more than it saves.
FEW_TITLES: Final = 1_000
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
    staged = StagedFile(file_id=file.file_id, origin=file.jurisdiction, at=at)
    connection.execute(CLEAR)
    connection.execute(CLEAR_MOVES)
    borders = borders_of(stream, form=header.form, line_length=header.kind.detail.length)
    with TitleLots(borders=borders, directory=directory) as lots:
        for lines in _lines(stream, header):
            tally.read += len(lines)
            lots.lay(lines)
            note("reading", tally.read)
        if tally.read < FEW_TITLES:
            for rows, findings in _read(lots, file=file, at=at):
                _report(connection, findings, tally=tally)
                left += _lay_in(connection, rows)
        else:
            plan_by_rows(connection)
            titles = PlainTitles(file_id=file.file_id, origin=file.jurisdiction, at=at)
            with closing(_prepared(lots, titles, file=file, connection=connection)) as prepared:
                for lot, findings in prepared:
                    note("writing", tally.valid)
                    _report(connection, findings, tally=tally)
                    left += _lay_in(connection, write_prepared(connection, lot, tally=tally))
            report_told(connection, staged)
    if left:
        apply_staged(connection, staged, tally=tally, note=note)
    return tally


def _lines(stream: BinaryIO, header: Header) -> Iterator[pl.DataFrame]:
    """The lines with the VINs that stand in them, two pieces at a time."""

    def cut(some: Details) -> pl.DataFrame:
        return cut_lines(some, layout=header.kind.detail, form=header.form)

    return _two_at_once(cut, read_details(stream, header, bytes_at_once=_BYTES_AT_ONCE))


def _read(lots: TitleLots, *, file: BatchFile, at: datetime) -> Iterator[tuple[pl.DataFrame, Findings]]:
    """Lot after lot the rows that can be read, checked as far as they can be alone, and what was found."""
    descriptors = DecodedDescriptors()

    def read_alone(line: bytes, number: int) -> AddTitle:
        message: AddTitle = read_record(
            line,
            kind=file.kind,
            form=file.form,
            origin=file.jurisdiction,
            message_id=entry_id_of(file.file_id, number),
            sent_at=at,
        )
        return message

    def read(lines: pl.DataFrame) -> tuple[pl.DataFrame, Findings]:
        findings = Findings(file_id=file.file_id, tally=Tally())
        rows = read_columns(
            lines.sort("vin", maintain_order=True),
            layout=file.kind.detail,
            form=file.form,
            read_alone=read_alone,
            findings=findings,
        )
        rows = check_columns(rows, at=at, descriptors=descriptors).select(STAGED)
        # What was read alone stands at the end.
        return rows if rows["vin"].is_sorted() else rows.sort("vin", maintain_order=True), findings

    return _one_ahead(read, lots.take())


def _prepared(
    lots: TitleLots, titles: PlainTitles, *, file: BatchFile, connection: psycopg.Connection[Any]
) -> Generator[tuple[Prepared, Findings], None, None]:
    """Lot after lot, the next ones read up while one is written."""
    with _beside(connection) as reading:

        def prepare(lot: tuple[pl.DataFrame, Findings]) -> tuple[Prepared, Findings]:
            rows, findings = lot
            lift_limits(reading)
            return titles.prepare(rows, reading=reading), findings

        yield from _one_ahead(prepare, _read(lots, file=file, at=titles.at))


def _two_at_once(make: Callable[[Given], Made], given: Iterator[Given]) -> Iterator[Made]:
    """What is made of each, in order, two of them at the same time."""
    with ThreadPoolExecutor(max_workers=2) as hands:
        under_way: deque[Future[Made]] = deque()
        for one in given:
            under_way.append(hands.submit(make, one))
            if len(under_way) == 2:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


def _one_ahead(make: Callable[[Given], Made], given: Iterator[Given]) -> Iterator[Made]:
    """What is made of each, in order; the next is fetched and made while one is used."""

    def following() -> Made | None:
        for one in given:
            return make(one)
        return None

    with ThreadPoolExecutor(max_workers=1) as hand:
        under_way = hand.submit(following)
        while (made := under_way.result()) is not None:
            under_way = hand.submit(following)
            yield made


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


def _lay_in(connection: psycopg.Connection[Any], rows: pl.DataFrame) -> int:
    """Leave the rows to the whole law; how many they are."""
    if len(rows):
        copy_in(connection, COPY_ARRIVED, as_copy_text(rows))
    return len(rows)

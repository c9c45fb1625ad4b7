"""The way of a VINADD file: read in columns, laid into staging while the next lines are read, then applied."""

import io
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any, Final

import polars as pl
import psycopg

from vinculum.national.batch.add_titles import CLEAR, COPY_ARRIVED, StagedFile, apply_staged
from vinculum.national.batch.entry_of_record import entry_id_of
from vinculum.national.batch.file_row import BatchFile
from vinculum.national.batch.reading import Details
from vinculum.national.batch.record_lines import read_record
from vinculum.national.batch.tally import Findings, Tally
from vinculum.national.batch.title_checks import DecodedDescriptors, check_columns
from vinculum.national.batch.title_columns import read_columns
from vinculum.protocol.add_title import AddTitle

_STAGED: Final = (
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


def apply_titles_file(
    connection: psycopg.Connection[Any],
    details: Iterator[Details],
    *,
    file: BatchFile,
    at: datetime,
    note: Callable[[str, int], None],
) -> Tally:
    """Apply all records in the connection's transaction."""
    tally = Tally()
    descriptors = DecodedDescriptors()
    connection.execute(CLEAR)

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

    # One thread reads and checks, the other hands over: the server lays in while the next lines are read.
    with ThreadPoolExecutor(max_workers=1) as hand_over:
        under_way: Future[None] | None = None
        for some in details:
            findings = Findings(file_id=file.file_id, tally=tally)
            rows = read_columns(
                some, layout=file.kind.detail, form=file.form, read_alone=read_alone, findings=findings
            )
            text = _as_copy_text(check_columns(rows, at=at, descriptors=descriptors))
            tally.read += len(some.lines)
            if under_way is not None:
                under_way.result()
            under_way = hand_over.submit(_lay_in, connection, text, findings)
            note("reading", tally.read)
        if under_way is not None:
            under_way.result()
    staged = StagedFile(file_id=file.file_id, origin=file.jurisdiction, at=at)
    apply_staged(connection, staged, tally=tally, note=note)
    return tally


def _lay_in(connection: psycopg.Connection[Any], text: bytes, findings: Findings) -> None:
    with connection.cursor() as cursor, cursor.copy(COPY_ARRIVED) as copy:
        copy.write(text)
    findings.write(connection)


def _as_copy_text(rows: pl.DataFrame) -> bytes:
    """The rows as COPY reads them: tabs between, \\N for nothing, backslashes doubled."""
    buffer = io.BytesIO()
    rows.select(_STAGED).with_columns(
        pl.col(*_MAY_HOLD_BACKSLASHES).str.replace_all("\\", "\\\\", literal=True)
    ).write_csv(
        buffer,
        include_header=False,
        separator="\t",
        null_value="\\N",
        quote_style="never",
        date_format="%Y-%m-%d",
    )
    return buffer.getvalue()

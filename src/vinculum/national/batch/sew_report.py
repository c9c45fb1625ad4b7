"""The SEW report of a file: how many records came, failed, warned and held, and every message about one (N-502).

As data for a page, as CSV, and as fixed-width lines with the layouts declared here.
"""

import csv
import io
from collections.abc import Collection, Generator, Iterator
from dataclasses import dataclass
from typing import Any, Final, LiteralString

import psycopg

from vinculum.national.batch.file_row import BatchFile
from vinculum.national.batch.layout import Column, Layout
from vinculum.protocol.problem import Severity

# The words of the published sample, in its order.
COUNTS: Final = (
    ("NUMBER OF RECORDS INPUT", "records_read"),
    ("NUMBER OF RECORDS REJECTED DUE TO ERRORS", "records_rejected"),
    ("NUMBER OF RECORDS THAT HAD WARNINGS", "records_with_warnings"),
    ("NUMBER OF RECORDS VALID FOR UPDATE", "records_valid"),
)
_LONGEST_TEXT: Final = 160
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")

REPORT_HEADER: Final = Layout(
    letter="H",
    columns=(
        Column(
            name="jurisdiction",
            length=2,
            meaning="D20 code of the sender; blank for a yard or an insurer",
            mnemonic="BJUCDE",
            required=False,
        ),
        Column(name="file_id", length=20, meaning="the sender's name of the file"),
        Column(name="file_type", length=6, meaning="kind of file"),
        Column(name="state", length=9, meaning="applied or rejected"),
        Column(name="finished_on", length=8, meaning="day it was done (UTC)", kind="date"),
    ),
)
REPORT_COUNT: Final = Layout(
    letter="S",
    columns=(
        Column(name="words", length=48, meaning="what is counted"),
        Column(name="count", length=9, meaning="how many", kind="number"),
    ),
)
REPORT_MESSAGE: Final = Layout(
    letter="M",
    columns=(
        Column(
            name="record_number",
            length=9,
            meaning="number of the detail record, from 1; 0: the file",
            kind="number",
        ),
        Column(
            name="vin", length=30, meaning="VIN, as far as it can be read", mnemonic="VVHIDN", required=False
        ),
        Column(name="code", length=3, meaning="code"),
        Column(name="severity", length=1, meaning="E not applied, W applied", values=("E", "W")),
        Column(name="field", length=20, meaning="the field it is about", required=False),
        Column(name="text", length=_LONGEST_TEXT, meaning="what is wrong"),
    ),
)
REPORT_TRAILER: Final = Layout(
    letter="T",
    columns=(Column(name="message_count", length=9, meaning="how many M lines there are", kind="number"),),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is said of one record; record 0 is the file itself."""

    record_number: int
    vin: str
    code: str
    severity: Severity
    field: str
    text: str


_MESSAGES: Final[LiteralString] = """
SELECT record_number, vin, code, severity, field, text, place FROM exchange.batch_message
 WHERE file_id = %(file_id)s
   AND (%(severity)s::text IS NULL OR severity = %(severity)s)
   AND (%(code)s::text IS NULL OR code = %(code)s)
   AND code <> ALL (%(without)s::text[])
   AND (record_number, place) > (%(after)s, 32767)
"""
_ORDER: Final[LiteralString] = " ORDER BY record_number, place"
# A page ends with a record: what is said of one record is never cut in two, or `after` would skip the rest of it.
_PAGE: Final[LiteralString] = (
    f"SELECT * FROM ({_MESSAGES} ORDER BY record_number FETCH FIRST %(limit)s ROWS WITH TIES) AS page {_ORDER}"  # noqa: S608
)


def read_messages(
    connection: psycopg.Connection[Any],
    file: BatchFile,
    *,
    severity: Severity | None = None,
    code: str | None = None,
    without: Collection[str] = (),
    after: int = -1,
    limit: int | None = None,
) -> Generator[Message, None, None]:
    """The messages of a file by record number: one severity, one code, all but some codes; for pages, `after`.

    `limit` is reached by whole records: the last one brings all that is said of it.
    """
    if (
        file.state == "rejected"
        and severity in (None, "error")
        and code in (None, file.fault_code)
        and after < 0
    ):
        assert file.fault_code is not None
        said = f"Line {file.fault_line}: {file.fault_text}" if file.fault_line else str(file.fault_text)
        yield Message(record_number=0, vin="", code=file.fault_code, severity="error", field="", text=said)
    wanted = {"file_id": file.file_id, "severity": severity, "code": code, "without": list(without)}
    # A cursor of the server's: a file may have as many messages as records.
    with connection.cursor(name="sew_messages") as cursor:
        cursor.itersize = 10_000
        statement: LiteralString = _MESSAGES + _ORDER if limit is None else _PAGE
        for row in cursor.execute(statement, wanted | {"after": after, "limit": limit}):
            yield Message(
                record_number=row[0], vin=row[1], code=row[2], severity=row[3], field=row[4], text=row[5]
            )


def fixed_lines(file: BatchFile, messages: Iterator[Message]) -> Iterator[str]:
    """The report in fixed-width lines."""
    assert file.finished_at is not None
    header = {
        "jurisdiction": file.jurisdiction_code,
        "file_id": file.sender_file_id,
        "file_type": file.file_type,
        "state": file.state,
        "finished_on": file.finished_at.date(),
    }
    yield REPORT_HEADER.print_line(header, form="fixed") + "\n"
    for words, name in COUNTS:
        counted = {"words": words, "count": getattr(file, name) or 0}
        yield REPORT_COUNT.print_line(counted, form="fixed") + "\n"
    said = 0
    for message in messages:
        said += 1
        yield REPORT_MESSAGE.print_line(_message_values(message), form="fixed") + "\n"
    yield REPORT_TRAILER.print_line({"message_count": said}, form="fixed") + "\n"


def csv_lines(file: BatchFile, messages: Iterator[Message]) -> Iterator[str]:
    """The report as CSV: a line of counts, then one line per message. No cell can be taken for a formula."""
    yield _csv(["file_id", "file_type", "state", *(name for _words, name in COUNTS)])
    yield _csv(
        [file.sender_file_id, file.file_type, file.state, *(getattr(file, name) or 0 for _, name in COUNTS)]
    )
    yield _csv([column.name for column in REPORT_MESSAGE.columns])
    for message in messages:
        values = _message_values(message)
        yield _csv([values[column.name] for column in REPORT_MESSAGE.columns])


def _message_values(message: Message) -> dict[str, Any]:
    return {
        "record_number": message.record_number,
        "vin": message.vin,
        "code": message.code,
        "severity": "E" if message.severity == "error" else "W",
        "field": message.field,
        "text": message.text[:_LONGEST_TEXT],
    }


def _csv(cells: list[Any]) -> str:
    line = io.StringIO()
    tame = [f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell for cell in cells]
    csv.writer(line, lineterminator="\n").writerow(tame)
    return line.getvalue()

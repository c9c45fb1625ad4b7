"""An inquiry file is answered: record by record in its order, read by set statements, into a file of the spool (N-204).

What is said of a vehicle is what the inquiry on line is told: the same law puts it into words, the same filter hides
what is marked undercover, and every inquiry is logged with a digest of its answer, refused or not (N-206, N-207).
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, LiteralString
from uuid import UUID

import psycopg

from vinculum.national.batch.answer_layout import (
    ANSWER_HEADER,
    ANSWER_TRAILER,
    ANSWER_VERSION,
    answer_lines,
    rejected_lines,
)
from vinculum.national.batch.entry_of_record import entry_id_of
from vinculum.national.batch.file_row import BatchFile
from vinculum.national.batch.reading import Details, FileRefused
from vinculum.national.batch.record_lines import RecordFaults, read_record
from vinculum.national.batch.spool import Spool
from vinculum.national.batch.tally import Findings, Tally
from vinculum.national.law.inquiry_answer import compose_answer
from vinculum.national.law.standing import check_reporting
from vinculum.national.law.undercover import as_shown
from vinculum.national.records.papers import check_papers
from vinculum.national.records.roster import Roster
from vinculum.national.records.vehicles import EVERYTHING, read_vehicles
from vinculum.protocol.inquiry import UsedVehicleInquiry
from vinculum.protocol.problem import Problem

_MOST_AT_ONCE: Final = 1000
_LOG: Final[LiteralString] = (
    "COPY exchange.inquiry_log (vin, inquiry_id, asker_kind, asker, purpose, message_id, answer_hash, asked_at)"
    " FROM STDIN"
)
_KEEP: Final[LiteralString] = (
    "INSERT INTO exchange.batch_answer (file_id, content_name, byte_count, made_at) VALUES (%s, %s, %s, %s)"
)
# Of a line that cannot be read it is not known what it asked for.
_UNREAD: Final = "not readable"


def answer_inquiries(
    connection: psycopg.Connection[Any],
    details: Iterator[Details],
    *,
    file: BatchFile,
    spool: Spool,
    roster: Roster,
    at: datetime,
    note: Callable[[str, int], None],
) -> Tally:
    """Answer all records in the connection's transaction; the answer is there when that has committed."""
    work = _Answering(connection=connection, file=file, roster=roster, at=at)
    work.check_reporting()
    # The file is written while it is made: however many records there are, a thousand are in memory.
    spooled = spool.receive(work.blocks(details, note=note))
    connection.execute(_KEEP, (file.file_id, spooled.content_name, spooled.byte_count, at))
    return work.tally


@dataclass(slots=True, kw_only=True)
class _Answering:
    """The work on one inquiry file."""

    connection: psycopg.Connection[Any]
    file: BatchFile
    roster: Roster
    at: datetime
    tally: Tally = field(default_factory=Tally)
    warnings: tuple[Problem, ...] = ()
    lines: int = 0

    def check_reporting(self) -> None:
        """N-105: report to use holds at the moment of the answer; the warning before stands in each answer."""
        faults = tuple(check_reporting(self.roster.standings[self.file.jurisdiction], at=self.at))
        for fault in faults:
            if fault.severity == "error":
                raise FileRefused(fault, line=1)
        self.warnings = faults

    def blocks(self, details: Iterator[Details], *, note: Callable[[str, int], None]) -> Iterator[bytes]:
        """The answer file, block by block."""
        header = {
            "jurisdiction": self.file.jurisdiction,
            "file_id": self.file.sender_file_id,
            "answered_on": self.at.date(),
            "layout": ANSWER_VERSION,
        }
        yield f"{ANSWER_HEADER.print_line(header, form='fixed')}\n".encode("ascii")
        findings = Findings(file_id=self.file.file_id, tally=self.tally)
        for some in details:
            all_lines = some.lines
            for begin in range(0, some.count, _MOST_AT_ONCE):
                lines = all_lines[begin : begin + _MOST_AT_ONCE]
                yield self._answer(lines, first=some.first + begin, findings=findings)
                self.tally.read += len(lines)
                findings.write(self.connection)
                note("answering", self.tally.read)
        trailer = {
            "file_id": self.file.sender_file_id,
            "records_in": self.tally.read,
            "answered": self.tally.valid,
            "rejected": self.tally.rejected,
            "line_count": self.lines,
        }
        yield f"{ANSWER_TRAILER.print_line(trailer, form='fixed')}\n".encode("ascii")

    def _answer(self, lines: list[bytes], *, first: int, findings: Findings) -> bytes:
        """The answers to some lines in a row, and the log that they were asked for."""
        asked: dict[int, UsedVehicleInquiry] = {}
        said: dict[int, list[str]] = {}
        log: list[tuple[Any, ...]] = []
        for number, line in enumerate(lines, first):
            try:
                asked[number] = self._read(line, number)
            except RecordFaults as faults:
                findings.reject(number, faults.vin, faults.problems)
                said[number] = rejected_lines(number, faults.vin, faults.problems)
                log.append(self._logged(number, faults.vin, _UNREAD, said[number]))
        for number, told in self._tell(asked).items():
            said[number] = told
            message = asked[number]
            # What speaks against a title stands in the answer; the record itself is answered as it was asked.
            findings.accept(number, message.vin, ())
            log.append(self._logged(number, message.vin, message.purpose, told))
        with self.connection.cursor() as cursor, cursor.copy(_LOG) as copy:
            for row in log:
                copy.write_row(row)
        in_order = [line for number in range(first, first + len(lines)) for line in said[number]]
        self.lines += len(in_order)
        return "".join(in_order).encode("ascii")

    def _read(self, line: bytes, number: int) -> UsedVehicleInquiry:
        message = read_record(
            line,
            kind=self.file.kind,
            form=self.file.form,
            origin=self.file.jurisdiction,
            message_id=entry_id_of(self.file.file_id, number),
            sent_at=self.at,
        )
        assert isinstance(message, UsedVehicleInquiry)
        return message

    def _tell(self, asked: dict[int, UsedVehicleInquiry]) -> dict[int, list[str]]:
        """The lines for each inquiry, from one reading of all their vehicles."""
        held = read_vehicles(self.connection, {one.vin for one in asked.values()}, parts=EVERYTHING)
        papers = check_papers(self.connection, list(asked.values()), asker=self.file.jurisdiction)
        told: dict[int, list[str]] = {}
        for (number, message), known in zip(asked.items(), papers, strict=True):
            answer = compose_answer(
                message,
                as_shown(held[message.vin].record, asker_kind="jurisdiction", asker=self.file.jurisdiction),
                standard=self.roster.brands,
                at=self.at,
                warnings=(*self.warnings, *known),
            )
            told[number] = answer_lines(number, answer)
        return told

    def _logged(self, number: int, vin: str, purpose: str, told: list[str]) -> tuple[Any, ...]:
        inquiry_id: UUID = entry_id_of(self.file.file_id, number)
        digest = hashlib.sha256("".join(told).encode("ascii")).digest()
        asker = ("jurisdiction", self.file.jurisdiction)
        return vin, inquiry_id, *asker, purpose, inquiry_id, digest, self.at

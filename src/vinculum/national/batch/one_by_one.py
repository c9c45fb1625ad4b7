"""Records of any kind, decided one by one by the law itself and written many at once, in the order of the file.

Files of this kind are small beside those of new titles, which go another way (`add_titles`). As many records as
touch different VINs are done in one round: their pointers are locked, all of them read, decided, written. A VIN
that comes again begins the next round, so that each record sees what the one before it did (N-501).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import psycopg

from vinculum.national.batch.decide import corrected_vin, decide
from vinculum.national.batch.file_row import BatchFile
from vinculum.national.batch.reading import Details
from vinculum.national.batch.record_lines import RecordFaults, read_record, vins_of
from vinculum.national.batch.tally import Findings, Tally
from vinculum.national.law.change import Change, Decision
from vinculum.national.law.title import VehicleRecord
from vinculum.national.records.roster import Roster
from vinculum.national.records.vehicle import LOCK_POINTERS, READ_VEHICLE, record_of
from vinculum.national.records.write_change import PointerMoved, pointer_statements, write_rows

_MOST_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """A record that could be read, and its number in the file."""

    number: int
    message: Any


def apply_one_by_one(
    connection: psycopg.Connection[Any],
    details: Iterator[Details],
    *,
    file: BatchFile,
    roster: Roster,
    at: datetime,
    note: Callable[[str, int], None],
) -> Tally:
    """Apply all records in the connection's transaction."""
    tally = Tally()
    findings = Findings(file_id=file.file_id, tally=tally)
    for some in details:
        waiting: list[Numbered] = []
        touched: set[str] = set()
        for number, line in enumerate(some.lines, some.first):
            record = _read(line, number=number, file=file, at=at, findings=findings)
            if record is None:
                continue
            vins = vins_of(record.message)
            if len(waiting) == _MOST_AT_ONCE or not touched.isdisjoint(vins):
                _do(connection, waiting, roster=roster, at=at, findings=findings)
                note("applying", number)
                waiting, touched = [], set()
            waiting.append(record)
            touched.update(vins)
        _do(connection, waiting, roster=roster, at=at, findings=findings)
        tally.read += len(some.lines)
        findings.write(connection)
        note("applying", tally.read)
    return tally


def entry_id_of(file_id: UUID, number: int) -> UUID:
    """The entry that record of that file makes: the file's id with the number of the record at its end."""
    assert number <= 999_999_999_999
    return UUID(f"{str(file_id)[:24]}{number:012d}")


def moment_of(at: datetime, number: int) -> datetime:
    """When the record counts as done: a microsecond after the one before it, so that the order stays told."""
    return at + timedelta(microseconds=number)


def _read(line: bytes, *, number: int, file: BatchFile, at: datetime, findings: Findings) -> Numbered | None:
    try:
        message = read_record(
            line,
            kind=file.kind,
            form=file.form,
            origin=file.jurisdiction,
            message_id=entry_id_of(file.file_id, number),
            sent_at=at,
        )
    except RecordFaults as faults:
        findings.reject(number, faults.vin, faults.problems)
        return None
    return Numbered(number=number, message=message)


def _do(
    connection: psycopg.Connection[Any],
    records: list[Numbered],
    *,
    roster: Roster,
    at: datetime,
    findings: Findings,
) -> None:
    if not records:
        return
    vehicles = _lock_and_read(connection, sorted({vin for r in records for vin in vins_of(r.message)}))
    decisions: list[tuple[Numbered, Decision]] = []
    for record in records:
        message = record.message
        other = corrected_vin(message)
        decision = decide(
            message,
            record=vehicles[message.vin],
            corrected=None if other is None else vehicles[other],
            roster=roster,
            entry_id=message.message_id,
            at=moment_of(at, record.number),
        )
        decisions.append((record, decision))
        if isinstance(decision, Change):
            findings.accept(record.number, message.vin, decision.warnings)
        else:
            findings.reject(record.number, message.vin, decision.problems)
    _write(connection, decisions, at=at)


def _lock_and_read(connection: psycopg.Connection[Any], vins: list[str]) -> dict[str, VehicleRecord]:
    """The records of these VINs, their pointers held until the end: two round trips, however many VINs."""
    with connection.pipeline():
        for vin in vins:
            connection.execute(LOCK_POINTERS, {"vin": vin})
        # Read only after the locks: a statement sees what was committed before it began.
        asked = [(vin, connection.execute(READ_VEHICLE, {"vin": vin})) for vin in vins]
    vehicles: dict[str, VehicleRecord] = {}
    for vin, cursor in asked:
        row = cursor.fetchone()
        assert row is not None
        vehicles[vin] = record_of(vin, row[0])
    return vehicles


def _write(
    connection: psycopg.Connection[Any], decisions: list[tuple[Numbered, Decision]], *, at: datetime
) -> None:
    pointers: list[tuple[str, psycopg.Cursor[Any]]] = []
    with connection.pipeline():
        for record, decision in decisions:
            if not isinstance(decision, Change):
                continue
            message = record.message
            for vin, statement, values in pointer_statements(decision):
                pointers.append((vin, connection.execute(statement, values)))
            write_rows(
                connection,
                decision,
                vin=message.vin,
                origin=message.origin,
                entry_id=message.message_id,
                at=moment_of(at, record.number),
            )
    for vin, cursor in pointers:
        # Only a first title that came on line at this very moment can do this: the file is done again.
        if cursor.rowcount != 1:
            raise PointerMoved(vin)

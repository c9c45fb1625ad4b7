"""Records of the kinds that change titles, brands and thefts: decided in memory by the law itself, written set by set.

Some thousand records are done at once. Their vehicles are locked in the order of the VINs and read by one statement;
the law decides each record in the order of the file, against the record of its vehicle as those before it have left
it (N-501); what was decided is written by a few statements. Files of new titles, which are counted in millions, go
another way (`add_titles`).
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import psycopg

from vinculum.national.batch.decide import corrected_vin, decide
from vinculum.national.batch.entry_of_record import entry_id_of, moment_of
from vinculum.national.batch.file_row import BatchFile
from vinculum.national.batch.reading import Details
from vinculum.national.batch.record_lines import RecordFaults, read_record, vins_of
from vinculum.national.batch.tally import Findings, Tally
from vinculum.national.law.change import Change, Decision
from vinculum.national.law.on_record import Held, carry_out
from vinculum.national.records.roster import Roster
from vinculum.national.records.vehicles import Part, lock_vehicles, read_vehicles
from vinculum.national.records.write_change import PointerMoved
from vinculum.national.records.write_changes import ChangeSet

_MOST_AT_ONCE: Final = 2000
# What the law looks at when it decides a record of that kind; the rest of the vehicle's record is not read. The
# differential test fails when one is missing here.
_PARTS: Final[Mapping[str, tuple[Part, ...]]] = {
    "VINMOD": ("pointers", "history", "brands"),
    "VINREM": ("pointers", "history"),
    "BRNADD": ("brands",),
    "BRNCOR": ("pointers", "brands"),
    "BRNREM": ("pointers", "brands"),
    "THFSET": ("thefts",),
    "THFCLR": ("thefts",),
}
# A first title has no pointer row to lock: one that came on line meanwhile is met when it is written.
_TRIES: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """A record that could be read, and its number in the file."""

    number: int
    message: Any


def apply_set_by_set(
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
        all_lines = some.lines
        for begin in range(0, some.count, _MOST_AT_ONCE):
            lines = all_lines[begin : begin + _MOST_AT_ONCE]
            records = _read(lines, first=some.first + begin, file=file, at=at, findings=findings)
            _apply(connection, records, parts=_PARTS[file.file_type], roster=roster, at=at, findings=findings)
            tally.read += len(lines)
            findings.write(connection)
            note("applying", tally.read)
    return tally


def _read(
    lines: list[bytes], *, first: int, file: BatchFile, at: datetime, findings: Findings
) -> list[Numbered]:
    """The records that can be read; the others are rejected in the findings."""
    records: list[Numbered] = []
    for number, line in enumerate(lines, first):
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
        else:
            records.append(Numbered(number=number, message=message))
    return records


def _apply(
    connection: psycopg.Connection[Any],
    records: list[Numbered],
    *,
    parts: tuple[Part, ...],
    roster: Roster,
    at: datetime,
    findings: Findings,
) -> None:
    """Lock, read, decide, write; once more from the start when a pointer was made meanwhile."""
    if not records:
        return
    vins = sorted({vin for record in records for vin in vins_of(record.message)})
    for last in reversed(range(_TRIES)):
        lock_vehicles(connection, vins)
        held = read_vehicles(connection, vins, parts=parts)
        decisions, changes = decide_all(records, held=held, roster=roster, at=at)
        try:
            with connection.transaction():
                changes.write(connection)
            break
        except PointerMoved:
            if last == 0:
                raise
    for record, decision in zip(records, decisions, strict=True):
        if isinstance(decision, Change):
            findings.accept(record.number, record.message.vin, decision.warnings)
        else:
            findings.reject(record.number, record.message.vin, decision.problems)


def decide_all(
    records: list[Numbered], *, held: dict[str, Held], roster: Roster, at: datetime
) -> tuple[list[Decision], ChangeSet]:
    """What becomes of each record, one after the other; `held` is what is on record, and then what will be."""
    decisions: list[Decision] = []
    changes = ChangeSet()
    # How many records of each VIN are still to come: what nobody looks at any more need not be kept in mind.
    to_come = Counter(vin for numbered in records for vin in vins_of(numbered.message))
    for numbered in records:
        message, moment = numbered.message, moment_of(at, numbered.number)
        to_come.subtract(vins_of(message))
        other = corrected_vin(message)
        decision = decide(
            message,
            record=held[message.vin].record,
            corrected=None if other is None else held[other].record,
            roster=roster,
            entry_id=message.message_id,
            at=moment,
        )
        decisions.append(decision)
        if isinstance(decision, Change):
            whose = {"vin": message.vin, "origin": message.origin, "entry_id": message.message_id}
            changes.add(decision, **whose, at=moment)
            if any(to_come[vin] for vin in vins_of(message)):
                carry_out(held, decision, **whose)
    return decisions, changes

"""A file of yards' and insurers' reports: taken and applied in one go, in the reporter's own name (N-801, N-501).

It does not wait for the jobs as files of jurisdictions do: only in the reporter's name does the database take its
reports, and every one of them is audited, so that a file is short. One law decides (`report_jsi`), whichever way a
report comes; records are read and written set by set.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final, LiteralString
from uuid import UUID

import psycopg

from vinculum.access.database import Actor
from vinculum.kernel.refusal import Refusal
from vinculum.kernel.vin import normalise_vin
from vinculum.national.batch import file_row
from vinculum.national.batch.code_counts import note_codes
from vinculum.national.batch.entry_of_record import entry_id_of
from vinculum.national.batch.file_row import BatchFile
from vinculum.national.batch.reading import Details, FileRefused, Header, read_details, read_header
from vinculum.national.batch.record_lines import RecordFaults, read_record
from vinculum.national.batch.spool import Spool, Spooled
from vinculum.national.batch.take_file import queue_file
from vinculum.national.batch.tally import Findings, Tally
from vinculum.national.casework import report_jsi
from vinculum.national.casework.report_jsi import OnRecord
from vinculum.national.records.write_changes import execute_on_rows
from vinculum.protocol.problem import Problem, problem

KIND: Final = "JSIREP"
# Every report is an event of the audit trail, one after the other: more would keep the sender waiting.
LARGEST_FILE: Final = 1024 * 1024
_MOST_AT_ONCE: Final = 1000
_CODES: Final = {
    "jsi_reported_already": "V57",
    "jsi_supplemented_already": "V58",
    "jsi_report_not_found": "V59",
}
_ADD_REPORTS: Final[LiteralString] = (
    "INSERT INTO exchange.jsi_report (vin, report_id, organisation_id, obtained_on, disposition, for_export,"
    " supplements, channel, reported_by, reported_at)"
    " SELECT * FROM unnest(%s::text[], %s::uuid[], %s::uuid[], %s::date[], %s::text[], %s::boolean[], %s::uuid[],"
    " %s::text[], %s::uuid[], %s::timestamptz[])"
)
_ADD_SOURCES: Final[LiteralString] = (
    "INSERT INTO exchange.jsi_source (vin, report_id, organisation_id, obtained_from)"
    " SELECT * FROM unnest(%s::text[], %s::uuid[], %s::uuid[], %s::text[])"
)
_ACCOUNT: Final[LiteralString] = (
    "INSERT INTO exchange.jsi_month (organisation_id, month, nothing_obtained, accounted_at)"
    " SELECT * FROM unnest(%s::uuid[], %s::date[], %s::boolean[], %s::timestamptz[]) ON CONFLICT DO NOTHING"
)


def take_reports(
    connection: psycopg.Connection[Any], spooled: Spooled, *, spool: Spool, actor: Actor, at: datetime
) -> BatchFile:
    """Take the reporter's file and apply it, in its transaction; the same file again answers as the first time.

    Raises FileRefused for a file that is not taken; one that is, and cannot be cut into records, is rejected.
    """
    with spool.open(spooled.content_name) as stream:
        header = read_header(stream)
        _check_reporter(connection, header, actor=actor)
        sender = str(actor.organisation_id)
        file = queue_file(
            connection, spooled, header=header, sender=sender, received_from=actor.person_name, at=at
        )
        if file.state != "waiting":
            return file
        try:
            with connection.transaction():
                tally = _apply(connection, read_details(stream, header), file=file, actor=actor, at=at)
                note_codes(connection, file.file_id)
                file_row.close_applied(connection, file.file_id, tally=tally, at=at)
        except FileRefused as refused:
            file_row.close_rejected(connection, file.file_id, refused=refused, at=at)
    done = file_row.find(connection, file.file_id, jurisdiction=sender)
    assert done is not None
    return done


def _check_reporter(connection: psycopg.Connection[Any], header: Header, *, actor: Actor) -> None:
    """A file of reports, of a registered reporter, that names the state in which it is registered."""
    if header.kind.code != KIND:
        raise FileRefused(problem("V89", given=header.kind.code), line=1)
    row = connection.execute(
        "SELECT state FROM exchange.reporter WHERE organisation_id = %s", (actor.organisation_id,)
    ).fetchone()
    if row is None:
        unregistered = next(iter(report_jsi.check_registered(connection, actor)))
        raise FileRefused(problem("V56", why=unregistered.message), line=1)
    if header.jurisdiction != row[0]:
        raise FileRefused(problem("V85", given=header.jurisdiction, sender=f"a reporter of {row[0]}"), line=1)


def _apply(
    connection: psycopg.Connection[Any],
    details: Iterator[Details],
    *,
    file: BatchFile,
    actor: Actor,
    at: datetime,
) -> Tally:
    tally = Tally()
    findings = Findings(file_id=file.file_id, tally=tally)
    months: set[date] = set()
    for some in details:
        all_lines = some.lines
        for begin in range(0, some.count, _MOST_AT_ONCE):
            lines = all_lines[begin : begin + _MOST_AT_ONCE]
            requests = _read(lines, first=some.first + begin, file=file, at=at, findings=findings)
            taken = _decide(connection, requests, actor=actor, at=at, findings=findings, file_id=file.file_id)
            _write(connection, taken, actor=actor, at=at)
            months.update(month for _id, request in taken for month in report_jsi.months_of(request, at=at))
            tally.read += len(lines)
            findings.write(connection)
    execute_on_rows(
        connection, _ACCOUNT, [(actor.organisation_id, month, False, at) for month in sorted(months)]
    )
    return tally


def _read(
    lines: list[bytes], *, first: int, file: BatchFile, at: datetime, findings: Findings
) -> dict[int, report_jsi.Request]:
    """The records that can be read, by their number; the others are rejected in the findings."""
    requests: dict[int, report_jsi.Request] = {}
    for number, line in enumerate(lines, first):
        try:
            record = read_record(
                line,
                kind=file.kind,
                form=file.form,
                origin=file.jurisdiction,
                message_id=entry_id_of(file.file_id, number),
                sent_at=at,
            )
            requests[number] = record.as_request()
        except RecordFaults as faults:
            findings.reject(number, faults.vin, faults.problems)
        except ValueError:
            findings.reject(number, record.vin, [problem("V59", field="supplements")])
    return requests


def _decide(
    connection: psycopg.Connection[Any],
    requests: dict[int, report_jsi.Request],
    *,
    actor: Actor,
    at: datetime,
    findings: Findings,
    file_id: UUID,
) -> list[tuple[UUID, report_jsi.Request]]:
    """What is taken, each with the number of its report; each record sees those before it."""
    vins = {number: normalise_vin(request.vin) for number, request in requests.items()}
    own = report_jsi.read_own(connection, sorted(set(vins.values())), organisation_id=actor.organisation_id)
    taken: list[tuple[UUID, report_jsi.Request]] = []
    for number, request in requests.items():
        vin = vins[number]
        refusals = tuple(report_jsi.decide(request, vin=vin, own=own.get(vin, ()), at=at))
        if refusals:
            findings.reject(number, vin, [_problem_of(refusal) for refusal in refusals])
            continue
        findings.accept(number, vin, ())
        report_id = entry_id_of(file_id, number)
        taken.append((report_id, request))
        reported = OnRecord(
            report_id=report_id, obtained_on=request.obtained_on, supplements=request.supplements
        )
        own[vin] = (*own.get(vin, ()), reported)
    return taken


def _problem_of(refusal: Refusal) -> Problem:
    """What the law of reports says, under the codes of files."""
    return problem(_CODES.get(refusal.code, "V56"), field=refusal.field, why=refusal.message)


def _write(
    connection: psycopg.Connection[Any],
    taken: list[tuple[UUID, report_jsi.Request]],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    who = actor.organisation_id
    reports = [
        (
            *(normalise_vin(one.vin), report_id, who, one.obtained_on, one.disposition, one.for_export),
            *(one.supplements, "api", actor.person_id, at),
        )
        for report_id, one in taken
    ]
    sources = [
        (normalise_vin(one.vin), report_id, who, one.obtained_from.strip()) for report_id, one in taken
    ]
    execute_on_rows(connection, _ADD_REPORTS, reports)
    execute_on_rows(connection, _ADD_SOURCES, sources)

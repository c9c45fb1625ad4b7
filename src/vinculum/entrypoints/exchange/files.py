"""Batch files on the wire: handed in as they are, followed while they are applied, answered with the SEW report.

A jurisdiction sees its own files only; another's are as if they did not exist.
"""

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any, Final, get_args
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from vinculum.access.database import Actor, acting
from vinculum.entrypoints.batch_spool import spool
from vinculum.entrypoints.exchange.door import (
    Misasked,
    at_the_door,
    client_of,
    number_asked,
    problem_document,
    wrong_method,
)
from vinculum.entrypoints.exchange.file_in_body import blocks_of, refused_at_once, wrong_kind
from vinculum.entrypoints.exchange.report_lines import download
from vinculum.national.batch import file_row, sew_report
from vinculum.national.batch.code_counts import count_by_code, trends
from vinculum.national.batch.file_row import BatchFile
from vinculum.national.batch.progress import Progress, read_progress
from vinculum.national.batch.reading import FileRefused
from vinculum.national.batch.take_file import acts_of, take_file
from vinculum.protocol.problem import Severity

ACT: Final = "report_to_exchange"
_MESSAGES_AT_ONCE: Final = 1000


@csrf_exempt  # no cookie is looked at here: whoever calls shows a key
@never_cache
def files(request: HttpRequest) -> HttpResponse:
    """GET the newest files of the jurisdiction; POST a file as the body."""
    if request.method == "GET":
        return at_the_door(request, lambda key: _list(client_of(request, key=key, act=ACT)))
    if request.method != "POST":
        return wrong_method(allowed="GET, POST", detail="Files are listed with GET and sent with POST.")
    return wrong_kind(request) or at_the_door(
        request, lambda key: _take(request, client_of(request, key=key, act=ACT))
    )


@csrf_exempt
@never_cache
def file(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """GET how it stands with a file; DELETE takes it back before it is applied."""
    if request.method == "GET":
        return at_the_door(request, lambda key: _show(client_of(request, key=key, act=ACT), file_id))
    if request.method != "DELETE":
        return wrong_method(
            allowed="GET, DELETE", detail="A file is shown with GET and taken back with DELETE."
        )
    return at_the_door(request, lambda key: _cancel(client_of(request, key=key, act=ACT), file_id))


@csrf_exempt
@never_cache
def report(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """GET the SEW report: `form` fixed, csv or json (then with `severity`, `code` and `after` as filters)."""
    if request.method != "GET":
        return wrong_method(allowed="GET", detail="A report is read with GET.")
    return at_the_door(request, lambda key: _report(request, client_of(request, key=key, act=ACT), file_id))


@never_cache
def code_counts(request: HttpRequest) -> HttpResponse:
    """GET how often each code was said of the jurisdiction's files, day by day, `days` back (30 unless said)."""
    if request.method != "GET":
        return wrong_method(allowed="GET", detail="Codes are counted with GET.")
    return at_the_door(request, lambda key: _count(request, client_of(request, key=key, act=ACT)))


def _count(request: HttpRequest, client: Actor) -> HttpResponse:
    days = number_asked(request.GET.get("days", "30"), least=1, most=400)
    if days is None:
        raise Misasked(("days", "must be 1 to 400"))
    since = datetime.now(UTC) - timedelta(days=days)
    with acting(client, act=ACT, database="national") as connection:
        counted = trends(connection, jurisdiction=client.organisation_code, since=since)
    said = [
        {"day": str(one.day), "code": one.code, "severity": one.severity, "count": one.count}
        for one in counted
    ]
    return _json({"code_counts": said})


def _take(request: HttpRequest, client: Actor) -> HttpResponse:
    at = datetime.now(UTC)
    try:
        received = spool().receive(blocks_of(request))
        with acting(client, act=ACT, database="national") as connection:
            taken = take_file(
                connection,
                received,
                spool=spool(),
                sender=client.organisation_code,
                received_from=client.person_name,
                at=at,
                acts=acts_of(client.scopes),
            )
    except FileRefused as refused:
        return refused_at_once(refused)
    document = document_of(taken, None)
    return _json(document, status=201 if taken.received_at == at else 200)


def _list(client: Actor) -> HttpResponse:
    with acting(client, act=ACT, database="national") as connection:
        newest = [
            document_of(found, None)
            for found in file_row.newest(connection, jurisdiction=client.organisation_code)
        ]
    return _json({"files": newest})


def _show(client: Actor, file_id: UUID) -> HttpResponse:
    with acting(client, act=ACT, database="national") as connection:
        found = file_row.find(connection, file_id, jurisdiction=client.organisation_code)
        progress = None if found is None or found.state != "waiting" else read_progress(connection, file_id)
    return _unknown() if found is None else _json(document_of(found, progress))


def _cancel(client: Actor, file_id: UUID) -> HttpResponse:
    with acting(client, act=ACT, database="national") as connection:
        own = client.organisation_code
        if file_row.find(connection, file_id, jurisdiction=own) is None:
            return _unknown()
        if not file_row.cancel(connection, file_id, jurisdiction=own, at=datetime.now(UTC)):
            return problem_document(409, "Too late", "The file is being applied, or it is done already.")
    return HttpResponse(status=204)


def _report(request: HttpRequest, client: Actor, file_id: UUID) -> HttpResponseBase:
    form = request.GET.get("form", "json")
    if form not in {"json", "csv", "fixed"}:
        raise Misasked(("form", "must be json, csv or fixed"))
    with acting(client, act=ACT, database="national") as connection:
        found = file_row.find(connection, file_id, jurisdiction=client.organisation_code)
    if found is None:
        return _unknown()
    if found.state not in {"applied", "rejected"}:
        return problem_document(409, "Too early", "The report is there when the file was applied.")
    if form == "json":
        return _report_as_json(request, client, found)
    return download(found, actor=client, act=ACT, form="csv" if form == "csv" else "fixed")


def _report_as_json(request: HttpRequest, client: Actor, found: BatchFile) -> HttpResponse:
    severity, code = request.GET.get("severity"), request.GET.get("code")
    after = request.GET.get("after", "-1")
    if severity is not None and severity not in get_args(Severity):
        raise Misasked(("severity", "must be error or warning"))
    if not after.removeprefix("-").isdecimal() or len(after) > 12:
        raise Misasked(("after", "must be the number of a record"))
    with acting(client, act=ACT, database="national") as connection:
        by_code = count_by_code(connection, found.file_id)
        wanted: Any = severity
        with closing(
            sew_report.read_messages(
                connection, found, severity=wanted, code=code, after=int(after), limit=_MESSAGES_AT_ONCE
            )
        ) as messages:
            said = [
                {"record": m.record_number, "vin": m.vin, "code": m.code, "severity": m.severity}
                | {"field": m.field, "text": m.text}
                for m in messages
            ]
    codes = [{"code": c.code, "severity": c.severity, "count": c.count, "text": c.text} for c in by_code]
    return _json(document_of(found, None) | {"codes": codes, "messages": said})


def document_of(found: BatchFile, progress: Progress | None) -> dict[str, Any]:
    """A file as JSON tells it."""
    document: dict[str, Any] = {
        "file_id": str(found.file_id),
        "name": found.sender_file_id,
        "file_type": found.file_type,
        "state": "applying" if progress is not None else found.state,
        "received_at": found.received_at.isoformat(),
    }
    if progress is not None:
        document["progress"] = {"phase": progress.phase, "records": progress.records}
    if found.finished_at is not None:
        document["finished_at"] = found.finished_at.isoformat()
    if found.records_read is not None:
        document["counts"] = {
            "input": found.records_read,
            "rejected": found.records_rejected,
            "with_warnings": found.records_with_warnings,
            "valid": found.records_valid,
        }
    if found.fault_code is not None:
        document["fault"] = {"code": found.fault_code, "line": found.fault_line, "text": found.fault_text}
    return document


def _unknown() -> HttpResponse:
    return problem_document(404, "No such file", "This jurisdiction has sent no file of that id.")


def _json(document: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return HttpResponse(json.dumps(document), status=status, content_type="application/json")

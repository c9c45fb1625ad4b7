"""Stolen and missing title stock over the wire: reported by one state, read by all (N-701)."""

import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from vinculum.access.database import acting
from vinculum.entrypoints.exchange.door import (
    Misasked,
    at_the_door,
    client_of,
    problem_document,
    wrong_method,
)
from vinculum.national.queries import missing_stock
from vinculum.national.transactions import report_missing_stock

_LONGEST_BODY = 4096
_REPORT = frozenset({"first_number", "last_number", "circumstance", "missing_since"})


@never_cache
def reports(request: HttpRequest) -> HttpResponse:
    """GET: every report, a page at a time; `after` is the id of the last one of the page before."""
    if request.method != "GET":
        return wrong_method(allowed="GET", detail="The reports are read with GET.")
    return at_the_door(request, lambda key: _reports(request, key=key))


def _reports(request: HttpRequest, *, key: str) -> HttpResponse:
    try:
        after = UUID(request.GET["after"]) if request.GET.get("after") else None
    except ValueError:
        raise Misasked(("after", "is not the id of a report")) from None
    client = client_of(request, key=key, act="ask_exchange")
    with acting(client, act="ask_exchange", database="national") as connection:
        found = missing_stock.run(connection=connection, after=after)
    listed = [
        {
            "report_id": str(stock.report_id),
            "jurisdiction": stock.jurisdiction,
            "first_number": stock.first_number,
            "last_number": stock.last_number,
            "circumstance": stock.circumstance,
            "missing_since": stock.missing_since.isoformat(),
            "destroyed_on": stock.destroyed_on.isoformat() if stock.destroyed_on else None,
        }
        for stock in found
    ]
    return HttpResponse(json.dumps({"missing_stock": listed}), content_type="application/json")


@csrf_exempt  # no cookie is looked at here: whoever calls shows a key
@never_cache
def report(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """PUT: report a range, under an id of the reporter's choice; again with the same content is fine."""
    if request.method != "PUT":
        return wrong_method(allowed="PUT", detail="Stock is reported with PUT.")
    return at_the_door(request, lambda key: _report(request, key=key, report_id=report_id))


def _report(request: HttpRequest, *, key: str, report_id: UUID) -> HttpResponse:
    client = client_of(request, key=key, act="report_to_exchange")
    given = _body(request, expected=_REPORT)
    at = datetime.now(UTC)
    if given["circumstance"] not in {"stolen", "missing"}:
        raise Misasked(("circumstance", "must be stolen or missing"))
    asked = report_missing_stock.Request(
        report_id=report_id,
        first_number=given["first_number"],
        last_number=given["last_number"],
        circumstance="stolen" if given["circumstance"] == "stolen" else "missing",
        missing_since=_day(given, "missing_since"),
    )
    faults = report_missing_stock.faults_of(asked, today=at.date())
    if faults:
        raise Misasked(*faults)
    with acting(client, act="report_to_exchange", database="national") as connection:
        same = report_missing_stock.run(asked, sender=client.organisation_code, at=at, connection=connection)
    if not same:
        return problem_document(409, "Id used before", "Another report was made under this id.")
    return HttpResponse(status=204)


@csrf_exempt  # no cookie is looked at here: whoever calls shows a key
@never_cache
def destruction(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """PUT: the recovered stock was destroyed; its numbers are looked for no more."""
    if request.method != "PUT":
        return wrong_method(allowed="PUT", detail="Destruction is recorded with PUT.")
    return at_the_door(request, lambda key: _destruction(request, key=key, report_id=report_id))


def _destruction(request: HttpRequest, *, key: str, report_id: UUID) -> HttpResponse:
    client = client_of(request, key=key, act="report_to_exchange")
    at = datetime.now(UTC)
    day = _day(_body(request, expected=frozenset({"destroyed_on"})), "destroyed_on")
    if day > at.date():
        raise Misasked(("destroyed_on", "is in the future"))
    with acting(client, act="report_to_exchange", database="national") as connection:
        known = report_missing_stock.record_destroyed(
            report_id, destroyed_on=day, sender=client.organisation_code, at=at, connection=connection
        )
    if not known:
        return problem_document(404, "No such report", "This jurisdiction made no report of that id.")
    return HttpResponse(status=204)


def _body(request: HttpRequest, *, expected: frozenset[str]) -> dict[str, str]:
    """A JSON object of exactly those texts."""
    raw = request.read(_LONGEST_BODY + 1)
    try:
        document: Any = json.loads(raw) if len(raw) <= _LONGEST_BODY else None
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise Misasked(("", "must be a JSON object"))
    faults = [(str(name)[:40], "is not asked here") for name in sorted(set(document) - expected)]
    faults += [
        (name, "must be a text") for name in sorted(expected) if not isinstance(document.get(name), str)
    ]
    if faults:
        raise Misasked(*faults)
    return document


def _day(given: dict[str, str], name: str) -> date:
    try:
        return date.fromisoformat(given[name])
    except ValueError:
        raise Misasked((name, "must be a date, as 2026-03-02")) from None

"""Junk and salvage reports by program: POST /exchange/v1/jsi-reports, one vehicle as a JSON object (N-801)."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from vinculum.entrypoints.exchange.door import (
    Misasked,
    at_the_door,
    client_of,
    problem_document,
    wrong_method,
)
from vinculum.kernel.refusal import Refused
from vinculum.national.casework import report_jsi

LONGEST_BODY: Final = 4 * 1024
_NEEDED: Final = frozenset({"vin", "obtained_on", "obtained_from", "disposition", "for_export"})
_ALLOWED: Final = _NEEDED | {"supplements"}


@csrf_exempt  # no cookie is looked at here: whoever calls shows a key
@never_cache
def jsi_reports(request: HttpRequest) -> HttpResponse:
    """Take one report; a report that was taken already is refused, so sending it again is harmless."""
    if request.method != "POST":
        return wrong_method(allowed="POST", detail="Reports are sent with POST.")
    if request.content_type != "application/json":
        return problem_document(415, "Unsupported media type", "A report is application/json.")
    return at_the_door(request, lambda key: _take(request, key=key))


def _take(request: HttpRequest, *, key: str) -> HttpResponse:
    client = client_of(request, key=key, act="report_jsi", kind="reporter")
    body = request.read(LONGEST_BODY + 1)
    if len(body) > LONGEST_BODY:
        return problem_document(413, "Report too long", f"A report has {LONGEST_BODY} bytes at most.")
    try:
        taken = report_jsi.run(_read(body), actor=client, at=datetime.now(UTC), channel="api")
    except Refused as refused:
        errors = [
            {"code": refusal.code, "field": refusal.field or "", "message": refusal.message}
            for refusal in refused.refusals
        ]
        return problem_document(422, "Not taken", "The report was not taken.", errors=errors)
    answer = {
        "report_id": str(taken.report_id),
        "vin": taken.vin,
        "reported_at": taken.reported_at.isoformat(),
    }
    return HttpResponse(json.dumps(answer), status=201, content_type="application/json")


def _read(body: bytes) -> report_jsi.Request:
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        raise Misasked(("", "is not JSON")) from None
    if not isinstance(given, Mapping):
        raise Misasked(("", "is not an object"))
    faults = [(name, "is missing") for name in sorted(_NEEDED - set(given))]
    faults += [(str(name)[:40], "is not asked here") for name in sorted(set(given) - _ALLOWED)]
    faults += [
        (name, "must be a text")
        for name in ("vin", "obtained_on", "obtained_from", "disposition")
        if not isinstance(given.get(name, ""), str)
    ]
    if not isinstance(given.get("for_export", False), bool):
        faults.append(("for_export", "must be true or false"))
    if faults:
        raise Misasked(*faults)
    return _request(given)


def _request(given: Mapping[str, Any]) -> report_jsi.Request:
    try:
        obtained_on = date.fromisoformat(given["obtained_on"])
    except ValueError:
        raise Misasked(("obtained_on", "must be a day as 2026-03-14")) from None
    try:
        supplements = UUID(str(given["supplements"])) if given.get("supplements") else None
    except ValueError:
        raise Misasked(("supplements", "must be the number of a report")) from None
    return report_jsi.Request(
        vin=given["vin"][:60],
        obtained_on=obtained_on,
        obtained_from=given["obtained_from"],
        disposition=given["disposition"],
        for_export=given["for_export"],
        supplements=supplements,
    )

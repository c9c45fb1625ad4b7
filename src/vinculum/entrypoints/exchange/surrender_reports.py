"""Surrender reports on the wire: which of a state's titles were surrendered elsewhere, month by month (N-310)."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache

from vinculum.access.database import Actor, acting
from vinculum.entrypoints.exchange.door import at_the_door, client_of, problem_document, wrong_method
from vinculum.entrypoints.exchange.file_to_keep import file_to_keep, form_asked
from vinculum.national.batch import surrender_reports as reports
from vinculum.national.batch.layout import Form
from vinculum.national.batch.surrender_reports import SurrenderedTitle, SurrenderReport

ACT: Final = "report_to_exchange"
_AT_ONCE: Final = 5000


@never_cache
def surrender_reports(request: HttpRequest) -> HttpResponse:
    """GET the months of which there is a report, the latest first."""
    if request.method != "GET":
        return wrong_method(allowed="GET", detail="Surrender reports are listed with GET.")
    return at_the_door(request, lambda key: _list(client_of(request, key=key, act=ACT)))


@never_cache
def surrender_report(request: HttpRequest, month: str) -> HttpResponseBase:
    """GET the report of a month, as 2026-03: `form` fixed (unless said otherwise) or csv."""
    if request.method != "GET":
        return wrong_method(allowed="GET", detail="A surrender report is read with GET.")
    return at_the_door(request, lambda key: _give(request, client_of(request, key=key, act=ACT), month))


def _list(client: Actor) -> HttpResponse:
    with acting(client, act=ACT, database="national") as connection:
        found = reports.newest(connection, jurisdiction=client.organisation_code)
    listed = [
        {
            "month": f"{report.month:%Y-%m}",
            "made_at": report.made_at.isoformat(),
            "line_count": report.line_count,
            "exempt_count": report.exempt_count,
        }
        for report in found
    ]
    return HttpResponse(json.dumps({"surrender_reports": listed}), content_type="application/json")


def _give(request: HttpRequest, client: Actor, month: str) -> HttpResponseBase:
    form, found = form_asked(request), None
    try:
        first_day = date.fromisoformat(f"{month}-01")
    except ValueError:
        first_day = None
    if first_day is not None:
        with acting(client, act=ACT, database="national") as connection:
            found = reports.find(connection, jurisdiction=client.organisation_code, month=first_day)
    if found is None:
        detail = "No report of that month was made for this jurisdiction; months are written 2026-03."
        return problem_document(404, "No such report", detail)
    return paper_of(found, actor=client, act=ACT, form=form)


def paper_of(report: SurrenderReport, *, actor: Actor, act: str, form: Form) -> HttpResponseBase:
    """A month's report as a file to keep; it is printed while it is sent."""
    lines = reports.print_lines(report, _titles(report, actor=actor, act=act), form=form)
    name = f"SURRENDERED-{report.jurisdiction}-{report.month:%Y-%m}"
    return file_to_keep((line.encode("ascii", errors="replace") for line in lines), form=form, name=name)


def _titles(report: SurrenderReport, *, actor: Actor, act: str) -> Iterator[SurrenderedTitle]:
    """All titles; each page in a transaction of its own, for a report is never changed."""
    after = None
    while True:
        with acting(actor, act=act, database="national") as connection:
            page = reports.read_titles(connection, report, after=after, limit=_AT_ONCE)
        yield from page
        if len(page) < _AT_ONCE:
            return
        after = (page[-1].vin, page[-1].notice_id)

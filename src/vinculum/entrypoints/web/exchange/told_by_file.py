"""What a jurisdiction is told by file: notice files to take and confirm, monthly surrender reports (N-310)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from vinculum.access.database import Actor, acting
from vinculum.entrypoints.exchange.notice_files import given
from vinculum.entrypoints.exchange.surrender_reports import paper_of
from vinculum.entrypoints.web.exchange.speaking_for import exchange_actor
from vinculum.entrypoints.web.jurisdictions import JURISDICTIONS
from vinculum.kernel.refusal import Refusal
from vinculum.national.batch import notice_files, surrender_reports
from vinculum.national.batch.layout import Form
from vinculum.national.batch.notice_files import TotalsDiffer
from vinculum.national.batch.surrender_reports import SurrenderReport

NOTICES: Final = "work_batch_files"
SURRENDERS: Final = "show_surrender_reports"
_LINES: Final = 100


def notices(request: HttpRequest) -> HttpResponse:
    """The notice files, those to be confirmed first."""
    return _notices_page(request)


def notice_file(request: HttpRequest, file_id: UUID, form: str) -> HttpResponseBase:
    """A notice file to keep."""
    actor = exchange_actor(request)
    with acting(actor, act=NOTICES, database="national") as connection:
        found = notice_files.find(connection, file_id, jurisdiction=actor.organisation_code)
    if found is None:
        raise Http404
    return given(found, actor=actor, act=NOTICES, form=_form(form))


def confirm(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """The totals of the trailer were typed: the file is here whole."""
    actor, posted = exchange_actor(request), request.POST
    count = posted.get("notice_count", "").strip().replace(",", "")
    missing = tuple(_missing_totals(posted, file_id))
    if missing:
        return _notices_page(request, refusals=missing, refused_for=str(file_id))
    try:
        with acting(actor, act=NOTICES, database="national") as connection:
            done = notice_files.confirm(
                connection,
                file_id,
                jurisdiction=actor.organisation_code,
                notice_count=int(count) if count.isascii() and count.isdigit() and len(count) < 10 else -1,
                control=posted.get("control", "")[:40],
                by=actor.person_id,
                by_name=actor.person_name,
                at=datetime.now(UTC),
            )
    except TotalsDiffer:
        refusal = Refusal(
            code="control_totals_differ",
            message="These are not the control totals of the file: nothing was acknowledged.",
            remedy="Read both from the trailer, the last line of the file that you took; take it again if need be.",
            field=f"notice_count-{file_id}",
            rule="N-310",
        )
        return _notices_page(request, refusals=(refusal,), refused_for=str(file_id))
    messages.success(request, f"File {done.number} is confirmed: its notices are not told again.")
    return redirect("exchange_notices")


def surrenders(request: HttpRequest) -> HttpResponse:
    """The reports of one's own jurisdiction; the help desk sees everybody's."""
    actor = exchange_actor(request)
    own = actor.organisation_code if actor.organisation_kind == "jurisdiction" else None
    with acting(actor, act=SURRENDERS, database="national") as connection:
        found = surrender_reports.newest(connection, jurisdiction=own)
    context = {"speaker": actor, "reports": found, "is_help_desk": own is None}
    return render(request, "exchange/surrenders.html", context)


def surrender(request: HttpRequest, code: str, month: str) -> HttpResponse:
    """A month's titles, by VIN."""
    actor = exchange_actor(request)
    exempt_only = request.GET.get("exempt") == "yes"
    with acting(actor, act=SURRENDERS, database="national") as connection:
        report = _report(actor, surrender_reports.find(connection, jurisdiction=code, month=_month(month)))
        titles = surrender_reports.read_titles(
            connection, report, exempt_only=exempt_only, after=_after(request), limit=_LINES + 1
        )
    shown = titles[:_LINES]
    filters = {"exempt": "yes"} if exempt_only else {}
    following = filters | {"vin": shown[-1].vin, "id": str(shown[-1].notice_id)} if shown else {}
    context = {
        "report": report,
        "state_name": dict(JURISDICTIONS).get(report.jurisdiction, report.jurisdiction),
        "titles": shown,
        "exempt_only": exempt_only,
        "begun": "vin" in request.GET,
        "first_page": urlencode(filters),
        "next_page": urlencode(following) if len(titles) > _LINES else "",
    }
    return render(request, "exchange/surrender.html", context)


def surrender_paper(request: HttpRequest, code: str, month: str, form: str) -> HttpResponseBase:
    """A month's report to keep."""
    actor = exchange_actor(request)
    with acting(actor, act=SURRENDERS, database="national") as connection:
        report = _report(actor, surrender_reports.find(connection, jurisdiction=code, month=_month(month)))
    return paper_of(report, actor=actor, act=SURRENDERS, form=_form(form))


def _report(actor: Actor, found: SurrenderReport | None) -> SurrenderReport:
    """Another jurisdiction's report is as if it did not exist."""
    own = actor.organisation_code if actor.organisation_kind == "jurisdiction" else None
    if found is None or own not in (None, found.jurisdiction):
        raise Http404
    return found


def _missing_totals(posted: QueryDict, file_id: UUID) -> Iterator[Refusal]:
    for name, words in (("notice_count", "The number of notices"), ("control", "The control total")):
        if not posted.get(name, "").strip():
            yield Refusal(
                code="missing_field",
                message=f"{words} is missing.",
                remedy="Read it from the trailer, the last line of the file that you took.",
                field=f"{name}-{file_id}",
                rule="N-310",
            )


def _notices_page(
    request: HttpRequest, *, refusals: tuple[Refusal, ...] = (), refused_for: str = ""
) -> HttpResponse:
    actor = exchange_actor(request)
    with acting(actor, act=NOTICES, database="national") as connection:
        found = notice_files.newest(connection, jurisdiction=actor.organisation_code)
    context = {
        "speaker": actor,
        "open": [file for file in found if file.confirmed_at is None],
        "confirmed": [file for file in found if file.confirmed_at is not None],
        "posted": request.POST,
        "refused_for": refused_for,
        "refusals": refusals,
    }
    return render(request, "exchange/notices.html", context, status=422 if refusals else 200)


def _form(text: str) -> Form:
    return "csv" if text == "csv" else "fixed"


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Http404 from None


def _after(request: HttpRequest) -> tuple[str, UUID] | None:
    try:
        return request.GET["vin"][:30], UUID(request.GET["id"])
    except (KeyError, ValueError):
        return None

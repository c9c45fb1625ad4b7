"""The reporter's desk: report a vehicle, a file of vehicles or a month without any; see what was reported (N-801)."""

from datetime import UTC, date, datetime
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from vinculum.access.database import acting
from vinculum.entrypoints.web.exchange.speaking_for import exchange_actor
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.kernel.vin import normalise_vin
from vinculum.national.casework import jsi, jsi_file, report_jsi, reporters

_NOW_LISTED: Final = 50


def home(request: HttpRequest) -> HttpResponse:
    """The forms, the duty, and the reports so far."""
    return _page(request)


def report(request: HttpRequest) -> HttpResponseBase:
    """Report one vehicle."""
    actor, at = exchange_actor(request), datetime.now(UTC)
    try:
        wanted, unread = _request(request, today=at.date())
        taken = report_jsi.run(wanted, actor=actor, at=at, channel="form", unread=unread)
    except Refused as refused:
        return _page(request, refusals=refused.refusals)
    messages.success(request, f"{taken.vin} is reported.")
    return redirect("jsi_home")


def upload(request: HttpRequest) -> HttpResponseBase:
    """Report a file of vehicles; what was not taken is shown line by line."""
    actor, given = exchange_actor(request), request.FILES.get("file")
    if given is None:
        return _page(request, refusals=(_misread("Choose a file first.", field="file"),))
    try:
        receipt = jsi_file.run(given.read(jsi_file.MOST_BYTES + 1), actor=actor, at=datetime.now(UTC))
    except jsi_file.FileRefused as refused:
        return _page(request, refusals=(_misread(str(refused), field="file"),))
    return _page(request, receipt=receipt)


def nothing_obtained(request: HttpRequest) -> HttpResponseBase:
    """Account for a month without a vehicle, the present one or one that is late: asked once more, then taken."""
    actor, at = exchange_actor(request), datetime.now(UTC)
    asks = request.method != "POST"
    try:
        month = date.fromisoformat((request.GET if asks else request.POST).get("month", ""))
        if asks:
            report_jsi.check_month(actor=actor, month=month, at=at)
            return render(
                request,
                "exchange/nothing_obtained.html",
                {"month": month, "is_over": month < at.date().replace(day=1)},
            )
        report_jsi.say_nothing_obtained(actor=actor, month=month, at=at)
    except ValueError:
        what_to_do = "Choose one of the months that are offered."
        refusal = _misread("The month is missing or is none.", field="month", remedy=what_to_do)
        return _page(request, refusals=(refusal,))
    except Refused as refused:
        return _page(request, refusals=refused.refusals)
    said = f"Nothing to report for {month:%B %Y}: it is accounted for. Report a vehicle all the same if there was one."
    messages.success(request, said)
    return redirect("jsi_home")


def _request(request: HttpRequest, *, today: date) -> tuple[report_jsi.Request, tuple[Refusal, ...]]:
    """The report as it was typed, and what of it cannot be read; a stand-in is then in its place."""
    posted = request.POST
    unread = []
    try:
        obtained_on = date.fromisoformat(posted.get("obtained_on", ""))
    except ValueError:
        obtained_on = today
        words = "The day obtained is missing or is not a day."
        unread.append(
            _misread(words, field="obtained_on", remedy="Enter the day on which you got the vehicle.")
        )
    try:
        supplements = jsi_file.read_report_id(posted.get("supplements", "").strip())
    except ValueError as fault:
        supplements = None
        what_to_do = "Take it from the list of your reports, or leave it empty."
        unread.append(_misread(str(fault), field="supplements", remedy=what_to_do))
    wanted = report_jsi.Request(
        vin=posted.get("vin", "")[:60],
        obtained_on=obtained_on,
        obtained_from=posted.get("obtained_from", "")[:200],
        disposition=posted.get("disposition", ""),
        for_export=posted.get("for_export") == "yes",
        supplements=supplements,
    )
    return wanted, tuple(unread)


def _page(
    request: HttpRequest,
    *,
    refusals: tuple[Refusal, ...] = (),
    receipt: jsi_file.FileReceipt | None = None,
) -> HttpResponse:
    actor, at = exchange_actor(request), datetime.now(UTC)
    searched = normalise_vin(request.GET.get("vin", "")[:60])
    with acting(actor, act="report_jsi", database="national") as connection:
        standing = reporters.own_standing(connection, actor.organisation_id, at=at)
        accounted = reporters.months_accounted(connection, actor.organisation_id)
        own = jsi.own_reports(connection, actor.organisation_id, vin=searched, limit=_NOW_LISTED)
        duty = reporters.duty(connection, at=at)
    this_month: date = at.date().replace(day=1)
    context = {
        "standing": standing,
        "accounted": this_month in accounted,
        "this_month": this_month,
        "reports": own,
        "searched": searched,
        "duty": duty,
        "dispositions": jsi.DISPOSITIONS.items(),
        "columns": ",".join(jsi_file.COLUMNS),
        "refusals": refusals,
        "receipt": receipt,
        "posted": request.POST,
        "today": at.date(),
    }
    return render(request, "exchange/reports.html", context, status=422 if refusals else 200)


def _misread(message: str, *, field: str, remedy: str = "Correct it and send it again.") -> Refusal:
    return Refusal(code="invalid_field", message=message, remedy=remedy, field=field, rule="N-801")

"""The reporter's desk: report a vehicle, a file of vehicles or a month without any; see what was reported (N-801)."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from vinculum.access.database import acting
from vinculum.entrypoints.web.exchange.speaking_for import exchange_actor
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.kernel.vin import normalise_vin, vin_doubt
from vinculum.national.casework import jsi, jsi_file, report_jsi, reporters

_NOW_LISTED: Final = 50
_IN_DOUBT: Final = "jsi_vin_doubtful"


def home(request: HttpRequest) -> HttpResponse:
    """The forms, the duty, and the reports so far."""
    return _page(request)


def report(request: HttpRequest) -> HttpResponseBase:
    """Report one vehicle."""
    actor, at = exchange_actor(request), datetime.now(UTC)
    try:
        wanted, unread = _request(request, today=at.date())
        unread = (
            *unread,
            *_not_chosen(wanted),
            *_doubted(wanted, as_seen=request.POST.get("vin_as_seen", "")),
        )
        taken = report_jsi.run(wanted, actor=actor, at=at, channel="form", unread=unread)
    except Refused as refused:
        return _page(request, refusals=refused.refusals)
    done = (
        "is supplemented: what you have said now is what everybody sees"
        if wanted.supplements
        else "is reported"
    )
    messages.success(request, f"{taken.vin} {done}.")
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


def _not_chosen(wanted: report_jsi.Request) -> Iterator[Refusal]:
    """A form says it with the words of its list, not with the codes of files and programs."""
    if not wanted.disposition:
        yield Refusal(
            code="jsi_disposition_unknown",
            message="What becomes of the vehicle is missing.",
            remedy="Choose it. Where it is not known yet, choose “To be determined” and supplement the report later.",
            field="disposition",
            rule="N-801",
        )


def _doubted(wanted: report_jsi.Request, *, as_seen: str) -> Iterator[Refusal]:
    """A VIN that looks mistyped is asked about once; the tick holds for the VIN beside which it was set."""
    vin = normalise_vin(wanted.vin)
    if wanted.supplements is None and as_seen != vin and (doubt := vin_doubt(vin)):
        yield Refusal(
            code=_IN_DOUBT,
            message=doubt,
            remedy="Compare it with the vehicle. Correct it, or tick that it stands so on the vehicle.",
            field="vin",
            rule="N-602",
        )


def _prefilled(own: tuple[jsi.OwnReport, ...], number: str) -> Mapping[str, str]:
    """The form of a supplement, filled with what is on record in the report that it follows."""
    for one in own:
        if str(one.report_id) == number and one.latest:
            return {
                "vin": one.vin,
                "obtained_on": one.obtained_on.isoformat(),
                "obtained_from": one.obtained_from,
                "disposition": one.disposition,
                "for_export": "yes" if one.for_export else "",
                "supplements": number,
            }
    return {}


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
        "vin_doubted": normalise_vin(request.POST.get("vin", "")[:60])
        if any(refusal.code == _IN_DOUBT for refusal in refusals) or request.POST.get("vin_as_seen")
        else "",
        "posted": request.POST or _prefilled(own, request.GET.get("supplements", "")),
        "today": at.date(),
    }
    return render(request, "exchange/reports.html", context, status=422 if refusals else 200)


def _misread(message: str, *, field: str, remedy: str = "Correct it and send it again.") -> Refusal:
    return Refusal(code="invalid_field", message=message, remedy=remedy, field=field, rule="N-801")

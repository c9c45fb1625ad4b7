"""The alert site's pages: search, read, post, mend, close; files given out so that nothing in them can act (N-703)."""

from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from vinculum.entrypoints.alert_files import store
from vinculum.entrypoints.web.exchange.speaking_for import exchange_actor
from vinculum.entrypoints.web.jurisdictions import JURISDICTIONS
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.national.alerts import find_alerts, post_alert
from vinculum.national.alerts.alert import KINDS
from vinculum.national.alerts.file_contents import LARGEST_FILE
from vinculum.national.alerts.find_alerts import Asked

_LONGEST_SEARCH = 80
# What a browser may do with a file of somebody else's: show it, and nothing that is written in it.
_FILE_POLICY = "default-src 'none'; sandbox"


def listed(request: HttpRequest) -> HttpResponseBase:
    """A page of alerts; who is no user of the site yet is led to where one asks."""
    actor, asked = exchange_actor(request), _asked(request)
    if not find_alerts.is_user(actor):
        return redirect("alert_access")
    found = find_alerts.page(asked, actor=actor)
    context = {
        "page": found,
        "asked": asked,
        "searched": any((asked.vin, asked.number, asked.kind, asked.jurisdiction, asked.words)),
        "next": _next_page(request, found.next_after),
        "kinds": KINDS.items(),
        "jurisdictions": JURISDICTIONS,
    }
    return render(request, "exchange/alerts.html", context)


def one(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """An alert; that it was opened is on record."""
    return _alert_page(request, alert_id)


def file(request: HttpRequest, alert_id: UUID, position: int) -> HttpResponse:
    """A file of an alert: pictures shown, everything else downloaded."""
    alert = find_alerts.show(alert_id, actor=exchange_actor(request), at=datetime.now(UTC))
    wanted = next((one for one in alert.files if one.position == position), None)
    if wanted is None:
        raise Http404
    content = store().read(wanted.content_name)
    response = HttpResponse(content, content_type=wanted.media_type)
    shown = "inline" if wanted.is_image else "attachment"
    response["Content-Disposition"] = f'{shown}; filename="{wanted.name}"'
    response["Content-Security-Policy"] = _FILE_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    return response


def post(request: HttpRequest) -> HttpResponseBase:
    """The form for an alert, and posting it."""
    actor = exchange_actor(request)
    if not find_alerts.is_user(actor):
        raise Http404
    if request.method != "POST":
        return _post_page(request)
    try:
        wanted = _request(request)
        alert_id = post_alert.run(wanted, actor=actor, at=datetime.now(UTC), store=store())
    except Refused as refused:
        return _post_page(request, refusals=refused.refusals)
    messages.success(request, "The alert is posted. Its readers see it now.")
    return redirect("alert", alert_id=alert_id)


def update(request: HttpRequest, alert_id: UUID) -> HttpResponseBase:
    """Mend title and text."""
    title, body = request.POST.get("title", "")[:500], request.POST.get("body", "")[:20_000]
    try:
        post_alert.update(
            alert_id, title=title, body=body, actor=exchange_actor(request), at=datetime.now(UTC)
        )
    except Refused as refused:
        return _alert_page(request, alert_id, refusals=refused.refusals)
    messages.success(request, "The alert is mended, and says when.")
    return redirect("alert", alert_id=alert_id)


def close(request: HttpRequest, alert_id: UUID) -> HttpResponseBase:
    """Close it with a reason."""
    reason = request.POST.get("reason", "")[:1000]
    try:
        post_alert.close(alert_id, reason=reason, actor=exchange_actor(request), at=datetime.now(UTC))
    except Refused as refused:
        return _alert_page(request, alert_id, refusals=refused.refusals)
    messages.success(request, "The alert is closed. It can still be found.")
    return redirect("alert", alert_id=alert_id)


def _alert_page(request: HttpRequest, alert_id: UUID, *, refusals: tuple[Refusal, ...] = ()) -> HttpResponse:
    actor = exchange_actor(request)
    alert = find_alerts.show(alert_id, actor=actor, at=datetime.now(UTC))
    ours = alert.organisation_id == actor.organisation_id or actor.organisation_kind == "association"
    context = {
        "alert": alert,
        "meaning": KINDS.get(alert.kind, ""),
        "may_keep": ours and alert.closed_at is None,
        "title": request.POST.get("title", alert.title),
        "body": request.POST.get("body", alert.body),
        "posted": request.POST,
        "refusals": refusals,
    }
    return render(request, "exchange/alert.html", context, status=422 if refusals else 200)


def _post_page(request: HttpRequest, *, refusals: tuple[Refusal, ...] = ()) -> HttpResponse:
    context = {
        "kinds": KINDS.items(),
        "jurisdictions": JURISDICTIONS,
        "most_files": post_alert.MOST_FILES,
        "largest": LARGEST_FILE // 1024 // 1024,
        "posted": request.POST,
        "refusals": refusals,
    }
    return render(request, "exchange/alert_new.html", context, status=422 if refusals else 200)


def _request(request: HttpRequest) -> post_alert.Request:
    posted = request.POST
    # One byte more than may be sent is enough to see that there are too many.
    files = [
        (str(sent.name or "file"), sent.read(LARGEST_FILE + 1)) for sent in request.FILES.getlist("files")
    ]
    return post_alert.Request(
        kind=posted.get("kind", ""),
        title=posted.get("title", "")[:500],
        body=posted.get("body", "")[:20_000],
        jurisdiction=posted.get("jurisdiction", "")[:2],
        vins=_lines(posted.get("vins", "")),
        numbers=_lines(posted.get("numbers", "")),
        files=files,
    )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text[:10_000].splitlines() if line.strip()]


def _asked(request: HttpRequest) -> Asked:
    given = {name: request.GET.get(name, "").strip()[:_LONGEST_SEARCH] for name in ("vin", "number", "words")}
    kind, jurisdiction = request.GET.get("kind", ""), request.GET.get("jurisdiction", "")
    return Asked(
        vin=_printable(given["vin"]),
        number=_printable(given["number"]),
        words=_printable(given["words"]),
        kind=kind if kind in KINDS else "",
        jurisdiction=jurisdiction if jurisdiction in dict(JURISDICTIONS) else "",
        open_only=request.GET.get("open") == "yes",
        after=_after(request.GET.get("after", "")),
    )


def _printable(text: str) -> str:
    return text.replace("\x00", "")


def _after(text: str) -> tuple[datetime, UUID] | None:
    moment, _, alert_id = text.partition("_")
    try:
        after = datetime.fromisoformat(moment), UUID(alert_id)
    except ValueError:
        return None
    return after if after[0].tzinfo is not None else None


def _next_page(request: HttpRequest, after: tuple[datetime, UUID] | None) -> str:
    if after is None:
        return ""
    kept = {name: value for name, value in request.GET.items() if name != "after" and value}
    return "?" + urlencode({**kept, "after": f"{after[0].isoformat()}_{after[1]}"})

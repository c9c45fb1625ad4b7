"""The work bench as a page: what to correct first, what keeps coming, what was set aside and by whom (N-503)."""

from dataclasses import replace
from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from vinculum.access.database import acting
from vinculum.entrypoints.web.exchange.speaking_for import exchange_actor
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.national.batch import work_bench
from vinculum.national.batch.work_bench import ACT, LOOKS_BACK


def show(request: HttpRequest) -> HttpResponse:
    """Errors, warnings, what was set aside."""
    return _page(request)


def acknowledge(request: HttpRequest) -> HttpResponseBase:
    """Set a warning aside."""
    code, reason = request.POST.get("code", "")[:3], request.POST.get("reason", "").strip()
    try:
        work_bench.acknowledge(code=code, reason=reason, actor=exchange_actor(request), at=datetime.now(UTC))
    except Refused as refused:
        # Each warning has a form of its own on the page.
        own = {"reason": f"reason-{code}", "code": None}
        at_form = tuple(replace(one, field=own.get(one.field or "")) for one in refused.refusals)
        return _page(request, refusals=at_form)
    messages.success(request, f"{code} is set aside. Reports still count it and show it.")
    return redirect("exchange_bench")


def take_up(request: HttpRequest) -> HttpResponseBase:
    """Put a warning back on the bench."""
    code = request.POST.get("code", "")[:3]
    try:
        work_bench.take_up(code=code, actor=exchange_actor(request), at=datetime.now(UTC))
    except Refused as refused:
        return _page(request, refusals=refused.refusals)
    messages.success(request, f"{code} is on the bench again.")
    return redirect("exchange_bench")


def _page(request: HttpRequest, *, refusals: tuple[Refusal, ...] = ()) -> HttpResponse:
    actor = exchange_actor(request)
    with acting(actor, act=ACT, database="national") as connection:
        bench = work_bench.read_bench(connection, jurisdiction=actor.organisation_code, at=datetime.now(UTC))
    context = {
        "speaker": actor,
        "bench": bench,
        "days": LOOKS_BACK.days,
        "posted": request.POST,
        "refusals": refusals,
    }
    return render(request, "exchange/bench.html", context, status=422 if refusals else 200)

"""The tax collector's desk: delinquencies put on and taken off; a dealer's held deal goes on at once (D-401)."""

from datetime import UTC, date, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from vinculum.entrypoints.web.doors import acting_person
from vinculum.kernel.business_calendar import local_date
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.state.queries import tax_worklist
from vinculum.state.transactions import put_on_stop, take_off_stop


def home(request: HttpRequest) -> HttpResponse:
    """Whom the town has stopped, and the form to stop another."""
    return _page(request)


def put_on(request: HttpRequest) -> HttpResponseBase:
    """Put a delinquency on a customer."""
    actor, at = acting_person(request), datetime.now(UTC)
    number = request.POST.get("customer_number", "").strip().upper()[:20]
    since = _day(request.POST.get("since", ""))
    if since is None:
        fault = Refusal(
            code="invalid_field",
            message="The day since when the tax is owed cannot be read.",
            remedy="Enter the day.",
            field="since",
            rule="M-401",
        )
        return _page(request, refusals=(fault,))
    wanted = put_on_stop.Request(
        customer_number=number,
        kind="delinquent_tax",
        reason=request.POST.get("reason", "").strip()[:500],
        since=since,
        town_code=actor.organisation_code,
        contact=request.POST.get("contact", "").strip()[:200],
    )
    try:
        put_on_stop.run(wanted, actor=actor, at=at)
    except Refused as refused:
        return _page(request, refusals=refused.refusals)
    messages.success(request, f"Customer {number} is stopped. Dealers and DMV see it from now on.")
    return redirect("town_home")


def take_off(request: HttpRequest) -> HttpResponseBase:
    """Take a delinquency off, in real time."""
    actor, at = acting_person(request), datetime.now(UTC)
    number = request.POST.get("customer_number", "").strip().upper()[:20]
    wanted = take_off_stop.Request(
        customer_number=number,
        kind="delinquent_tax",
        reason=request.POST.get("reason", "").strip()[:500],
        town_code=actor.organisation_code,
    )
    try:
        take_off_stop.run(wanted, actor=actor, at=at)
    except Refused as refused:
        return _page(request, refusals=refused.refusals)
    messages.success(request, f"Customer {number} is cleared. A held deal can go on at once.")
    return redirect("town_home")


def _page(request: HttpRequest, *, refusals: tuple[Refusal, ...] = ()) -> HttpResponse:
    actor = acting_person(request)
    context = {
        "stops": tax_worklist.run(tax_worklist.Request(), actor=actor),
        "cleared": tax_worklist.run(tax_worklist.Request(taken_off=True, limit=20), actor=actor),
        "refusals": refusals,
        "posted": request.POST,
        "today": local_date(datetime.now(UTC)),
    }
    return render(request, "town/home.html", context, status=422 if refusals else 200)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

"""The book as an examiner reads it: search, and the whole story of a customer, a vehicle or a title.

What is searched for, the purpose and the case travel in the body of a request, never in an address.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from vinculum.entrypoints.web.doors import acting_person
from vinculum.kernel.business_calendar import local_date
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.state.queries import (
    customer_story,
    permissible_purposes,
    search_book,
    title_story,
    vehicle_story,
)
from vinculum.state.queries.story import Story, StoryRequest

Teller = Callable[..., Story | None]

_NOT_A_DAY: Final = Refusal(
    code="invalid_field",
    message="The day the story is told as of cannot be read.",
    remedy="Choose a day.",
    field="as_of",
    rule="D-203",
)


def search(request: HttpRequest) -> HttpResponse:
    """Everything the typed text may mean."""
    actor = acting_person(request)
    today = local_date(datetime.now(UTC))
    context: dict[str, object] = {
        "purposes": permissible_purposes.run(today, actor=actor),
        "text": request.POST.get("text", "").strip()[:80],
        "purpose": request.POST.get("purpose", ""),
        "case_reference": request.POST.get("case_reference", "").strip()[:80],
        "today": today,
    }
    status = 200
    if request.method == "POST":
        wanted = search_book.Request(
            text=str(context["text"]),
            purpose=str(context["purpose"]),
            case_reference=str(context["case_reference"]),
        )
        try:
            context["hits"] = search_book.run(wanted, actor=actor)
        except Refused as refused:
            context["refusals"], status = refused.refusals, 422
    return render(request, "dmv/search.html", context, status=status)


def customer(request: HttpRequest) -> HttpResponseBase:
    """A customer's story."""
    return _story(request, tell=customer_story.run, route="dmv_customer")


def vehicle(request: HttpRequest) -> HttpResponseBase:
    """A vehicle's story."""
    return _story(request, tell=vehicle_story.run, route="dmv_vehicle")


def title(request: HttpRequest) -> HttpResponseBase:
    """A title's story."""
    return _story(request, tell=title_story.run, route="dmv_title")


def _story(request: HttpRequest, *, tell: Teller, route: str) -> HttpResponseBase:
    if request.method != "POST":
        return redirect("dmv_search")
    actor = acting_person(request)
    today = local_date(datetime.now(UTC))
    as_of = _day(request.POST.get("as_of", ""), otherwise=today)
    asked = StoryRequest(
        subject=request.POST.get("key", "").strip()[:40],
        as_of=as_of or today,
        purpose=request.POST.get("purpose", ""),
        case_reference=request.POST.get("case_reference", "").strip()[:80],
    )
    context: dict[str, object] = {
        "asked": asked,
        "route": route,
        "today": today,
        "purposes": permissible_purposes.run(today, actor=actor),
    }
    if as_of is None:
        context["refusals"] = (_NOT_A_DAY,)
        return render(request, "dmv/story.html", context, status=422)
    try:
        context["story"] = tell(asked, actor=actor)
    except Refused as refused:
        context["refusals"] = refused.refusals
        return render(request, "dmv/story.html", context, status=422)
    return render(request, "dmv/story.html", context)


def _day(text: str, *, otherwise: date) -> date | None:
    if not text:
        return otherwise
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

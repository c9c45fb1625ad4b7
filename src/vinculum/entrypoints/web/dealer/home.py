"""What waits for a dealer: held deals, today's work and how long it can be voided, plates that run low, funds."""

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vinculum.entrypoints.web.dealer.quote_panel import today_at
from vinculum.entrypoints.web.doors import acting_person
from vinculum.state.queries import clerk_standing, funds_statement, list_applications, stock_summary

_LATEST = 50


def home(request: HttpRequest) -> HttpResponse:
    """The dealer's home page."""
    actor, now = acting_person(request), datetime.now(UTC)
    today = today_at(now)
    waiting = list_applications.run(
        list_applications.Request(states=("held", "open"), limit=_LATEST), actor=actor
    )
    done = list_applications.run(
        list_applications.Request(states=("processed", "voided"), limit=_LATEST), actor=actor
    )
    todays = [
        deal for deal in done.applications if deal.processed_at and today_at(deal.processed_at) == today
    ]
    voidable = [
        deal
        for deal in done.applications
        if deal.state == "processed" and deal.void_until and deal.void_until >= now and deal not in todays
    ]
    context = {
        "standing": clerk_standing.run(today, actor=actor),
        "waiting": waiting.applications,
        "today": today,
        "todays": todays,
        "voidable": voidable,
        "now": now,
        "stock": stock_summary.run(actor=actor),
        "funds": funds_statement.run(funds_statement.Request(first_day=today, last_day=today), actor=actor),
    }
    return render(request, "dealer/home.html", context)

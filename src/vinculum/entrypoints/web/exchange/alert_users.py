"""Who uses the alert site: asking for it, and the page of the administrator who decides (N-703)."""

from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from vinculum.access import people, service
from vinculum.entrypoints.web.exchange.speaking_for import exchange_actor
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.national.alerts import alert_users


def access(request: HttpRequest) -> HttpResponse:
    """How it stands with one's own use of the site, and the form that asks for it."""
    return _access_page(request)


def ask(request: HttpRequest) -> HttpResponseBase:
    """Ask the administrator of the own jurisdiction."""
    wanted_for = request.POST.get("wanted_for", "")[:1000]
    try:
        alert_users.ask(wanted_for=wanted_for, actor=exchange_actor(request), at=datetime.now(UTC))
    except Refused as refused:
        return _access_page(request, refusals=refused.refusals)
    messages.success(request, "Your administrator has your request.")
    return redirect("alert_access")


def listed(request: HttpRequest) -> HttpResponse:
    """Users, requests and places of the own jurisdiction."""
    return _users_page(request)


def decide(request: HttpRequest, person_id: UUID) -> HttpResponseBase:
    """Approve, confirm for another year, or decline."""
    approve = request.POST.get("act", "") in {"approve", "confirm"}
    try:
        alert_users.decide(
            person_id=person_id,
            approve=approve,
            words=request.POST.get("words", "")[:400],
            actor=exchange_actor(request),
            at=datetime.now(UTC),
        )
    except Refused as refused:
        return _users_page(request, refusals=refused.refusals)
    messages.success(request, "The use is approved for a year." if approve else "The request is declined.")
    return redirect("alert_users")


def end(request: HttpRequest, person_id: UUID) -> HttpResponseBase:
    """Remove a user; all sessions of that person end with it."""
    try:
        alert_users.end(
            person_id=person_id,
            because=request.POST.get("because", ""),
            words=request.POST.get("words", "")[:1000],
            actor=exchange_actor(request),
            at=datetime.now(UTC),
            close_sessions=partial(_close_sessions, request_id=str(getattr(request, "request_id", ""))),
        )
    except Refused as refused:
        return _users_page(request, refusals=refused.refusals)
    messages.success(request, "Removed. Every session of that person has ended.")
    return redirect("alert_users")


def _close_sessions(person_id: UUID, *, request_id: str) -> int:
    """Where people sign in, the program itself ends the sessions: a jurisdiction's administrator has no right there."""
    return people.close_sessions(service.actor(request_id=request_id), person_id=person_id)


def _access_page(request: HttpRequest, *, refusals: tuple[Refusal, ...] = ()) -> HttpResponse:
    actor, at = exchange_actor(request), datetime.now(UTC)
    own = alert_users.own(actor=actor)
    context = {
        "own": own,
        "stale": own is not None and own.is_stale(at=at),
        "speaker": actor,
        "posted": request.POST,
        "refusals": refusals,
    }
    return render(request, "exchange/alert_access.html", context, status=422 if refusals else 200)


def _users_page(request: HttpRequest, *, refusals: tuple[Refusal, ...] = ()) -> HttpResponse:
    actor, at = exchange_actor(request), datetime.now(UTC)
    register = alert_users.register(actor=actor, at=at)
    context = {
        "register": register,
        "users": [(user, user.is_stale(at=at)) for user in register.users],
        "taken": sum(
            not user.is_stale(at=at)
            for user in register.users
            if user.organisation_id == actor.organisation_id
        ),
        "endings": alert_users.ENDINGS.items(),
        "speaker": actor,
        "posted": request.POST,
        "refusals": refusals,
    }
    return render(request, "exchange/alert_users.html", context, status=422 if refusals else 200)

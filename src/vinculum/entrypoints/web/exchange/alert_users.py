"""Who uses the alert site: asking for it, and the page of the administrator who decides (N-703)."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from vinculum.access import people, service
from vinculum.access.database import acting
from vinculum.entrypoints.mailroom import emulator
from vinculum.entrypoints.web.exchange.one_press import new_press, note_done, was_done
from vinculum.entrypoints.web.exchange.speaking_for import exchange_actor
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.national.alerts import alert_users, subscriptions
from vinculum.national.alerts.alert import KINDS
from vinculum.national.casework.contacts import contact_of


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


def subscribe(request: HttpRequest) -> HttpResponseBase:
    """Choose whether and how to be told of new alerts; the secret of a webhook is shown this once."""
    posted = request.POST
    if was_done(request):
        said = "Your choice was kept before; the secret of the webhook is the one that was shown then."
        messages.info(request, said)
        return redirect("alert_access")
    try:
        secret = subscriptions.choose(
            channel=posted.get("channel", ""),
            kinds=[kind[:20] for kind in posted.getlist("kinds")[:10]],
            email=str(getattr(request.user, "email", "")),
            url=posted.get("url", "")[:1000],
            actor=exchange_actor(request),
            at=datetime.now(UTC),
        )
    except Refused as refused:
        return _access_page(request, refusals=refused.refusals)
    if secret:
        note_done(request)
        return _access_page(request, secret=secret)
    messages.success(request, "Your choice is kept.")
    return redirect("alert_access")


def mailbox(request: HttpRequest) -> HttpResponse:
    """What the emulator of a mail server took for this person; the association's desk sees all of it."""
    actor, folder = exchange_actor(request), emulator()
    if folder is None:
        raise Http404
    own = {str(getattr(request.user, "email", "")).lower()}
    sees_all = actor.organisation_kind == "association"
    if actor.organisation_kind == "jurisdiction":
        with acting(actor, act="ask_alert_access", database="national") as connection:
            contact = contact_of(connection, actor.organisation_code)
        own |= {contact.mailbox.lower()} if contact is not None and contact.mailbox else set()
    mails = [
        ({"subject": mail["Subject"], "to": mail["To"], "date": mail["Date"]}, mail.get_content())
        for mail in folder.mails()
        if sees_all or str(mail["To"]).lower() in own
    ]
    context = {"mails": mails, "addresses": sorted(own), "sees_all": sees_all}
    return render(request, "exchange/mailbox.html", context)


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
        # Each user has a form of one's own on the page.
        own = {"because": f"because-{person_id}", "words": f"what-{person_id}"}
        at_form = tuple(replace(one, field=own.get(one.field or "")) for one in refused.refusals)
        return _users_page(request, refusals=at_form, refused_for=str(person_id))
    messages.success(request, "Removed. Every session of that person has ended.")
    return redirect("alert_users")


def _close_sessions(person_id: UUID, *, request_id: str) -> int:
    """Where people sign in, the program itself ends the sessions: a jurisdiction's administrator has no right there."""
    return people.close_sessions(service.actor(request_id=request_id), person_id=person_id)


def _access_page(
    request: HttpRequest, *, refusals: tuple[Refusal, ...] = (), secret: str = ""
) -> HttpResponse:
    actor, at = exchange_actor(request), datetime.now(UTC)
    own = alert_users.own(actor=actor)
    subscription, deliveries = subscriptions.own(actor=actor)
    context = {
        "subscription": subscription,
        "deliveries": deliveries,
        "secret": secret,
        "press": new_press(),
        "email": str(getattr(request.user, "email", "")),
        "channels": subscriptions.CHANNELS.items(),
        "kinds": KINDS,
        "has_mailbox": emulator() is not None,
        "own": own,
        "stale": own is not None and own.is_stale(at=at),
        "speaker": actor,
        "posted": request.POST,
        "refusals": refusals,
    }
    return render(request, "exchange/alert_access.html", context, status=422 if refusals else 200)


def _users_page(
    request: HttpRequest, *, refusals: tuple[Refusal, ...] = (), refused_for: str = ""
) -> HttpResponse:
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
        "refused_for": refused_for,
        "speaker": actor,
        "posted": request.POST,
        "refusals": refusals,
    }
    return render(request, "exchange/alert_users.html", context, status=422 if refusals else 200)

"""The desk of a jurisdiction at the exchange, and of the help desk: how it stands, whom to call (N-705, N-702)."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from vinculum.access.database import acting
from vinculum.entrypoints.web.exchange.speaking_for import exchange_actor
from vinculum.entrypoints.web.exchange.waiting import waiting_at
from vinculum.entrypoints.web.jurisdictions import JURISDICTIONS
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.national.casework import cases, contacts
from vinculum.national.reports import jurisdiction_dashboard


def home(request: HttpRequest) -> HttpResponse:
    """Participation, rates, and everything that waits for this desk."""
    actor, at = exchange_actor(request), datetime.now(UTC)
    listed = cases.listed(actor=actor)
    with acting(actor, act="show_exchange_desk", database="national") as connection:
        own = contacts.contact_of(connection, actor.organisation_code)
        everybody = contacts.all_contacts(connection) if actor.organisation_kind == "association" else ()
    context = {
        "speaker": actor,
        "is_help_desk": actor.organisation_kind == "association",
        "dashboards": sorted(jurisdiction_dashboard.run(actor=actor, at=at), key=lambda one: one.name),
        "waiting": waiting_at(actor, cases=listed, at=at),
        "cases_waiting": [(case, case.days_open(at=at)) for case in listed if case.is_ones_turn],
        "contact": own,
        "contact_stale": own is not None and own.is_stale(at=at),
        "contact_due": own is not None and own.is_due(at=at),
        "stale_contacts": sum(contact.is_stale(at=at) for contact in everybody),
    }
    return render(request, "exchange/home.html", context)


def contact_list(request: HttpRequest) -> HttpResponse:
    """Whom to call where; what was not confirmed for a year is flagged."""
    return _contacts(request)


def keep_contact(request: HttpRequest) -> HttpResponseBase:
    """Enter or confirm a contact."""
    actor, posted = exchange_actor(request), request.POST
    own = actor.organisation_code if actor.organisation_kind == "jurisdiction" else ""
    jurisdiction = own or posted.get("jurisdiction", "")[:2]
    try:
        contacts.keep(
            jurisdiction=jurisdiction,
            telephone=posted.get("telephone", "").strip()[:60],
            mailbox=posted.get("mailbox", "").strip()[:200],
            hours=posted.get("hours", "").strip()[:200],
            actor=actor,
            at=datetime.now(UTC),
        )
    except Refused as refused:
        return _contacts(request, refusals=refused.refusals)
    name = dict(JURISDICTIONS).get(jurisdiction, actor.organisation_name)
    messages.success(request, f"The contact of {name} is confirmed for a year.")
    return redirect("exchange_contacts")


def _contacts(request: HttpRequest, *, refusals: tuple[Refusal, ...] = ()) -> HttpResponse:
    actor, at = exchange_actor(request), datetime.now(UTC)
    with acting(actor, act="show_exchange_desk", database="national") as connection:
        known = contacts.all_contacts(connection)
    own = next((one for one in known if one.jurisdiction == actor.organisation_code), None)
    context = {
        "speaker": actor,
        "is_help_desk": actor.organisation_kind == "association",
        "contacts": [(one, one.is_stale(at=at)) for one in known],
        "stale": sum(one.is_stale(at=at) for one in known),
        "filled": request.POST or own,
        "refusals": refusals,
    }
    return render(request, "exchange/contacts.html", context, status=422 if refusals else 200)

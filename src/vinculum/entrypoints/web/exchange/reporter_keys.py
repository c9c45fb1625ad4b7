"""The help desk's care for reporters: keys of their programs, and from whom a vehicle was obtained (N-801)."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import psycopg
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from vinculum.access import keys
from vinculum.access.database import Actor
from vinculum.entrypoints.exchange.admission import REPORTER_KEY_ACT, issue_key
from vinculum.entrypoints.web.exchange.one_press import new_press, note_done, was_done
from vinculum.entrypoints.web.exchange.speaking_for import help_desk_only
from vinculum.kernel.refusal import Refusal, RefusalsUnder, Refused
from vinculum.kernel.vin import normalise_vin
from vinculum.national.casework import jsi_sources, reporters

_LIVES: Final = timedelta(days=365)
_PURPOSES: Final = {
    "vehicle_safety_and_theft": "Motor vehicle safety and theft",
    "legal_proceeding": "A proceeding in or before a court or agency",
}
_refusal: Final = RefusalsUnder(rule="N-801")


def shown(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """The keys of a reporter's programs."""
    return _page(request, organisation_id)


def issue(request: HttpRequest, organisation_id: UUID) -> HttpResponseBase:
    """Issue a key for a year; its secret is shown this once, and a reload of that page issues none."""
    actor, at = help_desk_only(request), datetime.now(UTC)
    _reporter(actor, organisation_id, at=at)
    if was_done(request):
        messages.info(
            request,
            "That key was issued before and is in the list; nothing was issued again. Its secret was shown once:"
            " where nobody kept it, revoke the key and issue another.",
        )
        return redirect("exchange_reporter_keys", organisation_id=organisation_id)
    client = request.POST.get("client", "").strip()[:60]
    if len(client) < 2 or not client.isprintable():
        words, what_to_do = "The name of the program is missing or too short.", "Enter what they call it."
        refusal = _refusal("missing_field", words, what_to_do, field="client")
        return _page(request, organisation_id, refusals=(refusal,))
    try:
        key = issue_key(
            actor,
            door="reports",
            organisation_id=organisation_id,
            client=client,
            expires_at=at + _LIVES,
            live=settings.PRODUCTION,
        )
    except psycopg.errors.CheckViolation:
        words, what_to_do = "This program has two keys that hold.", "Revoke one of them first."
        refusal = _refusal("reporter_keys_two_at_once", words, what_to_do, field="client")
        return _page(request, organisation_id, refusals=(refusal,))
    note_done(request)
    return _page(request, organisation_id, secret=key.secret)


def revoke(request: HttpRequest, organisation_id: UUID) -> HttpResponseBase:
    """Revoke a key; it stops at once."""
    actor = help_desk_only(request)
    try:
        key_id = UUID(request.POST.get("key", ""))
        keys.revoke(actor, key_id=key_id, database="national", act=REPORTER_KEY_ACT)
    except (ValueError, psycopg.errors.NoDataFound):
        words, what_to_do = "There is no such key that still holds.", "Look at the list again."
        return _page(
            request,
            organisation_id,
            refusals=(_refusal("reporter_key_not_found", words, what_to_do),),
        )
    messages.success(request, "The key is revoked and opens nothing any more.")
    return redirect("exchange_reporter_keys", organisation_id=organisation_id)


def sources(request: HttpRequest) -> HttpResponse:
    """From whom a vehicle was obtained: the purpose goes on record before anything is shown."""
    actor, posted = help_desk_only(request), request.POST
    context: dict[str, object] = {
        "purposes": [
            (code, _PURPOSES.get(code, code), citation)
            for code, citation in jsi_sources.purposes(actor=actor)
        ],
        "posted": posted,
        "sought": normalise_vin(posted.get("vin", "")[:60]),
    }
    status = 200
    if request.method == "POST":
        try:
            context["sources"] = jsi_sources.show(
                vin=posted.get("vin", "")[:60],
                purpose=posted.get("purpose", "")[:60],
                case_reference=posted.get("case_reference", "")[:200],
                actor=actor,
            )
        except Refused as refused:
            context["refusals"], status = refused.refusals, 422
    return render(request, "exchange/jsi_sources.html", context, status=status)


def _page(
    request: HttpRequest, organisation_id: UUID, *, refusals: tuple[Refusal, ...] = (), secret: str = ""
) -> HttpResponse:
    actor, at = help_desk_only(request), datetime.now(UTC)
    context = {
        "reporter": _reporter(actor, organisation_id, at=at),
        "keys": [
            (key, key.revoked_at is None and key.expires_at > at)
            for key in keys.of_organisation(
                actor, organisation_id=organisation_id, database="national", act=REPORTER_KEY_ACT
            )
        ],
        "secret": secret,
        "press": new_press(),
        "posted": {} if secret else request.POST,
        "refusals": refusals,
    }
    return render(request, "exchange/reporter_keys.html", context, status=422 if refusals else 200)


def _reporter(actor: Actor, organisation_id: UUID, *, at: datetime) -> reporters.Reporter:
    for reporter in reporters.all_reporters(actor=actor, at=at):
        if reporter.organisation_id == organisation_id:
            return reporter
    raise Http404

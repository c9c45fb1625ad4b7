"""Data-change requests on the pages: proposed, decided by the owners, carried out, all of it tracked (N-704)."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from vinculum.access.database import Actor
from vinculum.access.permissions import may
from vinculum.entrypoints.web.exchange import evidence
from vinculum.entrypoints.web.exchange.speaking_for import exchange_actor
from vinculum.entrypoints.web.jurisdictions import JURISDICTIONS
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.kernel.vin import normalise_vin, vin_doubt
from vinculum.national.casework import data_changes

_DONE_BY: Final = {
    "message": "a message on line",
    "title": "a title by file",
    "brand": "a brand taken back by file",
}


def listed(request: HttpRequest) -> HttpResponse:
    """The requests of this desk, and the form for another."""
    return _list_page(request)


def propose(request: HttpRequest) -> HttpResponseBase:
    """Ask the owners for a change of their data."""
    posted, vin = request.POST, normalise_vin(request.POST.get("vin", "")[:60])
    try:
        request_id = data_changes.propose(
            vin=vin,
            owners=tuple(code[:2] for code in posted.getlist("owners")[:60]),
            change=posted.get("change", "")[:5000],
            evidence=posted.get("evidence", "")[:5000],
            actor=exchange_actor(request),
            at=datetime.now(UTC),
        )
    except Refused as refused:
        return _list_page(request, refusals=refused.refusals)
    messages.success(request, "The request is with the owners of the data.")
    return redirect("exchange_change", vin=vin, request_id=request_id)


def one(request: HttpRequest, vin: str, request_id: UUID) -> HttpResponse:
    """A request: what is asked, who has decided, what was done."""
    return _change_page(request, vin=vin, request_id=request_id)


def act(request: HttpRequest, vin: str, request_id: UUID) -> HttpResponseBase:
    """Approve, decline, carry out or withdraw."""
    actor = exchange_actor(request)
    try:
        _do(request, vin=vin, request_id=request_id, actor=actor)
    except Refused as refused:
        return _change_page(request, vin=vin, request_id=request_id, refusals=refused.refusals)
    messages.success(request, "It is on record.")
    return redirect("exchange_change", vin=vin, request_id=request_id)


def _do(request: HttpRequest, *, vin: str, request_id: UUID, actor: Actor) -> None:
    posted, at = request.POST, datetime.now(UTC)
    what = posted.get("act", "")
    if what in {"approve", "decline"}:
        data_changes.decide(
            vin=vin,
            request_id=request_id,
            approve=what == "approve",
            words=posted.get("words", "")[:5000],
            actor=actor,
            at=at,
        )
    elif what == "carry_out":
        origin, _, message_id = posted.get("update", "").partition(" ")
        data_changes.carry_out(
            vin=vin,
            request_id=request_id,
            origin=origin[:2],
            message_id=_message_id(message_id),
            actor=actor,
            at=at,
        )
    elif what == "withdraw":
        data_changes.withdraw(vin=vin, request_id=request_id, actor=actor, at=at)
    else:
        raise Refused([_misread("What is to be done is missing.", "Press one of the buttons.", field="act")])


def _message_id(text: str) -> UUID:
    try:
        return UUID(text.strip())
    except ValueError:
        words = "Which update it was is missing."
        raise Refused([_misread(words, "Choose it from the list.", field="message_id")]) from None


def _list_page(request: HttpRequest, *, refusals: tuple[Refusal, ...] = ()) -> HttpResponse:
    actor = exchange_actor(request)
    found = data_changes.listed(actor=actor)
    context = {
        "changes": [(change, change.waits_for(actor.organisation_code)) for change in found],
        "jurisdictions": JURISDICTIONS,
        # A correction leads here with its VIN and its state.
        "chosen": (request.POST or request.GET).getlist("owners"),
        "may_rescind": may(actor, "rescind_brand"),
        "posted": request.POST or request.GET,
        "refusals": refusals,
    }
    return render(request, "exchange/changes.html", context, status=422 if refusals else 200)


def _change_page(
    request: HttpRequest, *, vin: str, request_id: UUID, refusals: tuple[Refusal, ...] = ()
) -> HttpResponse:
    actor = exchange_actor(request)
    change = data_changes.show(vin=vin[:30], request_id=request_id, actor=actor)
    side = "help_desk" if actor.organisation_kind == "association" else actor.organisation_code
    context = {
        "change": change,
        "doubt": vin_doubt(change.vin) if change.standing in {"proposed", "approved"} else "",
        **evidence.with_case(request, "data_change", vin=change.vin, subject_id=request_id),
        "may_decide": change.waits_for(actor.organisation_code) and change.opened_by != actor.person_id,
        "may_withdraw": change.asked_by == side and change.standing in {"proposed", "approved", "declined"},
        "updates": _updates(change, actor) if change.standing == "approved" else (),
        "posted": request.POST,
        "refusals": refusals,
    }
    return render(request, "exchange/change.html", context, status=422 if refusals else 200)


def _updates(
    change: data_changes.DataChange, actor: Actor
) -> tuple[tuple[data_changes.OwnersUpdate, str], ...]:
    found = data_changes.updates_since(change, actor=actor)
    return tuple((update, _DONE_BY[update.by]) for update in found)


def _misread(message: str, remedy: str, *, field: str) -> Refusal:
    return Refusal(code="invalid_field", message=message, remedy=remedy, field=field, rule="N-704")

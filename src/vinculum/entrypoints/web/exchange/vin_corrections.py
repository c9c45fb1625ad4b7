"""Corrections of VINs on the pages: begun, inspected, followed step by step (N-307)."""

from datetime import UTC, date, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from vinculum.access.database import Actor
from vinculum.access.permissions import may
from vinculum.entrypoints.web.exchange import evidence
from vinculum.entrypoints.web.exchange.speaking_for import exchange_actor
from vinculum.entrypoints.web.jurisdictions import JURISDICTIONS
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.kernel.vin import normalise_vin, vin_doubt
from vinculum.national.casework import data_changes, vin_corrections, withdraw_correction
from vinculum.national.casework.vin_corrections import Correction
from vinculum.national.law.vin_procedures import TITLES


def listed(request: HttpRequest) -> HttpResponse:
    """The corrections of this desk, and the questions that begin another."""
    return _list_page(request)


def begin(request: HttpRequest) -> HttpResponseBase:
    """Begin a correction: which procedure it is, the answers decide."""
    posted, vin = request.POST, normalise_vin(request.POST.get("vin", "")[:60])
    try:
        correction_id = vin_corrections.begin(
            vin=vin,
            right_vin=posted.get("right_vin", "")[:60],
            origin=posted.get("origin", "")[:2],
            enters_both_vins=posted.get("enters") == "both",
            actor=exchange_actor(request),
            at=datetime.now(UTC),
        )
    except Refused as refused:
        return _list_page(request, refusals=refused.refusals)
    messages.success(request, "Follow the steps. The first is to look at the vehicle.")
    return redirect("exchange_correction", vin=vin, correction_id=correction_id)


def one(request: HttpRequest, vin: str, correction_id: UUID) -> HttpResponse:
    """A correction: its steps, those that were seen ticked, and the inspections of the vehicle."""
    return _one_page(request, vin=vin, correction_id=correction_id)


def verify(request: HttpRequest, vin: str, correction_id: UUID) -> HttpResponseBase:
    """Record an inspection of the vehicle."""
    posted = request.POST
    try:
        vin_corrections.verify(
            vin=vin,
            correction_id=correction_id,
            inspected_on=_day(posted.get("inspected_on", "")),
            inspected_by=posted.get("inspected_by", "")[:200],
            place=posted.get("place", "")[:20],
            read_vin=posted.get("read_vin", "")[:60],
            actor=exchange_actor(request),
            at=datetime.now(UTC),
        )
    except Refused as refused:
        return _one_page(request, vin=vin, correction_id=correction_id, refusals=refused.refusals)
    messages.success(request, "The inspection is on record.")
    return redirect("exchange_correction", vin=vin, correction_id=correction_id)


def withdraw(request: HttpRequest, vin: str, correction_id: UUID) -> HttpResponseBase:
    """Take back a correction that was begun by mistake."""
    try:
        withdraw_correction.withdraw(
            vin=vin,
            correction_id=correction_id,
            reason=request.POST.get("reason", "")[:400],
            actor=exchange_actor(request),
            at=datetime.now(UTC),
        )
    except Refused as refused:
        return _one_page(request, vin=vin, correction_id=correction_id, refusals=refused.refusals)
    messages.success(request, "It is taken back and stays on record. The VIN can be corrected anew.")
    return redirect("exchange_correction", vin=vin, correction_id=correction_id)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _list_page(request: HttpRequest, *, refusals: tuple[Refusal, ...] = ()) -> HttpResponse:
    actor = exchange_actor(request)
    found = vin_corrections.listed(actor=actor)
    context = {
        "corrections": [(correction, TITLES[correction.procedure]) for correction in found],
        "speaker": actor,
        "may_begin": actor.organisation_kind == "jurisdiction",
        "jurisdictions": JURISDICTIONS,
        "posted": request.POST,
        "refusals": refusals,
    }
    return render(request, "exchange/corrections.html", context, status=422 if refusals else 200)


def _one_page(
    request: HttpRequest, *, vin: str, correction_id: UUID, refusals: tuple[Refusal, ...] = ()
) -> HttpResponse:
    actor = exchange_actor(request)
    correction = vin_corrections.show(vin=vin[:30], correction_id=correction_id, actor=actor)
    is_own = correction.jurisdiction == actor.organisation_code
    context = {
        "correction": correction,
        "doubt": "" if correction.is_done or correction.is_withdrawn else vin_doubt(correction.right_vin),
        **evidence.with_case(request, "vin_correction", vin=correction.vin, subject_id=correction_id),
        "evidence_closed": correction.is_withdrawn,
        "title": TITLES[correction.procedure],
        "request_page": _request_page(correction, actor=actor),
        "may_verify": is_own and not correction.is_withdrawn,
        "may_withdraw": is_own and correction.may_be_withdrawn,
        "places": vin_corrections.PLACES.items(),
        "posted": request.POST,
        "refusals": refusals,
    }
    return render(request, "exchange/correction.html", context, status=422 if refusals else 200)


def _request_page(correction: Correction, *, actor: Actor) -> str:
    """The data-change request by which a step is done; where to make it, while there is none and it is one's own step.

    Empty for whoever is no side of that request: it is between the states that it concerns.
    """
    if correction.is_withdrawn or not may(actor, "work_exchange_case"):
        return ""
    # The same requests as those that tick the step.
    request = next(
        (
            one
            for one in data_changes.of_vehicle(correction.vin, actor=actor)
            if one.withdrawn_at is None
            and one.opened_at >= correction.opened_at
            and correction.origin in {approval.jurisdiction for approval in one.approvals}
        ),
        None,
    )
    if request is not None:
        return reverse("exchange_change", kwargs={"vin": request.vin, "request_id": request.request_id})
    if correction.origin != actor.organisation_code:
        return ""
    asked = urlencode({"vin": correction.vin, "owners": correction.origin})
    return f"{reverse('exchange_changes')}?{asked}"

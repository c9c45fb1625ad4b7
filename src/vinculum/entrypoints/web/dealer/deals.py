"""Deals after the desk: on hold, taken up again, given up, processed, voided, printed."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from vinculum.access.database import Actor
from vinculum.access.permissions import may
from vinculum.decoding import shipped_makes
from vinculum.entrypoints.web.dealer.owner_card import known_owner
from vinculum.entrypoints.web.doors import acting_person
from vinculum.entrypoints.web.templatetags.vinculum_words import money
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.state.queries import list_applications, print_certificate, show_application
from vinculum.state.queries.find_customer import Customer
from vinculum.state.queries.show_application import ShownApplication
from vinculum.state.transactions import abandon_application, release_application, void_registration
from vinculum.state.transactions.register_vehicle import RECEIPT


def held(request: HttpRequest) -> HttpResponse:
    """All deals that wait: on hold, or taken up on some terminal and not finished."""
    return _list(request, states=("held", "open"), template="dealer/held.html")


def processed(request: HttpRequest) -> HttpResponse:
    """All processed deals, voided ones among them."""
    return _list(request, states=("processed", "voided"), template="dealer/processed.html")


def take_up(request: HttpRequest, application_id: UUID) -> HttpResponseBase:
    """Take a deal up on this terminal; from then on it is finished here (D-205)."""
    wanted = release_application.Request(application_id=application_id)
    try:
        release_application.run(wanted, actor=acting_person(request), at=datetime.now(UTC))
    except Refused as refused:
        return _refused(request, refused.refusals)
    response = redirect("dealer_register")
    response["Location"] += f"?application={application_id}"
    return response


def give_up(request: HttpRequest, application_id: UUID) -> HttpResponseBase:
    """Give a deal up; what was typed stays on record."""
    wanted = abandon_application.Request(application_id=application_id)
    try:
        abandon_application.run(wanted, actor=acting_person(request), at=datetime.now(UTC))
    except Refused as refused:
        return _refused(request, refused.refusals)
    messages.info(request, "The deal is given up. Nothing was charged.")
    return redirect("dealer_held")


def show(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """A processed deal: receipt, certificate, and the void while its window is open."""
    return _deal_page(request, application_id)


def void(request: HttpRequest, application_id: UUID) -> HttpResponseBase:
    """Void a registration; the dealer certifies that the vehicle has not left the lot (D-603)."""
    wanted = void_registration.Request(
        application_id=application_id,
        reason=request.POST.get("reason", "").strip()[:500],
        not_left_lot=request.POST.get("not_left_lot") == "yes",
        idempotency_key=request.POST.get("key") or uuid4().hex,
    )
    try:
        receipt = void_registration.run(wanted, actor=acting_person(request), at=datetime.now(UTC))
    except Refused as refused:
        return _deal_page(request, application_id, refusals=refused.refusals, reason=wanted.reason)
    messages.success(
        request,
        f"Voided: {money(receipt.refunded)} is back in your funds account."
        f" Return plate {receipt.plate_number} to DMV; it never goes back to stock.",
    )
    return redirect("dealer_deal", application_id=application_id)


def certificate(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """The registration certificate as PDF, shown inside our own pages only."""
    try:
        printed = print_certificate.run(application_id, actor=acting_person(request), at=datetime.now(UTC))
    except Refused as refused:
        deal = reverse("dealer_deal", kwargs={"application_id": application_id})
        return _refused(request, refused.refusals, back=deal, back_to="Back to the deal")
    if printed is None:
        raise Http404
    response = HttpResponse(printed.pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{printed.file_name}"'
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _deal_page(
    request: HttpRequest, application_id: UUID, *, refusals: tuple[Refusal, ...] = (), reason: str = ""
) -> HttpResponse:
    now = datetime.now(UTC)
    actor = acting_person(request)
    shown = show_application.run(application_id, actor=actor)
    if shown is None or shown.receipt is None:
        raise Http404
    context = {
        "deal": shown,
        "vehicle": _vehicle(shown),
        "owners": _owners(shown, actor=actor),
        "receipt": RECEIPT.validate_python(shown.receipt),
        "refusals": refusals,
        "reason": reason,
        "void_open": shown.state == "processed" and shown.void_until is not None and now <= shown.void_until,
        "key": uuid4().hex,
    }
    return render(request, "dealer/deal.html", context, status=422 if refusals else 200)


def _vehicle(shown: ShownApplication) -> str:
    """The vehicle as it was declared, in a few words."""
    declared = shown.deal.get("vehicle") or {}
    names = {make.code: make.name for make in shipped_makes()}
    make = declared.get("make", "")
    words = [declared.get("model_year"), names.get(make, make), declared.get("model")]
    described = " ".join(str(word) for word in words if word)
    return ", ".join(word for word in (described, declared.get("body_style"), declared.get("colour")) if word)


def _owners(shown: ShownApplication, *, actor: Actor) -> list[Customer]:
    """Who it is registered to, for whoever may look customers up; each look-up is on record first."""
    if not may(actor, "find_customer"):
        return []
    reference = f"Receipt for VIN {shown.vin}"[:80]
    numbers = [number for number in shown.deal.get("owners") or () if number]
    cards = [known_owner(number, reference=reference, actor=actor) for number in numbers]
    return [card.customer for card in cards if card.customer is not None]


def _list(
    request: HttpRequest, *, states: tuple[list_applications.ApplicationState, ...], template: str
) -> HttpResponse:
    wanted = list_applications.Request(states=states, after=request.GET.get("after", ""))
    try:
        page = list_applications.run(wanted, actor=acting_person(request))
    except list_applications.CursorUnreadable as error:
        raise Http404 from error
    return render(request, template, {"page": page, "now": datetime.now(UTC)})


def _refused(
    request: HttpRequest,
    refusals: tuple[Refusal, ...],
    *,
    back: str = "",
    back_to: str = "Back to the held deals",
) -> HttpResponse:
    context = {"refusals": refusals, "back": back or reverse("dealer_held"), "back_to": back_to}
    return render(request, "web/refused.html", context, status=409)

"""The desk: one page on which a clerk registers a vehicle, and the parts of it that answer while typing."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from vinculum.access.database import Actor
from vinculum.decoding import shipped_makes
from vinculum.entrypoints import wired
from vinculum.entrypoints.web import kept_forms
from vinculum.entrypoints.web.dealer import deal_fields, quote_panel
from vinculum.entrypoints.web.dealer.deal_form import DealForm, looked_up, new_draft, over_long, read_post
from vinculum.entrypoints.web.dealer.decoded_vehicle import decoded_vehicle, take_over_decoded
from vinculum.entrypoints.web.dealer.owner_card import OwnerCard, find_owner, known_owner
from vinculum.entrypoints.web.doors import acting_person
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.state.queries import desk_lists, show_application
from vinculum.state.queries.desk_lists import DeskLists
from vinculum.state.transactions import hold_application, register_vehicle


def register(request: HttpRequest) -> HttpResponseBase:
    """The page: new, from a deal taken up again, or as posted by one of its buttons."""
    actor = acting_person(request)
    at = datetime.now(UTC)
    lists = desk_lists.run(quote_panel.today_at(at), actor=actor)
    if request.method != "POST":
        if kept_forms.asked_for(request):
            return _as_typed(request, lists=lists, at=at)
        draft, application_id = _opening(request, actor=actor, today=quote_panel.today_at(at))
        return _page(request, draft=draft, application_id=application_id, lists=lists, at=at)
    draft = read_post(request.POST, lists=lists)
    application_id = _uuid(request.POST.get("application_id", ""))
    act = request.POST.get("act", "quote")
    if act in {"process", "hold"}:
        do = _process if act == "process" else _hold
        try:
            return do(request, draft=draft, application_id=application_id, lists=lists, at=at)
        except Refused as refused:
            return _refused(request, refused.refusals, draft=draft, lists=lists, at=at)
    cards: dict[int, OwnerCard] = {}
    if act == "take_over_decoded":
        draft = take_over_decoded(draft)
    for owner in range(deal_fields.OWNERS):
        if act == f"find_owner_{owner}":
            cards[owner] = _find(request, owner=owner, draft=draft, actor=actor)
    return _page(request, draft=draft, application_id=application_id, lists=lists, at=at, cards=cards)


def quote_part(request: HttpRequest) -> HttpResponseBase:
    """The side panel and the checklist, for the fields as they stand."""
    actor, at = acting_person(request), datetime.now(UTC)
    lists = desk_lists.run(quote_panel.today_at(at), actor=actor)
    draft = read_post(request.POST, lists=lists)
    context = {
        "panel": quote_panel.assess_draft(
            draft, known=deal_fields.fields_of(lists), actor=actor, at=at, exchange=wired.exchange()
        ),
        "partial": True,
    }
    return render(request, "dealer/quote_part.html", context)


def decode_part(request: HttpRequest) -> HttpResponseBase:
    """What the VIN says, beside what is declared; on request the declared fields are filled from it."""
    actor, at = acting_person(request), datetime.now(UTC)
    lists = desk_lists.run(quote_panel.today_at(at), actor=actor)
    draft = read_post(request.POST, lists=lists)
    taken_over = request.POST.get("act") == "take_over_decoded"
    if taken_over:
        draft = take_over_decoded(draft)
    context = {
        "decoded": decoded_vehicle(draft),
        "form": DealForm(draft, lists=lists),
        "taken_over": taken_over,
    }
    response = render(request, "dealer/decode_part.html", context)
    response["HX-Trigger"] = "deal-changed"
    return response


def owner_part(request: HttpRequest, owner: int) -> HttpResponseBase:
    """One owner looked up by the identification that was shown; the look-up is on record before it is answered."""
    if owner >= deal_fields.OWNERS:
        raise Http404
    actor, at = acting_person(request), datetime.now(UTC)
    lists = desk_lists.run(quote_panel.today_at(at), actor=actor)
    draft = read_post(request.POST, lists=lists)
    card = _find(request, owner=owner, draft=draft, actor=actor)
    form = DealForm(draft, lists=lists)
    response = render(request, "dealer/owner_part.html", _owner_context(form, owner=owner, card=card))
    response["HX-Trigger"] = "deal-changed"
    return response


def _opening(request: HttpRequest, *, actor: Actor, today: date) -> tuple[dict[str, Any], UUID | None]:
    """The draft that the page opens with: a fresh one, or that of the deal taken up."""
    application_id = _uuid(request.GET.get("application", ""))
    if application_id is None:
        return new_draft(today=today), None
    shown = show_application.run(application_id, actor=actor)
    if shown is None or shown.state != "open":
        raise Http404
    return dict(shown.deal), application_id


def _page(
    request: HttpRequest,
    *,
    draft: dict[str, Any],
    application_id: UUID | None,
    lists: DeskLists,
    at: datetime,
    cards: Mapping[int, OwnerCard] | None = None,
    refusals: tuple[Refusal, ...] = (),
    note: str = "",
) -> HttpResponse:
    actor = acting_person(request)
    shown = dict(cards or {})
    for owner, number in enumerate(draft.get("owners") or ()):
        if number and owner < deal_fields.OWNERS and owner not in shown:
            shown[owner] = known_owner(number, reference=_reference(draft), actor=actor)
    panel = quote_panel.assess_draft(
        draft, known=deal_fields.fields_of(lists), actor=actor, at=at, exchange=wired.exchange()
    )
    form = DealForm(draft, lists=lists, refusals=refusals)
    context = {
        "form": form,
        "lists": lists,
        "panel": panel,
        "decoded": decoded_vehicle(draft),
        "owners": [_owner_context(form, owner=n, card=shown.get(n)) for n in range(deal_fields.OWNERS)],
        "makes": tuple(shipped_makes()),
        "two_owners": any((draft.get("owners") or ())[1:]),
        "refusals": refusals,
        "application_id": application_id,
        # A refusal is an answer that is kept under its key, so the corrected deal gets a new one.
        "key": uuid4().hex,
        "note": note,
    }
    # A refusal is at an address of its own, which answers 200: the refused form was answered by going there.
    refused_here = refusals and request.method == "POST"
    return render(request, "dealer/register.html", context, status=422 if refused_here else 200)


def _process(
    request: HttpRequest,
    *,
    draft: dict[str, Any],
    application_id: UUID | None,
    lists: DeskLists,
    at: datetime,
) -> HttpResponseBase:
    actor, known = acting_person(request), deal_fields.fields_of(lists)
    deal, faults = quote_panel.read_whole(draft, known=known)
    if deal is None:
        panel = quote_panel.assess_draft(draft, known=known, actor=actor, at=at, exchange=wired.exchange())
        raise Refused(panel.refusals or faults)
    wanted = register_vehicle.Request(deal=deal, idempotency_key=_key(request), application_id=application_id)
    receipt = register_vehicle.run(wanted, actor=actor, at=at, exchange=wired.exchange())
    kept_forms.forget(request)
    messages.success(request, f"Registered: plate {receipt.plate_number} is assigned.")
    return redirect("dealer_deal", application_id=receipt.application_id)


def _hold(
    request: HttpRequest,
    *,
    draft: dict[str, Any],
    application_id: UUID | None,
    lists: DeskLists,
    at: datetime,
) -> HttpResponseBase:
    if long := over_long(draft, known=deal_fields.fields_of(lists)):
        raise Refused(long)
    wanted = hold_application.Request(
        draft=draft, idempotency_key=_key(request), application_id=application_id
    )
    hold_application.run(wanted, actor=acting_person(request), at=at)
    kept_forms.forget(request)
    messages.success(request, "The deal is on hold. Nothing is charged and no plate is taken.")
    return redirect("dealer_held")


def _refused(
    request: HttpRequest,
    refusals: tuple[Refusal, ...],
    *,
    draft: dict[str, Any],
    lists: DeskLists,
    at: datetime,
) -> HttpResponseBase:
    """To the page that shows the deal as typed with its refusals: reloading it sends nothing again."""
    placed = quote_panel.placed(refusals, known=deal_fields.fields_of(lists))
    terminal = acting_person(request).terminal
    address = kept_forms.keep(request, terminal=terminal, why="refused", refusals=placed, at=at)
    if address:
        return redirect(address)
    application_id = _uuid(request.POST.get("application_id", ""))
    return _page(request, draft=draft, application_id=application_id, lists=lists, at=at, refusals=placed)


def _as_typed(request: HttpRequest, *, lists: DeskLists, at: datetime) -> HttpResponseBase:
    """The page as it was sent when it could not be taken: refused, or its session had ended."""
    actor = acting_person(request)
    kept = kept_forms.kept_form(request, actor=actor, at=at)
    if kept is None:
        messages.warning(request, "What was typed there is no longer kept. This is a new registration.")
        return redirect("dealer_register")
    note = {
        "signed_out": "You had been signed out. Here is everything as you typed it; nothing was sent.",
        "stale_page": "You signed in after this page was opened. Here is everything as you typed it;"
        " nothing was sent. Press the button once more.",
        "refused": "",
    }[kept.why]
    return _page(
        request,
        draft=read_post(kept.typed, lists=lists),
        application_id=_uuid(kept.typed.get("application_id", "")),
        lists=lists,
        at=at,
        refusals=kept.refusals,
        note=note,
    )


def _find(request: HttpRequest, *, owner: int, draft: dict[str, Any], actor: Actor) -> OwnerCard:
    """Look an owner up and put the number into the draft: the customer's, or none."""
    kind, number = looked_up(request.POST, owner=owner)
    card = find_owner(kind=kind, number=number, reference=_reference(draft), actor=actor)
    # A look-up that failed takes the number of the one before it away: no owner stays on a deal unseen.
    found = card.customer.number if card.customer is not None else ""
    owners = [*(draft.get("owners") or ()), *[""] * deal_fields.OWNERS][: deal_fields.OWNERS]
    owners[owner] = found
    draft["owners"] = owners
    return card


def _owner_context(form: DealForm, *, owner: int, card: OwnerCard | None) -> dict[str, Any]:
    return {
        "form": form,
        "n": owner,
        "card": card,
        "number_path": f"owners.{owner}",
        "kind_path": f"lookup.{owner}.kind",
        "lookup_path": f"lookup.{owner}.number",
    }


def _reference(draft: Mapping[str, Any]) -> str:
    """What a look-up is made for, as it stands on the purpose record."""
    vin = (draft.get("vehicle") or {}).get("vin") or "not yet entered"
    return f"Registration of VIN {vin}"[:80]


def _key(request: HttpRequest) -> str:
    return request.POST.get("key") or uuid4().hex


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

"""Two vehicles on one VIN, on the pages: laid out and drafted, accepted by the owners, applied by two (N-308)."""

from datetime import UTC, date, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from vinculum.access.database import Actor, acting
from vinculum.access.permissions import may
from vinculum.entrypoints.web.exchange import evidence
from vinculum.entrypoints.web.exchange.speaking_for import exchange_actor, help_desk_only
from vinculum.entrypoints.web.jurisdictions import JURISDICTIONS
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.kernel.vin import normalise_vin
from vinculum.national.casework import clone_cases, draft_clone_case, settle_clone_case
from vinculum.national.casework.draft_clone_case import Draft, LaidOut, NewBrand
from vinculum.national.law.title import Brand
from vinculum.national.records.roster import read_roster


def listed(request: HttpRequest) -> HttpResponse:
    """The cases of this desk, and the VIN to begin another with."""
    return _list_page(request)


def draft(request: HttpRequest) -> HttpResponseBase:
    """The record of a VIN, title by title; what is chosen is put before the states."""
    actor, at = exchange_actor(request), datetime.now(UTC)
    vin = normalise_vin((request.POST or request.GET).get("vin", "")[:60])
    try:
        laid_out = draft_clone_case.lay_out(vin, actor=actor, at=at)
    except Refused as refused:
        return _list_page(request, refusals=refused.refusals)
    if request.method != "POST":
        return _draft_page(request, laid_out)
    try:
        proposed, unread = _draft(request, laid_out)
        case_id = draft_clone_case.run(proposed, actor=actor, at=at, unread=unread)
    except Refused as refused:
        return _draft_page(request, laid_out, refusals=refused.refusals)
    messages.success(request, "The proposal is before the states whose titles and brands it takes.")
    return redirect("exchange_clone", vin=vin, case_id=case_id)


def one(request: HttpRequest, vin: str, case_id: UUID) -> HttpResponse:
    """A case: what is whose, in which order it is done, who has accepted."""
    return _case_page(request, vin=vin, case_id=case_id)


def decide(request: HttpRequest, vin: str, case_id: UUID) -> HttpResponseBase:
    """Accept or refuse what waits for this jurisdiction."""
    posted, actor = request.POST, exchange_actor(request)
    try:
        settle_clone_case.decide(
            vin=vin,
            case_id=case_id,
            places=[int(place) for place in posted.getlist("place")[:500] if place.isdecimal()],
            accept=posted.get("answer") == "accept",
            words=posted.get("words", "")[:5000],
            actor=actor,
            at=datetime.now(UTC),
        )
    except Refused as refused:
        return _case_page(request, vin=vin, case_id=case_id, refusals=refused.refusals)
    messages.success(request, "It is on record.")
    return redirect("exchange_clone", vin=vin, case_id=case_id)


def withdraw(request: HttpRequest, vin: str, case_id: UUID) -> HttpResponseBase:
    """Take the proposal back."""
    try:
        settle_clone_case.withdraw(
            vin=vin, case_id=case_id, actor=exchange_actor(request), at=datetime.now(UTC)
        )
    except Refused as refused:
        return _case_page(request, vin=vin, case_id=case_id, refusals=refused.refusals)
    messages.success(request, "The case is withdrawn.")
    return redirect("exchange_clone", vin=vin, case_id=case_id)


def apply(request: HttpRequest, vin: str, case_id: UUID) -> HttpResponseBase:
    """The help desk: the first person asks for the application, another applies."""
    actor, at = help_desk_only(request), datetime.now(UTC)
    asks = request.POST.get("act") == "ask"
    try:
        if asks:
            settle_clone_case.ask_for_application(vin=vin, case_id=case_id, actor=actor, at=at)
        else:
            settle_clone_case.apply(vin=vin, case_id=case_id, actor=actor, at=at)
    except Refused as refused:
        return _case_page(request, vin=vin, case_id=case_id, refusals=refused.refusals)
    messages.success(
        request,
        "A colleague has to apply it now."
        if asks
        else "The vehicles are taken apart, and the states are told.",
    )
    return redirect("exchange_clone", vin=vin, case_id=case_id)


def _list_page(request: HttpRequest, *, refusals: tuple[Refusal, ...] = ()) -> HttpResponse:
    actor = exchange_actor(request)
    found = clone_cases.listed(actor=actor)
    context = {
        "cases": [(case, waits_for(case, actor)) for case in found],
        "vin": (request.POST or request.GET).get("vin", "")[:60],
        "refusals": refusals,
    }
    return render(request, "exchange/clones.html", context, status=422 if refusals else 200)


def waits_for(case: clone_cases.CloneCase, actor: Actor) -> bool:
    """Whether it is the reader's turn: what one has drafted or asked for, another decides."""
    if actor.organisation_kind == "association":
        hands = {case.drafted_by, case.requested_by}
        return case.standing == "accepted" or (case.standing == "requested" and actor.person_id not in hands)
    return bool(case.waiting_for(actor.organisation_code)) and case.drafted_by != actor.person_id


def _draft_page(
    request: HttpRequest, laid_out: LaidOut, *, refusals: tuple[Refusal, ...] = ()
) -> HttpResponse:
    actor, posted = exchange_actor(request), request.POST
    with acting(actor, act=clone_cases.ACT, database="national") as connection:
        standard = read_roster(connection).brands
    context = {
        "laid_out": laid_out,
        "titles": [
            (place, entry, posted.get(f"title-{place}", "keep"))
            for place, entry in enumerate(laid_out.titles)
        ],
        "brands": [
            (place, brand, standard[brand.code].name, posted.get(f"brand-{place}", "keep"))
            for place, brand in enumerate(laid_out.brands)
        ],
        "choices": _CHOICES,
        "circumstances": clone_cases.CIRCUMSTANCES.items(),
        "brand_codes": [
            brand for brand in standard.values() if brand.status == "active" and brand.code != "00"
        ],
        "jurisdictions": JURISDICTIONS,
        "posted": posted,
        "refusals": refusals,
    }
    return render(request, "exchange/clone_draft.html", context, status=422 if refusals else 200)


_CHOICES = (
    ("keep", "A: stays"),
    ("remove", "B: only removed"),
    ("reapply", "B: re-applied under its own VIN"),
)


def _draft(request: HttpRequest, laid_out: LaidOut) -> tuple[Draft, tuple[Refusal, ...]]:
    """What was chosen, and what of it cannot be read; a stand-in is then in its place."""
    posted = request.POST
    new_brand = None
    unread: tuple[Refusal, ...] = ()
    if posted.get("brand_code"):
        try:
            brand_date = date.fromisoformat(posted.get("brand_date", ""))
        except ValueError:
            brand_date, unread = date.min, (_no_brand_date(),)
        new_brand = NewBrand(
            code=posted["brand_code"][:2], brander=posted.get("brander", "")[:2], brand_date=brand_date
        )

    def key(brand: Brand) -> tuple[str, str, date]:
        return brand.code, brand.brander, brand.brand_date

    draft = Draft(
        vin=laid_out.vin,
        right_vin=normalise_vin(posted.get("right_vin", "")[:60]),
        circumstance=posted.get("circumstance", "")[:20],
        finding=posted.get("finding", "")[:5000],
        titles={
            entry.title.entry_id: posted.get(f"title-{place}", "")[:10]
            for place, entry in enumerate(laid_out.titles)
        },
        brands={
            key(brand): posted.get(f"brand-{place}", "")[:10] for place, brand in enumerate(laid_out.brands)
        },
        new_brand=new_brand,
    )
    return draft, unread


def _no_brand_date() -> Refusal:
    return Refusal(
        code="missing_field",
        message="The brand date is missing or is not a day.",
        remedy="Enter the day on which the vehicle was recovered.",
        field="brand_date",
        rule="N-308",
    )


def _case_page(
    request: HttpRequest, *, vin: str, case_id: UUID, refusals: tuple[Refusal, ...] = ()
) -> HttpResponse:
    actor = exchange_actor(request)
    case = clone_cases.show(vin=vin[:30], case_id=case_id, actor=actor)
    waiting = case.waiting_for(actor.organisation_code)
    is_help_desk = actor.organisation_kind == "association" and may(actor, settle_clone_case.APPLY_ACT)
    own = {case.requested_by, case.drafted_by}
    context = {
        "case": case,
        **evidence.with_case(request, "clone_case", vin=case.vin, subject_id=case_id),
        "circumstance": clone_cases.CIRCUMSTANCES[case.circumstance],
        "going": [item for item in case.items if item.needs_acceptance],
        "staying": [item for item in case.items if not item.needs_acceptance],
        "waiting": waiting,
        "may_decide": bool(waiting) and case.drafted_by != actor.person_id,
        "may_ask": is_help_desk and case.standing == "accepted",
        "may_apply": is_help_desk and case.standing == "requested" and actor.person_id not in own,
        "may_withdraw": case.asked_by == clone_cases.side_of(actor)
        and case.standing not in {"applied", "withdrawn"},
        "posted": request.POST,
        "refusals": refusals,
    }
    return render(request, "exchange/clone.html", context, status=422 if refusals else 200)

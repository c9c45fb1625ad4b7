"""Brands taken back at the desk, on one page: proposed by one person, confirmed by another (N-404)."""

from datetime import UTC, date, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from vinculum.access.database import Connection, acting
from vinculum.entrypoints.exchange.dispatch import apply_message
from vinculum.entrypoints.web.exchange.speaking_for import exchange_actor
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.kernel.vin import normalise_vin
from vinculum.national.casework import own_brands, rescind_brand
from vinculum.national.law.standing import Channel
from vinculum.national.law.title import Brand
from vinculum.national.records.roster import read_roster
from vinculum.protocol.correct_brand import RemoveBrand
from vinculum.protocol.update_answer import UpdateAnswer


def listed(request: HttpRequest) -> HttpResponse:
    """What waits for a second person, what was decided, and the form for another."""
    return _page(request)


def show_brands(request: HttpRequest) -> HttpResponse:
    """The own brands of the VIN that is typed, to choose from. An inquiry is posted: no link makes one."""
    try:
        found = own_brands.look_up(
            request.POST.get("vin", "")[:60], actor=exchange_actor(request), at=datetime.now(UTC)
        )
    except Refused as refused:
        return _page(request, named=("", ""), refusals=refused.refusals, heading="Nothing was looked up")
    return _page(request, named=("", ""), own=found)


def propose(request: HttpRequest) -> HttpResponseBase:
    """The first person."""
    posted = request.POST
    code, day = _named(request)
    try:
        rescind_brand.propose(
            vin=posted.get("vin", "")[:60],
            brand_code=code,
            brand_date=_day(day),
            reason=posted.get("reason", "")[:400],
            actor=exchange_actor(request),
            at=datetime.now(UTC),
        )
    except Refused as refused:
        return _page(request, refusals=refused.refusals)
    messages.success(request, "It waits for a colleague. The brand stands until then.")
    return redirect("exchange_rescissions")


def decide(request: HttpRequest, vin: str, rescission_id: UUID) -> HttpResponseBase:
    """The second person; or whoever gives the proposal up."""
    actor, at = exchange_actor(request), datetime.now(UTC)

    def apply(connection: Connection, message: RemoveBrand, channel: Channel) -> UpdateAnswer:
        return apply_message(
            message, sender=actor.organisation_code, at=at, connection=connection, channel=channel
        )

    confirm = request.POST.get("answer") == "confirm"
    try:
        rescind_brand.decide(
            vin=vin, rescission_id=rescission_id, confirm=confirm, apply=apply, actor=actor, at=at
        )
    except Refused as refused:
        return _page(request, refusals=refused.refusals)
    said = "The brand does not stand any more; the state of title is told." if confirm else "It is given up."
    messages.success(request, said)
    return redirect("exchange_rescissions")


def _named(request: HttpRequest) -> tuple[str, str]:
    """Code and day of the brand: of the one that was chosen among those looked up, else as they were typed."""
    code, _, day = request.POST.get("brand", "").partition(" ")
    if code:
        return code[:2], day[:10]
    return request.POST.get("brand_code", "")[:2], request.POST.get("brand_date", "")[:10]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _page(
    request: HttpRequest,
    *,
    named: tuple[str, str] | None = None,
    own: tuple[Brand, ...] | None = None,
    refusals: tuple[Refusal, ...] = (),
    heading: str = "Nothing was changed",
) -> HttpResponse:
    """The page; with `own` the brands of the typed VIN to choose from, which is empty when none stands.

    What was chosen stands in the fields of a refused proposal, so that nothing is looked up twice.
    """
    actor = exchange_actor(request)
    code, day = named or _named(request)
    with acting(actor, act=rescind_brand.ACT, database="national") as connection:
        standard = read_roster(connection).brands
    context = {
        "rescissions": [
            (one, standard[one.brand_code].name, one.proposed_by != actor.person_id)
            for one in rescind_brand.listed(actor=actor)
        ],
        "brand_codes": [brand for brand in standard.values() if brand.code != "00"],
        "own_brands": None if own is None else [(one, standard[one.code].name) for one in own],
        "looked_up": normalise_vin(request.POST.get("vin", "")[:60]),
        "posted": {**request.POST.dict(), "brand_code": code, "brand_date": day},
        "refusals": refusals,
        "heading": heading,
    }
    return render(request, "exchange/rescissions.html", context, status=422 if refusals else 200)

"""The page of recalled and fraudulent titles: is the number on this paper one that its state took back? (N-303)"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vinculum.access.database import acting
from vinculum.entrypoints.web.exchange.speaking_for import exchange_actor
from vinculum.entrypoints.web.jurisdictions import JURISDICTIONS
from vinculum.kernel.refusal import Refusal
from vinculum.national.records.recalled_titles import page_of_recalled, recalled_titles
from vinculum.protocol.fields import VTINUM

_CODES = {code for code, _ in JURISDICTIONS}


def show(request: HttpRequest) -> HttpResponse:
    """A number of a state looked up, or the titles that a state took back."""
    actor = exchange_actor(request)
    own = actor.organisation_code if actor.organisation_code in _CODES else ""
    state = request.GET.get("jurisdiction", own)
    typed = request.GET.get("title_number", "").strip().upper()[: VTINUM.length]
    number = "".join(character for character in typed if character.isprintable())
    refusals = (_no_state(),) if "jurisdiction" in request.GET and state not in _CODES else ()
    context: dict[str, object] = {
        "refusals": refusals,
        "jurisdictions": JURISDICTIONS,
        "state": state,
        "state_name": dict(JURISDICTIONS).get(state, ""),
        "number": number,
        "titles": (),
        "looked_up": state in _CODES,
        "may_check": actor.organisation_kind == "jurisdiction",
    }
    if state in _CODES:
        asker = actor.organisation_code
        with acting(actor, act="show_exchange_desk", database="national") as connection:
            if number:
                found = recalled_titles(connection, jurisdiction=state, title_number=number, asker=asker)
                more = None
            else:
                found, more = page_of_recalled(connection, jurisdiction=state, asker=asker)
        context |= {"titles": found, "more": more is not None}
    return render(request, "exchange/recalled.html", context, status=422 if refusals else 200)


def _no_state() -> Refusal:
    return Refusal(
        code="missing_field",
        message="The state of title is missing.",
        remedy="Choose the state that is printed on the paper.",
        field="jurisdiction",
        rule="N-303",
    )

"""The page that says which message a title needs and what it requires (N-304)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vinculum.entrypoints.web.exchange.speaking_for import exchange_actor
from vinculum.entrypoints.web.jurisdictions import JURISDICTIONS
from vinculum.national.law.advise import WAY_OF_MODE, Advice, Situation, advise

_NONE = "-"
_CODES = {code for code, _ in JURISDICTIONS}
_MODES = (
    ("1", "1: integrated on line"),
    ("2", "2: inquiry on line, updates by batch"),
    ("3", "3: batch"),
    ("4", "4: inquiry by web, updates by batch"),
)


def show(request: HttpRequest) -> HttpResponse:
    """The question, and once it is asked the answer; nothing is looked up and nothing is kept."""
    actor = exchange_actor(request)
    context = {
        "speaker": actor,
        "asked": request.GET,
        "jurisdictions": JURISDICTIONS,
        "modes": _MODES,
        "advice": _advice(request, own=actor.organisation_code),
        "own": actor.organisation_code if actor.organisation_code in _CODES else "",
    }
    return render(request, "exchange/advice.html", context)


def _advice(request: HttpRequest, *, own: str) -> Advice | None:
    """None until everything is said that the table asks for."""
    asked = request.GET
    mode, titling = asked.get("mode", ""), asked.get("titling", own)
    previous, document = asked.get("previous", ""), asked.get("document", "")
    known = {_NONE, *_CODES}
    if mode not in {str(mode) for mode in WAY_OF_MODE} or titling not in _CODES:
        return None
    if previous not in known or document not in known:
        return None
    return advise(
        Situation(
            mode=int(mode),
            titling=titling,
            previous=None if previous == _NONE else previous,
            document=None if document == _NONE else document,
            vehicle_changes="vehicle_changes" in asked,
            reissued_unchanged="reissued_unchanged" in asked,
        )
    )

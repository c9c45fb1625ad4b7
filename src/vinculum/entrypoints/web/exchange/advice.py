"""The page that says which message a title needs and what it requires (N-304)."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vinculum.access.database import Actor, acting
from vinculum.entrypoints.web.exchange.speaking_for import exchange_actor
from vinculum.entrypoints.web.jurisdictions import JURISDICTIONS
from vinculum.kernel.refusal import Refusal
from vinculum.national.law.advise import MESSAGE_NAMES, WAY_OF_MODE, Advice, Sends, Situation, advise
from vinculum.national.records.roster import read_roster

_NONE: Final = "-"
_CODES: Final = {code for code, _ in JURISDICTIONS}
# By which way a jurisdiction asks and reports (N-106), in words; the number is that of the best practices.
MODES: Final = (
    ("1", "Integrated on line: asks and reports on line (mode 1)"),
    ("2", "On-line inquiry: asks on line, reports by batch file (mode 2)"),
    ("3", "Batch: asks and reports by batch file (mode 3)"),
    ("4", "Web inquiry: asks on these pages, reports by batch file (mode 4)"),
)
# What each message is, in the words of those who title vehicles.
_SAID: Final[dict[Sends, str]] = {
    "VINADD": "a title added",
    "VINMOD": "a title modified",
    "UT-NM06": "a change of state of title",
    "UV-NM05": "a change in state",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message to send: what it is, its published name, and its name where programs send it."""

    words: str
    published: str
    protocol: str


def show(request: HttpRequest) -> HttpResponse:
    """The question, and once it is asked the answer; no vehicle is looked up and nothing is kept."""
    actor, asked = exchange_actor(request), request.GET
    own = actor.organisation_code if actor.organisation_code in _CODES else ""
    own_mode = _mode_of(actor)
    chosen = {
        "mode": asked.get("mode", own_mode),
        "titling": asked.get("titling", own),
        "previous": asked.get("previous", ""),
        "document": asked.get("document", ""),
    }
    refusals = tuple(_missing(chosen)) if asked else ()
    advice = _advice(request, chosen) if asked and not refusals else None
    context = {
        "speaker": actor,
        "asked": asked,
        "chosen": chosen,
        "jurisdictions": JURISDICTIONS,
        "modes": MODES,
        "own_mode": own_mode,
        "admitted_as": dict(MODES).get(own_mode, ""),
        "advice": advice,
        "sends": _said(advice) if advice is not None else (),
        "citation": _citation(advice) if advice is not None else "",
        "own": own,
        "refusals": refusals,
    }
    return render(request, "exchange/advice.html", context, status=422 if refusals else 200)


def _mode_of(actor: Actor) -> str:
    """The mode in which the actor's jurisdiction was admitted; empty for who is none."""
    with acting(actor, act="show_exchange_desk", database="national") as connection:
        standing = read_roster(connection).standings.get(actor.organisation_code)
    return "" if standing is None or standing.mode is None else str(standing.mode)


def _missing(chosen: dict[str, str]) -> list[Refusal]:
    """What the table asks for and was not said."""
    known = {_NONE, *_CODES}
    refusals = []
    for field, answers, message in (
        ("mode", {str(mode) for mode in WAY_OF_MODE}, "How the state that issues takes part is missing."),
        ("titling", _CODES, "The state that issues the title is missing."),
        ("previous", known, "The state of title on the exchange is missing."),
        ("document", known, "The state of the title presented is missing."),
    ):
        if chosen[field] not in answers:
            refusals.append(
                Refusal(
                    code="missing_field",
                    message=message,
                    remedy="Choose it; where there is none, choose that.",
                    field=field,
                    rule="N-304",
                )
            )
    return refusals


def _advice(request: HttpRequest, chosen: dict[str, str]) -> Advice:
    previous, document = chosen["previous"], chosen["document"]
    return advise(
        Situation(
            mode=int(chosen["mode"]),
            titling=chosen["titling"],
            previous=None if previous == _NONE else previous,
            document=None if document == _NONE else document,
            vehicle_changes="vehicle_changes" in request.GET,
            reissued_unchanged="reissued_unchanged" in request.GET,
        )
    )


def _citation(advice: Advice) -> str:
    """Where it is printed; a row that the printed table leaves out says so."""
    printed, ours, follows_from = advice.citation.partition(", ours, ")
    return f"Not printed in {printed}: Vinculum's own row, {follows_from}" if ours else advice.citation


def _said(advice: Advice) -> tuple[Said, ...]:
    return tuple(
        Said(words=_SAID[sent], published=sent, protocol=MESSAGE_NAMES[sent]) for sent in advice.sends
    )

"""Findings for investigators: what of vehicles' records cannot be true together, each with its evidence."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Final, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from vinculum.access.database import Actor, acting
from vinculum.access.permissions import may
from vinculum.entrypoints.web.exchange.speaking_for import exchange_actor
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.kernel.vin import normalise_vin, vin_faults
from vinculum.national.investigations import decide, findings
from vinculum.national.investigations.finding import KINDS, Kind
from vinculum.national.investigations.findings import Finding, Page, State
from vinculum.national.queries import vehicle_history
from vinculum.national.reports import vehicle_chart
from vinculum.national.reports.vehicle_chart import VehicleChart

# Findings that two vehicles on one VIN explain: their undo is drafted at the clone desk (N-308).
_OF_TWO_VEHICLES: Final = frozenset({"two_places", "far_apart", "odometer_falls", "odometer_leaps"})
SCORES: Final = ((1, "all"), (60, "60 and more"), (80, "80 and more"), (90, "90 and more"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A vehicle's life beside the finding, as the consumer report draws it.

    `at_once` are the states that hold a current title together; the drawing shows one at a time.
    """

    vin: str
    chart: VehicleChart
    at_once: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lettered:
    """A VIN letter by letter, each with whether it differs from the other VIN's at its place."""

    vin: str
    letters: tuple[tuple[str, bool], ...]


def listed(request: HttpRequest) -> HttpResponse:
    """The findings of this desk, the gravest first, with filters; a page at a time."""
    actor = exchange_actor(request)
    asked = request.GET
    state = asked.get("state", "open") if asked.get("state") in findings.STATES else "open"
    kind = asked.get("kind", "") if asked.get("kind") in KINDS else ""
    score = next((least for least, _ in SCORES if str(least) == asked.get("score")), 1)
    vin = normalise_vin(asked.get("vin", "")[:60])[:30]
    if vin:
        page = Page(findings=findings.of_vehicle(vin=vin, actor=actor), after=None)
    else:
        page = findings.listed(
            actor=actor,
            state=cast(State, state),
            kind=cast(Kind, kind) if kind else None,
            at_least=score,
            after=findings.read_cursor(asked.get("after", "")),
        )
    context = {
        "page": page,
        "state": state,
        "kind": kind,
        "score": str(score),
        "vin": vin,
        "vin_faults": [fault.message for fault in vin_faults(vin)] if vin else [],
        "states": findings.STATES.items(),
        "kinds": KINDS.items(),
        "scores": [(str(least), words) for least, words in SCORES],
        "scan": findings.last_scan(actor=actor),
        "is_help_desk": actor.organisation_kind == "association",
    }
    return render(request, "exchange/findings.html", context)


def one(request: HttpRequest, vin: str, finding_id: UUID) -> HttpResponse:
    """A finding: the rule, the entries it rests on, the vehicle's life as a chart, what was decided."""
    return _page(request, vin=vin, finding_id=finding_id)


def decide_one(request: HttpRequest, vin: str, finding_id: UUID) -> HttpResponseBase:
    """Dismiss it, confirm it, or open it again."""
    actor, chosen = exchange_actor(request), request.POST.get("move", "")
    wanted = decide.Request(
        vin=vin[:30],
        finding_id=finding_id,
        move=cast(decide.Move, chosen) if chosen in decide.MOVES else None,
        words=request.POST.get("words", "")[:5000],
        reason=request.POST.get("reason", ""),
    )
    try:
        decide.run(wanted, actor=actor, at=datetime.now(UTC))
    except Refused as refused:
        return _page(request, vin=vin, finding_id=finding_id, refusals=refused.refusals)
    messages.success(request, _said(chosen, actor))
    return redirect("exchange_finding", vin=vin, finding_id=finding_id)


def _said(move: str, actor: Actor) -> str:
    """What was done, and who goes on with it."""
    if move == "dismiss":
        return "The finding is dismissed. It stays under “Dismissed”, where it can be opened again."
    if move == "reopen":
        return "The finding is open again."
    if may(actor, "work_exchange_case"):
        return "The finding is confirmed. Go on with it below."
    return "The finding is confirmed. The help desk of the exchange sees it and puts it to the states."


def ask_states(request: HttpRequest, vin: str, finding_id: UUID) -> HttpResponseBase:
    """Put a confirmed finding to the states whose data it is, as a data-change request (N-704)."""
    try:
        request_id = decide.ask_states(
            vin=vin[:30],
            finding_id=finding_id,
            words=request.POST.get("words", "")[:5000],
            actor=exchange_actor(request),
            at=datetime.now(UTC),
        )
    except Refused as refused:
        return _page(request, vin=vin, finding_id=finding_id, refusals=refused.refusals)
    messages.success(request, "The request is with the states whose data it is.")
    return redirect("exchange_change", vin=vin, request_id=request_id)


def _page(
    request: HttpRequest, *, vin: str, finding_id: UUID, refusals: tuple[Refusal, ...] = ()
) -> HttpResponse:
    actor, at = exchange_actor(request), datetime.now(UTC)
    shown = findings.show(vin=vin[:30], finding_id=finding_id, actor=actor)
    if shown is None:
        raise Http404
    finding, events = shown
    moves = decide.moves_of(finding)
    context = {
        "finding": finding,
        "events": [(event, decide.DONE.get(event.move, event.move)) for event in events],
        "waits_for_help_desk": finding.state == "confirmed"
        and finding.request_id is None
        and not may(actor, "work_exchange_case"),
        "state_words": findings.STATES[finding.state],
        "drawn": list(_drawn(finding, actor=actor, at=at)),
        "place": vehicle_chart,
        "lettered": _lettered(finding),
        "moves": [(move, decide.MOVES[move]) for move in moves],
        "may_dismiss": "dismiss" in moves,
        "may_ask": finding.state == "confirmed"
        and finding.request_id is None
        and may(actor, "work_exchange_case"),
        "may_take_apart": finding.state == "confirmed"
        and finding.kind in _OF_TWO_VEHICLES
        and may(actor, "work_clone_case"),
        "may_follow": finding.request_id is not None and may(actor, "work_exchange_case"),
        "reasons": findings.REASONS.items(),
        "posted": request.POST,
        "refusals": refusals,
    }
    return render(request, "exchange/finding.html", context, status=422 if refusals else 200)


def _drawn(finding: Finding, *, actor: Actor, at: datetime) -> Iterator[Drawn]:
    """Each vehicle of the finding, read as the inquiry that it is: logged, and hidden from who is not named."""
    asker = actor.organisation_code if actor.organisation_kind == "jurisdiction" else "help_desk"
    for vin in filter(None, (finding.vin, finding.other_vin)):
        with acting(actor, act="show_findings", database="national") as connection:
            history = vehicle_history.run(
                vin,
                at=at,
                connection=connection,
                asker_kind="jurisdiction",
                asker=asker,
                purpose="investigation of a finding",
            )
        chart = vehicle_chart.draw(history) if history.located else None
        if chart is not None:
            holders = tuple(dict.fromkeys(title.jurisdiction_name for title in history.current))
            yield Drawn(vin=vin, chart=chart, at_once=holders if len(holders) > 1 else ())


def _lettered(finding: Finding) -> tuple[Lettered, ...]:
    """Both VINs of a look-alike under each other; nothing for other findings."""
    if finding.kind != "look_alike" or finding.other_vin is None:
        return ()
    pairs = ((finding.vin, finding.other_vin), (finding.other_vin, finding.vin))
    return tuple(
        Lettered(
            vin=vin,
            letters=tuple((one, one != two) for one, two in zip_longest(vin, other, fillvalue="") if one),
        )
        for vin, other in pairs
    )

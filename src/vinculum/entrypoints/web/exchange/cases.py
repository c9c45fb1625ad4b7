"""Title checks and the discrepancy cases they lead to, worked by both states and the help desk (N-401)."""

from datetime import UTC, date, datetime
from typing import Any, Final, cast
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from vinculum.access.database import acting
from vinculum.entrypoints.exchange.state_detail import ask_state
from vinculum.entrypoints.web.exchange.speaking_for import exchange_actor
from vinculum.entrypoints.web.jurisdictions import JURISDICTIONS
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.kernel.vin import normalise_vin, vin_doubt
from vinculum.national.alerts.find_alerts import naming_vin
from vinculum.national.casework import cases as case_files
from vinculum.national.casework import check_paper, move_case
from vinculum.national.casework.case_moves import MOVES, REASONS, Move
from vinculum.national.casework.compare_paper import Paper
from vinculum.national.casework.contacts import contact_of
from vinculum.national.law.check_title import is_in_the_future
from vinculum.national.records.roster import read_roster
from vinculum.protocol.state_detail import StateDetail, StateDetailRequest, StateSilent


def check(request: HttpRequest) -> HttpResponse:
    """The form for a paper that is presented, and what the check finds."""
    if request.method != "POST":
        return _check_page(request)
    actor, at = exchange_actor(request), datetime.now(UTC)
    try:
        paper, unread = _paper(request)
        return _check_page(request, checked=check_paper.run(paper, actor=actor, at=at, unread=unread))
    except Refused as refused:
        return _check_page(request, refusals=refused.refusals)


def open_case(request: HttpRequest) -> HttpResponseBase:
    """Ask the other state; its help desk finds the case on its own page."""
    actor, at = exchange_actor(request), datetime.now(UTC)
    paper, unread = _paper(request)
    question = request.POST.get("question", "")[:5000]
    try:
        case_id = check_paper.open_case(paper, question=question, actor=actor, at=at, unread=unread)
    except Refused as refused:
        checked = None
        if any(refusal.field == "question" for refusal in refused.refusals):
            # The question stands beside what the check found; both are shown again.
            checked = check_paper.run(paper, actor=actor, at=at)
        return _check_page(request, checked=checked, refusals=refused.refusals)
    messages.success(request, "The case is open. Do not issue a title before it is closed.")
    return redirect("exchange_case", vin=paper.vin, case_id=case_id)


def listed(request: HttpRequest) -> HttpResponse:
    """The cases of this desk, open or closed."""
    actor, at = exchange_actor(request), datetime.now(UTC)
    closed = request.GET.get("closed") == "yes"
    found = case_files.listed(actor=actor, closed=closed)
    context = {
        "cases": [(case, case.days_open(at=at)) for case in found],
        "closed": closed,
        "may_check": actor.organisation_kind == "jurisdiction",
    }
    return render(request, "exchange/cases.html", context)


def one(request: HttpRequest, vin: str, case_id: UUID) -> HttpResponse:
    """A case: the facts, what was said, what can be done, whom to call."""
    return _case_page(request, vin=vin, case_id=case_id)


def move(request: HttpRequest, vin: str, case_id: UUID) -> HttpResponseBase:
    """Say or do something in a case."""
    chosen = request.POST.get("move", "")
    wanted = move_case.Request(
        vin=vin,
        case_id=case_id,
        move=cast(Move, chosen if chosen in MOVES else "note"),
        body=request.POST.get("body", "")[:5000],
        reason=request.POST.get("reason", ""),
    )
    try:
        to = move_case.run(wanted, actor=exchange_actor(request), at=datetime.now(UTC))
    except Refused as refused:
        return _case_page(request, vin=vin, case_id=case_id, refusals=refused.refusals)
    messages.success(request, "Closed." if to == "closed" else "It is on record, and the other side sees it.")
    return redirect("exchange_case", vin=vin, case_id=case_id)


def _case_page(
    request: HttpRequest, *, vin: str, case_id: UUID, refusals: tuple[Refusal, ...] = ()
) -> HttpResponse:
    actor, at = exchange_actor(request), datetime.now(UTC)
    file = case_files.show(vin=vin[:30], case_id=case_id, actor=actor)
    if file is None:
        raise Http404
    with acting(actor, act="work_exchange_case", database="national") as connection:
        alerts = naming_vin(connection, file.case.vin)
    context = {
        "alerts_named": alerts,
        "file": file,
        "case": file.case,
        "days": file.case.days_open(at=at),
        "contact_stale": file.contact is not None and file.contact.is_stale(at=at),
        "events": [(event, _SAID.get(event.move, event.move)) for event in file.events],
        "moves": [(move, MOVES[move]) for move in file.case.moves],
        "chosen_move": request.POST.get("move") or _first_choice(file.case),
        "may_close": "close" in file.case.moves,
        "may_escalate": "escalate" in file.case.moves,
        "own_side": "help_desk" if file.case.side == "help_desk" else actor.organisation_code,
        "reasons": REASONS.items(),
        "posted": request.POST,
        "refusals": refusals,
    }
    return render(request, "exchange/case.html", context, status=422 if refusals else 200)


def _first_choice(case: case_files.Case) -> str:
    """What most people do with it: whose answer is waited for answers."""
    return "answer" if case.is_ones_turn and "answer" in case.moves else "note"


_SAID: Final = {
    "open": "opened the case",
    "note": "message",
    "answer": "answer",
    "ask_again": "asked again",
    "escalate": "called the help desk in",
    "hand_back": "handed back to the states",
    "close": "closed",
}


def _check_page(
    request: HttpRequest,
    *,
    checked: check_paper.Checked | None = None,
    refusals: tuple[Refusal, ...] = (),
) -> HttpResponse:
    actor = exchange_actor(request)
    if actor.organisation_kind != "jurisdiction":
        raise Http404
    at = datetime.now(UTC)
    with acting(actor, act="work_exchange_case", database="national") as connection:
        roster = read_roster(connection)
        contact = contact_of(connection, checked.holder) if checked is not None else None
        alerts = naming_vin(connection, checked.paper.vin) if checked is not None else ()
    posted: Any = request.POST
    detail, silence = _live_detail(checked, asker=actor.organisation_code, at=at)
    context = {
        "speaker": actor,
        "detail": detail,
        "silence": silence,
        "checked": checked,
        "doubt": vin_doubt(checked.paper.vin) if checked is not None and not checked.clear else "",
        "may_ask": checked is not None and not checked.clear and checked.holder != actor.organisation_code,
        "contact": contact,
        "alerts_named": alerts,
        "contact_stale": contact is not None and contact.is_stale(at=at),
        "jurisdictions": JURISDICTIONS,
        "current_name": checked is not None and checked.current and roster.names.get(checked.current[0]),
        "brands": [brand for brand in roster.brands.values() if brand.code != "00"],
        "chosen": posted.getlist("brands"),
        "posted": posted,
        "refusals": refusals,
    }
    return render(request, "exchange/check.html", context, status=422 if refusals else 200)


def _live_detail(
    checked: check_paper.Checked | None, *, asker: str, at: datetime
) -> tuple[StateDetail | None, str]:
    """What the one state of title says of its title now, or why it says nothing (N-202)."""
    if checked is None or checked.current is None or checked.current[0] == asker:
        return None, ""
    state, title_number = checked.current
    asked = StateDetailRequest(
        message_id=uuid4(), origin=asker, sent_at=at, vin=checked.paper.vin, title_number=title_number
    )
    try:
        return ask_state(state, asked), ""
    except StateSilent as silence:
        return None, str(silence)


def _paper(request: HttpRequest) -> tuple[Paper, tuple[Refusal, ...]]:
    """The paper as it was typed, and what of it cannot be read; a stand-in is then in its place."""
    posted = request.POST
    unread: tuple[Refusal, ...] = ()
    try:
        issue_date = date.fromisoformat(posted.get("issue_date", ""))
    except ValueError:
        issue_date, unread = date.min, (_no_issue_date(),)
    if is_in_the_future(issue_date, at=datetime.now(UTC)):
        unread = (_issued_in_future(),)
    paper = Paper(
        vin=normalise_vin(posted.get("vin", "")[:60]),
        jurisdiction=posted.get("jurisdiction", "")[:2],
        title_number=posted.get("title_number", "").strip().upper()[:40],
        issue_date=issue_date,
        control_number=posted.get("control_number", "").upper().replace(" ", "").replace("-", "")[:40],
        brands=tuple(sorted({code[:4] for code in posted.getlist("brands")[:80]})),
    )
    return paper, unread


def _issued_in_future() -> Refusal:
    return Refusal(
        code="invalid_field",
        message="The day on which the paper was issued lies in the future.",
        remedy="Enter the day that is printed on it.",
        field="issue_date",
        rule="N-401",
    )


def _no_issue_date() -> Refusal:
    return Refusal(
        code="missing_field",
        message="The day on which the paper was issued is missing or is not a day.",
        remedy="Enter the day that is printed on it.",
        field="issue_date",
        rule="N-401",
    )

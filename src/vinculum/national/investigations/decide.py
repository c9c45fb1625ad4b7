"""Deciding a finding: dismiss it with a reason, confirm it, open it again, ask the states to put it right."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID, uuid4

from vinculum.access.database import Actor, Connection, acting
from vinculum.access.permissions import require
from vinculum.kernel.refusal import Absent, Refusal, RefusalsUnder, Refused
from vinculum.national.casework import data_changes
from vinculum.national.investigations.findings import REASONS, Finding, State, read

LONGEST: Final = 4000
_ACT: Final = "decide_finding"
Move = Literal["dismiss", "confirm", "reopen"]
MOVES: Final[Mapping[Move, str]] = {
    "dismiss": "Dismiss",
    "confirm": "Confirm",
    "reopen": "Open again",
}
# What was done, as the list of decisions says it.
DONE: Final[Mapping[str, str]] = {
    "dismiss": "Dismissed",
    "confirm": "Confirmed",
    "reopen": "Opened again",
    "ask_states": "Put to the states",
}
# From where a move starts, and where it leads.
ALLOWED: Final[Mapping[tuple[State, Move], State]] = {
    ("open", "dismiss"): "dismissed",
    ("open", "confirm"): "confirmed",
    ("dismissed", "reopen"): "open",
    ("confirmed", "reopen"): "open",
}
_refusal: Final = RefusalsUnder(rule="N-405")


class NoSuchFinding(Absent):
    """There is no such finding, or none that the actor may know of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A decision with what is said to it; dismissing gives its reason. No move: nothing was chosen."""

    vin: str
    finding_id: UUID
    move: Move | None
    words: str
    reason: str = ""


def moves_of(finding: Finding) -> tuple[Move, ...]:
    """What can be decided about it now; one that the states were asked about is not taken back here."""
    return tuple(move for move in MOVES if (finding.state, move) in ALLOWED and finding.request_id is None)


def run(request: Request, *, actor: Actor, at: datetime) -> State:
    """Decide, in one transaction with its event. Raises Refused or NoSuchFinding."""
    require(actor, _ACT)
    with acting(actor, act=_ACT, database="national") as connection:
        finding = read(connection, vin=request.vin, finding_id=request.finding_id)
        if finding is None:
            raise NoSuchFinding
        refusals = tuple(_check(request, finding))
        if refusals or request.move is None:
            raise Refused(refusals)
        to = ALLOWED[finding.state, request.move]
        # Whoever decided in the meantime has changed the state this starts from: nothing is updated then.
        decided = connection.execute(
            "UPDATE exchange.finding SET state = %s, moved_at = %s, decided_by = %s, reason = %s"
            " WHERE vin = %s AND finding_id = %s AND state = %s AND request_id IS NULL",
            (
                to,
                at,
                None if to == "open" else actor.person_id,
                request.reason if to == "dismissed" else None,
                request.vin,
                request.finding_id,
                finding.state,
            ),
        ).rowcount
        if decided != 1:
            raise Refused([_meanwhile()])
        _note(connection, finding, move=request.move, words=_said(request), actor=actor, at=at)
    return to


def ask_states(*, vin: str, finding_id: UUID, words: str, actor: Actor, at: datetime) -> UUID:
    """A data-change request (N-704) to the states that a confirmed finding concerns: its id. Raises Refused.

    What is wrong is put right by the states' own messages only, an undo of a clone among them (N-104, N-308).
    """
    require(actor, _ACT)
    require(actor, "work_exchange_case")
    with acting(actor, act=_ACT, database="national") as connection:
        finding = read(connection, vin=vin, finding_id=finding_id)
    if finding is None:
        raise NoSuchFinding
    if finding.state != "confirmed" or finding.request_id is not None:
        raise Refused([_meanwhile()])
    request_id = data_changes.propose(
        vin=vin, owners=finding.jurisdictions, change=words, evidence=_evidence(finding), actor=actor, at=at
    )
    with acting(actor, act=_ACT, database="national") as connection:
        linked = connection.execute(
            "UPDATE exchange.finding SET request_id = %s, moved_at = %s"
            " WHERE vin = %s AND finding_id = %s AND state = 'confirmed' AND request_id IS NULL",
            (request_id, at, vin, finding_id),
        ).rowcount
        if linked == 1:
            _note(connection, finding, move="ask_states", words=words, actor=actor, at=at)
    if linked != 1:
        data_changes.withdraw(vin=vin, request_id=request_id, actor=actor, at=at)
        raise Refused([_meanwhile()])
    return request_id


def _check(request: Request, finding: Finding) -> Iterator[Refusal]:
    if request.move is None:
        words = "What is to be done with the finding is missing."
        yield _refusal("missing_field", words, "Choose what is offered.", field="move")
    elif request.move not in moves_of(finding):
        yield _refusal(
            "finding_move_not_allowed",
            f"This finding is {finding.state}; it cannot be decided so now.",
            "Look at it again and choose what is offered.",
            field="move",
        )
    if not request.words.strip() or len(_said(request)) > LONGEST:
        yield _refusal(
            "finding_words_missing",
            f"Say why, in {LONGEST:,} characters at most.",
            "A sentence is enough. Write no names or addresses.",
            field="words",
        )
    if request.move == "dismiss" and request.reason not in REASONS:
        yield _refusal(
            "finding_reason_missing", "A finding is dismissed with a reason.", "Choose one.", field="reason"
        )


def _said(request: Request) -> str:
    """The words of the event; of a dismissal the reason too, which the finding itself loses when it is opened again."""
    reason = REASONS.get(request.reason, "") if request.move == "dismiss" else ""
    return f"{reason}: {request.words.strip()}" if reason else request.words


def _note(
    connection: Connection, finding: Finding, *, move: str, words: str, actor: Actor, at: datetime
) -> None:
    side = "help_desk" if actor.organisation_kind == "association" else actor.organisation_code
    connection.execute(
        "INSERT INTO exchange.finding_event (vin, finding_id, event_id, at, side, person_id, person_name, move, words)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            *(finding.vin, finding.finding_id, uuid4(), at, side, actor.person_id, actor.person_name),
            *(move, words.strip()),
        ),
    )


def _evidence(finding: Finding) -> str:
    """What the states are told: the summary, the rule, and the entries as they stand on record."""
    lines = [f"{finding.heading}: {finding.summary}", finding.rule]
    for entry in finding.entries:
        reading = (
            f", {entry.reading:,} {'km' if entry.unit == 'K' else 'miles'}"
            if entry.reading is not None
            else ""
        )
        number = f" {entry.number}" if entry.number else ""
        lines.append(
            f"{entry.day}: {entry.what}{number} of {entry.jurisdiction} for {entry.vin}{reading} ({entry.said})"
        )
    return "\n".join(lines)[:LONGEST]


def _meanwhile() -> Refusal:
    return _refusal(
        "finding_moved_meanwhile",
        "Somebody else has decided this finding in the meantime.",
        "Read what is new and decide again.",
        field="move",
    )

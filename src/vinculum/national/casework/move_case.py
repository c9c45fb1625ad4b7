"""Somebody says or does something in a discrepancy case: answers, asks again, calls for help, closes (N-401)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast
from uuid import UUID, uuid4

from vinculum.access.database import Actor, acting
from vinculum.access.permissions import require
from vinculum.kernel.refusal import Absent, Refusal, Refused
from vinculum.national.casework.case_moves import REASONS, Move, State, after
from vinculum.national.casework.cases import side_of
from vinculum.national.casework.request_keys import claim_request, keep_made

LONGEST: Final = 4000
_ACT: Final = "work_exchange_case"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A move with what is said to it; closing gives its reason."""

    vin: str
    case_id: UUID
    move: Move
    body: str
    reason: str = ""


class NoSuchCase(Absent):
    """There is no such case, or none of the actor's."""


def run(request: Request, *, actor: Actor, at: datetime, key: UUID | None = None) -> State:
    """Make the move, once for a key, in one transaction with its event; the state it leads to.

    Raises Refused or NoSuchCase.
    """
    require(actor, _ACT)
    asked = ("move", request.vin, request.case_id, request.move, request.body.strip(), request.reason)
    with acting(actor, act=_ACT, database="national") as connection:
        moved_to = claim_request(connection, key=key, act=_ACT, asked=asked, actor=actor, at=at)
        if moved_to is not None:
            return cast(State, moved_to)
        row = connection.execute(
            "SELECT state, asking FROM exchange.discrepancy_case WHERE vin = %s AND case_id = %s",
            (request.vin, request.case_id),
        ).fetchone()
        if row is None:
            raise NoSuchCase
        state: State = row[0]
        side = side_of(actor, asking=row[1])
        to = after(state, side=side, move=request.move)
        refusals = _check(request, allowed=to is not None, state=state)
        if refusals or to is None:
            raise Refused(refusals)
        # Whoever moved it in the meantime has changed the state this move starts from: nothing is updated then.
        moved = connection.execute(
            "UPDATE exchange.discrepancy_case SET state = %s, moved_at = %s, closed_at = %s, closed_because = %s"
            " WHERE vin = %s AND case_id = %s AND state = %s",
            (
                to,
                at,
                at if to == "closed" else None,
                request.reason if to == "closed" else None,
                request.vin,
                request.case_id,
                state,
            ),
        ).rowcount
        if moved != 1:
            raise Refused([_overtaken()])
        connection.execute(
            "INSERT INTO exchange.case_event (vin, case_id, event_id, at, side, person_id, person_name, move, body)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                request.vin,
                request.case_id,
                uuid4(),
                at,
                "help_desk" if side == "help_desk" else actor.organisation_code,
                actor.person_id,
                actor.person_name,
                request.move,
                request.body.strip(),
            ),
        )
        keep_made(connection, key=key, made=to, actor=actor)
        return to


def _check(request: Request, *, allowed: bool, state: State) -> list[Refusal]:
    refusals = []
    if not allowed:
        refusals.append(
            Refusal(
                code="case_move_not_allowed",
                message=f"This case is {state}; your side cannot {request.move.replace('_', ' ')[:20]} now.",
                remedy="Look at the case again and choose what is offered.",
                field="move",
                rule="N-401",
            )
        )
    if not 1 <= len(request.body.strip()) <= LONGEST:
        refusals.append(
            Refusal(
                code="case_words_missing",
                message=f"Say something to it, in {LONGEST:,} characters at most.",
                remedy="A sentence is enough. Write no names or addresses.",
                field="body",
                rule="N-401",
            )
        )
    if request.move == "close" and request.reason not in REASONS:
        refusals.append(
            Refusal(
                code="case_reason_missing",
                message="A case is closed with a reason.",
                remedy="Choose one.",
                field="reason",
                rule="N-401",
            )
        )
    return refusals


def _overtaken() -> Refusal:
    return Refusal(
        code="case_moved_meanwhile",
        message="Somebody else has moved this case in the meantime.",
        remedy="Read what is new and decide again.",
        field="move",
        rule="N-401",
    )

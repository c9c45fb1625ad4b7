"""Put a deal on hold with whatever has been typed so far: no charge, no plate, nothing lost (D-204)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from vinculum.access import idempotency
from vinculum.access.database import Actor, acting
from vinculum.access.permissions import require
from vinculum.state.casework import applications
from vinculum.state.casework.request_keys import claim_request
from vinculum.state.casework.take_up import take_up

ACT: Final = "hold_application"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The draft as JSON, complete or not; `application_id` names the application it already is."""

    draft: Mapping[str, Any]
    idempotency_key: str
    application_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldApplication:
    """A deal waiting for its customer."""

    application_id: UUID
    terminal: str
    held_at: datetime


def run(request: Request, *, actor: Actor, at: datetime) -> HeldApplication:
    """Hold the draft; the same request again answers the same. Raises Refused."""
    require(actor, ACT)
    draft = dict(request.draft)
    digest = idempotency.request_hash(ACT, [draft, str(request.application_id)])
    vin, issue_date = _vin_of(draft), _issue_date_of(draft)
    with acting(actor, act=ACT) as connection:
        answer = claim_request(
            connection, actor=actor, key=request.idempotency_key, act=ACT, digest=digest, at=at
        )
        if answer is not None:
            return HeldApplication(
                application_id=UUID(answer["application_id"]),
                terminal=answer["terminal"],
                held_at=datetime.fromisoformat(answer["held_at"]),
            )
        application_id = request.application_id
        if application_id is None:
            application_id = applications.open_held(
                connection, actor=actor, deal=draft, vin=vin, issue_date=issue_date, at=at
            )
        else:
            take_up(connection, application_id, terminal=actor.terminal)
            applications.hold(
                connection, application_id=application_id, deal=draft, vin=vin, issue_date=issue_date, at=at
            )
        held = HeldApplication(application_id=application_id, terminal=actor.terminal, held_at=at)
        idempotency.keep_answer(
            connection,
            actor=actor,
            key=request.idempotency_key,
            answer={
                "application_id": str(application_id),
                "terminal": held.terminal,
                "held_at": at.isoformat(),
            },
        )
    return held


def _vin_of(draft: Mapping[str, Any]) -> str:
    vehicle = draft.get("vehicle")
    return str(vehicle.get("vin") or "")[:30].upper() if isinstance(vehicle, Mapping) else ""


def _issue_date_of(draft: Mapping[str, Any]) -> date | None:
    try:
        return date.fromisoformat(str(draft.get("issue_date") or ""))
    except ValueError:
        return None

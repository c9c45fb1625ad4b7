"""What the exchange refused to take: messages that a person at the agency has to look into."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from vinculum.access.database import Actor, acting
from vinculum.access.permissions import require

ACT = "list_applications"
LARGEST_PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedMessage:
    """One message with the words in which it was refused."""

    message_id: UUID
    application_id: UUID
    dealer_name: str
    kind: str
    vin: str
    answered_at: datetime
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """The state of what is owed to the exchange: how many messages wait, and those that were refused."""

    waiting: int
    refused: tuple[RefusedMessage, ...]


def run(*, actor: Actor, limit: int = 25) -> Owed:
    """The latest refused messages, newest first, and how many wait for delivery."""
    require(actor, ACT)
    with acting(actor, act=ACT) as connection:
        row = connection.execute("SELECT count(*) FROM outbox.message WHERE state = 'pending'").fetchone()
        rows = connection.execute(
            "SELECT m.id, m.application_id, o.name, m.kind, m.vin, m.answered_at, m.answer, m.last_error"
            " FROM outbox.message AS m JOIN access.organisation AS o ON o.id = m.organisation_id"
            " WHERE m.state = 'refused' ORDER BY m.created_at DESC LIMIT %s",
            [max(1, min(limit, LARGEST_PAGE))],
        ).fetchall()
    return Owed(
        waiting=int(row[0]) if row else 0,
        refused=tuple(
            RefusedMessage(
                message_id=found[0],
                application_id=found[1],
                dealer_name=found[2],
                kind=found[3],
                vin=found[4],
                answered_at=found[5],
                reasons=_reasons(found[6], found[7]),
            )
            for found in rows
        ),
    )


def _reasons(answer: Any, last_error: str) -> tuple[str, ...]:
    problems = answer.get("problems") if isinstance(answer, dict) else None
    said = tuple(str(problem.get("text", "")) for problem in problems or () if isinstance(problem, dict))
    return said or ((last_error,) if last_error else ())

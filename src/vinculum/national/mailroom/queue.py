"""What waits in the mailroom: e-mails and webhooks that are owed, and what became of them."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from vinculum.access.database import Actor, Connection, acting

ACT = "deliver_notices"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A piece that is owed: to whom, by which way, and all that it says."""

    outgoing_id: UUID
    channel: str
    address: str
    secret_sealed: str
    subject: str
    facts: dict[str, Any]
    link: str
    created_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MailroomQueue:
    """The pieces that are owed, as the program that sends them takes them up."""

    actor: Actor

    def opened(self) -> AbstractContextManager[Connection]:
        """One transaction of the mailroom's."""
        return acting(self.actor, act=ACT, database="national")

    def lock_next_due(self, connection: Connection, *, at: datetime) -> Outgoing | None:
        """The piece that has waited longest."""
        row = connection.execute(
            "SELECT outgoing_id, channel, address, secret_sealed, subject, facts, link, created_at, attempts"
            "  FROM exchange.outgoing WHERE state = 'pending' AND next_attempt_at <= %s"
            " ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED",
            (at,),
        ).fetchone()
        if row is None:
            return None
        return Outgoing(
            outgoing_id=row[0],
            channel=row[1],
            address=row[2],
            secret_sealed=row[3],
            subject=row[4],
            facts=row[5],
            link=row[6],
            created_at=row[7],
            attempts=row[8],
        )

    def keep_answer(self, connection: Connection, owed: Outgoing, answer: None, *, at: datetime) -> None:
        """Delivered."""
        connection.execute(
            "UPDATE exchange.outgoing SET state = 'delivered', attempts = attempts + 1, settled_at = %s"
            " WHERE outgoing_id = %s",
            (at, owed.outgoing_id),
        )

    def keep_failure(
        self,
        connection: Connection,
        owed: Outgoing,
        *,
        why: str,
        at: datetime,
        next_attempt_at: datetime | None,
    ) -> None:
        """Tried in vain: again later, or given up."""
        connection.execute(
            "UPDATE exchange.outgoing SET attempts = attempts + 1, last_error = %s, next_attempt_at = coalesce(%s,"
            " next_attempt_at), state = %s, settled_at = %s WHERE outgoing_id = %s",
            (
                *(why[:300], next_attempt_at),
                *(("given_up", at) if next_attempt_at is None else ("pending", None)),
                owed.outgoing_id,
            ),
        )

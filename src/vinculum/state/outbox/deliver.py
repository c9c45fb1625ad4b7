"""Delivery of what is owed to the exchange: one message after the other, again and again until it has answered."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from vinculum.access import delivery
from vinculum.access.database import Actor, Connection, acting
from vinculum.protocol.exchange import Exchange, ExchangeUnavailable
from vinculum.protocol.json_codec import MalformedMessage
from vinculum.protocol.update_answer import UpdateAnswer
from vinculum.state.outbox.messages import OwedMessage, keep_exchange_answer, keep_failure, lock_next_due


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outbox:
    """The messages that are owed, in the order of each VIN."""

    actor: Actor

    def opened(self) -> AbstractContextManager[Connection]:
        return acting(self.actor, act="deliver_messages")

    def lock_next_due(self, connection: Connection, *, at: datetime) -> OwedMessage | None:
        return lock_next_due(connection, at=at)

    def keep_answer(
        self, connection: Connection, owed: OwedMessage, answer: UpdateAnswer, *, at: datetime
    ) -> None:
        keep_exchange_answer(connection, answer=answer, at=at)

    def keep_failure(
        self,
        connection: Connection,
        owed: OwedMessage,
        *,
        why: str,
        at: datetime,
        next_attempt_at: datetime | None,
    ) -> None:
        assert next_attempt_at is not None, "The exchange is owed a message until it has answered."
        keep_failure(
            connection,
            message_id=owed.message_id,
            attempts=owed.attempts + 1,
            why=why,
            next_attempt_at=next_attempt_at,
        )


def deliver_next(*, actor: Actor, exchange: Exchange, at: datetime) -> bool:
    """Deliver the next due message; False when nothing is due.

    If the answer is lost the same message id is sent again, which the exchange answers the same (N-309).
    """
    return delivery.deliver_next(
        _Outbox(actor=actor),
        send=lambda owed: exchange.send(owed.read()),
        # One that cannot be read must not hold up the others: it waits like one that got no answer.
        failures=(ExchangeUnavailable, MalformedMessage),
        at=at,
    )


def deliver_all_due(*, actor: Actor, exchange: Exchange, at: datetime, limit: int = 1000) -> int:
    """Deliver whatever is due at that instant; how many messages were tried."""
    tried = 0
    while tried < limit and deliver_next(actor=actor, exchange=exchange, at=at):
        tried += 1
    return tried

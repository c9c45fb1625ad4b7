"""Delivery of what is owed: one message after the other, each again and again until the exchange has answered."""

from datetime import datetime, timedelta

from vinculum.access.database import Actor, acting
from vinculum.protocol.exchange import Exchange, ExchangeUnavailable
from vinculum.protocol.json_codec import MalformedMessage
from vinculum.state.outbox.messages import WAITS, keep_exchange_answer, keep_failure, lock_next_due


def deliver_next(*, actor: Actor, exchange: Exchange, at: datetime) -> bool:
    """Deliver the next due message; False when nothing is due.

    The row stays locked while the exchange is asked, so that two deliverers never hold the same message; if
    the answer is lost the same message id is sent again, which the exchange answers the same (N-309).
    """
    with acting(actor, act="deliver_messages") as connection:
        owed = lock_next_due(connection, at=at)
        if owed is None:
            return False
        try:
            answer = exchange.send(owed.read())
        except (ExchangeUnavailable, MalformedMessage) as failure:
            # One that cannot be read must not hold up the others: it waits like one that got no answer.
            wait = WAITS[min(owed.attempts, len(WAITS) - 1)]
            keep_failure(
                connection,
                message_id=owed.message_id,
                attempts=owed.attempts + 1,
                why=str(failure),
                next_attempt_at=at + timedelta(seconds=wait),
            )
        else:
            keep_exchange_answer(connection, answer=answer, at=at)
    return True


def deliver_all_due(*, actor: Actor, exchange: Exchange, at: datetime, limit: int = 1000) -> int:
    """Deliver whatever is due at that instant; how many messages were tried."""
    tried = 0
    while tried < limit and deliver_next(actor=actor, exchange=exchange, at=at):
        tried += 1
    return tried

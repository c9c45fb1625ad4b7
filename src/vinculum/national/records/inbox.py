"""Every update message once: the row that makes a repeated message answer as the first did (N-309)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, LiteralString
from uuid import UUID

import psycopg

from vinculum.protocol.exchange import UpdateMessage
from vinculum.protocol.json_codec import decode_answer, encode_answer, message_digest
from vinculum.protocol.problem import problem
from vinculum.protocol.update_answer import UpdateAnswer

# Waits for another transaction that is just taking the same message, then finds its row.
TAKE: Final[LiteralString] = (
    "INSERT INTO exchange.message_inbox (vin, origin, message_id, request_hash, received_at, entry_id)"
    " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (vin, origin, message_id) DO NOTHING"
)
KEEP_ANSWER: Final[LiteralString] = (
    "UPDATE exchange.message_inbox SET accepted = %s, answer = %s"
    " WHERE vin = %s AND origin = %s AND message_id = %s"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A message that is being worked on for the first time, and the entry it will make."""

    message: UpdateMessage
    entry_id: UUID


def take(
    connection: psycopg.Connection[Any], message: UpdateMessage, *, entry_id: UUID, at: datetime
) -> Taken | UpdateAnswer:
    """Take the message, or give the answer it got before (a problem, if it said something else then)."""
    digest = message_digest(message)
    taken = connection.execute(
        TAKE, (message.vin, message.origin, message.message_id, digest, at, entry_id)
    ).rowcount
    if taken == 1:
        return Taken(message=message, entry_id=entry_id)
    row = connection.execute(
        "SELECT request_hash, answer FROM exchange.message_inbox"
        " WHERE vin = %s AND origin = %s AND message_id = %s",
        (message.vin, message.origin, message.message_id),
    ).fetchone()
    assert row is not None
    if bytes(row[0]) != digest:
        return UpdateAnswer(
            message_id=message.message_id,
            vin=message.vin,
            accepted=False,
            answered_at=at,
            problems=(problem("V03", field="message_id"),),
        )
    return decode_answer(UpdateAnswer, bytes(row[1]))


def keep_answer(connection: psycopg.Connection[Any], message: UpdateMessage, answer: UpdateAnswer) -> None:
    """Keep the answer beside the message, refusals too."""
    connection.execute(
        KEEP_ANSWER,
        (answer.accepted, encode_answer(answer), message.vin, message.origin, message.message_id),
    )


def entry_made_by(
    connection: psycopg.Connection[Any], *, vin: str, origin: str, message_id: UUID
) -> UUID | None:
    """The history entry which an accepted message of that origin made."""
    row = connection.execute(
        "SELECT entry_id FROM exchange.message_inbox"
        " WHERE vin = %s AND origin = %s AND message_id = %s AND accepted",
        (vin, origin, message_id),
    ).fetchone()
    return None if row is None else row[0]

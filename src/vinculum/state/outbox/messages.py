"""Messages owed to the national exchange: written with the work they tell of, read in order per VIN."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from vinculum.access.database import Actor, Connection, one
from vinculum.protocol.case_inquiry import CaseInquiry
from vinculum.protocol.exchange import Inquiry, UpdateMessage
from vinculum.protocol.json_codec import (
    MESSAGE_NAMES,
    MalformedMessage,
    decode_message,
    encode_answer,
    encode_message,
)
from vinculum.protocol.update_answer import UpdateAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedMessage:
    """A message that has no answer yet, as it was written down."""

    message_id: UUID
    body: dict[str, Any]
    attempts: int

    def read(self) -> UpdateMessage:
        """The message; raises MalformedMessage when this version of the program cannot read it."""
        message = decode_message(json.dumps(self.body).encode())
        if isinstance(message, Inquiry | CaseInquiry):
            raise MalformedMessage((("message", "an inquiry is never owed"),))
        return message


def enqueue(
    connection: Connection, *, actor: Actor, application_id: UUID | None, message: UpdateMessage, at: datetime
) -> None:
    """Owe the exchange this message from the commit of this transaction on; only a case is of no application."""
    connection.execute(
        """INSERT INTO outbox.message (id, organisation_id, application_id, kind, vin, body,
                                       next_attempt_at, created_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s)""",
        (
            message.message_id,
            actor.organisation_id,
            application_id,
            MESSAGE_NAMES[type(message)],
            message.vin,
            Jsonb(json.loads(encode_message(message))),
            at,
            at,
        ),
    )


def waiting_case(connection: Connection, *, vin: str) -> UUID | None:
    """A case about the VIN that is owed to the exchange and not opened there yet."""
    row = one(
        connection,
        "SELECT id FROM outbox.message WHERE vin = %s AND kind = 'open_discrepancy' AND state = 'pending'"
        " ORDER BY position LIMIT 1",
        (vin,),
    )
    return None if row is None else row[0]


def lock_next_due(connection: Connection, *, at: datetime) -> OwedMessage | None:
    """The oldest message that is due and is the first of its VIN, locked; None when nothing is due.

    Messages of one VIN go out in the order they were written, so a later one waits for an earlier one.
    """
    row = one(
        connection,
        """SELECT m.id, m.body, m.attempts FROM outbox.message AS m
            WHERE m.state = 'pending' AND m.next_attempt_at <= %s
              AND NOT EXISTS (SELECT 1 FROM outbox.message AS e
                               WHERE e.vin = m.vin AND e.state = 'pending' AND e.position < m.position)
            ORDER BY m.next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED""",
        (at,),
    )
    if row is None:
        return None
    return OwedMessage(message_id=row[0], body=row[1], attempts=row[2])


def keep_exchange_answer(connection: Connection, *, answer: UpdateAnswer, at: datetime) -> None:
    """Settle a message with the answer it got."""
    document: dict[str, Any] = json.loads(encode_answer(answer))
    connection.execute(
        """UPDATE outbox.message SET state = %s, answer = %s, answered_at = %s, attempts = attempts + 1
            WHERE id = %s AND state = 'pending'""",
        ("accepted" if answer.accepted else "refused", Jsonb(document), at, answer.message_id),
    )


def keep_failure(
    connection: Connection, *, message_id: UUID, attempts: int, why: str, next_attempt_at: datetime
) -> None:
    """Remember a delivery that got no answer, and when to try again."""
    connection.execute(
        """UPDATE outbox.message SET attempts = %s, last_error = %s, next_attempt_at = %s
            WHERE id = %s AND state = 'pending'""",
        (attempts, why[:300], next_attempt_at, message_id),
    )

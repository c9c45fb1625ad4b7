"""Every update message once: the row that makes a repeated message answer as the first did (N-309)."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, LiteralString
from uuid import UUID, uuid4

import psycopg

from vinculum.access.line import Executes, Line, Sent, line_of
from vinculum.national.law.title import VehicleRecord
from vinculum.national.records.vehicle import LOCK_POINTERS, READ_VEHICLE, record_of
from vinculum.protocol.exchange import UpdateMessage
from vinculum.protocol.json_codec import decode_answer, encode_answer, message_digest
from vinculum.protocol.problem import problem
from vinculum.protocol.update_answer import UpdateAnswer

INBOX_KEY: Final = "message_inbox_pkey"
# The digest of what a message said when it was taken, and after it the answer that it got.
_EARLIER: Final[LiteralString] = (
    "(SELECT encode(m.request_hash, 'hex') || coalesce(convert_from(m.answer, 'UTF8'), '')"
    " FROM exchange.message_inbox AS m"
    " WHERE m.vin = %(vin)s AND m.origin = %(origin)s AND m.message_id = %(message_id)s) AS earlier"
)
FIND_EARLIER: Final[LiteralString] = f"SELECT {_EARLIER}"
READ_WITH_EARLIER: Final[LiteralString] = f"{READ_VEHICLE}, {_EARLIER}"
# To be used while a pointer of the VIN is held and no answer was found: nobody else can take the message then.
TAKE_WHILE_HELD: Final[LiteralString] = (
    "INSERT INTO exchange.message_inbox"
    " (vin, origin, message_id, request_hash, received_at, entry_id, accepted, answer)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
)
# Waits for another transaction that is just taking the same message; gives no row when that one was first.
TAKE: LiteralString = f"{TAKE_WHILE_HELD} ON CONFLICT (vin, origin, message_id) DO NOTHING RETURNING true"
KEEP_ANSWER: LiteralString = (
    "UPDATE exchange.message_inbox SET accepted = %s, answer = %s"
    " WHERE vin = %s AND origin = %s AND message_id = %s RETURNING true"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedUp:
    """The vehicle as it is now, and the answer that the same message got before, if it was taken before."""

    record: VehicleRecord
    earlier: UpdateAnswer | None


def look_up(line: Line, message: UpdateMessage, *, digest: bytes, at: datetime) -> LookedUp:
    """Read the vehicle and what the message got before (a problem, if it said something else then)."""
    row = line.execute(READ_WITH_EARLIER, _place_of(message)).row()
    assert row is not None
    body, earlier = row
    assert body is not None
    return LookedUp(
        record=record_of(message.vin, json.loads(body)),
        earlier=None if earlier is None else _earlier(message, earlier, digest=digest, at=at),
    )


def take_first(
    connection: psycopg.Connection[Any], message: UpdateMessage, *, at: datetime
) -> UpdateAnswer | None:
    """Take a message before it is worked on; the answer it got before, if it did."""
    with line_of(connection) as line:
        digest = message_digest(message)
        # An update that holds the pointers counts on nobody taking a message of this VIN meanwhile.
        line.execute(LOCK_POINTERS, {"vin": message.vin})
        values = (message.vin, message.origin, message.message_id, digest, at, uuid4(), None, None)
        if line.execute(TAKE, values).row() is not None:
            return None
        row = line.execute(FIND_EARLIER, _place_of(message)).row()
    assert row is not None
    assert row[0] is not None
    return _earlier(message, row[0], digest=digest, at=at)


def _place_of(message: UpdateMessage) -> dict[str, object]:
    return {"vin": message.vin, "origin": message.origin, "message_id": message.message_id}


def _earlier(message: UpdateMessage, earlier: bytes, *, digest: bytes, at: datetime) -> UpdateAnswer:
    said, answer = earlier[: 2 * len(digest)], earlier[2 * len(digest) :]
    if said == digest.hex().encode():
        return decode_answer(UpdateAnswer, answer)
    return UpdateAnswer(
        message_id=message.message_id,
        vin=message.vin,
        accepted=False,
        answered_at=at,
        problems=(problem("V03", field="message_id"),),
    )


def take(
    line: Line, message: UpdateMessage, answer: UpdateAnswer, *, digest: bytes, entry_id: UUID, at: datetime
) -> Sent:
    """Take the message and keep its answer, refusals too; no row comes back when another took it at this moment."""
    return line.execute(TAKE, _taken(message, answer, digest=digest, entry_id=entry_id, at=at))


def take_while_held(
    line: Line, message: UpdateMessage, answer: UpdateAnswer, *, digest: bytes, entry_id: UUID, at: datetime
) -> None:
    """The same while a pointer of the VIN is held: another cannot have taken it, and if so it were an error."""
    line.execute(TAKE_WHILE_HELD, _taken(message, answer, digest=digest, entry_id=entry_id, at=at))


def _taken(
    message: UpdateMessage, answer: UpdateAnswer, *, digest: bytes, entry_id: UUID, at: datetime
) -> tuple[object, ...]:
    return (
        *(message.vin, message.origin, message.message_id, digest, at, entry_id),
        *(answer.accepted, encode_answer(answer)),
    )


def keep_answer(connection: Executes, message: UpdateMessage, answer: UpdateAnswer) -> Any:
    """Keep the answer, or another, beside a message that this transaction has taken."""
    return connection.execute(
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

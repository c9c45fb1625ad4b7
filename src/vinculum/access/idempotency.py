"""One request, one effect: the answer a key already got, kept in the same transaction as the work (D-206)."""

import hashlib
import json
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from vinculum.access.database import Actor, Connection, one


class KeyReused(Exception):
    """The idempotency key was used before for a different request."""


def request_hash(act: str, body: Any) -> bytes:
    """SHA-256 of what is asked for, whatever the order of its keys."""
    return hashlib.sha256(f"{act}\0{json.dumps(body, sort_keys=True, default=str)}".encode()).digest()


def claim_key(
    connection: Connection, *, actor: Actor, key: str, act: str, digest: bytes, at: datetime
) -> dict[str, Any] | None:
    """Claim the key for this transaction, or answer what its first request was answered.

    A second caller with the same key waits here until the first has committed or rolled back. Raises
    KeyReused when the first request asked for something else.
    """
    claimed = connection.execute(
        """INSERT INTO access.idempotency (organisation_id, key, act, request_hash, created_at)
           VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING""",
        (actor.organisation_id, key, act, digest, at),
    )
    if claimed.rowcount == 1:
        return None
    row = one(
        connection,
        "SELECT request_hash, answer FROM access.idempotency WHERE organisation_id = %s AND key = %s",
        (actor.organisation_id, key),
    )
    assert row is not None, "A claimed key is there."
    assert row[1] is not None, "A committed key has its answer."
    if bytes(row[0]) != digest:
        raise KeyReused(key)
    answer: dict[str, Any] = row[1]
    return answer


def keep_answer(connection: Connection, *, actor: Actor, key: str, answer: dict[str, Any]) -> None:
    """Keep the answer beside the work it tells of."""
    connection.execute(
        "UPDATE access.idempotency SET answer = %s WHERE organisation_id = %s AND key = %s",
        (Jsonb(answer), actor.organisation_id, key),
    )

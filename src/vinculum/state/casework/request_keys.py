"""The claim on a request's idempotency key, in the words of the desk (D-206)."""

from datetime import datetime
from typing import Any

from vinculum.access import idempotency
from vinculum.access.database import Actor, Connection
from vinculum.kernel.refusal import Refused
from vinculum.state.law.catalogue import refuse


def claim_request(
    connection: Connection, *, actor: Actor, key: str, act: str, digest: bytes, at: datetime
) -> dict[str, Any] | None:
    """Claim the key, or answer what its first request was answered; Refused when that one was another request."""
    try:
        return idempotency.claim_key(connection, actor=actor, key=key, act=act, digest=digest, at=at)
    except idempotency.KeyReused as reused:
        raise Refused([refuse("idempotency_key_reused")]) from reused

"""One request at a desk, one thing made: the claim on a request's idempotency key (N-309).

The key is remembered for the jurisdiction, not for the credential that showed it: at the desks all programs of a
jurisdiction count as one person, and a key that was replaced between the lost answer and the repetition must not make
the thing twice. Keys are UUIDs, so that two programs of one jurisdiction do not choose the same by chance.
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from vinculum.access import idempotency
from vinculum.access.database import Actor, Connection
from vinculum.kernel.refusal import Refusal, Refused

_REUSED: Final = Refusal(
    code="idempotency_key_reused",
    message="This idempotency key was used before for a different request.",
    remedy="Send the request with a key of its own; repeat a key only to repeat the very same request.",
    rule="N-309",
)


def claim_request(
    connection: Connection, *, key: UUID | None, act: str, asked: tuple[Any, ...], actor: Actor, at: datetime
) -> str | None:
    """Claim the key for this transaction, or answer what its first request made. Without a key nothing is claimed.

    A second request with the same key waits here until the first has committed or rolled back; what is refused rolls
    its claim back. `asked` begins with what is to be made. Raises Refused when the first asked for something else.
    """
    if key is None:
        return None
    digest = idempotency.request_hash(act, asked)
    try:
        earlier = idempotency.claim_key(connection, actor=actor, key=str(key), act=act, digest=digest, at=at)
    except idempotency.KeyReused as reused:
        raise Refused([_REUSED]) from reused
    return None if earlier is None else str(earlier["made"])


def keep_made(connection: Connection, *, key: UUID | None, made: UUID | str, actor: Actor) -> None:
    """Keep beside the work what it made: the id of the thing, or where a case went."""
    if key is not None:
        idempotency.keep_answer(connection, actor=actor, key=str(key), answer={"made": str(made)})

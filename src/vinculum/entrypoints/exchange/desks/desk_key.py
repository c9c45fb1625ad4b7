"""Who comes to the desks: a jurisdiction's program with a key for this desk, within its rate."""

from datetime import UTC, datetime
from typing import Any, Final

from django.http import HttpRequest
from ninja import Schema
from ninja.params.functions import Header
from pydantic import ConfigDict

from vinculum.access.database import Actor
from vinculum.access.rate_limit import RateLimit
from vinculum.entrypoints.api.bearer import BearerKey, take
from vinculum.entrypoints.exchange.clients import recognise_client

# A clerk's day is far below; a runaway loop is not.
CLIENTS: Final = RateLimit(per_second=20, burst=60)
# What makes a thing takes it; what only moves one is refused when it is repeated.
KEY_HEADER: Final = "Idempotency-Key"
ONCE: Final[Any] = Header(
    None,
    alias=KEY_HEADER,
    description=(
        "A UUID, new for each request. The same request again with the same key is answered as the first was and makes"
        " nothing, whichever program of the jurisdiction sends it; the key with other content is refused (409)."
    ),
)


class Body(Schema):
    """What a program says: nothing but what is asked for."""

    model_config = ConfigDict(extra="forbid")


class DeskKey(BearerKey):
    """Lets a request in that shows a jurisdiction's key with this act among its scopes."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        """The program whose key this is; raises NotAClient, OutOfScope, TooManyRequests."""
        actor = recognise_client(
            token,
            act=self.act,
            client_address=str(getattr(request, "client_address", "")),
            request_id=str(getattr(request, "request_id", "")),
        )
        take(CLIENTS, token)
        request.actor = actor  # type: ignore[attr-defined]
        return actor


def now() -> datetime:
    """The moment at which a request is done."""
    return datetime.now(UTC)

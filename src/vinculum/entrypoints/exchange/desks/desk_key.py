"""Who comes to the desks: a jurisdiction's program with a key for this desk, within its rate."""

from datetime import UTC, datetime
from typing import Any, Final

from django.http import HttpRequest
from ninja import Schema
from ninja.security import HttpBearer
from pydantic import ConfigDict

from vinculum.access.database import Actor
from vinculum.access.rate_limit import RateLimit
from vinculum.entrypoints.api.bearer import take
from vinculum.entrypoints.api.reading import check_query
from vinculum.entrypoints.exchange.clients import NotAClient, recognise_client

# A clerk's day is far below; a runaway loop is not. Guessing keys is hopeless at the other.
CLIENTS: Final = RateLimit(per_second=20, burst=60)
STRANGERS: Final = RateLimit(per_second=1, burst=20)


class NotThere(Exception):
    """No such thing, or another jurisdiction's: both are answered alike."""


class Body(Schema):
    """What a program says: nothing but what is asked for."""

    model_config = ConfigDict(extra="forbid")


class DeskKey(HttpBearer):
    """Lets a request in that shows a jurisdiction's key with this act among its scopes."""

    def __init__(self, act: str) -> None:
        super().__init__()
        self.act = act

    def __call__(self, request: HttpRequest) -> Any:
        """The actor, which stands at the request too; raises NotAClient, OutOfScope, TooManyRequests."""
        check_query(request)
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        try:
            if scheme.lower() != "bearer":
                raise NotAClient("The desks ask for the bearer key of a jurisdiction's program.")
            return self.authenticate(request, key.strip())
        except NotAClient:
            take(STRANGERS, str(getattr(request, "client_address", "")))
            raise

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        """The program whose key this is."""
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

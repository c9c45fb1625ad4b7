"""Who calls the API: a program with a bearer key, within its scopes and its rate; or the public, by address."""

import math
import re
import time
from typing import Any, Final

from django.http import HttpRequest
from ninja.security import HttpBearer

from vinculum.access import keys
from vinculum.access.database import Actor, CredentialRefused
from vinculum.access.permissions import PUBLIC_ACTS, require
from vinculum.access.rate_limit import RateLimit
from vinculum.entrypoints.api.reading import MalformedRequest, check_query

# A busy dealer group's program stays far below; a runaway loop does not.
CLIENTS: Final = RateLimit(per_second=50, burst=100)
# Requests without a valid key, by address: so few that guessing is hopeless and a mistyped key is not punished.
STRANGERS: Final = RateLimit(per_second=1, burst=20)
PUBLIC: Final = RateLimit(per_second=2, burst=30)

_TERMINAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}")


class TooManyRequests(Exception):
    """The caller is over its rate; `seconds` says when to come again."""

    def __init__(self, seconds: float) -> None:
        super().__init__("over the rate limit")
        self.seconds = math.ceil(seconds)


class BearerKey(HttpBearer):
    """Lets a request in that shows a key with this act among its scopes; sets `request.actor`."""

    def __init__(self, act: str) -> None:
        super().__init__()
        self.act = act

    def __call__(self, request: HttpRequest) -> Any:
        """The actor; raises CredentialRefused, Forbidden, TooManyRequests or MalformedRequest."""
        check_query(request)
        scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
        try:
            if scheme.lower() != "bearer":
                raise CredentialRefused("no key")
            return self.authenticate(request, bearer.strip())
        except CredentialRefused:
            take(STRANGERS, str(getattr(request, "client_address", "")))
            raise

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        """The actor of a key."""
        actor = keys.actor_for(
            token,
            client_address=str(getattr(request, "client_address", "")),
            terminal=_terminal(request),
            request_id=str(getattr(request, "request_id", "")),
        )
        take(CLIENTS, token)
        require(actor, self.act)
        request.actor = actor  # type: ignore[attr-defined]
        return actor


class Anybody:
    """Lets anybody in to an act that the permission table opens to the public, at a rate by address."""

    def __init__(self, act: str) -> None:
        if act not in PUBLIC_ACTS:
            raise ValueError(f"{act} is not open to the public")
        self.act = act

    def __call__(self, request: HttpRequest) -> bool:
        """Yes, unless the address is over its rate."""
        check_query(request)
        take(PUBLIC, str(getattr(request, "client_address", "")))
        return True


def actor_of(request: HttpRequest) -> Actor:
    """The actor that the key of this request belongs to."""
    actor = request.actor  # type: ignore[attr-defined]
    assert isinstance(actor, Actor), "An operation with a key has its actor."
    return actor


def take(limit: RateLimit, client: str) -> None:
    """Count a request of the client; raises TooManyRequests."""
    wait = limit.wait_for(client, now=time.monotonic())
    if wait > 0:
        raise TooManyRequests(wait)


def _terminal(request: HttpRequest) -> str:
    """The workstation that the program names (D-205); programs that have but one need not."""
    named = request.headers.get("X-Terminal", "").strip()
    if not named:
        return "api"
    if not _TERMINAL.fullmatch(named):
        raise MalformedRequest(
            "X-Terminal is 1 to 40 letters, digits, spaces, points, hyphens or underscores."
        )
    return named

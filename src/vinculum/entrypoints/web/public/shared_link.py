"""A link to a vehicle's report that can be passed on: signed by us, so that it opens one VIN, and for a month only."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.core import signing

LIFE: Final = timedelta(days=30)
_SALT: Final = "vinculum.vehicle-history-link"


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedLink:
    """A link as its receiver opens it."""

    vin: str
    expires_at: datetime


class LinkRefused(Exception):
    """The link was not made by us, or was changed on the way."""


class LinkExpired(Exception):
    """The link was good, and its month is over."""


def make(vin: str, *, at: datetime) -> str:
    """The token of a link that opens this VIN's report until its life is over."""
    return signing.dumps([vin, int((at + LIFE).timestamp())], salt=_SALT)


def open_link(token: str, *, at: datetime) -> SharedLink:
    """What the link opens; raises LinkRefused or LinkExpired."""
    try:
        vin, until = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError) as fault:
        raise LinkRefused from fault
    expires_at = datetime.fromtimestamp(until, tz=UTC)
    if at >= expires_at:
        raise LinkExpired
    return SharedLink(vin=vin, expires_at=expires_at)

"""In whose name the commands of the exchange are done: a jurisdiction's program, by its key."""

from typing import TYPE_CHECKING

from vinculum.entrypoints.cli.station import Misused, Station

if TYPE_CHECKING:
    from vinculum.access.database import Actor


def client_at(station: Station, *, act: str) -> "Actor":
    """The jurisdiction's program whose key VINCULUM_KEY is."""
    from vinculum.access.database import CredentialRefused
    from vinculum.entrypoints.exchange.clients import NotAClient, OutOfScope, recognise_client

    key = station.key()
    if not key:
        raise Misused("VINCULUM_KEY is not set: it holds the key of the jurisdiction's program.")
    try:
        return recognise_client(key, act=act)
    except (NotAClient, OutOfScope) as fault:
        raise CredentialRefused(str(fault).rstrip(".")) from None

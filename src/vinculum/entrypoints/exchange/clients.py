"""The programs of jurisdictions and reporters at the exchange: recognised by their bearer key."""

from typing import Final

from vinculum.access import keys
from vinculum.access.database import Actor, CredentialRefused

SECONDS_HELD: Final = keys.SECONDS_REMEMBERED


class NotAClient(CredentialRefused):
    """No key, or none that belongs to a program of this kind of organisation."""


class OutOfScope(Exception):
    """The key was not made for this act, or not for use from this address."""


def recognise_client(
    key: str, *, act: str, client_address: str = "", request_id: str = "", kind: str = "jurisdiction"
) -> Actor:
    """The program whose key this is, of a jurisdiction (then `organisation_code` is its D20 code) or a reporter."""
    try:
        actor = keys.actor_for(
            key,
            client_address=client_address,
            terminal="exchange",
            request_id=request_id,
            database="national",
        )
    except keys.AddressNotRegistered as refused:
        raise OutOfScope("This key may not be used from this address.") from refused
    except CredentialRefused as refused:
        raise NotAClient("This key is unknown, expired or revoked.") from refused
    if actor.organisation_kind != kind:
        raise NotAClient(f"This key belongs to no {kind}.")
    if act not in actor.scopes:
        raise OutOfScope("This key was not issued for messages of this kind.")
    return actor

"""The programs of jurisdictions and reporters at the exchange: recognised by their bearer key."""

import hashlib
import ipaddress
import threading
import time
from collections.abc import Sequence
from dataclasses import replace

from vinculum.access.database import Actor, connected, one

# What a key says of its owner is held this long; whether the key still holds, the database checks each time.
SECONDS_HELD = 1.0
_MOST_HELD = 1000
_LONGEST_KEY = 200


class NotAClient(Exception):
    """No key, or none that belongs to a program of a jurisdiction."""


class OutOfScope(Exception):
    """The key was not made for this act, or not for use from this address."""


_held: dict[bytes, tuple[float, Actor, tuple[str, ...]]] = {}
_lock = threading.Lock()


def recognise_client(
    key: str, *, act: str, client_address: str = "", request_id: str = "", kind: str = "jurisdiction"
) -> Actor:
    """The program whose key this is, of a jurisdiction (then `organisation_code` is its D20 code) or a reporter."""
    if not key or len(key) > _LONGEST_KEY:
        raise NotAClient("The exchange asks for the bearer key of a jurisdiction's program.")
    actor, addresses = _look_up(key)
    if actor.organisation_kind != kind:
        raise NotAClient(f"This key belongs to no {kind}.")
    if act not in actor.scopes:
        raise OutOfScope("This key was not issued for messages of this kind.")
    if addresses and not _is_one_of(client_address, addresses):
        raise OutOfScope("This key may not be used from this address.")
    return replace(actor, client_address=client_address, request_id=request_id)


def _look_up(key: str) -> tuple[Actor, tuple[str, ...]]:
    digest, now = hashlib.sha256(key.encode()).digest(), time.monotonic()
    known = _held.get(digest)
    if known is not None and now - known[0] < SECONDS_HELD:
        return known[1], known[2]
    with connected("national") as connection:
        row = one(
            connection,
            "SELECT person_id, person_name, organisation_id, organisation_kind, organisation_code,"
            " organisation_name, role, scopes, addresses::text[] FROM access.recognise(%s)"
            " WHERE credential_kind = 'api_key' AND organisation_kind IN ('jurisdiction', 'reporter')",
            (key,),
        )
    if row is None:
        raise NotAClient("This key is unknown, expired or revoked, or belongs to no client of the exchange.")
    actor = Actor(
        person_id=row[0],
        person_name=row[1],
        organisation_id=row[2],
        organisation_kind=row[3],
        organisation_code=row[4],
        organisation_name=row[5],
        role=row[6],
        scopes=tuple(row[7]),
        credential=key,
        terminal="exchange",
    )
    with _lock:
        if len(_held) >= _MOST_HELD:
            _held.clear()
        _held[digest] = (now, actor, tuple(row[8]))
    return actor, tuple(row[8])


def _is_one_of(address: str, registered: Sequence[str]) -> bool:
    try:
        given = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(given in ipaddress.ip_network(entry, strict=False) for entry in registered)

"""Bearer keys of programs: `vk_test_…` and `vk_live_…`, 256 random bits, of which the database keeps a hash.

The first characters are kept in the clear, so that a key found somewhere can be named and revoked. A program
acts in the key's role, within its scopes, from its registered addresses; two keys of one client live at once
while it changes from the old to the new one.
"""

import ipaddress
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings

from vinculum.access.database import Actor, CredentialRefused, Database, acting
from vinculum.access.identity import hash_of, new_secret
from vinculum.access.permissions import require
from vinculum.access.recognition import recognise

_SHAPE = re.compile(r"vk_(test|live)_[A-Za-z0-9_-]{43}")
_VISIBLE = len("vk_test_") + 6
# A revoked key works at most this long on, in processes that have just seen it, and only for reading who it is and
# for inquiries at the exchange: every other transaction asks the database again.
SECONDS_REMEMBERED = 1.0
_MOST_REMEMBERED = 10_000


class AddressNotRegistered(CredentialRefused):
    """The key holds, but not for use from this address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedKey:
    """A new key. `secret` is shown once and cannot be read again."""

    id: UUID
    secret: str
    prefix: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRecord:
    """What is known of a key: everything but the secret."""

    id: UUID
    prefix: str
    client: str
    role: str
    scopes: tuple[str, ...]
    addresses: tuple[str, ...]
    live: bool
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Remembered:
    actor: Actor
    addresses: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
    until: float


_remembered: dict[tuple[Database, bytes], _Remembered] = {}
_lock = threading.Lock()


def issue(
    actor: Actor,
    *,
    client: str,
    organisation_id: UUID,
    role: str,
    scopes: Sequence[str],
    expires_at: datetime,
    live: bool,
    addresses: Sequence[str] = (),
    database: Database = "state",
    act: str = "issue_api_key",
) -> IssuedKey:
    """Issue a key to a program of an organisation; `client` is the program's name, two keys each at most.

    `addresses` are networks (`192.0.2.0/24`); none means any. Refused by the database when the actor does not
    govern the organisation, when a scope is not an act of the role, or after 400 days.
    """
    require(actor, act)
    secret = f"vk_{'live' if live else 'test'}_{new_secret()}"
    key = IssuedKey(id=uuid4(), secret=secret, prefix=secret[:_VISIBLE], expires_at=expires_at)
    networks = [str(ipaddress.ip_network(text)) for text in addresses]
    with acting(actor, act=act, database=database) as connection:
        connection.execute(
            "SELECT access.issue_key(%s, %s, %s, %s, %s, %s, %s::text[], %s::inet[], %s, %s)",
            (
                key.id,
                hash_of(secret),
                key.prefix,
                client,
                organisation_id,
                role,
                list(scopes),
                networks,
                live,
                expires_at,
            ),
        )
    return key


def revoke(actor: Actor, *, key_id: UUID, database: Database = "state", act: str = "revoke_api_key") -> None:
    """Revoke a key of an organisation that the actor governs; it stops at once."""
    require(actor, act)
    with acting(actor, act=act, database=database) as connection:
        connection.execute("SELECT access.revoke_key(%s)", (key_id,))
    with _lock:
        _remembered.clear()


def of_organisation(
    actor: Actor, *, organisation_id: UUID, database: Database = "state", act: str = "issue_api_key"
) -> list[KeyRecord]:
    """The keys of an organisation, the latest first; another's are as if there were none."""
    require(actor, act)
    with acting(actor, act=act, database=database) as connection:
        rows = connection.execute(
            "SELECT id, prefix, label, role, scopes, addresses::text[], live, created_at, expires_at, revoked_at"
            " FROM access.credential WHERE kind = 'api_key' AND organisation_id = %s ORDER BY created_at DESC",
            (organisation_id,),
        ).fetchall()
    return [
        KeyRecord(
            id=row[0],
            prefix=row[1],
            client=row[2],
            role=row[3],
            scopes=tuple(row[4]),
            addresses=tuple(row[5]),
            live=row[6],
            created_at=row[7],
            expires_at=row[8],
            revoked_at=row[9],
        )
        for row in rows
    ]


def actor_for(
    bearer: str,
    *,
    client_address: str,
    terminal: str = "api",
    request_id: str = "",
    database: Database = "state",
) -> Actor:
    """Who a bearer key belongs to, remembered for a second; raises CredentialRefused, AddressNotRegistered.

    A test key is refused in production and a live key anywhere else, so that neither is ever mistaken.
    """
    shape = _SHAPE.fullmatch(bearer)
    if shape is None or (shape[1] == "live") != bool(settings.PRODUCTION):
        raise CredentialRefused("no valid key")
    known = _remember(bearer, database=database)
    if known.addresses and not _is_among(client_address, known.addresses):
        raise AddressNotRegistered("address not registered for this key")
    return replace(known.actor, client_address=client_address, terminal=terminal, request_id=request_id)


def _remember(bearer: str, *, database: Database) -> _Remembered:
    place = (database, hash_of(bearer))
    now = time.monotonic()
    with _lock:
        known = _remembered.get(place)
    if known is not None and known.until > now:
        return known
    known = _read(bearer, database=database, until=now + SECONDS_REMEMBERED)
    with _lock:
        if len(_remembered) >= _MOST_REMEMBERED:
            _remembered.clear()
        _remembered[place] = known
    return known


def _read(bearer: str, *, database: Database, until: float) -> _Remembered:
    found = recognise(bearer, kind="api_key", database=database)
    if found is None:
        raise CredentialRefused("no valid key")
    networks = tuple(ipaddress.ip_network(text) for text in found.addresses)
    return _Remembered(actor=found.actor, addresses=networks, until=until)


def _is_among(address: str, networks: Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found.version == network.version and found in network for network in networks)

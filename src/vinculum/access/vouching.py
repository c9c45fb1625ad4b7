"""People who signed in at the state's database act at the exchange's: on the program's word, for minutes at a time.

Sign-in, second factor and idleness are the state database's business, asked at each request before anything here
is. What the exchange's database needs is in whose name its rows are written and by whose rights they are read.
"""

import threading
import time
from dataclasses import replace
from typing import Final
from uuid import UUID, uuid4

import psycopg

from vinculum.access import service
from vinculum.access.database import Actor, acting, one
from vinculum.access.identity import hash_of
from vinculum.access.permissions import require

# The database gives a quarter of an hour; renewed long before, so that no page meets the end of it.
_RENEWED_AFTER_SECONDS: Final = 300.0
_MOST_REMEMBERED: Final = 10_000
_vouched: dict[bytes, tuple[float, Actor]] = {}
_lock = threading.Lock()


def at_the_exchange(actor: Actor, *, kind: str, code: str, name: str, role: str = "") -> Actor:
    """The same person for the exchange's database, there speaking for the organisation of this kind and code.

    `role` is theirs there, when it is another than the one in which they signed in.
    """
    actor = replace(actor, role=role or actor.role)
    key, now = hash_of(actor.credential), time.monotonic()
    held = _vouched.get(key)
    if held is None or now - held[0] > _RENEWED_AFTER_SECONDS or held[1].organisation_code != code:
        vouched = _vouch(actor, kind=kind, code=code, name=name)
        with _lock:
            if len(_vouched) >= _MOST_REMEMBERED:
                _vouched.clear()
            _vouched[key] = (now, vouched)
    else:
        vouched = held[1]
    return replace(
        vouched,
        client_address=actor.client_address,
        request_id=actor.request_id,
        terminal=actor.terminal,
    )


def _vouch(actor: Actor, *, kind: str, code: str, name: str) -> Actor:
    desk = service.actor(request_id=actor.request_id, client_address=actor.client_address)
    require(desk, "vouch_for_session")
    organisation_id = find_or_enter(desk, kind=kind, code=code, name=name)
    with acting(desk, act="vouch_for_session", database="national") as connection:
        connection.execute(
            "SELECT access.vouch_for_session(%s, %s, %s, %s, %s, %s)",
            (
                uuid4(),
                hash_of(actor.credential),
                actor.person_id,
                actor.person_name,
                organisation_id,
                actor.role,
            ),
        )
    return replace(
        actor,
        organisation_id=organisation_id,
        organisation_kind=kind,
        organisation_code=code,
        organisation_name=name,
    )


def find_or_enter(desk: Actor, *, kind: str, code: str, name: str) -> UUID:
    """The organisation in the exchange's database, entered there when it is new to it."""
    with acting(desk, act="create_organisation", database="national") as connection:
        row = one(
            connection, "SELECT id FROM access.organisation WHERE kind = %s AND code = %s", (kind, code)
        )
    if row is not None:
        known: UUID = row[0]
        return known
    new = uuid4()
    try:
        with acting(desk, act="create_organisation", database="national") as connection:
            connection.execute("SELECT access.create_organisation(%s, %s, %s, %s)", (new, kind, code, name))
    except psycopg.errors.UniqueViolation:
        return find_or_enter(desk, kind=kind, code=code, name=name)
    return new

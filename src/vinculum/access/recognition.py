"""Whose secret this is: a session's or a program's key, as the database knows it."""

from dataclasses import dataclass
from typing import Literal

from vinculum.access.database import Actor, Database, connected, one


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """The actor whose secret it is, and the networks that it may be used from: any, when none is named."""

    actor: Actor
    addresses: tuple[str, ...]


def recognise(
    secret: str, *, kind: Literal["session", "api_key"], database: Database = "state"
) -> Recognised | None:
    """Who the secret belongs to; None when it is none of this kind, has ended, been idle too long or been revoked."""
    with connected(database) as connection:
        row = one(
            connection,
            "SELECT person_id, person_name, organisation_id, organisation_kind, organisation_code,"
            " organisation_name, role, scopes, addresses::text[] FROM access.recognise(%s)"
            " WHERE credential_kind = %s",
            (secret, kind),
        )
    if row is None:
        return None
    actor = Actor(
        person_id=row[0],
        person_name=row[1],
        organisation_id=row[2],
        organisation_kind=row[3],
        organisation_code=row[4],
        organisation_name=row[5],
        role=row[6],
        credential=secret,
        scopes=tuple(row[7]),
    )
    return Recognised(actor=actor, addresses=tuple(row[8]))

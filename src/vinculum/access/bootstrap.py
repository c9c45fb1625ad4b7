"""The first credential of an installation, made with the migration login before anybody can sign in."""

from uuid import uuid4

import psycopg

from vinculum.access.identity import SYSTEM_ORGANISATION, SYSTEM_PERSON, hash_of, new_secret


def ensure_system_credential(connection: psycopg.Connection, *, known: str = "", shared: str = "") -> str:
    """The secret of the program's own credential in this database: `known` if it still holds, else a new one.

    A program that serves both systems has one credential: `shared` is the secret it has in the other database.

    `connection` is the migration login's (a member of the owner); the change is committed. A new secret revokes
    the ones before it. Whoever calls keeps the secret in a private file outside the database.
    """
    with connection.transaction():
        connection.execute("SET LOCAL ROLE vinculum_owner")
        known = known or shared
        if known and _holds(connection, known):
            return known
        connection.execute(
            "INSERT INTO access.organisation (id, kind, code, name, created_at)"
            " VALUES (%s, 'system', 'vinculum', 'Vinculum', clock_timestamp()) ON CONFLICT (id) DO NOTHING",
            (SYSTEM_ORGANISATION,),
        )
        connection.execute(
            "UPDATE access.credential SET revoked_at = clock_timestamp()"
            " WHERE kind = 'service' AND organisation_id = %s AND revoked_at IS NULL",
            (SYSTEM_ORGANISATION,),
        )
        secret = shared or new_secret()
        connection.execute(
            "INSERT INTO access.credential (token_hash, id, kind, label, person_id, person_name, organisation_id,"
            " role, created_at, expires_at, last_seen_at) SELECT %s, %s, 'service', 'the program itself', %s,"
            " 'Vinculum', %s, 'system', at, at + interval '10 years', at FROM clock_timestamp() AS at"
            # A shared secret that was revoked here holds in the other database: whoever calls vouches for it.
            " ON CONFLICT (token_hash) DO UPDATE SET revoked_at = NULL, expires_at = excluded.expires_at",
            (hash_of(secret), uuid4(), SYSTEM_PERSON, SYSTEM_ORGANISATION),
        )
        return secret


def _holds(connection: psycopg.Connection, secret: str) -> bool:
    row = connection.execute(
        "SELECT 1 FROM access.credential WHERE token_hash = %s AND revoked_at IS NULL"
        " AND expires_at > now() + interval '1 day'",
        (hash_of(secret),),
    ).fetchone()
    return row is not None

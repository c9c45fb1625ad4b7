"""One durable database transaction in somebody's name.

Business SQL of both systems goes through `acting`: it takes a pooled connection, begins, enters the sealed
context of the actor (row-level security and the audit trail read it), yields, and commits. Connections are
plain psycopg; the addresses come from `configure`, which the process calls once at start.
"""

import select
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import psycopg
from psycopg.pq import ConnStatus
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool

Database = Literal["state", "national"]
Connection = psycopg.Connection[TupleRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does something: a person, for an organisation, in a role, proven by a credential.

    `credential` is the secret of the session, API key or service; the database checks its hash at the start
    of each transaction. `terminal` names the workstation (D-205), `client_address` the trusted address.
    """

    person_id: UUID
    person_name: str
    organisation_id: UUID
    organisation_kind: str
    organisation_code: str
    organisation_name: str
    role: str
    credential: str
    terminal: str = "unnamed"
    client_address: str = ""
    request_id: str = ""
    scopes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Actor({self.person_id}, {self.organisation_kind}:{self.organisation_code}, {self.role})"


class CredentialRefused(Exception):
    """The credential is unknown, expired, revoked, idle too long or used from an unregistered address."""


class NotConfigured(Exception):
    """`configure` was not called for this database."""


_addresses: dict[str, str] = {}
_sizes: dict[str, int] = {}
_pools: dict[str, ConnectionPool[Connection]] = {}
_lock = threading.Lock()


def configure(*, state_url: str | None = None, national_url: str | None = None, pool_size: int = 8) -> None:
    """Name the databases of this process; open pools of earlier addresses are closed."""
    close()
    for name, url in (("state", state_url), ("national", national_url)):
        if url:
            _addresses[name] = url
            _sizes[name] = pool_size


def close() -> None:
    """Close all pools and forget the addresses."""
    with _lock:
        for pool in _pools.values():
            pool.close()
        _pools.clear()
        _addresses.clear()


def pool_of(database: Database) -> ConnectionPool[Connection]:
    """The pool of one database, opened at first use."""
    pool = _pools.get(database)
    if pool is not None:
        return pool
    with _lock:
        if database not in _pools:
            if database not in _addresses:
                raise NotConfigured(f"the {database} database has no address; call access.database.configure")
            _pools[database] = ConnectionPool(
                _addresses[database],
                min_size=1,
                max_size=_sizes[database],
                max_idle=120,
                timeout=10,
                open=True,
                check=check_alive,
                kwargs={"autocommit": False},
            )
        return _pools[database]


@contextmanager
def connected(database: Database) -> Iterator[Connection]:
    """A pooled connection in one transaction in nobody's name: row-level security shows it nothing."""
    with pool_of(database).connection() as connection:
        yield connection


@contextmanager
def acting(
    actor: Actor, *, act: str, database: Database = "state", ticket: UUID | None = None
) -> Iterator[Connection]:
    """One transaction in the actor's name for one act; committed at the end, rolled back on any exception.

    `ticket` presents a purpose record (`disclosure.record`) that was committed before: personal data is shown
    only with one. Raises CredentialRefused when the credential no longer holds.
    """
    with pool_of(database).connection() as connection:
        try:
            connection.execute(
                "SELECT access.enter(%s, %s, %s, %s, %s, %s)",
                (actor.credential, actor.client_address, actor.request_id, actor.terminal, act, ticket),
            )
        except psycopg.errors.InvalidAuthorizationSpecification as error:
            raise CredentialRefused(error.diag.message_primary or "credential refused") from error
        yield connection


def check_alive(connection: Connection) -> None:
    """Raise OperationalError for a connection whose server has gone: its goodbye lies in the socket unread.

    An idle connection has nothing to read, so looking costs no round trip; a server that died without a
    goodbye is found at the first statement instead.
    """
    waiting = select.poll()
    waiting.register(connection.pgconn.socket, select.POLLIN)
    while waiting.poll(0):
        connection.pgconn.consume_input()
        if connection.pgconn.status != ConnStatus.OK:
            raise psycopg.OperationalError("the server has closed this connection")


def one(connection: Connection, query: str, parameters: Any = ()) -> TupleRow | None:
    """The first row of a query, or None."""
    return connection.execute(query, parameters).fetchone()

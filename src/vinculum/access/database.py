"""One durable database transaction in somebody's name.

Business SQL of both systems goes through `acting`: it takes a pooled connection, begins, enters the sealed
context of the actor (row-level security and the audit trail read it), yields, and commits. Connections are
plain psycopg; the addresses come from `configure`, which the process calls once at start.
"""

import select
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Literal, LiteralString, TypeVar
from uuid import UUID

import psycopg
from psycopg.pq import ConnStatus
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool

from vinculum.access.line import LineConnection

Database = Literal["state", "national"]
Connection = psycopg.Connection[TupleRow]
AnyConnection = TypeVar("AnyConnection", Connection, LineConnection)


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


ENTER: LiteralString = "SELECT access.enter(%s, %s, %s, %s, %s, %s)"
_addresses: dict[str, str] = {}
_sizes: dict[str, int] = {}
_pools: dict[str, ConnectionPool[Connection]] = {}
_lines: dict[str, ConnectionPool[LineConnection]] = {}
_hasty_lines: dict[str, ConnectionPool[LineConnection]] = {}
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
        for lines in (*_lines.values(), *_hasty_lines.values()):
            lines.close()
        _pools.clear()
        _lines.clear()
        _hasty_lines.clear()
        _addresses.clear()


def pool_of(database: Database) -> ConnectionPool[Connection]:
    """The pool of one database, opened at first use."""
    return _pools.get(database) or _opened(database, _pools, Connection)


def lines_of(database: Database) -> ConnectionPool[LineConnection]:
    """The pool of connections whose statements can be sent together; each commits by itself unless one begins."""
    return _lines.get(database) or _opened(database, _lines, LineConnection)


def hasty_lines_of(database: Database) -> ConnectionPool[LineConnection]:
    """The same, but a commit does not wait for the disk: what was written in the last half second before a crash may
    be lost. Only for what may be, and holds no personal data."""
    return _hasty_lines.get(database) or _opened(
        database, _hasty_lines, LineConnection, configure=_not_waiting_for_the_disk
    )


def _not_waiting_for_the_disk(connection: LineConnection) -> None:
    connection.execute("SET synchronous_commit TO off")


def _opened(
    database: Database,
    pools: dict[str, ConnectionPool[AnyConnection]],
    connection_class: type[AnyConnection],
    *,
    configure: Callable[[AnyConnection], None] | None = None,
) -> ConnectionPool[AnyConnection]:
    """The pool, opened if it was not; lines commit each statement by itself, other connections do not."""
    # A line prepares its own statements; what the driver prepared it would deallocate with the line's.
    has_lines = connection_class is LineConnection
    how = {"autocommit": True, "prepare_threshold": None} if has_lines else {"autocommit": False}
    with _lock:
        if database not in pools:
            if database not in _addresses:
                raise NotConfigured(f"the {database} database has no address; call access.database.configure")
            pools[database] = ConnectionPool(
                _addresses[database],
                connection_class=connection_class,
                min_size=1,
                max_size=_sizes[database],
                max_idle=120,
                timeout=10,
                open=True,
                check=check_alive,
                configure=configure,
                kwargs=how,
            )
        return pools[database]


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
            connection.execute(ENTER, _entering(actor, act=act, ticket=ticket))
        except psycopg.errors.InvalidAuthorizationSpecification as error:
            raise CredentialRefused(error.diag.message_primary or "credential refused") from error
        yield connection


@contextmanager
def acting_together(actor: Actor, *, act: str, database: Database = "state") -> Iterator[LineConnection]:
    """As `acting`, with fewer waits: beginning, entering and committing travel with the statements between them.

    They are on the connection's line (`access.line`), and what is put there goes with them. So it is at the first
    result, or at the end, that a credential which does not hold is refused.
    """
    pool = lines_of(database)
    connection = pool.getconn()
    line = connection.line
    try:
        line.execute("BEGIN")
        line.execute(ENTER, _entering(actor, act=act))
        yield connection
        line.execute("COMMIT")
        line.settle()
    except BaseException as error:
        line.drop()
        with suppress(psycopg.Error):  # a connection on which this cannot be said is not used again
            connection.rollback()
        if isinstance(error, psycopg.errors.InvalidAuthorizationSpecification):
            raise CredentialRefused(error.diag.message_primary or "credential refused") from error
        raise
    finally:
        pool.putconn(connection)


def _entering(actor: Actor, *, act: str, ticket: UUID | None = None) -> tuple[object, ...]:
    return (actor.credential, actor.client_address, actor.request_id, actor.terminal, act, ticket)


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

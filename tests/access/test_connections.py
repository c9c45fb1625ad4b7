"""Pooled connections after the server has gone: found dead before they are used, without a question asked."""

import psycopg
import pytest
from psycopg import sql

from people import World
from vinculum.access.database import acting, check_alive, connected, pool_of
from vinculum.config.scratch import ScratchDatabases

pytestmark = pytest.mark.database


def backend_of(connection: psycopg.Connection) -> int:
    return connection.info.backend_pid


@pytest.mark.parametrize("database", ["state", "national"])
def test_a_dead_connection_is_never_handed_out(databases: ScratchDatabases, database: str) -> None:
    """Every connection of the pool is ended by the server; the next act gets one that works."""
    World(databases)
    pool = pool_of(database)  # type: ignore[arg-type]
    held = [pool.getconn() for _ in range(3)]
    pids = [backend_of(connection) for connection in held]
    for connection in held:
        pool.putconn(connection)
    admin = databases.admin_state_url if database == "state" else databases.admin_national_url
    with psycopg.connect(admin, autocommit=True) as connection:
        for pid in pids:
            connection.execute(sql.SQL("SELECT pg_terminate_backend({}, 5000)").format(sql.Literal(pid)))
    for _ in pids:
        with connected(database) as connection:  # type: ignore[arg-type]
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_an_idle_connection_is_alive(databases: ScratchDatabases) -> None:
    """The check says nothing against a connection that is well, however often it is asked."""
    with connected("state") as connection:
        for _ in range(100):
            check_alive(connection)
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_an_act_goes_on_after_its_connection_was_ended(databases: ScratchDatabases) -> None:
    """D-206: the act after a restart of the database is done, not failed."""
    system = World(databases).system()
    with acting(system, act="search_book") as connection:
        pid = backend_of(connection)
    with psycopg.connect(databases.admin_state_url, autocommit=True) as connection:
        connection.execute(sql.SQL("SELECT pg_terminate_backend({}, 5000)").format(sql.Literal(pid)))
    with acting(system, act="search_book") as connection:
        assert connection.execute("SELECT access.kind()").fetchone() == ("system",)

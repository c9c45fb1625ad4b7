"""A national scratch database on a server of somebody's own: PostgreSQL, or a Citus cluster that distributes it.

`VINCULUM_TEST_NATIONAL_ADMIN_URL` is the address of the server with an administrator's login, of the coordinator
when it is a Citus cluster; `VINCULUM_TEST_CITUS_WORKERS` then names the workers as `host:port`, with commas between
(docs/runbooks/citus.md). Roles and database are made there and the database is dropped afterwards.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from vinculum.config.addresses import Addresses, DatabaseAddresses
from vinculum.config.bootstrap import create_database, database_name, in_database, migrate
from vinculum.national.records.distribution import statements

SERVER = "VINCULUM_TEST_NATIONAL_ADMIN_URL"
WORKERS = "VINCULUM_TEST_CITUS_WORKERS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """A server that tests may make databases on, and the workers it distributes them to (none: plain server)."""

    admin_url: str
    workers: tuple[tuple[str, int], ...] = ()

    def addresses(self, name: str) -> DatabaseAddresses:
        """The three logins to a database of that name."""
        admin = in_database(self.admin_url, name)
        return DatabaseAddresses(
            url=make_conninfo(admin, user="vinculum_app"),
            migrate_url=make_conninfo(admin, user="vinculum_migrate"),
            admin_url=admin,
        )

    def worker_urls(self, name: str) -> list[str]:
        """The same database on each worker, with the administrator's login."""
        return [
            make_conninfo(self.admin_url, dbname=name, host=host, port=port) for host, port in self.workers
        ]


def named_in(environ: Mapping[str, str]) -> Elsewhere | None:
    """The server that the environment names; None when the embedded one serves.

    Raises ValueError when a worker is not given as host:port, or workers are given without their coordinator.
    """
    admin_url, workers = environ.get(SERVER, ""), environ.get(WORKERS, "")
    if not admin_url:
        if workers:
            raise ValueError(f"{WORKERS} is set without {SERVER}: name the coordinator there.")
        return None
    return Elsewhere(
        admin_url=admin_url,
        workers=tuple(_host_and_port(one.strip()) for one in workers.split(",") if one.strip()),
    )


def _host_and_port(text: str) -> tuple[str, int]:
    host, _colon, port = text.rpartition(":")
    if not host or not port.isdigit():
        raise ValueError(f"{WORKERS} has {text!r}: write each worker as host:port.")
    return host, int(port)


@contextmanager
def raised(elsewhere: Elsewhere, *, addresses: Addresses) -> Iterator[None]:
    """Make, migrate and, on a Citus cluster, distribute the national database of the addresses; drop it after."""
    national = addresses.national
    name = database_name(national.url)
    try:
        create_database(national)
        if elsewhere.workers:
            _join_workers(elsewhere, national)
        migrate(Addresses(state=DatabaseAddresses(url=addresses.state.url), national=national, cluster=None))
        if elsewhere.workers:
            with psycopg.connect(national.admin_url, autocommit=True) as connection:
                for statement in statements():
                    connection.execute(sql.SQL(statement))
        yield
    finally:
        for url in (national.admin_url, *elsewhere.worker_urls(name)):
            _drop(url)


def _join_workers(elsewhere: Elsewhere, national: DatabaseAddresses) -> None:
    """The extension and the database on every node, and the workers known to the coordinator."""
    name = database_name(national.url)
    for url in elsewhere.worker_urls(name):
        with psycopg.connect(in_database(url, "postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    for url in (*elsewhere.worker_urls(name), national.admin_url):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS citus")
    coordinator = conninfo_to_dict(national.admin_url)
    with psycopg.connect(national.admin_url, autocommit=True) as connection:
        connection.execute(
            "SELECT citus_set_coordinator_host(%s, %s)",
            (str(coordinator["host"]), int(coordinator.get("port") or 5432)),
        )
        for host, port in elsewhere.workers:
            connection.execute("SELECT citus_add_node(%s, %s)", (host, port))


def _drop(url: str) -> None:
    with psycopg.connect(in_database(url, "postgres"), autocommit=True) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database_name(url)))
        )

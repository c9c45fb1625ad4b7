"""Scratch databases on an embedded server of their own: for tests and benchmarks, never for data to keep.

Migrating takes seconds, copying a database a fraction of one: the migrated databases are kept as templates
named after a fingerprint of the migrations, and each session works on copies.
"""

import fcntl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from vinculum.config import postgres
from vinculum.config.addresses import Addresses, on_cluster
from vinculum.config.bootstrap import (
    create_database,
    database_name,
    grant_database,
    migrate,
    migrations_stamp,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScratchDatabases:
    """A session's own two databases. `*_url` is the application's login."""

    cluster: postgres.Cluster
    addresses: Addresses

    @property
    def state_url(self) -> str:
        return self.addresses.state.url

    @property
    def national_url(self) -> str:
        return self.addresses.national.url

    @property
    def migrate_state_url(self) -> str:
        return self.addresses.state.migrate_url

    @property
    def migrate_national_url(self) -> str:
        return self.addresses.national.migrate_url

    @property
    def admin_state_url(self) -> str:
        return self.addresses.state.admin_url

    @property
    def admin_national_url(self) -> str:
        return self.addresses.national.admin_url


def named(directory: Path, *, session: str, durable: bool = False) -> ScratchDatabases:
    """The databases of a session: their addresses are known before they exist."""
    cluster = postgres.cluster_in(directory, durable=durable)
    state, national = (on_cluster(cluster, f"{session}_{system}") for system in ("state", "national"))
    return ScratchDatabases(
        cluster=cluster, addresses=Addresses(state=state, national=national, cluster=cluster)
    )


@contextmanager
def raised(scratch: ScratchDatabases) -> Iterator[ScratchDatabases]:
    """The databases, made before and dropped after; the server stops when its last session has ended.

    A durable server is for one session at a time: its tests kill it, its benchmarks measure it.
    """
    cluster = scratch.cluster
    cluster.directory.mkdir(parents=True, exist_ok=True)
    own = (scratch.addresses.state, scratch.addresses.national)
    with _turn(cluster), open(cluster.directory / "sessions", "a") as sessions:
        fcntl.flock(sessions, fcntl.LOCK_SH)
        postgres.start(cluster)
        for template, address in zip(_templates(cluster), own, strict=True):
            _execute(
                cluster,
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(database_name(address.url)), sql.Identifier(template)
                ),
            )
            grant_database(address)
        try:
            yield scratch
        finally:
            postgres.start(cluster)  # a test may have killed it
            for address in own:
                _drop(cluster, database_name(address.url))
            _stop_if_last(cluster, sessions.fileno())


@contextmanager
def _turn(cluster: postgres.Cluster) -> Iterator[None]:
    """Have a durable server to ourselves; whoever has to wait for it says so."""
    if not cluster.durable:
        yield
        return
    with open(cluster.directory / "turn", "a") as turn:
        try:
            fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.stderr.write(f"waiting for the run that uses {cluster.directory}\n")
            fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def _templates(cluster: postgres.Cluster) -> tuple[str, str]:
    """The migrated templates of the present migrations; made by the first session that needs them."""
    stamp = migrations_stamp()[:12]
    names = (f"template_{stamp}_state", f"template_{stamp}_national")
    with open(cluster.directory / "templates", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        present = {row[0] for row in _execute(cluster, sql.SQL("SELECT datname FROM pg_database"))}
        if not set(names) <= present:
            _make_templates(cluster, names)
            for old in present:
                if old.startswith("template_"):
                    _drop(cluster, old)
    return names


def _make_templates(cluster: postgres.Cluster, names: tuple[str, str]) -> None:
    """Migrate under passing names; only finished databases get the templates' names."""
    state, national = (on_cluster(cluster, f"making_{name}") for name in names)
    for address in (state, national):
        _drop(cluster, database_name(address.url))
        create_database(address)
    migrate(Addresses(state=state, national=national, cluster=cluster))
    for address, name in zip((state, national), names, strict=True):
        _execute(
            cluster,
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(database_name(address.url)), sql.Identifier(name)
            ),
        )


def _drop(cluster: postgres.Cluster, database: str) -> None:
    _execute(cluster, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))


def _execute(cluster: postgres.Cluster, statement: sql.SQL | sql.Composed) -> list[tuple[str, ...]]:
    url = cluster.url("postgres", role=postgres.ADMIN_ROLE)
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def _stop_if_last(cluster: postgres.Cluster, sessions: int) -> None:
    try:
        fcntl.flock(sessions, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    postgres.stop(cluster)

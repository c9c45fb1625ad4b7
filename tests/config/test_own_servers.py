"""Servers of one's own: the set-up works with an administrator that is no superuser, and the logins are ours."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from vinculum.config import bootstrap, postgres
from vinculum.config.addresses import addresses

pytestmark = pytest.mark.database


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Cluster]:
    """A server that plays the one somebody else runs, with an administrator as hosting companies give it."""
    cluster = postgres.cluster_in(tmp_path_factory.mktemp("hosted"), durable=False)
    postgres.start(cluster)
    with psycopg.connect(cluster.url("postgres", role=postgres.ADMIN_ROLE), autocommit=True) as connection:
        connection.execute("CREATE ROLE hosted_admin LOGIN CREATEROLE CREATEDB PASSWORD 'given'")
    yield cluster
    postgres.remove(cluster)


def test_own_servers_are_set_up(
    server: postgres.Cluster, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Roles, databases, migrations, law and credential from six addresses; a second set-up changes nothing."""
    host = str(server.socket_directory)

    def url(role: str, database: str) -> str:
        return make_conninfo(host=host, user=role, dbname=database, password="given")

    for prefix, database in (("", "titles"), ("NATIONAL_", "exchange")):
        monkeypatch.setenv(f"{prefix}DATABASE_URL", url("vinculum_app", database))
        monkeypatch.setenv(f"{prefix}DATABASE_MIGRATE_URL", url("vinculum_migrate", database))
        monkeypatch.setenv(f"{prefix}DATABASE_ADMIN_URL", url("hosted_admin", database))
    monkeypatch.setenv("VINCULUM_DATA_DIR", str(tmp_path_factory.mktemp("own")))
    where = addresses()
    assert where.cluster is None
    bootstrap.prepare(where=where)
    secret = bootstrap.system_secret()
    assert secret
    bootstrap.prepare(where=where)
    assert bootstrap.system_secret() == secret
    with psycopg.connect(where.state.url) as connection:
        published = connection.execute("SELECT count(*) FROM reference.publication").fetchone()
    assert published == (1,)


def test_other_logins_are_refused(server: postgres.Cluster) -> None:
    """The migrations grant to two names; a login of another name is told at once, not by a failed sale."""
    strange = make_conninfo(host=str(server.socket_directory), user="postgres", dbname="titles")
    where = addresses(environ={"DATABASE_URL": strange, "NATIONAL_DATABASE_URL": strange})
    with pytest.raises(bootstrap.LoginRefused, match="must have the login vinculum_app"):
        bootstrap.prepare(where=where)

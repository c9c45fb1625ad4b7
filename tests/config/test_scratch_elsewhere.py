"""The national suite can be pointed at another server, and at a cluster that distributes the database."""

from dataclasses import replace

import psycopg
import pytest

from vinculum.config import scratch_elsewhere
from vinculum.config.addresses import on_cluster
from vinculum.config.scratch import ScratchDatabases
from vinculum.config.scratch_elsewhere import SERVER, WORKERS, Elsewhere


def test_environment_names_server_and_workers() -> None:
    """Nothing named is the embedded server; a coordinator comes with its workers."""
    assert scratch_elsewhere.named_in({}) is None
    named = scratch_elsewhere.named_in({SERVER: "host=one user=admin", WORKERS: "two:5432, three:5433"})
    assert named == Elsewhere(admin_url="host=one user=admin", workers=(("two", 5432), ("three", 5433)))
    assert named.worker_urls("n")[1] == "user=admin host=three dbname=n port=5433"


@pytest.mark.parametrize(
    ("environ", "said"),
    [({WORKERS: "two:5432"}, "name the coordinator"), ({SERVER: "host=one", WORKERS: "two"}, "host:port")],
)
def test_half_an_address_is_refused(environ: dict[str, str], said: str) -> None:
    """Workers without a coordinator, or a worker without a port, say what is missing."""
    with pytest.raises(ValueError, match=said):
        scratch_elsewhere.named_in(environ)


@pytest.mark.database
def test_national_database_elsewhere_is_made_and_dropped(databases: ScratchDatabases) -> None:
    """The database of the addresses is made, migrated and dropped; where Citus is missing nothing is left behind."""
    where = replace(databases.addresses, national=on_cluster(databases.cluster, "national_elsewhere"))
    plain = Elsewhere(admin_url=where.national.admin_url)
    with scratch_elsewhere.raised(plain, addresses=where), psycopg.connect(where.national.url) as connection:
        assert connection.execute("SELECT count(*) FROM exchange.brand_code").fetchone() == (68,)
    assert not _exists(databases, "national_elsewhere")
    distributed = replace(plain, workers=(("localhost", 1),))
    with (
        pytest.raises(psycopg.OperationalError),
        scratch_elsewhere.raised(distributed, addresses=where),
    ):
        pytest.fail("a worker that does not answer was taken")
    assert not _exists(databases, "national_elsewhere")


def _exists(databases: ScratchDatabases, name: str) -> bool:
    with psycopg.connect(databases.admin_national_url) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    return found is not None

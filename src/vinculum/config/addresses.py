"""The addresses of the two databases, each for three logins: application, migrations, administrator."""

from collections.abc import Mapping
from dataclasses import dataclass

from vinculum.config import environment, postgres

STATE_DATABASE = "vinculum_state"
NATIONAL_DATABASE = "vinculum_national"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseAddresses:
    """Where one database is reached. Migration and administrator logins may be withheld from a process."""

    url: str
    migrate_url: str = ""
    admin_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """The state's database and the exchange's, and the embedded cluster when either lives there."""

    state: DatabaseAddresses
    national: DatabaseAddresses
    cluster: postgres.Cluster | None


def addresses(*, environ: Mapping[str, str] | None = None) -> Addresses:
    """The databases of this installation: those the environment names, else the embedded ones."""

    def read(name: str) -> str:
        return environment.read(name, environ=environ)

    state_url, national_url = read("DATABASE_URL"), read("NATIONAL_DATABASE_URL")
    cluster = None
    if not (state_url and national_url):
        cluster = postgres.cluster_in(environment.data_directory(environ=environ))
    state = DatabaseAddresses(
        url=state_url, migrate_url=read("DATABASE_MIGRATE_URL"), admin_url=read("DATABASE_ADMIN_URL")
    )
    national = DatabaseAddresses(
        url=national_url,
        migrate_url=read("NATIONAL_DATABASE_MIGRATE_URL"),
        admin_url=read("NATIONAL_DATABASE_ADMIN_URL"),
    )
    return Addresses(
        state=state if cluster is None or state_url else on_cluster(cluster, STATE_DATABASE),
        national=national if cluster is None or national_url else on_cluster(cluster, NATIONAL_DATABASE),
        cluster=cluster,
    )


def on_cluster(cluster: postgres.Cluster, database: str) -> DatabaseAddresses:
    """The three addresses of a database on an embedded cluster."""
    return DatabaseAddresses(
        url=cluster.url(database, role="vinculum_app"),
        migrate_url=cluster.url(database, role="vinculum_migrate"),
        admin_url=cluster.url(database, role=postgres.ADMIN_ROLE),
    )

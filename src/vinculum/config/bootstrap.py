"""Raising the databases: logins and their limits, the two databases, and the migrations of each.

Every step may be repeated: it makes what is missing and leaves the rest. The application's login owns nothing
and inherits nothing; what it may touch is granted column by column in the migrations.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from vinculum.config import environment, postgres
from vinculum.config.addresses import Addresses, DatabaseAddresses, addresses
from vinculum.config.environment import write_private

OWNERS = ("vinculum_owner", "vinculum_audit_owner")
_APP, _MIGRATE = sql.Identifier("vinculum_app"), sql.Identifier("vinculum_migrate")
_PACKAGE = Path(__file__).resolve().parents[1]

# The application waits for nothing long: a person or a program sits at the other end.
LIMITS: Mapping[str, Mapping[str, str]] = {
    "app": {
        "statement_timeout": "15s",
        "lock_timeout": "5s",
        "idle_in_transaction_session_timeout": "15s",
        "transaction_timeout": "30s",
    },
    "migrate": {
        "statement_timeout": "15min",
        "lock_timeout": "10s",
        "idle_in_transaction_session_timeout": "60s",
    },
}


def prepare(*, where: Addresses | None = None) -> bool:
    """Bring server, logins, databases, tables and law up to date; says whether anything had to be done.

    On servers of one's own only those steps are done whose logins the environment gives.
    """
    where = where or addresses()
    if where.cluster is not None:
        postgres.start(where.cluster)
    stamp = f"{migrations_stamp()} {jurisdictions_stamp()}"
    mark = where.cluster.directory / "prepared" if where.cluster is not None else None
    if mark is not None and mark.exists() and mark.read_text(encoding="ascii") == stamp:
        return False
    for database in (where.state, where.national):
        _check_logins(database)
        if database.admin_url:
            create_database(database)
    migrate(where)
    if where.state.migrate_url:
        keep_system_credential(where.state)
        publish_jurisdiction(where.state)
    if where.national.migrate_url:
        keep_system_credential(where.national, shared=True)
    if mark is not None:
        write_private(mark, stamp)
    return True


def keep_system_credential(database: DatabaseAddresses, *, shared: bool = False) -> None:
    """Make the program's own credential in a database, and keep its secret beside the data.

    `shared` lets the program act there with the credential that it has already, if it has one.
    """
    from vinculum.access.bootstrap import ensure_system_credential

    known = system_secret()
    with psycopg.connect(database.migrate_url, autocommit=True) as connection:
        secret = ensure_system_credential(connection, **{"shared" if shared else "known": known})
    if secret != known:
        write_private(_system_secret_file(), secret)


def system_secret() -> str:
    """The secret of the program's own credential: given by the environment, or kept beside the data."""
    given = environment.read("VINCULUM_SERVICE_KEY")
    if given:
        return given
    path = _system_secret_file()
    return path.read_text(encoding="ascii").strip() if path.exists() else ""


def publish_jurisdiction(database: DatabaseAddresses) -> None:
    """Publish the jurisdiction's files as the law in force; the same files again change nothing."""
    from vinculum.state.reference.jurisdiction import load_jurisdiction
    from vinculum.state.reference.publication import publish

    code = environment.read("VINCULUM_JURISDICTION")
    files = load_jurisdiction(environment.jurisdictions_directory() / code.lower())
    with psycopg.connect(database.migrate_url) as connection:
        publish(connection, files, published_at=datetime.now(UTC), published_by="set-up of the program")


def jurisdictions_stamp() -> str:
    """A fingerprint of the jurisdictions' files."""
    directory = environment.jurisdictions_directory()
    digest = hashlib.sha256(environment.read("VINCULUM_JURISDICTION").encode())
    for path in sorted(directory.rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(directory)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _system_secret_file() -> Path:
    return environment.data_directory() / "service_key"


def migrations_stamp() -> str:
    """A fingerprint of every migration file of the product, and of this file."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted(_PACKAGE.glob("**/migrations/*")):
        if path.is_file():
            digest.update(f"{path.relative_to(_PACKAGE)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def create_database(database: DatabaseAddresses) -> None:
    """Make the roles on the server and the database itself, with the administrator's login."""
    name = database_name(database.url)
    with psycopg.connect(in_database(database.admin_url, "postgres"), autocommit=True) as connection:
        _create_roles(connection, database)
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    grant_database(database)


def grant_database(database: DatabaseAddresses) -> None:
    """Say who may enter the database and who may build in it. A copied database needs this again."""
    name = sql.Identifier(database_name(database.url))
    statements: list[sql.Composed | sql.SQL] = [
        sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name),
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}, {}").format(name, _APP, _MIGRATE),
        *(
            sql.SQL("GRANT CREATE ON DATABASE {} TO {}").format(name, role)
            for role in (_MIGRATE, *map(sql.Identifier, OWNERS))
        ),
        sql.SQL("REVOKE ALL ON SCHEMA public FROM PUBLIC"),
        sql.SQL("GRANT USAGE, CREATE ON SCHEMA public TO {}").format(_MIGRATE),
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(_APP),
        # Schema public holds the tables of sign-in only, which the framework writes row by row.
        sql.SQL(
            "ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public "
            "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}"
        ).format(_MIGRATE, _APP),
        sql.SQL(
            "ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public GRANT USAGE ON SEQUENCES TO {}"
        ).format(_MIGRATE, _APP),
    ]
    admin = in_database(database.admin_url, database_name(database.url))
    with psycopg.connect(admin, autocommit=True) as connection:
        _grant_membership_to_self(connection, _MIGRATE)
        for statement in statements:
            connection.execute(statement)


def migrate(where: Addresses) -> None:
    """Run the migrations of both databases with the migration login, in a process of their own.

    A process of its own, because the settings of this one hold the application's login.
    """
    for alias, variable, database in (
        ("default", "DATABASE_URL", where.state),
        ("national", "NATIONAL_DATABASE_URL", where.national),
    ):
        if not database.migrate_url:
            continue
        done = subprocess.run(
            [sys.executable, "-m", "vinculum.config.migrate", alias],
            env=_environment_for_migration(where, variable, database.migrate_url),
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            raise MigrationFailed(f"Migrating {alias} failed:\n{done.stdout}{done.stderr}")
        _protect_migration_history(database)


class MigrationFailed(RuntimeError):
    """A migration was refused by the database; the text is the migrator's own."""


def database_name(url: str) -> str:
    """The name of the database that an address leads to."""
    return str(conninfo_to_dict(url)["dbname"])


def in_database(url: str, database: str) -> str:
    """The same server and login, in another database."""
    return make_conninfo(url, dbname=database)


def _environment_for_migration(where: Addresses, variable: str, migrate_url: str) -> dict[str, str]:
    given = dict(os.environ)
    given["DATABASE_URL"], given["NATIONAL_DATABASE_URL"] = where.state.url, where.national.url
    given[variable] = migrate_url
    return given


class LoginRefused(ValueError):
    """An address has another login than the one that the migrations grant to."""


def _check_logins(database: DatabaseAddresses) -> None:
    for url, role in ((database.url, "vinculum_app"), (database.migrate_url, "vinculum_migrate")):
        if url and conninfo_to_dict(url).get("user") != role:
            raise LoginRefused(
                f"The address of database {database_name(url)} must have the login {role}, for the migrations "
                f"grant to that name; it has {conninfo_to_dict(url).get('user')}."
            )


def _create_roles(connection: psycopg.Connection, database: DatabaseAddresses) -> None:
    for owner in OWNERS:
        _ensure_role(connection, owner, "NOLOGIN")
    for url, attributes, limits in (
        (database.url, "LOGIN NOINHERIT NOCREATEDB NOCREATEROLE", LIMITS["app"]),
        (database.migrate_url, "LOGIN NOCREATEDB NOCREATEROLE", LIMITS["migrate"]),
    ):
        login = conninfo_to_dict(url)
        role = sql.Identifier(str(login["user"]))
        _ensure_role(connection, str(login["user"]), attributes)
        if login.get("password"):
            connection.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(role, sql.Literal(str(login["password"])))
            )
        for setting, value in limits.items():
            if setting == "transaction_timeout" and connection.info.server_version < 170000:
                continue
            connection.execute(
                sql.SQL("ALTER ROLE {} SET {} = {}").format(role, sql.Identifier(setting), sql.Literal(value))
            )
        connection.execute(sql.SQL("ALTER ROLE {} SET synchronous_commit = 'on'").format(role))
    for owner in OWNERS:
        connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(owner), _MIGRATE))


def _ensure_role(connection: psycopg.Connection, name: str, attributes: LiteralString) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    verb = "ALTER" if known else "CREATE"
    connection.execute(
        sql.SQL("{} ROLE {} {}").format(sql.SQL(verb), sql.Identifier(name), sql.SQL(attributes))
    )


def _grant_membership_to_self(connection: psycopg.Connection, role: sql.Identifier) -> None:
    """An administrator that is no superuser must belong to a role to set its default privileges."""
    superuser = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    if superuser is not None and not superuser[0]:
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(role))


def _protect_migration_history(database: DatabaseAddresses) -> None:
    with psycopg.connect(database.migrate_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("REVOKE INSERT, UPDATE, DELETE ON public.django_migrations FROM {}").format(_APP)
        )

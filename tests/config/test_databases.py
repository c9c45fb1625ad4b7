"""The databases are raised with logins that can do no more than their part."""

import psycopg
import pytest

from vinculum.config.scratch import ScratchDatabases

pytestmark = pytest.mark.database


def test_application_owns_nothing(databases: ScratchDatabases) -> None:
    """The application's login owns no schema, table, sequence or function in either database."""
    for url in (databases.admin_state_url, databases.admin_national_url):
        with psycopg.connect(url) as connection:
            owned = connection.execute(
                "SELECT 'relation', relname FROM pg_class WHERE relowner = 'vinculum_app'::regrole"
                " UNION ALL"
                " SELECT 'schema', nspname FROM pg_namespace WHERE nspowner = 'vinculum_app'::regrole"
                " UNION ALL SELECT 'function', proname FROM pg_proc WHERE proowner = 'vinculum_app'::regrole"
            ).fetchall()
        assert owned == []


def test_application_login_is_plain(databases: ScratchDatabases) -> None:
    """The application's login is a member of nothing and may neither create nor bypass anything."""
    with psycopg.connect(databases.state_url) as connection:
        rights = connection.execute(
            "SELECT rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls"
            " FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        member_of = connection.execute(
            "SELECT count(*) FROM pg_auth_members WHERE member = current_user::regrole"
        ).fetchone()
        assert rights == (False,) * 6
        assert member_of == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE public.own (id int)")


def test_limits_hold_for_each_login(databases: ScratchDatabases) -> None:
    """Each login waits only so long, and commits durably."""
    for url, limits in (
        (
            databases.state_url,
            {"statement_timeout": "15s", "lock_timeout": "5s", "transaction_timeout": "30s"},
        ),
        (databases.migrate_national_url, {"statement_timeout": "15min", "lock_timeout": "10s"}),
    ):
        with psycopg.connect(url) as connection:
            for name, value in {**limits, "synchronous_commit": "on"}.items():
                assert connection.execute("SELECT current_setting(%s)", [name]).fetchone() == (value,)


def test_password_is_asked(databases: ScratchDatabases) -> None:
    """Nobody enters the embedded server without the login's password, not even over its socket."""
    wrong = psycopg.conninfo.make_conninfo(databases.state_url, password="guessed")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_migration_history_is_not_the_applications(databases: ScratchDatabases) -> None:
    """The application cannot pretend that a migration was applied."""
    for url in (databases.state_url, databases.national_url):
        with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM public.django_migrations")

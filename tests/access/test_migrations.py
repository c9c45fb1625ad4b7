"""The migrations of access go back and forth: an update that must be taken back leaves what it found."""

import os
import subprocess
import sys

import psycopg
import pytest

from vinculum.config.scratch import ScratchDatabases

pytestmark = [pytest.mark.database, pytest.mark.slow]


def _migrate(databases: ScratchDatabases, *target: str) -> None:
    """Migrate to a target; with none, all the way: what depends on it went back as well."""
    environment = {**os.environ, "DATABASE_URL": databases.migrate_state_url}
    program = (
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        f"call_command('migrate', *{target!r}, interactive=False, verbosity=0)"
    )
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def _shape(databases: ScratchDatabases) -> list[tuple[object, ...]]:
    """Every function, trigger, policy and granted column of access, audit and sign-in."""
    with psycopg.connect(databases.admin_state_url) as connection:
        return connection.execute(
            "SELECT 'function', p.oid::regprocedure::text, p.prosrc, "
            " coalesce(p.proacl, acldefault('f', p.proowner))::text"
            "  FROM pg_proc AS p WHERE p.pronamespace::regnamespace::text IN ('access', 'audit')"
            " UNION ALL SELECT 'trigger', t.tgrelid::regclass::text, t.tgname, '' FROM pg_trigger AS t"
            "  WHERE NOT t.tgisinternal AND t.tgrelid::regclass::text ~ '^(access|audit|mfa)'"
            " UNION ALL SELECT 'policy', polrelid::regclass::text, polname, pg_get_expr(polqual, polrelid)"
            "  FROM pg_policy WHERE polrelid::regclass::text LIKE 'access%'"
            " UNION ALL SELECT 'table', c.oid::regclass::text, c.relrowsecurity::text, "
            " coalesce(c.relacl, acldefault('r', c.relowner))::text"
            "  FROM pg_class AS c WHERE c.relkind = 'r' AND c.relnamespace::regnamespace::text = 'access'"
            " ORDER BY 1, 2, 3"
        ).fetchall()


def test_access_migrations_reverse(databases: ScratchDatabases) -> None:
    """Back to 0002 and forward again gives the same functions, triggers, policies and rights."""
    before = _shape(databases)
    _migrate(databases, "access", "0002_access")
    assert not any("issue_key" in str(row) for row in _shape(databases))
    _migrate(databases)
    assert _shape(databases) == before

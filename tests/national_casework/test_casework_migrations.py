"""The migrations of casework and alerts go back and forth: an update that must be taken back leaves what it found."""

import os
import subprocess
import sys

import psycopg
import pytest

from vinculum.config.scratch import ScratchDatabases

pytestmark = [pytest.mark.database, pytest.mark.slow]
_TABLES = (
    "reporter",
    "jsi_report",
    "jsi_source",
    "jsi_month",
    "contact",
    "discrepancy_case",
    "case_event",
    "finding",
    "clone_case",
    "clone_item",
    "vin_correction",
    "vin_verification",
    "brand_rescission",
    "evidence_file",
    "evidence_look_up",
)
_ALERT_TABLES = (
    "alert",
    "alert_vin",
    "alert_number",
    "alert_file",
    "alert_user",
    "alert_subscription",
    "outgoing",
)


def _migrate(databases: ScratchDatabases, *target: str) -> None:
    environment = {**os.environ, "NATIONAL_DATABASE_URL": databases.migrate_national_url}
    program = (
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        f"call_command('migrate', *{target!r}, database='national', interactive=False,"
        " verbosity=0)"
    )
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def _shape(databases: ScratchDatabases) -> list[tuple[object, ...]]:
    with psycopg.connect(databases.admin_national_url) as connection:
        return connection.execute(
            "SELECT 'table', c.relname, c.relrowsecurity::text, c.relacl::text FROM pg_class AS c"
            " WHERE c.relnamespace = 'exchange'::regnamespace AND c.relkind IN ('r', 'i')"
            " UNION ALL SELECT 'policy', polrelid::regclass::text, polname, pg_get_expr(polwithcheck, polrelid)"
            "  FROM pg_policy WHERE polrelid::regclass::text LIKE 'exchange%'"
            " UNION ALL SELECT 'trigger', t.tgrelid::regclass::text, t.tgname, '' FROM pg_trigger AS t"
            "  WHERE NOT t.tgisinternal AND t.tgrelid::regclass::text LIKE 'exchange%'"
            " UNION ALL SELECT 'function', p.oid::regprocedure::text, p.prosrc, p.proacl::text FROM pg_proc AS p"
            "  WHERE p.pronamespace = 'exchange'::regnamespace ORDER BY 1, 2, 3"
        ).fetchall()


@pytest.mark.parametrize(
    ("apps", "tables"),
    [(("national_casework",), _TABLES), (("national_alerts", "national_mailroom"), _ALERT_TABLES)],
    ids=["casework", "alerts"],
)
def test_migrations_reverse(
    databases: ScratchDatabases, apps: tuple[str, ...], tables: tuple[str, ...]
) -> None:
    """Back to nothing and forward again gives the same tables, walls, triggers and rights, here and above."""
    before = _shape(databases)
    assert set(tables) <= {row[1] for row in before}
    for app in apps:
        _migrate(databases, app, "zero")
    assert not set(tables) & {row[1] for row in _shape(databases)}
    _migrate(databases)
    assert _shape(databases) == before

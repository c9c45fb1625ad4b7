"""Is the service alive, and is it ready: for load balancers and for the person who just started it."""

from collections.abc import Callable

import psycopg
from django.conf import settings
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

_CONNECT_SECONDS = 2


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked, so a slow database does not get it killed."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """Whether requests may be sent here: databases reached, migrations applied, reference data published."""
    checks: dict[str, Callable[[], str]] = {}
    if "state" in settings.SYSTEMS:
        checks["state database"] = lambda: _check_reached("state")
        checks["state migrations"] = lambda: _check_migrated("default")
        checks["reference data"] = _check_reference_published
    if "national" in settings.SYSTEMS:
        checks["national database"] = lambda: _check_reached("national")
        checks["national migrations"] = lambda: _check_migrated("national")
    faults = {name: check() for name, check in checks.items()}
    ready = not any(faults.values())
    answer = {name: fault or "ok" for name, fault in faults.items()}
    return JsonResponse({"ready": ready, "checks": answer}, status=200 if ready else 503)


def _check_reached(database: str) -> str:
    try:
        with psycopg.connect(
            settings.DATABASE_URLS[database], connect_timeout=_CONNECT_SECONDS
        ) as connection:
            connection.execute("SELECT 1")
    except psycopg.Error:
        return "not reached"
    return ""


_migrated: set[str] = set()


def _check_migrated(alias: str) -> str:
    """Whether every migration of this program is applied; a yes stays true for the life of the process."""
    if alias in _migrated:
        return ""
    try:
        executor = MigrationExecutor(connections[alias])
        owed = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Exception as failure:  # noqa: BLE001 — any failure to tell is an answer here: not ready
        return f"unknown ({type(failure).__name__})"
    if owed:
        return f"{len(owed)} to apply"
    _migrated.add(alias)
    return ""


def _check_reference_published() -> str:
    try:
        with psycopg.connect(settings.DATABASE_URLS["state"], connect_timeout=_CONNECT_SECONDS) as connection:
            found = connection.execute(
                "SELECT EXISTS (SELECT 1 FROM reference.publication WHERE jurisdiction = %s)",
                [settings.JURISDICTION],
            ).fetchone()
    except psycopg.Error as failure:
        return f"unknown ({type(failure).__name__})"
    return "" if found and found[0] else "not published"

"""The watchman: scans what has changed on the national files for what cannot be true together."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

import psycopg
from psycopg_pool import PoolTimeout

from vinculum.access import service
from vinculum.access.database import CredentialRefused
from vinculum.entrypoints.jobs.give_way import give_way
from vinculum.national.investigations import scan
from vinculum.national.investigations.scan import Scanned

_log = logging.getLogger("vinculum.jobs.findings_scan")
# Investigators work by the day; a quarter of an hour keeps each scan small.
_PAUSE_SECONDS = 900.0


def run_until(stop: threading.Event, *, pause_seconds: float = _PAUSE_SECONDS) -> None:
    """Scan again and again until told to stop; the stretch that was begun is finished first."""
    give_way()
    while not stop.is_set():
        scan_once(now=lambda: datetime.now(UTC), stop=stop)
        stop.wait(pause_seconds)


def scan_once(*, now: Callable[[], datetime], stop: threading.Event | None = None) -> Scanned | None:
    """One scan; None when it was not brought to its end: the next one begins where the last whole one ended."""
    try:
        scanned = scan.run(
            actor=service.actor(terminal="watchman"),
            at=now(),
            go_on=lambda: stop is None or not stop.is_set(),
        )
    except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout, CredentialRefused):
        _log.warning("the scan for findings could not be done now", exc_info=True)
        return None
    if scanned is not None and scanned.found:
        _log.info("findings", extra={"count": scanned.found})
    return scanned

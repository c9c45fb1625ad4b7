"""The mailroom's job: sends the e-mails and webhooks that the exchange owes, until they are delivered or given up."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

import psycopg
from django.conf import settings
from psycopg_pool import PoolTimeout

from vinculum.access import service
from vinculum.access.database import CredentialRefused
from vinculum.entrypoints.jobs.rounds import run_rounds
from vinculum.entrypoints.mailroom import mailroom

_ROUND = 100
_log = logging.getLogger("vinculum.jobs.mailroom")


def run_until(stop: threading.Event, *, pause_seconds: float | None = None) -> None:
    """Send round after round until told to stop."""
    run_rounds(
        stop,
        deliver=lambda: send_round(now=lambda: datetime.now(UTC)),
        full_round=_ROUND,
        pause_seconds=settings.OUTBOX_SECONDS if pause_seconds is None else pause_seconds,
    )


def send_round(*, now: Callable[[], datetime]) -> int | None:
    """Send what is due; how many pieces were tried, or None when the round could not be done."""
    actor = service.actor(terminal="mailroom")
    try:
        tried = mailroom().send_all_due(actor=actor, at=now(), limit=_ROUND)
    except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout, CredentialRefused):
        _log.warning("mailroom round failed", exc_info=True)
        return None
    if tried:
        _log.info("mailroom sent", extra={"count": tried})
    return tried

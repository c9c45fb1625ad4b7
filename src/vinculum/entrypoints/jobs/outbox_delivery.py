"""The messenger: carries what the state owes the national exchange, until the exchange has answered."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

import psycopg
from django.conf import settings
from psycopg_pool import PoolTimeout

from vinculum.access import service
from vinculum.access.database import CredentialRefused
from vinculum.entrypoints import wired
from vinculum.entrypoints.jobs.rounds import run_rounds
from vinculum.entrypoints.metrics import DELIVERIES, ROUNDS_FAILED
from vinculum.state.outbox.deliver import deliver_all_due

_ROUND = 200
_log = logging.getLogger("vinculum.jobs.outbox_delivery")


def run_until(stop: threading.Event, *, pause_seconds: float | None = None) -> None:
    """Deliver round after round until told to stop."""
    run_rounds(
        stop,
        deliver=lambda: deliver_round(now=lambda: datetime.now(UTC)),
        full_round=_ROUND,
        pause_seconds=settings.OUTBOX_SECONDS if pause_seconds is None else pause_seconds,
    )


def deliver_round(*, now: Callable[[], datetime]) -> int | None:
    """Deliver what is due; how many messages were tried, or None when the round could not be done."""
    try:
        tried = deliver_all_due(
            actor=service.actor(terminal="messenger"), exchange=wired.exchange(), at=now(), limit=_ROUND
        )
    except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout, CredentialRefused):
        ROUNDS_FAILED.inc()
        _log.warning("outbox round failed", exc_info=True)
        return None
    if tried:
        DELIVERIES.inc(tried)
        _log.info("outbox delivered", extra={"count": tried})
    return tried

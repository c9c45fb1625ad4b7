"""The mailroom's job: sends the e-mails and webhooks that the exchange owes, until they are delivered or given up."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import psycopg
from django.conf import settings
from psycopg_pool import PoolTimeout

from vinculum.access import service
from vinculum.access.database import CredentialRefused
from vinculum.entrypoints.jobs.rounds import run_rounds
from vinculum.entrypoints.mailroom import mailroom
from vinculum.national.batch import lost_bytes
from vinculum.national.casework import contact_reminders

_ROUND = 100
_ASKED_EACH_SECONDS = 3600.0
# The database restarts, or the credential was renewed: what is owed waits in the database.
_PASSING = (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout, CredentialRefused)
_log = logging.getLogger("vinculum.jobs.mailroom")


def run_until(stop: threading.Event, *, pause_seconds: float | None = None) -> None:
    """Send round after round until told to stop; each hour, see which contacts are to be asked or told."""
    asked = float("-inf")

    def deliver() -> int | None:
        nonlocal asked
        if time.monotonic() - asked > _ASKED_EACH_SECONDS and ask_contacts(now=lambda: datetime.now(UTC)):
            asked = time.monotonic()
        return send_round(now=lambda: datetime.now(UTC))

    run_rounds(
        stop,
        deliver=deliver,
        full_round=_ROUND,
        pause_seconds=settings.OUTBOX_SECONDS if pause_seconds is None else pause_seconds,
    )


def ask_contacts(*, now: Callable[[], datetime]) -> bool:
    """Owe a mail to each contact that is due to be confirmed (N-702), or whose file was lost here (N-501).

    False when the database is not there.
    """
    try:
        actor = service.actor(terminal="mailroom")
        owed = contact_reminders.owe(actor=actor, at=now()) + lost_bytes.owe_mails(actor=actor, at=now())
    except _PASSING:
        _log.warning("contacts could not be asked", exc_info=True)
        return False
    if owed:
        _log.info("contacts asked", extra={"count": owed})
    return True


def send_round(*, now: Callable[[], datetime]) -> int | None:
    """Send what is due; how many pieces were tried, or None when the round could not be done."""
    actor = service.actor(terminal="mailroom")
    try:
        tried = mailroom().send_all_due(actor=actor, at=now(), limit=_ROUND)
    except _PASSING:
        _log.warning("mailroom round failed", exc_info=True)
        return None
    if tried:
        _log.info("mailroom sent", extra={"count": tried})
    return tried

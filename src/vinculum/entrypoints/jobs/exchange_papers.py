"""The exchange's writer: for states not on line a file of notices a day, a surrender report a month (N-310)."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Final

import psycopg
from psycopg_pool import PoolTimeout

from vinculum.access import service
from vinculum.access.database import Actor, CredentialRefused, acting
from vinculum.national.batch import notice_files, surrender_reports
from vinculum.national.batch.limits import lift_limits
from vinculum.national.batch.notice_files import NoticeFile, NoticesMoved
from vinculum.national.batch.surrender_reports import SurrenderReport

_log = logging.getLogger("vinculum.jobs.exchange_papers")
_ACT: Final = "make_exchange_papers"
_PAUSE_SECONDS: Final = 600.0
_PASSING = (psycopg.Error, PoolTimeout, CredentialRefused, NoticesMoved)


def run_until(stop: threading.Event, *, pause_seconds: float = _PAUSE_SECONDS) -> None:
    """Write what is due, again and again until told to stop."""
    while not stop.is_set():
        write_papers(now=lambda: datetime.now(UTC))
        stop.wait(pause_seconds)


def write_papers(*, now: Callable[[], datetime]) -> tuple[list[NoticeFile], list[SurrenderReport]]:
    """Write all that is due; what is written is not written again, what fails is tried at the next round."""
    actor = service.actor(terminal="exchange papers")
    try:
        with acting(actor, act=_ACT, database="national") as connection:
            told_by_file = notice_files.jurisdictions_told_by_file(connection)
            off_line = surrender_reports.jurisdictions_not_on_line(connection)
    except _PASSING:
        _log.warning("what is due could not be read now", exc_info=True)
        return [], []
    files = [_notice_file(actor, code, at=now()) for code in told_by_file]
    reports = [
        _report(actor, code, month=month, admitted_at=admitted_at, at=now())
        for month in surrender_reports.months_due(at=now())
        for code, admitted_at in off_line
    ]
    return [file for file in files if file is not None], [one for one in reports if one is not None]


def _notice_file(actor: Actor, jurisdiction: str, *, at: datetime) -> NoticeFile | None:
    try:
        with acting(actor, act=_ACT, database="national") as connection:
            lift_limits(connection)
            return notice_files.make_file(connection, jurisdiction=jurisdiction, at=at)
    except _PASSING:
        _log.warning("a notice file could not be made now", exc_info=True)
        return None


def _report(
    actor: Actor, jurisdiction: str, *, month: date, admitted_at: datetime | None, at: datetime
) -> SurrenderReport | None:
    """Who takes part gets a report that says that nothing was surrendered; for others none is made then."""
    even_empty = admitted_at is not None and admitted_at.date() < _next(month)
    try:
        with acting(actor, act=_ACT, database="national") as connection:
            if surrender_reports.is_made(connection, jurisdiction=jurisdiction, month=month):
                return None
            lift_limits(connection)
            return surrender_reports.make_report(
                connection, jurisdiction=jurisdiction, month=month, even_empty=even_empty, at=at
            )
    except _PASSING:
        _log.warning("a surrender report could not be made now", exc_info=True)
        return None


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)

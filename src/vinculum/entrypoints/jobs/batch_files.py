"""The batch clerk: applies the files of jurisdictions, one after the other, in the order they came."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import psycopg
from psycopg_pool import PoolTimeout

from vinculum.access import service
from vinculum.access.database import CredentialRefused, acting, connected
from vinculum.entrypoints.batch_spool import spool
from vinculum.entrypoints.jobs.give_way import give_way
from vinculum.national.batch import file_row, uploads
from vinculum.national.batch.apply_file import apply_next
from vinculum.national.batch.file_row import BatchFile
from vinculum.national.batch.lost_bytes import BytesMissing
from vinculum.national.batch.progress import ProgressBoard
from vinculum.national.records.write_change import PointerMoved

_log = logging.getLogger("vinculum.jobs.batch_files")
_PAUSE_SECONDS = 2.0
_SWEEP_SECONDS = 3600.0
# Until then the bytes of a file that is done, or was never taken, can still be looked at.
_KEPT = timedelta(days=30)


def run_until(stop: threading.Event, *, pause_seconds: float = _PAUSE_SECONDS) -> None:
    """Apply file after file until told to stop; a file that was begun is finished first."""
    give_way()
    swept = float("-inf")
    while not stop.is_set():
        if apply_one(now=lambda: datetime.now(UTC)) is not None:
            continue
        if time.monotonic() - swept > _SWEEP_SECONDS:
            swept = time.monotonic()
            sweep_spool(at=datetime.now(UTC))
        stop.wait(pause_seconds)


def apply_one(*, now: Callable[[], datetime]) -> BatchFile | None:
    """Apply the next file; None when none is waiting or the database is not there.

    When a file fails for no fault of its own (the database restarts, another transaction was in the way),
    nothing of it is applied, and it is tried again after a pause that grows.
    """
    board = ProgressBoard(connect=lambda: connected("national"), clock=now)
    begun: list[BatchFile] = []

    def note(file: BatchFile, phase: str, records: int) -> None:
        if not begun:
            begun.append(file)
        board.note(file, phase, records)

    try:
        with connected("national") as connection:
            file = apply_next(connection, spool=spool(), at=now(), note=note)
        if file is not None:
            board.clear(file)
            _log.info("batch file done", extra={"count": 1})
        return file
    except BytesMissing as missing:
        _log.error("the bytes of a waiting batch file are not in the spool", exc_info=True)
        _put_off(missing.file, at=now(), bytes_missing=True)
        return None
    except (psycopg.Error, PoolTimeout, PointerMoved, OSError):
        # Whatever the database says of one file, the files of other jurisdictions go on.
        _log.error("a batch file could not be applied now", exc_info=True)
        if begun:
            _put_off(begun[0], at=now())
        return None


def _put_off(file: BatchFile, *, at: datetime, bytes_missing: bool = False) -> None:
    try:
        with connected("national") as connection:
            file_row.put_off(connection, file, at=at, bytes_missing=bytes_missing)
    except (psycopg.OperationalError, PoolTimeout):
        _log.warning("the database is not there")


def sweep_spool(*, at: datetime) -> None:
    """Remove the bytes that no waiting file needs and that have lain long enough."""
    try:
        with connected("national") as connection:
            needed = file_row.contents_needed(connection)
    except (psycopg.OperationalError, PoolTimeout):
        return
    spool().sweep(needed=needed, before=at - _KEPT)
    sweep_uploads(at=at)


def sweep_uploads(*, at: datetime) -> int:
    """End the uploads that nobody went on with; how many parts of files were removed."""
    try:
        sweeper = service.actor(terminal="batch clerk")
        return uploads.sweep(
            lambda: acting(sweeper, act="sweep_uploads", database="national"), spool=spool(), at=at
        )
    except (psycopg.OperationalError, PoolTimeout, CredentialRefused, service.NoSystemCredential):
        _log.warning("uploads could not be swept now", exc_info=True)
        return 0

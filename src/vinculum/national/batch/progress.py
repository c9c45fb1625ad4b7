"""How far a file has come, told while it is applied: beside its transaction, or nobody would see it (N-504)."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import psycopg

from vinculum.national.batch.file_row import BatchFile

_SECONDS_BETWEEN: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What is being done to a file, and with how many of its records it was done."""

    phase: str
    records: int
    noted_at: datetime


@dataclass(slots=True, kw_only=True)
class ProgressBoard:
    """Notes progress at most twice a second, each time in a transaction of its own."""

    connect: Callable[[], AbstractContextManager[psycopg.Connection[Any]]]
    clock: Callable[[], datetime]
    _next: float = field(default=0.0, init=False)

    def note(self, file: BatchFile, phase: str, records: int) -> None:
        """Say how far the file has come."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + _SECONDS_BETWEEN
        with self.connect() as connection:
            connection.execute(
                "INSERT INTO exchange.batch_progress AS p (file_id, phase, records, noted_at)"
                " VALUES (%s, %s, %s, %s) ON CONFLICT (file_id)"
                " DO UPDATE SET phase = excluded.phase, records = excluded.records,"
                " noted_at = excluded.noted_at",
                (file.file_id, phase, records, self.clock()),
            )

    def clear(self, file: BatchFile) -> None:
        """The file is done."""
        with self.connect() as connection:
            connection.execute("DELETE FROM exchange.batch_progress WHERE file_id = %s", (file.file_id,))


def read_progress(connection: psycopg.Connection[Any], file_id: UUID) -> Progress | None:
    """How far the file has come; None when nobody is at it."""
    row = connection.execute(
        "SELECT phase, records, noted_at FROM exchange.batch_progress WHERE file_id = %s", (file_id,)
    ).fetchone()
    return None if row is None else Progress(phase=row[0], records=row[1], noted_at=row[2])


def progress_of_all(connection: psycopg.Connection[Any], *, jurisdiction: str) -> dict[UUID, Progress]:
    """How far each file of a jurisdiction has come that somebody is at."""
    rows = connection.execute(
        "SELECT p.file_id, p.phase, p.records, p.noted_at"
        "  FROM exchange.batch_progress AS p JOIN exchange.batch_file AS f ON f.file_id = p.file_id"
        " WHERE f.jurisdiction = %s AND f.state = 'waiting'",
        (jurisdiction,),
    )
    return {row[0]: Progress(phase=row[1], records=row[2], noted_at=row[3]) for row in rows}

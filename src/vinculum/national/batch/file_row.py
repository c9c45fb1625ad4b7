"""The row of a batch file: who sent it, what it is, what became of it; read and written here only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal, LiteralString
from uuid import UUID

import psycopg

from vinculum.national.batch.file_types import FILE_TYPES, FileType
from vinculum.national.batch.layout import Form
from vinculum.national.batch.reading import FileRefused
from vinculum.national.batch.tally import Tally

FileState = Literal["waiting", "applied", "rejected", "cancelled"]
_PATIENCE: Final = timedelta(seconds=5)
_MOST_PATIENCE: Final = timedelta(minutes=10)
# Statements below are put together from this constant only.
_COLUMNS: Final[LiteralString] = (
    "f.file_id, f.jurisdiction, f.sender_file_id, f.file_type, f.form, f.created_on, f.content_name, f.byte_count,"
    " f.received_at, f.received_from, f.state, f.attempts, f.finished_at, f.records_read, f.records_rejected,"
    " f.records_with_warnings, f.records_valid, f.fault_code, f.fault_line, f.fault_text, f.bytes_missing_since"
)
# The oldest waiting file of each jurisdiction, so that its files are applied in the order they came; a file
# that another process holds is left to it. The lock ends with the transaction, however that ends.
_CLAIM: Final[LiteralString] = f"""
SELECT {_COLUMNS} FROM exchange.batch_file AS f
 WHERE f.state = 'waiting' AND (f.not_before IS NULL OR f.not_before <= %(at)s)
   AND NOT EXISTS (SELECT 1 FROM exchange.batch_file AS earlier
                    WHERE earlier.state = 'waiting' AND earlier.jurisdiction = f.jurisdiction
                      AND (earlier.received_at, earlier.file_id) < (f.received_at, f.file_id))
 ORDER BY f.received_at, f.file_id LIMIT 1
   FOR UPDATE SKIP LOCKED
"""  # noqa: S608


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchFile:
    """A file of a jurisdiction. Counts are known when it was applied, a fault when it was rejected.

    `jurisdiction` is the sender, to whom alone the file is shown: of a yard's or an insurer's file it holds the id of
    that organisation instead of a D20 code.
    """

    file_id: UUID
    jurisdiction: str
    sender_file_id: str
    file_type: str
    form: Form
    created_on: date
    content_name: str
    byte_count: int
    received_at: datetime
    received_from: str
    state: FileState
    attempts: int
    finished_at: datetime | None
    records_read: int | None
    records_rejected: int | None
    records_with_warnings: int | None
    records_valid: int | None
    fault_code: str | None
    fault_line: int | None
    fault_text: str | None
    bytes_missing_since: datetime | None

    @property
    def jurisdiction_code(self) -> str | None:
        """The D20 code of the sender; a yard or an insurer has none."""
        return None if self.file_type == "JSIREP" else self.jurisdiction

    @property
    def kind(self) -> FileType:
        """What its records are."""
        return FILE_TYPES[self.file_type]


def claim(connection: psycopg.Connection[Any], *, at: datetime) -> BatchFile | None:
    """Take the next file that is to be applied, for the transaction of this connection."""
    return _one(connection.execute(_CLAIM, {"at": at}).fetchone())


def find(connection: psycopg.Connection[Any], file_id: UUID, *, jurisdiction: str) -> BatchFile | None:
    """A file of that jurisdiction; another's is as if it did not exist."""
    return _one(
        connection.execute(
            f"SELECT {_COLUMNS} FROM exchange.batch_file AS f"  # noqa: S608
            " WHERE f.file_id = %s AND f.jurisdiction = %s",
            (file_id, jurisdiction),
        ).fetchone()
    )


def find_taken(
    connection: psycopg.Connection[Any], *, jurisdiction: str, sender_file_id: str
) -> BatchFile | None:
    """The file of that name which was taken."""
    return _one(
        connection.execute(
            f"SELECT {_COLUMNS} FROM exchange.batch_file AS f"  # noqa: S608
            " WHERE f.jurisdiction = %s AND f.sender_file_id = %s AND f.state IN ('waiting', 'applied')",
            (jurisdiction, sender_file_id),
        ).fetchone()
    )


def newest(
    connection: psycopg.Connection[Any],
    *,
    jurisdiction: str,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 100,
) -> Iterator[BatchFile]:
    """The files of a jurisdiction, newest first; `before` is when the last one of a page came, and its id."""
    received_at, file_id = before or (None, None)
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM exchange.batch_file AS f WHERE f.jurisdiction = %(jurisdiction)s"  # noqa: S608
        " AND (%(at)s::timestamptz IS NULL OR (f.received_at, f.file_id) < (%(at)s, %(file_id)s))"
        " ORDER BY f.received_at DESC, f.file_id DESC LIMIT %(limit)s",
        {"jurisdiction": jurisdiction, "at": received_at, "file_id": file_id, "limit": limit},
    )
    for row in rows:
        found = _one(row)
        assert found is not None
        yield found


def close_applied(connection: psycopg.Connection[Any], file_id: UUID, *, tally: Tally, at: datetime) -> None:
    """The file was applied, with these counts."""
    connection.execute(
        "UPDATE exchange.batch_file SET state = 'applied', finished_at = %s, attempts = attempts + 1,"
        " records_read = %s, records_rejected = %s, records_with_warnings = %s, records_valid = %s"
        " WHERE file_id = %s",
        (at, tally.read, tally.rejected, tally.with_warnings, tally.valid, file_id),
    )


def close_rejected(
    connection: psycopg.Connection[Any], file_id: UUID, *, refused: FileRefused, at: datetime
) -> None:
    """The file was refused as a whole: why, and in which line."""
    connection.execute(
        "UPDATE exchange.batch_file SET state = 'rejected', finished_at = %s, attempts = attempts + 1,"
        " fault_code = %s, fault_line = %s, fault_text = %s WHERE file_id = %s",
        (at, refused.fault.code, refused.line, refused.fault.text, file_id),
    )


def cancel(connection: psycopg.Connection[Any], file_id: UUID, *, jurisdiction: str, at: datetime) -> bool:
    """Take a file back that is not being applied yet; False when it is too late."""
    held = connection.execute(
        "SELECT 1 FROM exchange.batch_file WHERE file_id = %s AND jurisdiction = %s AND state = 'waiting'"
        " FOR UPDATE SKIP LOCKED",
        (file_id, jurisdiction),
    ).fetchone()
    if held is None:
        return False
    connection.execute(
        "UPDATE exchange.batch_file SET state = 'cancelled', finished_at = %s WHERE file_id = %s",
        (at, file_id),
    )
    return True


def contents_needed(connection: psycopg.Connection[Any]) -> frozenset[str]:
    """The names in the spool that a waiting file still needs."""
    rows = connection.execute("SELECT content_name FROM exchange.batch_file WHERE state = 'waiting'")
    return frozenset(row[0] for row in rows)


def put_off(
    connection: psycopg.Connection[Any], file: BatchFile, *, at: datetime, bytes_missing: bool = False
) -> None:
    """It could not be applied now, for no fault of its own: try again after a pause that grows.

    Since when its bytes are missing is kept until they are there again.
    """
    pause = min(_PATIENCE * 2 ** min(file.attempts, 10), _MOST_PATIENCE)
    connection.execute(
        "UPDATE exchange.batch_file SET attempts = attempts + 1, not_before = %s,"
        " bytes_missing_since = CASE WHEN %s THEN coalesce(bytes_missing_since, %s) END"
        " WHERE file_id = %s AND state = 'waiting'",
        (at + pause, bytes_missing, at, file.file_id),
    )


def _one(row: tuple[Any, ...] | None) -> BatchFile | None:
    if row is None:
        return None
    names = [name.strip().removeprefix("f.") for name in _COLUMNS.split(",")]
    return BatchFile(**dict(zip(names, row, strict=True)))

"""The unsolicited notices to a jurisdiction, those that wait or those of a file, a page at a time (N-301)."""

from datetime import UTC
from typing import Any, Final
from uuid import UUID

import psycopg

from vinculum.protocol.notice import Notice

LONGEST_PAGE: Final = 500
_READ: Final = (
    "SELECT notice_id, to_jurisdiction, kind, vin, title_number, by_jurisdiction, issue_date, created_at"
    " FROM exchange.notice"
)
_PAGE: Final = " AND (vin, notice_id) > (%s, %s) ORDER BY vin, notice_id LIMIT %s"
_BEGINNING: Final = ("", UUID(int=0))


def run(
    jurisdiction: str,
    *,
    connection: psycopg.Connection[Any],
    after: tuple[str, UUID] | None = None,
    limit: int = 100,
) -> tuple[Notice, ...]:
    """Those neither acknowledged nor told by file, by VIN; `after` is VIN and id of the last one of a page."""
    assert 1 <= limit <= LONGEST_PAGE
    rows = connection.execute(
        _READ + " WHERE to_jurisdiction = %s AND acknowledged_at IS NULL AND filed_in IS NULL" + _PAGE,
        (jurisdiction, *(after or _BEGINNING), limit),
    ).fetchall()
    return _notices(rows)


def of_file(
    file_id: UUID,
    *,
    jurisdiction: str,
    connection: psycopg.Connection[Any],
    after: tuple[str, UUID] | None = None,
    limit: int = 100,
) -> tuple[Notice, ...]:
    """Those of one of the jurisdiction's notice files, in its order (N-310)."""
    assert 1 <= limit <= LONGEST_PAGE
    rows = connection.execute(
        _READ + " WHERE filed_in = %s AND to_jurisdiction = %s" + _PAGE,
        (file_id, jurisdiction, *(after or _BEGINNING), limit),
    ).fetchall()
    return _notices(rows)


def _notices(rows: list[tuple[Any, ...]]) -> tuple[Notice, ...]:
    return tuple(
        Notice(
            notice_id=row[0],
            to=row[1],
            kind=row[2],
            vin=row[3],
            title_number=row[4],
            by=row[5],
            issue_date=row[6],
            created_at=row[7].astimezone(UTC),
        )
        for row in rows
    )

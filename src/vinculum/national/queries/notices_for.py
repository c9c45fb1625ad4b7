"""The unsolicited notices that wait for a jurisdiction, a page at a time (N-301)."""

from datetime import UTC
from typing import Any
from uuid import UUID

import psycopg

from vinculum.protocol.notice import Notice

LONGEST_PAGE = 500


def run(
    jurisdiction: str,
    *,
    connection: psycopg.Connection[Any],
    after: tuple[str, UUID] | None = None,
    limit: int = 100,
) -> tuple[Notice, ...]:
    """Those neither acknowledged nor told by file, by VIN; `after` is VIN and id of the last one of a page."""
    assert 1 <= limit <= LONGEST_PAGE
    vin, notice_id = after or ("", UUID(int=0))
    rows = connection.execute(
        "SELECT notice_id, to_jurisdiction, kind, vin, title_number, by_jurisdiction, issue_date, created_at"
        "  FROM exchange.notice"
        " WHERE to_jurisdiction = %s AND acknowledged_at IS NULL AND filed_in IS NULL AND (vin, notice_id) > (%s, %s)"
        " ORDER BY vin, notice_id LIMIT %s",
        (jurisdiction, vin, notice_id, limit),
    ).fetchall()
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

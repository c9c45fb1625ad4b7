"""Stolen and missing title stock, as broadcast to all jurisdictions (N-701)."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import psycopg

LONGEST_PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingStock:
    """One report: a range of control numbers of a state; `destroyed_on` when it was recovered."""

    report_id: UUID
    jurisdiction: str
    first_number: str
    last_number: str
    circumstance: str
    missing_since: date
    destroyed_on: date | None


def run(*, connection: psycopg.Connection[Any], after: UUID | None = None) -> tuple[MissingStock, ...]:
    """A page of the reports in the order of their ids, closed ones too; `after` is the last of the page before."""
    rows = connection.execute(
        "SELECT report_id, jurisdiction, prefix || first_number, prefix || last_number, circumstance,"
        " missing_since, destroyed_on FROM exchange.missing_stock WHERE report_id > %s ORDER BY report_id LIMIT %s",
        (after or UUID(int=0), LONGEST_PAGE),
    ).fetchall()
    return tuple(
        MissingStock(
            report_id=row[0],
            jurisdiction=row[1],
            first_number=row[2],
            last_number=row[3],
            circumstance=row[4],
            missing_since=row[5],
            destroyed_on=row[6],
        )
        for row in rows
    )

"""Junk, salvage and insurers' reports: what a reporter says it obtained, and what everybody may read of it (N-801)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID

import psycopg

from vinculum.national.law.title import Obtained

DISPOSITIONS: Final[Mapping[str, str]] = {
    "to_be_determined": "to be determined",
    "sold": "sold",
    "crushed": "crushed",
    "dismantled": "dismantled for parts",
    "scrapped": "scrapped",
    "rebuilt": "to be rebuilt",
    "retained": "retained by the owner",
}
KINDS: Final[Mapping[str, str]] = {
    "junk_yard": "junk yard",
    "salvage_yard": "salvage yard",
    "insurer": "insurer",
}
Channel = Literal["form", "csv", "api"]


@dataclass(frozen=True, slots=True, kw_only=True)
class JsiReport:
    """A report as everybody sees it: never from whom the vehicle came."""

    reporter_name: str
    reporter_kind: str
    reporter_state: str
    obtained_on: date
    disposition: str
    for_export: bool
    reported_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnReport:
    """A report as its reporter sees it; `latest` when no supplement follows it."""

    report_id: UUID
    vin: str
    obtained_on: date
    obtained_from: str
    disposition: str
    for_export: bool
    channel: str
    reported_at: datetime
    supplements: UUID | None
    latest: bool


def in_words(reports: Iterable[Obtained]) -> tuple[JsiReport, ...]:
    """The reports of a record, which are those that the asker may see (N-206), as pages and papers say them."""
    return tuple(
        JsiReport(
            reporter_name=report.reporter_name,
            reporter_kind=KINDS.get(report.reporter_kind, report.reporter_kind),
            reporter_state=report.reporter_state,
            obtained_on=report.obtained_on,
            disposition=DISPOSITIONS.get(report.disposition, report.disposition),
            for_export=report.for_export,
            reported_at=report.reported_at,
        )
        for report in reports
    )


def own_reports(
    connection: psycopg.Connection[Any], organisation_id: UUID, *, vin: str = "", limit: int = 50
) -> tuple[OwnReport, ...]:
    """What this reporter has reported, the latest first; the wall shows nobody else from whom."""
    rows = connection.execute(
        "SELECT j.report_id, j.vin, j.obtained_on, s.obtained_from, j.disposition, j.for_export, j.channel,"
        " j.reported_at, j.supplements, NOT EXISTS (SELECT 1 FROM exchange.jsi_report AS f"
        "   WHERE f.vin = j.vin AND f.supplements = j.report_id)"
        "  FROM exchange.jsi_report AS j JOIN exchange.jsi_source AS s USING (vin, report_id)"
        " WHERE j.organisation_id = %s AND (%s = '' OR j.vin = %s)"
        " ORDER BY j.reported_at DESC, j.vin LIMIT %s",
        (organisation_id, vin, vin, limit),
    ).fetchall()
    return tuple(
        OwnReport(
            report_id=row[0],
            vin=row[1],
            obtained_on=row[2],
            obtained_from=row[3],
            disposition=row[4],
            for_export=row[5],
            channel=row[6],
            reported_at=row[7],
            supplements=row[8],
            latest=row[9],
        )
        for row in rows
    )

"""Junk, salvage and insurers' reports: what a reporter says it obtained, and what everybody may read of it (N-801)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID

import psycopg

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

    report_id: UUID
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


def reports_of(connection: psycopg.Connection[Any], vin: str, *, asker: str = "") -> tuple[JsiReport, ...]:
    """The reports of a VIN as they stand: of each chain the last supplement, newest first.

    `asker` is the jurisdiction that asks, empty for everybody else. Of a record that is marked undercover only the
    jurisdictions that its mark names see anything (N-206).
    """
    rows = connection.execute(
        "SELECT j.report_id, j.name, j.kind, j.state, j.obtained_on, j.disposition, j.for_export, j.reported_at"
        "  FROM exchange.jsi_record AS j WHERE j.vin = %s AND NOT EXISTS (SELECT 1 FROM exchange.jsi_record AS s"
        "                                   WHERE s.vin = j.vin AND s.supplements = j.report_id)"
        "   AND NOT EXISTS (SELECT 1 FROM exchange.undercover AS u WHERE u.vin = j.vin AND u.lifted_at IS NULL"
        "                      AND %s <> ALL (u.marked_by || u.visible_to))"
        " ORDER BY j.obtained_on DESC, j.reported_at DESC LIMIT 100",
        (vin, asker),
    ).fetchall()
    return tuple(
        JsiReport(
            report_id=row[0],
            reporter_name=row[1],
            reporter_kind=KINDS.get(row[2], row[2]),
            reporter_state=row[3],
            obtained_on=row[4],
            disposition=DISPOSITIONS.get(row[5], row[5]),
            for_export=row[6],
            reported_at=row[7],
        )
        for row in rows
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

"""The monthly report to a state that is not on line: which of its titles were surrendered elsewhere (N-310).

Vehicles that states need not report, such as trailers, are in it when they were reported, and marked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import psycopg

from vinculum.decoding import decode_vin
from vinculum.kernel.period import add_months_clipped
from vinculum.national.batch.layout import Column, Form, Layout
from vinculum.national.records.roster import read_roster
from vinculum.protocol import fields

ON_LINE: Final = 1
# A month is reported when it has been over for a day: a message that began in it is written by then.
_RIPE_AFTER: Final = timedelta(days=1)
# So many months back a report is made later when the jobs did not run.
_MONTHS_BACK: Final = 3
_EXEMPT_KINDS: Final = frozenset({"TRAILER"})
_KIND_LENGTH: Final = 30

SURRENDER_HEADER: Final = Layout(
    letter="H",
    columns=(
        Column(name="file_type", length=6, meaning="kind of file", values=("SURREN",)),
        Column(
            name="jurisdiction", length=2, meaning="D20 code of whose titles they were", mnemonic="BJUCDE"
        ),
        Column(name="month", length=8, meaning="first day of the month (UTC)", kind="date"),
        Column(name="made_on", length=8, meaning="day the report was made (UTC)", kind="date"),
    ),
)
SURRENDER_LINE: Final = Layout(
    letter="D",
    columns=(
        Column(name="vin", length=fields.VVHIDN.length, meaning=fields.VVHIDN.meaning, mnemonic="VVHIDN"),
        Column(
            name="title_number",
            length=fields.VTINUM.length,
            meaning="number of your title that was surrendered",
            mnemonic="VTINUM",
        ),
        Column(
            name="titled_by", length=2, meaning="D20 code of the state of the new title", mnemonic="BJUCDE"
        ),
        Column(
            name="issue_date", length=8, meaning="issue date of the new title", kind="date", mnemonic="VTIIDA"
        ),
        Column(name="told_on", length=8, meaning="day the exchange wrote it down (UTC)", kind="date"),
        Column(
            name="returned_on",
            length=8,
            meaning="day on which your title became current again, if it did",
            kind="date",
            required=False,
        ),
        Column(name="exempt", length=1, meaning="whether states need not report such a vehicle", kind="flag"),
        Column(
            name="vehicle_kind",
            length=_KIND_LENGTH,
            meaning="what the VIN says it is; blank when it does not decode",
            required=False,
        ),
    ),
)
SURRENDER_TRAILER: Final = Layout(
    letter="T",
    columns=(
        Column(name="line_count", length=9, meaning="how many titles there are", kind="number"),
        Column(name="exempt_count", length=9, meaning="how many of them of exempt vehicles", kind="number"),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SurrenderReport:
    """A month of a jurisdiction."""

    jurisdiction: str
    month: date
    made_at: datetime
    line_count: int
    exempt_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SurrenderedTitle:
    """A title that another state took in."""

    vin: str
    notice_id: Any
    title_number: str
    titled_by: str
    issue_date: date
    told_on: date
    returned_on: date | None
    vehicle_kind: str
    exempt: bool


# What left in the month, and whether it came back: an update that was undone since.
_LEFT: Final = """
SELECT n.vin, n.notice_id, n.title_number, n.by_jurisdiction, n.issue_date, (n.created_at AT TIME ZONE 'UTC')::date,
       (SELECT (min(r.created_at) AT TIME ZONE 'UTC')::date FROM exchange.notice AS r
         WHERE r.vin = n.vin AND r.to_jurisdiction = n.to_jurisdiction AND r.kind = 'title_returned'
           AND r.title_number = n.title_number AND r.created_at >= n.created_at)
  FROM exchange.notice AS n
 WHERE n.to_jurisdiction = %s AND n.kind = 'title_left' AND n.created_at >= %s AND n.created_at < %s
 ORDER BY n.vin, n.notice_id
"""
_ADD_LINE: Final = (
    "INSERT INTO exchange.surrender_line (jurisdiction, month, vin, notice_id, title_number, titled_by, issue_date,"
    " told_on, returned_on, vehicle_kind, exempt) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)


def months_due(*, at: datetime) -> tuple[date, ...]:
    """The months that have been over for a day, the oldest first."""
    this_month = (at.astimezone(UTC) - _RIPE_AFTER).date().replace(day=1)
    return tuple(add_months_clipped(this_month, -back) for back in range(_MONTHS_BACK, 0, -1))


def jurisdictions_not_on_line(connection: psycopg.Connection[Any]) -> tuple[tuple[str, datetime | None], ...]:
    """Every state that is not integrated on line with the moment of its admission; some take no part at all."""
    standings = read_roster(connection).standings
    return tuple(sorted((code, one.admitted_at) for code, one in standings.items() if one.mode != ON_LINE))


def make_report(
    connection: psycopg.Connection[Any],
    *,
    jurisdiction: str,
    month: date,
    even_empty: bool,
    at: datetime,
) -> SurrenderReport | None:
    """Make the report of a month; None when it is there already, or nothing was surrendered and nobody waits."""
    start = datetime(month.year, month.month, 1, tzinfo=UTC)
    end = datetime.combine(add_months_clipped(month, 1), start.timetz())
    rows = connection.execute(_LEFT, (jurisdiction, start, end)).fetchall()
    if not rows and not even_empty:
        return None
    kinds = [decode_vin(row[0]).vehicle_type[:_KIND_LENGTH] for row in rows]
    report = SurrenderReport(
        jurisdiction=jurisdiction,
        month=month,
        made_at=at,
        line_count=len(rows),
        exempt_count=sum(kind in _EXEMPT_KINDS for kind in kinds),
    )
    made = connection.execute(
        "INSERT INTO exchange.surrender_report (jurisdiction, month, made_at, line_count, exempt_count)"
        " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (jurisdiction, month) DO NOTHING",
        (jurisdiction, month, at, report.line_count, report.exempt_count),
    ).rowcount
    if not made:
        return None
    with connection.cursor() as cursor:
        cursor.executemany(
            _ADD_LINE,
            [
                (jurisdiction, month, *row, kind, kind in _EXEMPT_KINDS)
                for row, kind in zip(rows, kinds, strict=True)
            ],
        )
    return report


def is_made(connection: psycopg.Connection[Any], *, jurisdiction: str, month: date) -> bool:
    """Whether the report of the month is there."""
    return find(connection, jurisdiction=jurisdiction, month=month) is not None


def find(connection: psycopg.Connection[Any], *, jurisdiction: str, month: date) -> SurrenderReport | None:
    """The report of a jurisdiction's month, for those to whom the database shows it."""
    row = connection.execute(
        "SELECT jurisdiction, month, made_at, line_count, exempt_count FROM exchange.surrender_report"
        " WHERE jurisdiction = %s AND month = %s",
        (jurisdiction, month),
    ).fetchone()
    return None if row is None else _report(row)


def newest(
    connection: psycopg.Connection[Any], *, jurisdiction: str | None = None, limit: int = 120
) -> tuple[SurrenderReport, ...]:
    """The latest reports: of one jurisdiction, or of all that the database shows."""
    rows = connection.execute(
        "SELECT jurisdiction, month, made_at, line_count, exempt_count FROM exchange.surrender_report"
        " WHERE %(own)s::text IS NULL OR jurisdiction = %(own)s ORDER BY month DESC, jurisdiction LIMIT %(limit)s",
        {"own": jurisdiction, "limit": limit},
    )
    return tuple(_report(row) for row in rows)


def read_titles(
    connection: psycopg.Connection[Any],
    report: SurrenderReport,
    *,
    exempt_only: bool = False,
    after: tuple[str, Any] | None = None,
    limit: int = 5000,
) -> tuple[SurrenderedTitle, ...]:
    """The titles of a report by VIN, a page at a time; `after` is VIN and notice of the last one before."""
    vin, notice_id = after or ("", "00000000-0000-0000-0000-000000000000")
    rows = connection.execute(
        "SELECT vin, notice_id, title_number, titled_by, issue_date, told_on, returned_on, vehicle_kind, exempt"
        "  FROM exchange.surrender_line WHERE jurisdiction = %s AND month = %s"
        "   AND (exempt OR NOT %s) AND (vin, notice_id) > (%s, %s) ORDER BY vin, notice_id LIMIT %s",
        (report.jurisdiction, report.month, exempt_only, vin, notice_id, limit),
    )
    names = ("vin", "notice_id", "title_number", "titled_by", "issue_date", "told_on", "returned_on")
    return tuple(
        SurrenderedTitle(**dict(zip((*names, "vehicle_kind", "exempt"), row, strict=True))) for row in rows
    )


def print_lines(report: SurrenderReport, titles: Iterator[SurrenderedTitle], *, form: Form) -> Iterator[str]:
    """The report line by line."""
    header = {
        "file_type": "SURREN",
        "jurisdiction": report.jurisdiction,
        "month": report.month,
        "made_on": report.made_at.astimezone(UTC).date(),
    }
    yield SURRENDER_HEADER.print_line(header, form=form) + "\n"
    for title in titles:
        values = {column.name: getattr(title, column.name) for column in SURRENDER_LINE.columns}
        yield SURRENDER_LINE.print_line(values, form=form) + "\n"
    totals = {"line_count": report.line_count, "exempt_count": report.exempt_count}
    yield SURRENDER_TRAILER.print_line(totals, form=form) + "\n"


def _report(row: tuple[Any, ...]) -> SurrenderReport:
    return SurrenderReport(
        jurisdiction=row[0], month=row[1], made_at=row[2], line_count=row[3], exempt_count=row[4]
    )

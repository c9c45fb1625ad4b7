"""Notices by file (N-310): each notice in one file, a file a day, acknowledged as a whole by its control totals."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, get_args
from uuid import UUID, uuid4

import psycopg

from vinculum.kernel.refusal import Absent
from vinculum.national.batch.file_types import ENCODING, LAYOUT_VERSION
from vinculum.national.batch.layout import Column, Form, Layout
from vinculum.national.records.roster import read_roster
from vinculum.protocol import fields
from vinculum.protocol.notice import NoticeKind

BATCH_MODES: Final = frozenset({2, 3, 4})
LONGEST_FILE: Final = 250_000
_CONTROL_DIGITS: Final = 16
_LONGEST_KIND: Final = max(map(len, get_args(NoticeKind)))
_AT_ONCE: Final = 5000

NOTICE_HEADER: Final = Layout(
    letter="H",
    columns=(
        Column(name="file_type", length=6, meaning="kind of file", values=("NOTICE",)),
        Column(name="jurisdiction", length=2, meaning="D20 code of who is told", mnemonic="BJUCDE"),
        Column(
            name="number",
            length=9,
            meaning="number of the file: each is one more than the last",
            kind="number",
        ),
        Column(name="made_on", length=8, meaning="day the file was made (UTC)", kind="date"),
        Column(name="layout", length=2, meaning="version of this layout", values=(LAYOUT_VERSION,)),
        Column(name="encoding", length=8, meaning="how characters are bytes", values=(ENCODING,)),
    ),
)
NOTICE_DETAIL: Final = Layout(
    letter="D",
    columns=(
        Column(name="notice_id", length=36, meaning="id of the notice; told once"),
        Column(name="kind", length=_LONGEST_KIND, meaning="what happened", values=get_args(NoticeKind)),
        Column(name="vin", length=fields.VVHIDN.length, meaning=fields.VVHIDN.meaning, mnemonic="VVHIDN"),
        Column(
            name="title_number",
            length=fields.VTINUM.length,
            meaning="number of your title",
            mnemonic="VTINUM",
        ),
        Column(name="by", length=2, meaning="D20 code of the state whose message it was", mnemonic="BJUCDE"),
        Column(
            name="issue_date",
            length=8,
            meaning="title_left: issue date of that state's title; otherwise of yours",
            kind="date",
            mnemonic="VTIIDA",
        ),
        Column(name="told_on", length=8, meaning="day the exchange wrote it down (UTC)", kind="date"),
    ),
)
NOTICE_TRAILER: Final = Layout(
    letter="T",
    columns=(
        Column(name="number", length=9, meaning="the same as in the header", kind="number"),
        Column(name="notice_count", length=9, meaning="how many notices there are", kind="number"),
        Column(
            name="control",
            length=_CONTROL_DIGITS,
            meaning="the first 16 digits of the SHA-256, in capitals, of the notice ids, each followed by LF",
        ),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFile:
    """A file of notices to a jurisdiction, with the control totals by which it is confirmed."""

    file_id: UUID
    jurisdiction: str
    number: int
    made_on: date
    made_at: datetime
    notice_count: int
    control: str
    confirmed_at: datetime | None
    confirmed_by_name: str | None


class NoticesMoved(Exception):
    """A notice was acknowledged, or put into another file, while this one was made: nothing is written."""


class TotalsDiffer(Exception):
    """The control totals are not those of the file: something was lost on the way, so nothing is acknowledged."""


class NoSuchFile(Absent):
    """This jurisdiction has no such file."""


def control_of(notice_ids: Iterable[UUID]) -> str:
    """The control total of the notices in this order."""
    digest = hashlib.sha256()
    for notice_id in notice_ids:
        digest.update(f"{notice_id}\n".encode("ascii"))
    return digest.hexdigest()[:_CONTROL_DIGITS].upper()


def jurisdictions_told_by_file(connection: psycopg.Connection[Any]) -> tuple[str, ...]:
    """Those that report by batch: modes 2, 3 and 4."""
    standings = read_roster(connection).standings
    return tuple(sorted(code for code, standing in standings.items() if standing.mode in BATCH_MODES))


def make_file(connection: psycopg.Connection[Any], *, jurisdiction: str, at: datetime) -> NoticeFile | None:
    """Put all notices that wait for a jurisdiction into a file; None when none waits or today's is made.

    Raises NoticesMoved; the transaction must not go on then.
    """
    waiting = connection.execute(
        "SELECT vin, notice_id FROM exchange.notice"
        " WHERE to_jurisdiction = %s AND acknowledged_at IS NULL AND filed_in IS NULL"
        " ORDER BY vin, notice_id LIMIT %s",
        (jurisdiction, LONGEST_FILE),
    ).fetchall()
    if not waiting:
        return None
    file_id, control = uuid4(), control_of(row[1] for row in waiting)
    made = connection.execute(
        "INSERT INTO exchange.notice_file (file_id, jurisdiction, number, made_on, made_at, notice_count, control)"
        " SELECT %(file_id)s, %(jurisdiction)s, coalesce(max(number), 0) + 1, %(day)s, %(at)s, %(count)s, %(control)s"
        "   FROM exchange.notice_file WHERE jurisdiction = %(jurisdiction)s ON CONFLICT DO NOTHING",
        {
            "file_id": file_id,
            "jurisdiction": jurisdiction,
            "day": at.date(),
            "at": at,
            "count": len(waiting),
            "control": control,
        },
    ).rowcount
    if not made:
        return None
    filed = connection.execute(
        "UPDATE exchange.notice AS n SET filed_in = %s FROM unnest(%s::text[], %s::uuid[]) AS w (vin, notice_id)"
        " WHERE n.vin = w.vin AND n.notice_id = w.notice_id AND n.filed_in IS NULL AND n.acknowledged_at IS NULL",
        (file_id, [row[0] for row in waiting], [row[1] for row in waiting]),
    ).rowcount
    if filed != len(waiting):
        raise NoticesMoved(jurisdiction)
    return find(connection, file_id, jurisdiction=jurisdiction)


_COLUMNS: Final = (
    "file_id, jurisdiction, number, made_on, made_at, notice_count, control, confirmed_at, confirmed_by_name"
)


def find(connection: psycopg.Connection[Any], file_id: UUID, *, jurisdiction: str) -> NoticeFile | None:
    """A file of that jurisdiction."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM exchange.notice_file WHERE file_id = %s AND jurisdiction = %s",  # noqa: S608
        (file_id, jurisdiction),
    ).fetchone()
    return None if row is None else _file(row)


def newest(
    connection: psycopg.Connection[Any], *, jurisdiction: str, limit: int = 100
) -> tuple[NoticeFile, ...]:
    """The files of a jurisdiction: those to be confirmed first, then the newest."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM exchange.notice_file WHERE jurisdiction = %s"  # noqa: S608
        " ORDER BY confirmed_at IS NOT NULL, number DESC LIMIT %s",
        (jurisdiction, limit),
    )
    return tuple(_file(row) for row in rows)


def confirm(
    connection: psycopg.Connection[Any],
    file_id: UUID,
    *,
    jurisdiction: str,
    notice_count: int,
    control: str,
    by: UUID,
    by_name: str,
    at: datetime,
) -> NoticeFile:
    """The jurisdiction has the whole file: its notices are acknowledged. Again with the same totals is fine."""
    file = find(connection, file_id, jurisdiction=jurisdiction)
    if file is None:
        raise NoSuchFile
    if (file.notice_count, file.control) != (notice_count, control.strip().upper()):
        raise TotalsDiffer
    done = connection.execute(
        "UPDATE exchange.notice_file SET confirmed_at = %s, confirmed_by = %s, confirmed_by_name = %s"
        " WHERE file_id = %s AND jurisdiction = %s AND confirmed_at IS NULL",
        (at, by, by_name, file_id, jurisdiction),
    ).rowcount
    if done:
        connection.execute(
            "UPDATE exchange.notice SET acknowledged_at = coalesce(acknowledged_at, %s)"
            " WHERE filed_in = %s AND to_jurisdiction = %s",
            (at, file_id, jurisdiction),
        )
    found = find(connection, file_id, jurisdiction=jurisdiction)
    assert found is not None
    return found


def read_lines(connection: psycopg.Connection[Any], file: NoticeFile, *, form: Form) -> Iterator[str]:
    """The file, line by line; the same however often and in whichever form it is taken."""
    header = {
        "file_type": "NOTICE",
        "jurisdiction": file.jurisdiction,
        "number": file.number,
        "made_on": file.made_on,
        "layout": LAYOUT_VERSION,
        "encoding": ENCODING,
    }
    yield NOTICE_HEADER.print_line(header, form=form) + "\n"
    after: tuple[str, UUID] = ("", UUID(int=0))
    while True:
        rows = connection.execute(
            "SELECT vin, notice_id, kind, title_number, by_jurisdiction, issue_date, created_at AT TIME ZONE 'UTC'"
            "  FROM exchange.notice WHERE filed_in = %s AND (vin, notice_id) > (%s, %s)"
            " ORDER BY vin, notice_id LIMIT %s",
            (file.file_id, *after, _AT_ONCE),
        ).fetchall()
        for row in rows:
            values = dict(
                zip(("vin", "notice_id", "kind", "title_number", "by", "issue_date"), row, strict=False)
            )
            yield NOTICE_DETAIL.print_line(values | {"told_on": row[6].date()}, form=form) + "\n"
        if len(rows) < _AT_ONCE:
            break
        after = (rows[-1][0], rows[-1][1])
    totals = {"number": file.number, "notice_count": file.notice_count, "control": file.control}
    yield NOTICE_TRAILER.print_line(totals, form=form) + "\n"


def totals_of(lines: Iterable[str]) -> tuple[int, str]:
    """The control totals of a file as it arrived, counted anew. Raises TotalsDiffer when its trailer says others."""
    ids: list[UUID] = []
    trailer: list[str] = []
    for line in lines:
        text = line.rstrip("\r\n")
        form_is_csv = text[1:2] == ","
        layout = {"D": NOTICE_DETAIL, "T": NOTICE_TRAILER}.get(text[:1])
        if layout is not None:
            cells = text.split(",")[1:] if form_is_csv else layout.cut(text)
            if layout is NOTICE_TRAILER:
                trailer = cells
            elif trailer:
                raise TotalsDiffer
            else:
                ids.append(_id_of(cells))
    counted = (len(ids), control_of(ids))
    if len(trailer) != len(NOTICE_TRAILER.columns) or (trailer[1].lstrip("0"), trailer[2]) != (
        str(counted[0]),
        counted[1],
    ):
        raise TotalsDiffer
    return counted


def _id_of(cells: list[str]) -> UUID:
    try:
        return UUID(cells[0])
    except ValueError as fault:
        raise TotalsDiffer from fault


def _file(row: tuple[Any, ...]) -> NoticeFile:
    names = [name.strip() for name in _COLUMNS.split(",")]
    return NoticeFile(**dict(zip(names, row, strict=True)))

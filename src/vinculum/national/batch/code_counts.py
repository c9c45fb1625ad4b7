"""How often each code was said of a file's records: counted once when it is applied, compared with files before."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID

import psycopg

from vinculum.national.batch.file_row import BatchFile
from vinculum.protocol.problem import Severity

Direction = Literal["first", "new", "more", "fewer", "same", "gone"]
FILES_COMPARED: Final = 10
# A share is called larger or smaller when it is so by a quarter: below that it is chance.
_LARGER: Final = 1.25
_SMALLER: Final = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeCount:
    """How often a code was said, in one file or one day."""

    code: str
    severity: Severity
    count: int
    text: str
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTrend:
    """A code in this file against the files of the same kind before it. Shares are of a hundred records read."""

    code: str
    severity: Severity
    count: int
    text: str
    share: float
    share_before: float
    # One share for each file before this one, the oldest first.
    shares: tuple[float, ...]

    @property
    def direction(self) -> Direction:
        """Whether it is said more often than before; `first` when there is no file before."""
        if not self.shares:
            return "first"
        if self.count == 0:
            return "gone"
        if self.share_before == 0:
            return "new"
        if self.share >= self.share_before * _LARGER:
            return "more"
        return "fewer" if self.share <= self.share_before * _SMALLER else "same"


def note_codes(connection: psycopg.Connection[Any], file_id: UUID) -> None:
    """Count the codes of a file that was just applied, in the same transaction."""
    connection.execute(
        "INSERT INTO exchange.batch_code_count (file_id, code, severity, said, sample_text)"
        " SELECT file_id, code, severity, count(*), min(text) FROM exchange.batch_message"
        " WHERE file_id = %s GROUP BY file_id, code, severity",
        (file_id,),
    )


def count_by_code(connection: psycopg.Connection[Any], file_id: UUID) -> tuple[CodeCount, ...]:
    """How often each code was said of the records of a file: errors first, the most frequent first."""
    rows = connection.execute(
        "SELECT code, severity, said, sample_text FROM exchange.batch_code_count WHERE file_id = %s"
        " ORDER BY severity, said DESC, code",
        (file_id,),
    )
    return tuple(CodeCount(code=row[0], severity=row[1], count=row[2], text=row[3]) for row in rows)


def trends(
    connection: psycopg.Connection[Any], *, jurisdiction: str, since: datetime
) -> tuple[CodeCount, ...]:
    """How often each code was said of the files of a jurisdiction, day by day."""
    rows = connection.execute(
        "SELECT c.code, c.severity, sum(c.said)::bigint, min(c.sample_text),"
        "       (f.finished_at AT TIME ZONE 'UTC')::date"
        "  FROM exchange.batch_file AS f JOIN exchange.batch_code_count AS c ON c.file_id = f.file_id"
        " WHERE f.jurisdiction = %s AND f.finished_at >= %s"
        " GROUP BY c.code, c.severity, 5 ORDER BY 5, c.severity, c.code",
        (jurisdiction, since),
    )
    return tuple(
        CodeCount(code=row[0], severity=row[1], count=row[2], text=row[3], day=row[4]) for row in rows
    )


_BEFORE: Final = """
SELECT f.file_id, f.records_read FROM exchange.batch_file AS f
 WHERE f.jurisdiction = %(jurisdiction)s AND f.file_type = %(file_type)s AND f.state = 'applied'
   AND f.records_read > 0 AND (f.received_at, f.file_id) < (%(received_at)s, %(file_id)s)
 ORDER BY f.received_at DESC, f.file_id DESC LIMIT %(most)s
"""


def compare(connection: psycopg.Connection[Any], file: BatchFile) -> tuple[CodeTrend, ...]:
    """Each code of the file, and each that the files before had, errors first, the most frequent first."""
    wanted = {
        "jurisdiction": file.jurisdiction,
        "file_type": file.file_type,
        "received_at": file.received_at,
        "file_id": file.file_id,
        "most": FILES_COMPARED,
    }
    before = list(reversed(connection.execute(_BEFORE, wanted).fetchall()))
    place = {row[0]: number for number, row in enumerate(before)}
    read = [row[1] for row in before]
    found: dict[tuple[str, Severity], tuple[int, str, list[int]]] = {}
    for own in count_by_code(connection, file.file_id):
        found[own.code, own.severity] = (own.count, own.text, [0] * len(before))
    rows = connection.execute(
        "SELECT file_id, code, severity, said, sample_text FROM exchange.batch_code_count"
        " WHERE file_id = ANY (%s)",
        (list(place),),
    )
    for file_id, code, severity, said, text in rows:
        counted = found.setdefault((code, severity), (0, text, [0] * len(before)))
        counted[2][place[file_id]] = said
    compared = [
        CodeTrend(
            code=code,
            severity=severity,
            count=count,
            text=text,
            share=_share(count, file.records_read or 0),
            share_before=_share(sum(earlier), sum(read)),
            shares=tuple(_share(said, of) for said, of in zip(earlier, read, strict=True)),
        )
        for (code, severity), (count, text, earlier) in found.items()
    ]
    return tuple(sorted(compared, key=lambda one: (one.severity, -one.count, one.code)))


def _share(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0

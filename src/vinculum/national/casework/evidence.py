"""Evidence files of cases: who keeps and sees one; each look-up is on record before it is given out (N-704)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, Protocol
from uuid import UUID, uuid4

import psycopg

from vinculum.access.database import Actor, acting
from vinculum.access.permissions import require
from vinculum.kernel.refusal import Absent, RefusalsUnder, Refused

ACT: Final = "keep_evidence"
MOST_FILES: Final = 20
# What a file belongs to: a data change, two vehicles on one VIN, a corrected VIN.
Subject = Literal["data_change", "clone_case", "vin_correction"]
_refusal: Final = RefusalsUnder(rule="N-704", field="files")


class LetIn(Protocol):
    """A file that was judged by what it contains."""

    @property
    def name(self) -> str:
        """Its name, made plain."""
        ...

    @property
    def media_type(self) -> str:
        """What it is, by its contents."""
        ...

    @property
    def content(self) -> bytes:
        """The bytes that are kept."""
        ...

    @property
    def content_name(self) -> str:
        """Their SHA-256."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A file of a case, who kept it, and how often it was looked at."""

    vin: str
    evidence_id: UUID
    name: str
    media_type: str
    size: int
    content_name: str
    side: str
    kept_at: datetime
    kept_by_name: str
    look_ups: int = 0


class NoSuchEvidence(Absent):
    """There is no such case or file, or none that the actor may see."""


def keep(
    files: Sequence[LetIn],
    *,
    subject: Subject,
    vin: str,
    subject_id: UUID,
    store: Callable[[LetIn], None],
    actor: Actor,
    at: datetime,
) -> None:
    """Keep the files with a case that the actor may see; the bytes first, then the rows. Raises Refused."""
    require(actor, ACT)
    if not files:
        raise Refused([_refusal("missing_field", "Choose a file.", "PDF, PNG, JPEG or plain text.")])
    side = "help_desk" if actor.organisation_kind == "association" else actor.organisation_code
    try:
        with acting(actor, act=ACT, database="national") as connection:
            row = connection.execute(
                "SELECT exchange.sees_case(%s, %s, %s), (SELECT count(*) FROM exchange.evidence_file"
                " WHERE vin = %s AND subject_kind = %s AND subject_id = %s), exchange.correction_stands(%s, %s)",
                (subject, vin, subject_id, vin, subject, subject_id, vin, subject_id),
            ).fetchone()
            if row is None or not row[0]:
                raise NoSuchEvidence
            if subject == "vin_correction" and not row[2]:
                words = "This correction was taken back; nothing more is kept with it."
                raise Refused([_refusal("correction_taken_back", words, "Keep it with the one that stands.")])
            if row[1] + len(files) > MOST_FILES:
                words = f"A case has {MOST_FILES} files at most."
                raise Refused([_refusal("evidence_too_many", words, "Put papers together into one.")])
            for file in files:
                store(file)
                connection.execute(
                    "INSERT INTO exchange.evidence_file (vin, evidence_id, subject_kind, subject_id, name, media_type,"
                    " size, content_name, side, kept_at, kept_by, kept_by_name)"
                    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                    (
                        *(vin, uuid4(), subject, subject_id, file.name, file.media_type, len(file.content)),
                        *(file.content_name, side, at, actor.person_id, actor.person_name),
                    ),
                )
    except psycopg.errors.UniqueViolation as fault:
        raise Refused(
            [_refusal("evidence_there_already", "That file is with the case already.", "Look at it there.")]
        ) from fault


def of_case(subject: Subject, *, vin: str, subject_id: UUID, actor: Actor) -> tuple[Evidence, ...]:
    """The files of a case in the order in which they came."""
    require(actor, ACT)
    with acting(actor, act=ACT, database="national") as connection:
        rows = connection.execute(
            _READ
            + " WHERE f.vin = %s AND f.subject_kind = %s AND f.subject_id = %s ORDER BY f.kept_at, f.name",
            (vin, subject, subject_id),
        ).fetchall()
    return tuple(_evidence(row) for row in rows)


def look_up(*, vin: str, evidence_id: UUID, actor: Actor, at: datetime) -> Evidence:
    """The file, once it is on record, and committed, that this person looks at it. Raises NoSuchEvidence."""
    require(actor, ACT)
    side = "help_desk" if actor.organisation_kind == "association" else actor.organisation_code
    with acting(actor, act=ACT, database="national") as connection:
        row = connection.execute(
            _READ + " WHERE f.vin = %s AND f.evidence_id = %s", (vin, evidence_id)
        ).fetchone()
        if row is None:
            raise NoSuchEvidence
        connection.execute(
            "INSERT INTO exchange.evidence_look_up (vin, evidence_id, look_up_id, side, looked_at, looked_by,"
            " looked_by_name) VALUES (%s, %s, %s, %s, %s, %s, %s)",
            (vin, evidence_id, uuid4(), side, at, actor.person_id, actor.person_name),
        )
    return _evidence(row)


_READ: Final = (
    "SELECT f.vin, f.evidence_id, f.name, f.media_type, f.size, f.content_name, f.side, f.kept_at, f.kept_by_name,"
    " (SELECT count(*) FROM exchange.evidence_look_up AS l WHERE l.vin = f.vin AND l.evidence_id = f.evidence_id)"
    "  FROM exchange.evidence_file AS f"
)


def _evidence(row: tuple[Any, ...]) -> Evidence:
    return Evidence(
        vin=row[0],
        evidence_id=row[1],
        name=row[2],
        media_type=row[3],
        size=row[4],
        content_name=row[5],
        side=row[6],
        kept_at=row[7],
        kept_by_name=row[8],
        look_ups=row[9],
    )

"""One application with its deal, its receipt, every move it made and what was told to the exchange."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from vinculum.access.database import Actor, Connection, acting
from vinculum.access.permissions import require

ACT = "show_application"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One change of the application: from which state to which, on which terminal, when."""

    version: int
    from_state: str | None
    to_state: str
    terminal: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A message to the exchange about this application, and how it was answered."""

    message_id: UUID
    kind: str
    state: str
    attempts: int
    created_at: datetime
    answered_at: datetime | None
    last_error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownApplication:
    """The application; `deal` and `receipt` are the JSON that was kept with it."""

    application_id: UUID
    dealer_id: UUID
    dealer_name: str
    kind: str
    state: str
    terminal: str
    vin: str
    issue_date: date | None
    created_at: datetime
    changed_at: datetime
    held_at: datetime | None
    processed_at: datetime | None
    void_until: datetime | None
    voided_at: datetime | None
    registration_id: UUID | None
    title_id: UUID | None
    plate_number: str | None
    title_number: str | None
    version: int
    deal: Mapping[str, Any]
    receipt: Mapping[str, Any] | None
    moves: tuple[Move, ...]
    told: tuple[Told, ...]


def run(application_id: UUID, *, actor: Actor) -> ShownApplication | None:
    """The application, or None: another dealer's and one that never was answer alike."""
    require(actor, ACT)
    with acting(actor, act=ACT) as connection:
        row = connection.execute(
            "SELECT a.id, a.organisation_id, o.name, a.kind, a.state, a.terminal, a.vin, a.issue_date, a.created_at,"
            " a.changed_at, a.held_at, a.processed_at, a.void_until, a.voided_at, a.registration_id, a.title_id,"
            " r.plate_number, t.number, a.version, a.deal, a.receipt"
            " FROM work.application AS a JOIN access.organisation AS o ON o.id = a.organisation_id"
            " LEFT JOIN book.registration AS r ON r.id = a.registration_id"
            " LEFT JOIN book.title AS t ON t.id = a.title_id WHERE a.id = %s",
            [application_id],
        ).fetchone()
        if row is None:
            return None
        names = list(ShownApplication.__dataclass_fields__)[: len(row)]
        return ShownApplication(
            **dict(zip(names, row, strict=True)),
            moves=_moves(connection, application_id),
            told=_told(connection, application_id),
        )


def _moves(connection: Connection, application_id: UUID) -> tuple[Move, ...]:
    rows = connection.execute(
        "SELECT version, from_state, to_state, terminal, recorded_at FROM work.application_event"
        " WHERE application_id = %s ORDER BY version",
        [application_id],
    )
    return tuple(
        Move(version=row[0], from_state=row[1], to_state=row[2], terminal=row[3], recorded_at=row[4])
        for row in rows
    )


def _told(connection: Connection, application_id: UUID) -> tuple[Told, ...]:
    rows = connection.execute(
        "SELECT id, kind, state, attempts, created_at, answered_at, last_error FROM outbox.message"
        " WHERE application_id = %s ORDER BY position",
        [application_id],
    )
    return tuple(
        Told(
            message_id=row[0],
            kind=row[1],
            state=row[2],
            attempts=row[3],
            created_at=row[4],
            answered_at=row[5],
            last_error=row[6],
        )
        for row in rows
    )

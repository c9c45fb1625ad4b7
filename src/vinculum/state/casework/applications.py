"""Applications: the clerk's work from hold to process to void, each move a conditional update."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from vinculum.access.database import Actor, Connection, one

ApplicationState = Literal["open", "held", "processed", "voided", "abandoned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """An application as it stands; `deal` is the draft's JSON, complete or not."""

    application_id: UUID
    state: ApplicationState
    terminal: str
    deal: dict[str, Any]
    issue_date: date | None
    created_at: datetime
    changed_at: datetime
    held_at: datetime | None
    processed_at: datetime | None
    void_until: datetime | None
    entry_id: UUID | None
    registration_id: UUID | None
    title_id: UUID | None
    ledger_transaction_id: UUID | None
    receipt: dict[str, Any] | None


class ApplicationMoved(Exception):
    """The application was not in the state it was expected in: somebody else's act came first."""


_APPLICATION = """
SELECT id, state, terminal, deal, issue_date, created_at, changed_at, held_at, processed_at, void_until,
       entry_id, registration_id, title_id, ledger_transaction_id, receipt
  FROM work.application WHERE id = %s
"""


def lock_application(connection: Connection, application_id: UUID) -> Application | None:
    """The application, locked until the end of this transaction; None when there is none of ours."""
    return _read(connection, _APPLICATION + " FOR UPDATE", application_id)


def load_application(connection: Connection, application_id: UUID) -> Application | None:
    """The application as it stands; None when there is none of ours."""
    return _read(connection, _APPLICATION, application_id)


def open_held(
    connection: Connection,
    *,
    actor: Actor,
    deal: Mapping[str, Any],
    vin: str,
    issue_date: date | None,
    at: datetime,
) -> UUID:
    """Begin an application on the actor's terminal by putting it on hold; one processed at once is written whole."""
    application_id = uuid4()
    connection.execute(
        """INSERT INTO work.application (id, organisation_id, kind, state, terminal, deal, vin, issue_date,
                                         created_at, created_by, changed_at, held_at)
           VALUES (%s, %s, 'new_issue', 'held', %s, %s, %s, %s, %s, %s, %s, %s)""",
        (
            application_id,
            actor.organisation_id,
            actor.terminal,
            Jsonb(dict(deal)),
            vin,
            issue_date,
            at,
            actor.person_id,
            at,
            at,
        ),
    )
    return application_id


def hold(
    connection: Connection,
    *,
    application_id: UUID,
    deal: Mapping[str, Any],
    vin: str,
    issue_date: date | None,
    at: datetime,
) -> None:
    """Put an open application on hold with what has been typed so far."""
    _move(
        connection,
        """UPDATE work.application
              SET state = 'held', deal = %s, vin = %s, issue_date = %s, held_at = %s, changed_at = %s
            WHERE id = %s AND state IN ('open', 'held')""",
        (Jsonb(dict(deal)), vin, issue_date, at, at, application_id),
    )


def release(connection: Connection, *, application_id: UUID, terminal: str, at: datetime) -> None:
    """Take a held application up at a terminal; from here on it is finished there (D-205)."""
    _move(
        connection,
        """UPDATE work.application SET state = 'open', terminal = %s, changed_at = %s
            WHERE id = %s AND state = 'held'""",
        (terminal, at, application_id),
    )


def abandon(connection: Connection, *, application_id: UUID, at: datetime) -> None:
    """Give an application up; what was typed stays on it."""
    _move(
        connection,
        """UPDATE work.application SET state = 'abandoned', changed_at = %s
            WHERE id = %s AND state IN ('open', 'held')""",
        (at, application_id),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Processing:
    """What processing made of an application."""

    deal: Mapping[str, Any]
    vin: str
    issue_date: date
    entry_id: UUID
    registration_id: UUID
    title_id: UUID | None
    ledger_transaction_id: UUID
    void_until: datetime
    receipt: Mapping[str, Any]


def process(connection: Connection, *, application_id: UUID, made: Processing, at: datetime) -> None:
    """Mark an open application processed, with everything it brought about."""
    _move(
        connection,
        """UPDATE work.application
              SET state = 'processed', deal = %s, vin = %s, issue_date = %s, entry_id = %s, registration_id = %s,
                  title_id = %s, ledger_transaction_id = %s, void_until = %s, receipt = %s, processed_at = %s,
                  changed_at = %s
            WHERE id = %s AND state = 'open'""",
        (*_made(made), at, at, application_id),
    )


def write_processed(
    connection: Connection, *, actor: Actor, application_id: UUID, made: Processing, at: datetime
) -> None:
    """Keep an application that was processed as soon as it was begun, without ever having been on hold (D-203)."""
    connection.execute(
        """INSERT INTO work.application (deal, vin, issue_date, entry_id, registration_id, title_id,
                                         ledger_transaction_id, void_until, receipt, processed_at, changed_at, id,
                                         organisation_id, kind, state, terminal, created_at, created_by)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'new_issue', 'processed', %s, %s, %s)""",
        (
            *_made(made),
            at,
            at,
            application_id,
            actor.organisation_id,
            actor.terminal,
            at,
            actor.person_id,
        ),
    )


def _made(made: Processing) -> tuple[Any, ...]:
    return (
        Jsonb(dict(made.deal)),
        made.vin,
        made.issue_date,
        made.entry_id,
        made.registration_id,
        made.title_id,
        made.ledger_transaction_id,
        made.void_until,
        Jsonb(dict(made.receipt)),
    )


def void(connection: Connection, *, application_id: UUID, at: datetime) -> None:
    """Mark a processed application void."""
    _move(
        connection,
        """UPDATE work.application SET state = 'voided', voided_at = %s, changed_at = %s
            WHERE id = %s AND state = 'processed'""",
        (at, at, application_id),
    )


def _move(connection: Connection, statement: str, parameters: tuple[Any, ...]) -> None:
    if connection.execute(statement.encode(), parameters).rowcount != 1:
        raise ApplicationMoved("the application was moved on by another act")


def _read(connection: Connection, query: str, application_id: UUID) -> Application | None:
    row = one(connection, query, (application_id,))
    if row is None:
        return None
    return Application(
        application_id=row[0],
        state=row[1],
        terminal=row[2],
        deal=row[3],
        issue_date=row[4],
        created_at=row[5],
        changed_at=row[6],
        held_at=row[7],
        processed_at=row[8],
        void_until=row[9],
        entry_id=row[10],
        registration_id=row[11],
        title_id=row[12],
        ledger_transaction_id=row[13],
        receipt=row[14],
    )

"""An entry of the book: who changed what is on record, why, for which legal day and when."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID, uuid4

from vinculum.access.database import Actor, Connection

EntryKind = Literal[
    "conversion",
    "registration",
    "void",
    "customer_record",
    "stop_put_on",
    "stop_taken_off",
    "dealer_paper",
    "lienholder_record",
    "brand",
    "correction",
]


def open_entry(
    connection: Connection,
    *,
    actor: Actor,
    kind: EntryKind,
    reason: str,
    effective_date: date,
    at: datetime,
    application_id: UUID | None = None,
    reverses: UUID | None = None,
) -> UUID:
    """Write the entry that the facts of one act are opened and closed by, and answer its id."""
    entry_id = uuid4()
    connection.execute(
        """INSERT INTO book.entry (id, kind, reason, effective_date, recorded_at, person_id, person_name,
                                   organisation_id, request_id, application_id, reverses)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        (
            entry_id,
            kind,
            reason,
            effective_date,
            at,
            actor.person_id,
            actor.person_name,
            actor.organisation_id,
            actor.request_id,
            application_id,
            reverses,
        ),
    )
    return entry_id

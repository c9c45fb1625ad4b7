"""Dealers' papers: licence, bond, agreement, letters, training certificates and suspensions, as accepted by DMV."""

from datetime import date
from typing import Literal
from uuid import UUID, uuid4

from vinculum.access.database import Connection, one

PaperKind = Literal[
    "letter_of_intent",
    "issuance_bond",
    "program_agreement",
    "dealer_licence",
    "training_certificate",
    "letter_of_experience",
    "suspension",
]


def is_dealer(connection: Connection, organisation_id: UUID) -> bool:
    """Whether the organisation is a dealer that has not ended."""
    row = one(
        connection,
        "SELECT 1 FROM access.organisation WHERE id = %s AND kind = 'dealer' AND ended_at IS NULL",
        (organisation_id,),
    )
    return row is not None


def close_papers(
    connection: Connection, *, entry_id: UUID, organisation_id: UUID, kind: PaperKind, person_id: UUID | None
) -> int:
    """Close the dealer's open papers of this kind (of this person, where it is a person's); how many there were."""
    closed = connection.execute(
        """UPDATE book.dealer_paper SET closed_by = %s
            WHERE organisation_id = %s AND kind = %s AND person_id IS NOT DISTINCT FROM %s AND closed_by IS NULL""",
        (entry_id, organisation_id, kind, person_id),
    )
    return closed.rowcount


def write_paper(
    connection: Connection,
    *,
    entry_id: UUID,
    organisation_id: UUID,
    kind: PaperKind,
    valid_from: date,
    valid_until: date | None,
    number: str,
    amount_cents: int | None,
    person_id: UUID | None,
) -> None:
    """Keep the paper as accepted."""
    connection.execute(
        """INSERT INTO book.dealer_paper (id, organisation_id, person_id, kind, number, amount_cents, valid_from,
                                          valid_until, opened_by)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        (uuid4(), organisation_id, person_id, kind, number, amount_cents, valid_from, valid_until, entry_id),
    )

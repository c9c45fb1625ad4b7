"""Opening a dealer's funds account, and finding what was paid into it."""

from uuid import UUID, uuid4

from vinculum.access.database import Connection, one


def open_funds_account(connection: Connection, *, dealer_id: UUID) -> bool:
    """Open the dealer's funds account, which may never fall below nothing; False when it has one."""
    opened = connection.execute(
        "INSERT INTO ledger.account (id, organisation_id, kind, floor_cents) VALUES (%s, %s, 'dealer_funds', 0)"
        " ON CONFLICT (organisation_id, kind) DO NOTHING",
        (uuid4(), dealer_id),
    )
    return opened.rowcount == 1


def find_deposit(connection: Connection, *, reference: str) -> tuple[UUID, UUID, int] | None:
    """Posting, dealer and cents of the deposit with this reference; a second poster waits for the first."""
    connection.execute("SELECT pg_advisory_xact_lock(74, hashtext(%s))", (reference,))
    row = one(
        connection,
        """SELECT t.id, a.organisation_id, l.cents FROM ledger.transaction AS t
             JOIN ledger.line AS l ON l.transaction_id = t.id
             JOIN ledger.account AS a ON a.id = l.account_id AND a.kind = 'dealer_funds'
            WHERE t.kind = 'deposit' AND t.reference = %s""",
        (reference,),
    )
    return (row[0], row[1], row[2]) if row else None

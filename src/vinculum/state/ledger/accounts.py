"""The accounts that money moves between: one of funds per dealer, one of state revenue, one of bank clearing."""

from uuid import UUID, uuid4

from vinculum.access.database import Actor, Connection, one
from vinculum.state.ledger.funds import BANK_CLEARING, STATE_REVENUE


def open_funds_account(connection: Connection, *, dealer_id: UUID) -> bool:
    """Open the dealer's funds account, which may never fall below nothing; False when it has one."""
    opened = connection.execute(
        "INSERT INTO ledger.account (id, organisation_id, kind, floor_cents) VALUES (%s, %s, 'dealer_funds', 0)"
        " ON CONFLICT (organisation_id, kind) DO NOTHING",
        (uuid4(), dealer_id),
    )
    return opened.rowcount == 1


def open_office_accounts(connection: Connection, *, actor: Actor) -> None:
    """Open the agency's revenue account and the association's clearing account, once for the whole state.

    Each belongs to the first organisation of its kind; before there is one, to whoever opens it.
    """
    for account_id, kind, organisation_kind in (
        (STATE_REVENUE, "state_revenue", "dmv"),
        (BANK_CLEARING, "bank_clearing", "association"),
    ):
        owner = one(
            connection,
            "SELECT id FROM access.organisation WHERE kind = %s AND ended_at IS NULL"
            " ORDER BY created_at, id LIMIT 1",
            (organisation_kind,),
        )
        connection.execute(
            "INSERT INTO ledger.account (id, organisation_id, kind) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            (account_id, owner[0] if owner else actor.organisation_id, kind),
        )


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

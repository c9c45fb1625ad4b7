"""A dealer's funds: what is in the account, what processing takes out of it and what a void gives back (F-115)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from vinculum.access.database import Connection, one
from vinculum.kernel.money import cents, from_cents
from vinculum.state.law.quote import Quote

STATE_REVENUE = UUID("00000000-0000-4000-8000-000000000001")
BANK_CLEARING = UUID("00000000-0000-4000-8000-000000000002")

_FUNDS = """
SELECT id, balance_cents FROM ledger.account WHERE organisation_id = %s AND kind = 'dealer_funds'
"""


class NoFundsAccount(Exception):
    """The dealer has no funds account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FundsAccount:
    """A dealer's funds account and what is in it."""

    account_id: UUID
    balance: Decimal


def load_funds(connection: Connection, *, dealer_id: UUID) -> FundsAccount | None:
    """The dealer's account, or None when none was opened for it."""
    row = one(connection, _FUNDS, (dealer_id,))
    return FundsAccount(account_id=row[0], balance=from_cents(row[1])) if row else None


def charge_fees(
    connection: Connection, *, account_id: UUID, application_id: UUID, quote: Quote, at: datetime
) -> UUID:
    """Take what a quote owes DMV out of a dealer's account, one line of revenue per fee.

    The database refuses a balance below the floor (`balance_never_below_floor`), whatever was read before.
    """
    lines = [{"account": str(account_id), "cents": -cents(quote.payable_to_dmv), "memo": "registration fees"}]
    lines += [
        {"account": str(STATE_REVENUE), "cents": cents(line.amount), "memo": line.code}
        for line in quote.lines
        if line.payable_to == "dmv" and line.amount
    ]
    posting_id = uuid4()
    _post(connection, posting_id, "registration_fees", str(application_id), lines, at, None)
    return posting_id


def refund_fees(connection: Connection, *, posting_id: UUID, application_id: UUID, at: datetime) -> Decimal:
    """Give back exactly what a posting took, once; the amount that returned to the dealer's funds."""
    refund_id = uuid4()
    _post(connection, refund_id, "void_refund", str(application_id), None, at, posting_id)
    row = one(
        connection,
        """SELECT sum(l.cents) FROM ledger.line AS l JOIN ledger.account AS a ON a.id = l.account_id
            WHERE l.transaction_id = %s AND a.kind = 'dealer_funds'""",
        (refund_id,),
    )
    assert row is not None, "An aggregate always answers."
    return from_cents(int(row[0]))


def deposit(
    connection: Connection, *, dealer_id: UUID, amount: Decimal, reference: str, at: datetime
) -> UUID:
    """Put money that came in at the bank into a dealer's funds; the association does this."""
    row = one(connection, _FUNDS, (dealer_id,))
    if row is None:
        raise NoFundsAccount(f"organisation {dealer_id} has no funds account")
    posting_id = uuid4()
    lines = [
        {"account": str(BANK_CLEARING), "cents": -cents(amount), "memo": "deposit"},
        {"account": str(row[0]), "cents": cents(amount), "memo": "deposit"},
    ]
    _post(connection, posting_id, "deposit", reference, lines, at, None)
    return posting_id


def _post(
    connection: Connection,
    posting_id: UUID,
    kind: str,
    reference: str,
    lines: list[dict[str, object]] | None,
    at: datetime,
    reverses: UUID | None,
) -> None:
    connection.execute(
        "SELECT ledger.post(%s, %s, %s, %s, %s, %s)",
        (posting_id, kind, reference, Jsonb(lines) if lines is not None else None, at, reverses),
    )

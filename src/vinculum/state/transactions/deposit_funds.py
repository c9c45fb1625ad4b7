"""The association posts money that a dealer paid in at the bank; the first deposit opens the account (D-101)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from vinculum.access.database import Actor, acting
from vinculum.access.permissions import require
from vinculum.kernel.money import cents, round_cents
from vinculum.kernel.refusal import Refused
from vinculum.state.law.catalogue import refuse
from vinculum.state.ledger.accounts import find_deposit, open_funds_account
from vinculum.state.ledger.funds import deposit, load_funds
from vinculum.state.records.dealer_papers import is_dealer

ACT: Final = "deposit_funds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An amount that arrived for a dealer; the bank's reference makes it postable once only."""

    dealer_id: UUID
    amount: Decimal
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The posting and the balance; `repeated` says that this reference had been posted before."""

    posting_id: UUID
    balance: Decimal
    repeated: bool


def run(request: Request, *, actor: Actor, at: datetime) -> Receipt:
    """Post the deposit, or answer the posting that the same reference made before."""
    require(actor, ACT)
    if request.amount <= 0 or round_cents(request.amount) != request.amount:
        raise Refused([refuse("deposit_not_positive", field="amount", amount=request.amount)])
    with acting(actor, act=ACT) as connection:
        if not is_dealer(connection, request.dealer_id):
            raise Refused([refuse("dealer_unknown", field="dealer_id")])
        before = find_deposit(connection, reference=request.reference)
        if before is not None:
            posting_id, dealer_id, posted_cents = before
            if (dealer_id, posted_cents) != (request.dealer_id, cents(request.amount)):
                raise Refused(
                    [refuse("deposit_reference_used", field="reference", reference=request.reference)]
                )
        else:
            open_funds_account(connection, dealer_id=request.dealer_id)
            posting_id = deposit(
                connection,
                dealer_id=request.dealer_id,
                amount=request.amount,
                reference=request.reference,
                at=at,
            )
        funds = load_funds(connection, dealer_id=request.dealer_id)
        assert funds is not None, "The account was opened before the deposit."
        return Receipt(posting_id=posting_id, balance=funds.balance, repeated=before is not None)

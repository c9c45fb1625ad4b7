"""DMV accepts a dealer's paper, or withdraws one: what the dealer may transact by (D-101 to D-104)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from vinculum.access.database import Actor, acting
from vinculum.access.permissions import require
from vinculum.kernel.business_calendar import local_date
from vinculum.kernel.money import cents
from vinculum.kernel.refusal import Refused
from vinculum.state.law.catalogue import refuse
from vinculum.state.records.dealer_papers import PaperKind, close_papers, is_dealer, write_paper
from vinculum.state.records.entries import open_entry

ACT: Final = "keep_dealer_paper"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A paper as accepted; it takes the place of the one of its kind before. `withdraw` takes it away."""

    dealer_id: UUID
    kind: PaperKind
    valid_from: date
    valid_until: date | None = None
    number: str = ""
    amount: Decimal | None = None
    person_id: UUID | None = None
    withdraw: bool = False
    reason: str = "dealer paper accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The entry the paper was kept or withdrawn by."""

    entry_id: UUID


def run(request: Request, *, actor: Actor, at: datetime) -> Receipt:
    """Keep or withdraw the paper; the dealer's next transaction is decided on it."""
    require(actor, ACT)
    with acting(actor, act=ACT) as connection:
        if not is_dealer(connection, request.dealer_id):
            raise Refused([refuse("dealer_unknown", field="dealer_id")])
        entry_id = open_entry(
            connection,
            actor=actor,
            kind="dealer_paper",
            reason=request.reason,
            effective_date=local_date(at),
            at=at,
        )
        closed = close_papers(
            connection,
            entry_id=entry_id,
            organisation_id=request.dealer_id,
            kind=request.kind,
            person_id=request.person_id,
        )
        if request.withdraw:
            if not closed:
                raise Refused(
                    [refuse("paper_not_on_file", field="kind", kind=request.kind.replace("_", " "))]
                )
            return Receipt(entry_id=entry_id)
        write_paper(
            connection,
            entry_id=entry_id,
            organisation_id=request.dealer_id,
            kind=request.kind,
            valid_from=request.valid_from,
            valid_until=request.valid_until,
            number=request.number,
            amount_cents=cents(request.amount) if request.amount is not None else None,
            person_id=request.person_id,
        )
        return Receipt(entry_id=entry_id)

"""A fee quote: each amount a customer pays, line by line, with the rate and the law it came from (F-112)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteLine:
    """One line of a quote.

    `payable_to` says whose money it is: `dmv` leaves the dealer's funds account at processing (F-115);
    `revenue_services` is sales tax, which the dealer collects and remits itself (manual chapter 9) and which
    therefore never leaves the funds account. `rate` is the published figure the amount was made of.
    """

    code: str
    description: str
    quantity: int
    amount: Decimal
    rate: str
    rule: str
    citation: str
    payable_to: Literal["dmv", "revenue_services"] = "dmv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """All lines for one transaction on one day, and the schedule (effective date and hash) they came from."""

    lines: tuple[QuoteLine, ...]
    as_of: date
    schedule_effective: date
    schedule_hash: str

    @property
    def total(self) -> Decimal:
        """What the customer pays altogether."""
        return sum((line.amount for line in self.lines), Decimal("0.00"))

    @property
    def payable_to_dmv(self) -> Decimal:
        """What leaves the dealer's funds account."""
        return sum((line.amount for line in self.lines if line.payable_to == "dmv"), Decimal("0.00"))

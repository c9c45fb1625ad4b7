"""What is left of a registration that ends early, credited towards the next one (F-110)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from vinculum.kernel.money import round_cents
from vinculum.state.law.tables import Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class EquityCredit:
    """The credit, worked out the way the manual prints it: fee / divisor x months, then off the new fee."""

    monthly: Decimal
    months: int
    credit: Decimal
    new_registration_fee: Decimal


def months_remaining(on: date, *, expires_on: date) -> int:
    """Months left, counting the current month and the month of expiry; none once expired."""
    if expires_on < on:
        return 0
    return (expires_on.year - on.year) * 12 + expires_on.month - on.month + 1


def assess_equity(
    *,
    previous_fee: Decimal,
    previous_term_years: int,
    expires_on: date,
    on: date,
    new_fee: Decimal,
    tables: Tables,
) -> EquityCredit:
    """The credit for the months left, never more than the new registration fee.

    The month's worth is rounded before it is multiplied: 106.80 / 25 = 4.27, times 14 months = 59.78.
    """
    divisor = tables.equity_divisors[previous_term_years]
    monthly = round_cents(previous_fee / divisor)
    months = months_remaining(on, expires_on=expires_on)
    credit = min(round_cents(monthly * months), new_fee)
    return EquityCredit(
        monthly=monthly, months=months, credit=credit, new_registration_fee=round_cents(new_fee - credit)
    )

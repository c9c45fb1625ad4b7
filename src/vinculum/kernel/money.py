"""Money: dollars and whole cents as Decimal, one rounding rule, and whole cents as integers for the ledger.

Rates and intermediate products may carry more decimals; they become money only through `round_cents`. A float
is never money, and is refused rather than converted.
"""

import re
from decimal import ROUND_HALF_UP, Context, Decimal

_CENT = Decimal("0.01")
# A context of our own: the caller's thread-local precision must not decide what a customer pays.
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
_MONEY = re.compile(
    r"(?P<sign>-?)\$?(?P<dollars>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<cents>[0-9]{1,2}))?", re.ASCII
)

MAXIMUM_DIGITS = 15


def round_cents(amount: Decimal) -> Decimal:
    """Round to whole cents, half a cent away from zero: the only rounding of money there is."""
    if not isinstance(amount, Decimal):
        raise TypeError(f"Money is Decimal, not {type(amount).__name__}: a float cannot hold a cent exactly.")
    if not amount.is_finite():
        raise ValueError("Money must be a finite amount.")
    rounded = amount.quantize(_CENT, context=_EXACT)
    # A negative zero prints as -0.00, which no receipt should show.
    return rounded if rounded else Decimal("0.00")


def cents(amount: Decimal) -> int:
    """Whole cents of an amount; a fraction of a cent is a fault of the caller and is refused."""
    rounded = round_cents(amount)
    if rounded != amount:
        raise ValueError(
            f"{amount} has a fraction of a cent; round it with round_cents where the law says to round."
        )
    return int(rounded.scaleb(2, context=_EXACT))


def from_cents(amount: int) -> Decimal:
    """Dollars and cents from a whole number of cents."""
    if isinstance(amount, bool) or not isinstance(amount, int):
        raise TypeError(f"Cents are a whole number, not {type(amount).__name__}.")
    return Decimal(amount).scaleb(-2, context=_EXACT)


def parse_money(text: str) -> Decimal:
    """Read an amount as a person types it: 1234.5, 1,234.50, $1,234.50. Never guesses; raises ValueError."""
    stripped = text.strip(" \t")
    found = _MONEY.fullmatch(stripped)
    if found is None:
        raise ValueError(
            f"{text!r} is not an amount of money: type dollars and at most two decimals, as in 1,234.50."
        )
    digits = found["dollars"].replace(",", "")
    if len(digits) > MAXIMUM_DIGITS:
        raise ValueError(
            f"The amount is too large: at most {MAXIMUM_DIGITS} digits before the decimal point."
        )
    return round_cents(Decimal(f"{found['sign']}{digits}.{found['cents'] or '0'}"))

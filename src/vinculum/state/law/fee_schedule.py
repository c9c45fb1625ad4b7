"""The published fees in force on a day: flat fees with the conditions they are charged under, weight charts.

A fee and its conditions are both dated law, so both live in the jurisdiction's files; what is code here is
only how a condition is read. Money is Decimal, weights are whole pounds.
"""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from vinculum.state.law.deal import Fuel, OwnershipKind, PlateClass, TaxTreatment, VehicleType

Act = Literal["new_issue", "vehicle_transfer", "record_transfer", "renewal", "in_transit", "counter"]
Basis = Literal["flat", "per_year_of_term", "per_lien", "with_trade_in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeConditions:
    """When a fee is charged at all; `None` and empty mean that nothing is asked.

    `newest_model_years` counts back from the calendar year of issue, that year included (D-408).
    `trailer_pounds_above` asks only of trailers: others meet it whatever they weigh (F-108).
    """

    plate_classes: frozenset[PlateClass] | None = None
    ownership: frozenset[OwnershipKind] | None = None
    gvwr_pounds_at_most: int | None = None
    trailer_pounds_above: int | None = None
    model_year_from: int | None = None
    newest_model_years: int | None = None
    except_fuels: frozenset[Fuel] = frozenset()
    except_circumstances: frozenset[str] = frozenset()
    except_tax_treatments: frozenset[TaxTreatment] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeRate:
    """One published fee as it stands: its figure, how it is counted, on which acts, under which conditions.

    `amounts_by_term` replaces `amount` where the print gives a figure per length of registration (80.00 for
    two years, 120.00 for three). `since` is the day this figure took effect.
    """

    code: str
    description: str
    basis: Basis
    amount: Decimal | None
    amounts_by_term: Mapping[int, Decimal]
    acts: frozenset[Act]
    conditions: FeeConditions
    rule: str
    citation: str
    since: date

    def figure(self, *, term_years: int) -> Decimal:
        """The published figure for a registration of this many years."""
        if self.amount is not None:
            return self.amount
        if term_years not in self.amounts_by_term:
            raise LookupError(f"Fee {self.code} has no published figure for {term_years} years.")
        return self.amounts_by_term[term_years]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightBracket:
    """One row of a weight chart: above the lower figure, up to and including the upper one.

    `derived` marks a row that the print lacks and that continues its progression (F-114). The equity columns
    are kept as printed and never computed with (F-110).
    """

    above_pounds: int
    up_to_pounds: int
    fee: Decimal
    citation: str
    derived: bool = False
    printed_equity: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightChart:
    """Registration fees by weight for one length of registration; brackets join without a gap."""

    code: str
    term_years: int
    brackets: tuple[WeightBracket, ...]
    since: date
    _upper: tuple[int, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_upper", tuple(bracket.up_to_pounds for bracket in self.brackets))

    @property
    def heaviest_pounds(self) -> int:
        """The last weight the chart has a fee for."""
        return self._upper[-1]

    def bracket_for(self, pounds: int) -> WeightBracket | None:
        """The row for a weight; between two figures the higher one (F-102); None outside the chart."""
        if pounds <= self.brackets[0].above_pounds:
            return None
        index = bisect_left(self._upper, pounds)
        return self.brackets[index] if index < len(self.brackets) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeFacts:
    """What the conditions of fees are asked about."""

    plate_class: PlateClass
    vehicle_type: VehicleType
    fuel: Fuel
    model_year: int
    gvwr_pounds: int | None
    ownership: OwnershipKind | None
    issue_date: date
    term_years: int
    liens: int = 0
    trade_ins: int = 0
    tax_treatment: TaxTreatment = "standard"
    circumstances: frozenset[str] = frozenset()


_TRAILERS: frozenset[VehicleType] = frozenset({"trailer", "semi_trailer"})


def is_charged(rate: FeeRate, *, act: Act, facts: FeeFacts) -> bool:
    """Whether the fee is due on this act for these facts.

    An unknown GVWR does not lift a fee: the exemption is for a vehicle known to be over (or a trailer known
    to be under) the figure.
    """
    asked = rate.conditions
    if act not in rate.acts:
        return False
    if asked.plate_classes is not None and facts.plate_class not in asked.plate_classes:
        return False
    if asked.ownership is not None and facts.ownership not in asked.ownership:
        return False
    if facts.fuel in asked.except_fuels or facts.tax_treatment in asked.except_tax_treatments:
        return False
    if not asked.except_circumstances.isdisjoint(facts.circumstances):
        return False
    return _weight_meets(asked, facts) and _model_year_meets(asked, facts)


def _weight_meets(asked: FeeConditions, facts: FeeFacts) -> bool:
    if facts.gvwr_pounds is None:
        return True
    if asked.gvwr_pounds_at_most is not None and facts.gvwr_pounds > asked.gvwr_pounds_at_most:
        return False
    return (
        asked.trailer_pounds_above is None
        or facts.vehicle_type not in _TRAILERS
        or facts.gvwr_pounds > asked.trailer_pounds_above
    )


def _model_year_meets(asked: FeeConditions, facts: FeeFacts) -> bool:
    if asked.model_year_from is not None and facts.model_year < asked.model_year_from:
        return False
    if asked.newest_model_years is None:
        return True
    return facts.model_year > facts.issue_date.year - asked.newest_model_years


def quantity(rate: FeeRate, *, facts: FeeFacts) -> int:
    """How many times the figure is charged; zero when there is nothing to charge it for."""
    match rate.basis:
        case "flat":
            return 1
        case "per_year_of_term":
            return facts.term_years
        case "per_lien":
            return facts.liens
        case "with_trade_in":
            # F-109: the fee is for the transaction that includes a trade-in, not for each vehicle traded.
            return 1 if facts.trade_ins else 0

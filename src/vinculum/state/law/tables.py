"""A jurisdiction's law as figures: everything that differs by state and by date, as it stands on a day.

Rules receive one of these and never look anything up elsewhere. A `Tables` holds for every day from
`effective` until `until`, because nothing in it changes in between; its hash names the exact files it was
read from, so that every amount can be traced to the words it came from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Literal

from vinculum.kernel.plate_number import PlateFormat
from vinculum.state.law.deal import PlateClass, SaleItemKind, TaxTreatment, Usage, VehicleType
from vinculum.state.law.fee_schedule import FeeRate, WeightChart

SaleItemEffect = Literal["add", "none"]
ExemptionScope = Literal["none", "vehicle", "purchaser"]
DeadlineUnit = Literal["hours", "calendar_days", "business_days", "months", "years"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRate:
    """A sales-tax rate in percent; `price_above` makes it the rate of dearer vehicles (D-801)."""

    code: str
    percent: Decimal
    price_above: Decimal | None
    rule: str
    citation: str
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxTreatmentRule:
    """How one way of being taxed works: the rate it uses, and what it exempts (D-803)."""

    code: TaxTreatment
    rate: str
    exempts: ExemptionScope
    description: str
    evidence: str
    rule: str
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleItemRule:
    """Whether an extra on the purchase order adds to the taxable price (D-802)."""

    kind: SaleItemKind
    description: str
    effect: SaleItemEffect
    taxed_when_vehicle_exempt: bool
    rule: str
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassOffering:
    """One vehicle type and usage that a plate class is issued for, and how its registration is priced.

    Exactly one of `fee` (a flat fee's code) and `chart` (a weight chart's code) is set.
    """

    vehicle_type: VehicleType
    usage: Usage
    fee: str | None
    chart: str | None
    gvwr_limit_pounds: int | None
    except_fuels: frozenset[str]
    rule: str
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateClassRule:
    """A plate class: its marks, how dealers order it, how long it runs, and what it is issued for."""

    code: PlateClass
    name: str
    ncic_plate_type: str
    plate_format: PlateFormat
    sequence_from: str
    order_step: int
    term_years: int
    term_rule: str
    term_citation: str
    offerings: tuple[ClassOffering, ...]
    citation: str

    def offering(self, *, vehicle_type: VehicleType, usage: Usage) -> ClassOffering | None:
        """The offering for a vehicle type and usage; None when this class is not issued for it."""
        for offering in self.offerings:
            if offering.vehicle_type == vehicle_type and offering.usage == usage:
                return offering
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A figure that eligibility turns on (pounds, years, miles, dollars), with its law."""

    code: str
    description: str
    value: int
    unit: str
    rule: str
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A length of time the law gives, and the hour of the last day where it names one."""

    code: str
    description: str
    amount: int
    unit: DeadlineUnit
    at: time | None
    rule: str
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Legend:
    """A legend as printed on this jurisdiction's titles, and the national brands it stands for (D-308)."""

    text: str
    also_printed: tuple[str, ...]
    stops_online: bool
    brand_codes: tuple[str, ...]
    meaning: str
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """A national brand code (N-107); a retired one is read in history and refused for new brands."""

    code: str
    name: str
    category: str
    status: Literal["active", "retired", "historic"]
    successors: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxTown:
    """A town that taxes vehicles, by its three-digit code."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """A permissible purpose for seeing personal data, and the kinds of organisation that may claim it."""

    code: str
    description: str
    organisation_kinds: frozenset[str]
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistDocument:
    """A paper that a checklist can ask for; `image_allowed` is false for what is never scanned (D-501)."""

    code: str
    name: str
    form: str
    image_allowed: bool
    rule: str
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tables:
    """All tables of one jurisdiction for the days `effective` to the day before `until`.

    `schedule_effective` is the day the newest fee, chart, term or tax among them took effect (F-112); it may
    lie before `effective`, which moves with any change.
    """

    jurisdiction: str
    effective: date
    until: date | None
    schedule_effective: date
    content_hash: str
    fees: Mapping[str, FeeRate]
    charts: Mapping[str, WeightChart]
    equity_divisors: Mapping[int, int]
    equity_rule: str
    equity_citation: str
    tax_rates: Mapping[str, TaxRate]
    tax_treatments: Mapping[TaxTreatment, TaxTreatmentRule]
    sale_items: Mapping[SaleItemKind, SaleItemRule]
    plate_classes: Mapping[PlateClass, PlateClassRule]
    limits: Mapping[str, Limit]
    deadlines: Mapping[str, Deadline]
    legends: Mapping[str, Legend]
    brands: Mapping[str, Brand]
    tax_towns: Mapping[str, TaxTown]
    address_towns: Mapping[str, str]
    purposes: Mapping[str, Purpose]
    documents: Mapping[str, ChecklistDocument]

    def covers(self, day: date) -> bool:
        """Whether these tables are the law of that day."""
        return self.effective <= day and (self.until is None or day < self.until)

    def limit(self, code: str) -> int:
        """The figure of a limit, e.g. `combination_gvwr`."""
        return self.limits[code].value

    def tax_town_of(self, address_town: str) -> TaxTown | None:
        """The tax town an address town lies in (D-412); None for a town the state does not list."""
        code = self.address_towns.get(normalise_town(address_town))
        return self.tax_towns[code] if code is not None else None

    def legend(self, printed: str) -> Legend | None:
        """The legend as it is listed, whatever the spacing and case of what was read off the paper."""
        wanted = normalise_legend(printed)
        for legend in self.legends.values():
            if wanted in (legend.text, *legend.also_printed):
                return legend
        return None


def normalise_town(name: str) -> str:
    """A town name as towns are compared: capitals, single spaces, no full stops."""
    return " ".join(name.upper().replace(".", " ").split())


def normalise_legend(text: str) -> str:
    """A legend as legends are compared: capitals, single spaces, no closing punctuation."""
    return " ".join(text.upper().split()).rstrip(".:")

"""The shapes of a jurisdiction's files: which keys exist, what each must look like, and nothing else.

These are the files as written, not the law as used; `build_tables` turns them into the tables of a day.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from vinculum.state.law.deal import (
    Circumstance,
    Fuel,
    OwnershipKind,
    PlateClass,
    SaleItemKind,
    TaxTreatment,
    Usage,
    VehicleType,
)
from vinculum.state.law.fee_schedule import Act, Basis
from vinculum.state.law.tables import DeadlineUnit, ExemptionScope, SaleItemEffect

_MONEY = re.compile(r"[0-9]+\.[0-9]{2}", re.ASCII)
_PERCENT = re.compile(r"[0-9]{1,2}(\.[0-9]{1,3})?", re.ASCII)


def _money(value: object) -> Decimal:
    if not isinstance(value, str) or _MONEY.fullmatch(value) is None:
        raise PydanticCustomError("money", 'is not money: write dollars and cents in quotes, as in "120.00"')
    return Decimal(value)


def _percent(value: object) -> Decimal:
    if not isinstance(value, str) or _PERCENT.fullmatch(value) is None:
        raise PydanticCustomError("percent", 'is not a percentage: write it in quotes, as in "6.35"')
    return Decimal(value)


Money = Annotated[Decimal, BeforeValidator(_money)]
Percent = Annotated[Decimal, BeforeValidator(_percent)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Rule = Annotated[str, StringConstraints(pattern=r"^[A-Z]-[0-9]{3}$")]
Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Pounds = Annotated[int, Field(ge=0, le=200_000)]
Term = Annotated[int, Field(ge=1, le=10)]


class Shape(BaseModel):
    """A mapping in a file: exact types, and a fault that names what is allowed for every unknown key."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _known_keys_only(cls, data: Any) -> Any:
        if isinstance(data, dict):
            allowed = sorted(field.alias or name for name, field in cls.model_fields.items())
            unknown = sorted(str(key) for key in data if key not in allowed)
            if unknown:
                raise PydanticCustomError(
                    "unknown_key",
                    "has unknown keys: {unknown}; allowed are: {allowed}",
                    {"unknown": ", ".join(unknown), "allowed": ", ".join(allowed)},
                )
        return data


class Cited(Shape):
    """Something with the place in the law or the manual where it is written."""

    citation: Text


class DatedValue(Cited):
    """A value from a day on, until the next value or its own last day."""

    start: date = Field(alias="from")
    until: date | None = None


class ConditionsShape(Shape):
    """The conditions of a fee."""

    plate_classes: list[PlateClass] | None = None
    ownership: list[OwnershipKind] | None = None
    gvwr_pounds_at_most: Pounds | None = None
    trailer_pounds_above: Pounds | None = None
    model_year_from: Annotated[int, Field(ge=1900, le=2100)] | None = None
    newest_model_years: Annotated[int, Field(ge=1, le=50)] | None = None
    except_fuels: list[Fuel] = []
    except_circumstances: list[Circumstance] = []
    except_tax_treatments: list[TaxTreatment] = []


class FeeValue(DatedValue):
    """A fee's figure from a day on: one amount, or one for each length of registration."""

    amount: Money | None = None
    amounts_by_term: dict[Term, Money] = {}
    conditions: ConditionsShape = ConditionsShape()

    @model_validator(mode="after")
    def _one_kind_of_figure(self) -> "FeeValue":
        if (self.amount is None) == (not self.amounts_by_term):
            raise PydanticCustomError("figure", "needs either amount or amounts_by_term")
        return self


class FeeShape(Shape):
    """A fee and its figures through time."""

    description: Text
    rule: Rule
    basis: Basis
    acts: list[Act]
    values: Annotated[list[FeeValue], Field(min_length=1)]


class EquityValue(DatedValue):
    """Divisors of the registration fee by length of registration."""

    divisors_by_term: dict[Term, Annotated[int, Field(ge=1)]]


class EquityShape(Shape):
    """How remaining equity is reckoned, through time."""

    rule: Rule
    values: Annotated[list[EquityValue], Field(min_length=1)]


class FeesFile(Shape):
    """fees.yaml"""

    fees: dict[str, FeeShape]
    equity: EquityShape


class TaxRateValue(DatedValue):
    """A tax rate from a day on."""

    percent: Percent
    price_above: Money | None = None


class TaxRateShape(Shape):
    """A tax rate through time."""

    rule: Rule
    values: Annotated[list[TaxRateValue], Field(min_length=1)]


class TreatmentShape(DatedValue):
    """A way of being taxed."""

    rate: Text
    exempts: ExemptionScope
    description: Text
    evidence: Text
    rule: Rule


class SaleItemShape(DatedValue):
    """An extra on the purchase order."""

    description: Text
    effect: SaleItemEffect
    taxed_when_vehicle_exempt: bool = False
    rule: Rule


class TaxesFile(Shape):
    """taxes.yaml"""

    rates: dict[str, TaxRateShape]
    treatments: dict[TaxTreatment, TreatmentShape]
    sale_items: dict[SaleItemKind, SaleItemShape]


class TermValue(DatedValue):
    """A length of registration from a day on."""

    years: Term


class TermShape(Shape):
    """A length of registration through time."""

    rule: Rule
    values: Annotated[list[TermValue], Field(min_length=1)]


class OfferingShape(DatedValue):
    """What a plate class is issued for, and its price: a flat fee or a weight chart."""

    vehicle_type: VehicleType
    usage: Usage
    fee: Text | None = None
    chart: Text | None = None
    gvwr_limit: Text | None = None
    except_fuels: list[Fuel] = []
    rule: Rule

    @model_validator(mode="after")
    def _one_price(self) -> "OfferingShape":
        if (self.fee is None) == (self.chart is None):
            raise PydanticCustomError("price", "needs either fee or chart")
        return self


class PlateClassShape(DatedValue):
    """A plate class."""

    name: Text
    ncic_plate_type: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    number_format: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9@# .-]{4,11}$")]
    letters: Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,26}$")]
    sequence_from: Text
    marks_not_manufactured: list[Text]
    words_not_manufactured: list[Text]
    order_step: Annotated[int, Field(ge=1)]
    term: TermShape
    offerings: Annotated[list[OfferingShape], Field(min_length=1)]


class PlateClassesFile(Shape):
    """plate_classes.yaml"""

    classes: dict[PlateClass, PlateClassShape]


class LimitValue(DatedValue):
    """A figure from a day on."""

    value: Annotated[int, Field(ge=0)]


class LimitShape(Shape):
    """A figure that eligibility turns on, through time."""

    description: Text
    rule: Rule
    unit: Literal["pounds", "years", "year", "characters", "number", "dollars"]
    values: Annotated[list[LimitValue], Field(min_length=1)]


class EligibilityFile(Shape):
    """eligibility.yaml"""

    limits: dict[str, LimitShape]


class DeadlineValue(DatedValue):
    """A length of time from a day on."""

    amount: Annotated[int, Field(ge=0)]
    at: Clock | None = None


class DeadlineShape(Shape):
    """A length of time the law gives, through time."""

    description: Text
    rule: Rule
    unit: DeadlineUnit
    values: Annotated[list[DeadlineValue], Field(min_length=1)]


class DeadlinesFile(Shape):
    """deadlines.yaml"""

    deadlines: dict[str, DeadlineShape]


class PurposeShape(DatedValue):
    """A permissible purpose."""

    description: Text
    organisation_kinds: Annotated[list[Text], Field(min_length=1)]


class PurposesFile(Shape):
    """purposes.yaml"""

    purposes: dict[str, PurposeShape]


class DocumentShape(DatedValue):
    """A paper that a checklist can ask for."""

    name: Text
    form: str
    image_allowed: bool
    rule: Rule


class ChecklistFile(Shape):
    """checklist.yaml"""

    documents: dict[str, DocumentShape]


class JurisdictionFile(Shape):
    """jurisdiction.yaml"""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    name: Text
    time_zone: Text

"""From files to tables: the law of one jurisdiction as it stands on a day, in the words rules use."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from types import MappingProxyType
from typing import TypeVar

from vinculum.kernel.plate_number import MarksNotManufactured, PlateFormat
from vinculum.state.law.deal import PlateClass, SaleItemKind, TaxTreatment
from vinculum.state.law.fee_schedule import FeeConditions, FeeRate, WeightBracket, WeightChart
from vinculum.state.law.tables import (
    Brand,
    ChecklistDocument,
    ClassOffering,
    Deadline,
    Legend,
    Limit,
    PlateClassRule,
    Purpose,
    SaleItemRule,
    Tables,
    TaxRate,
    TaxTown,
    TaxTreatmentRule,
    normalise_legend,
    normalise_town,
)
from vinculum.state.reference.file_shapes import ConditionsShape, FeeShape, PlateClassShape
from vinculum.state.reference.read_files import Content
from vinculum.state.reference.row_shapes import ChartRow
from vinculum.state.reference.timeline import in_force, value_on

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def build_tables(content: Content, *, day: date, until: date | None, content_hash: str) -> Tables:
    """The tables that hold from `day`, a day on which something changes, until the next such day."""
    limits = dict(_limits(content, day))
    equity = value_on(content.fees.equity.values, day)
    return Tables(
        jurisdiction=content.jurisdiction.code,
        effective=day,
        until=until,
        schedule_effective=_schedule_effective(content, day),
        content_hash=content_hash,
        fees=_frozen(dict(_fees(content, day))),
        charts=_frozen(dict(_charts(content, day))),
        equity_divisors=_frozen(equity.divisors_by_term if equity else {}),
        equity_rule=content.fees.equity.rule,
        equity_citation=equity.citation if equity else "",
        tax_rates=_frozen(dict(_tax_rates(content, day))),
        tax_treatments=_frozen(dict(_tax_treatments(content, day))),
        sale_items=_frozen(dict(_sale_items(content, day))),
        plate_classes=_frozen(dict(_plate_classes(content, day, limits))),
        limits=_frozen(limits),
        deadlines=_frozen(dict(_deadlines(content, day))),
        legends=_frozen(dict(_legends(content, day))),
        brands=_frozen(dict(_brands(content))),
        tax_towns=_frozen(dict(_tax_towns(content, day))),
        address_towns=_frozen(dict(_address_towns(content, day))),
        purposes=_frozen(dict(_purposes(content, day))),
        documents=_frozen(dict(_documents(content, day))),
    )


def _frozen(mapping: Mapping[_Key, _Value]) -> Mapping[_Key, _Value]:
    return MappingProxyType(dict(mapping))


def _schedule_effective(content: Content, day: date) -> date:
    """The newest start, up to the day, among what money is reckoned with (F-112)."""
    starts = [value.start for fee in content.fees.fees.values() for value in fee.values]
    starts += [value.start for value in content.fees.equity.values]
    starts += [value.start for tax in content.taxes.rates.values() for value in tax.values]
    starts += [row.start for rows in content.charts.values() for row in rows]
    for plate_class in content.plate_classes.classes.values():
        starts += [value.start for value in plate_class.term.values]
    return max(start for start in starts if start <= day)


def _fees(content: Content, day: date) -> Iterator[tuple[str, FeeRate]]:
    for code, shape in content.fees.fees.items():
        rate = _fee(code, shape, day)
        if rate is not None:
            yield code, rate


def _fee(code: str, shape: FeeShape, day: date) -> FeeRate | None:
    value = value_on(shape.values, day)
    if value is None:
        return None
    return FeeRate(
        code=code,
        description=shape.description,
        basis=shape.basis,
        amount=value.amount,
        amounts_by_term=_frozen(value.amounts_by_term),
        acts=frozenset(shape.acts),
        conditions=_conditions(value.conditions),
        rule=shape.rule,
        citation=value.citation,
        since=value.start,
    )


def _conditions(shape: ConditionsShape) -> FeeConditions:
    return FeeConditions(
        plate_classes=frozenset(shape.plate_classes) if shape.plate_classes is not None else None,
        ownership=frozenset(shape.ownership) if shape.ownership is not None else None,
        gvwr_pounds_at_most=shape.gvwr_pounds_at_most,
        trailer_pounds_above=shape.trailer_pounds_above,
        model_year_from=shape.model_year_from,
        newest_model_years=shape.newest_model_years,
        except_fuels=frozenset(shape.except_fuels),
        except_circumstances=frozenset(shape.except_circumstances),
        except_tax_treatments=frozenset(shape.except_tax_treatments),
    )


def _charts(content: Content, day: date) -> Iterator[tuple[str, WeightChart]]:
    for code, rows in content.charts.items():
        by_date: dict[date, list[ChartRow]] = defaultdict(list)
        for row in rows:
            by_date[row.start].append(row)
        starts = [start for start in by_date if start <= day]
        if starts:
            yield code, _chart(code, by_date[max(starts)])


def _chart(code: str, rows: Sequence[ChartRow]) -> WeightChart:
    return WeightChart(
        code=code,
        term_years=rows[0].term_years,
        since=rows[0].start,
        brackets=tuple(
            WeightBracket(
                above_pounds=row.above_pounds,
                up_to_pounds=row.up_to_pounds,
                fee=row.fee,
                citation=row.citation,
                derived=row.origin == "derived",
                printed_equity=tuple(row.printed_equity),
            )
            for row in rows
        ),
    )


def _tax_rates(content: Content, day: date) -> Iterator[tuple[str, TaxRate]]:
    for code, shape in content.taxes.rates.items():
        value = value_on(shape.values, day)
        if value is not None:
            yield (
                code,
                TaxRate(
                    code=code,
                    percent=value.percent,
                    price_above=value.price_above,
                    rule=shape.rule,
                    citation=value.citation,
                    since=value.start,
                ),
            )


def _plate_classes(
    content: Content, day: date, limits: Mapping[str, Limit]
) -> Iterator[tuple[PlateClass, PlateClassRule]]:
    for code, shape in content.plate_classes.classes.items():
        term = value_on(shape.term.values, day)
        if term is None or not in_force(shape, day):
            continue
        yield (
            code,
            PlateClassRule(
                code=code,
                name=shape.name,
                ncic_plate_type=shape.ncic_plate_type,
                plate_format=plate_format_of(shape),
                sequence_from=shape.sequence_from,
                order_step=shape.order_step,
                term_years=term.years,
                term_rule=shape.term.rule,
                term_citation=term.citation,
                offerings=tuple(_offerings(shape, day, limits)),
                citation=shape.citation,
            ),
        )


def plate_format_of(shape: PlateClassShape) -> PlateFormat:
    """The marks of a plate class; raises ValueError for a pattern or letters that write none."""
    return PlateFormat(
        pattern=shape.number_format,
        letters=shape.letters,
        not_manufactured=MarksNotManufactured(
            marks=frozenset(shape.marks_not_manufactured), words=tuple(shape.words_not_manufactured)
        ),
    )


def _offerings(shape: PlateClassShape, day: date, limits: Mapping[str, Limit]) -> Iterator[ClassOffering]:
    for offering in shape.offerings:
        if in_force(offering, day):
            limit = limits.get(offering.gvwr_limit) if offering.gvwr_limit is not None else None
            yield ClassOffering(
                vehicle_type=offering.vehicle_type,
                usage=offering.usage,
                fee=offering.fee,
                chart=offering.chart,
                gvwr_limit_pounds=limit.value if limit is not None else None,
                except_fuels=frozenset(offering.except_fuels),
                rule=offering.rule,
                citation=offering.citation,
            )


def _limits(content: Content, day: date) -> Iterator[tuple[str, Limit]]:
    for code, shape in content.eligibility.limits.items():
        value = value_on(shape.values, day)
        if value is not None:
            yield (
                code,
                Limit(
                    code=code,
                    description=shape.description,
                    value=value.value,
                    unit=shape.unit,
                    rule=shape.rule,
                    citation=value.citation,
                ),
            )


def _deadlines(content: Content, day: date) -> Iterator[tuple[str, Deadline]]:
    for code, shape in content.deadlines.deadlines.items():
        value = value_on(shape.values, day)
        if value is not None:
            yield (
                code,
                Deadline(
                    code=code,
                    description=shape.description,
                    amount=value.amount,
                    unit=shape.unit,
                    at=time.fromisoformat(value.at) if value.at is not None else None,
                    rule=shape.rule,
                    citation=value.citation,
                ),
            )


def _legends(content: Content, day: date) -> Iterator[tuple[str, Legend]]:
    for row in content.legends:
        if in_force(row, day):
            text = normalise_legend(row.text)
            yield (
                text,
                Legend(
                    text=text,
                    also_printed=tuple(normalise_legend(name) for name in row.also_printed),
                    stops_online=row.stops_online,
                    brand_codes=tuple(row.brand_codes),
                    meaning=row.meaning,
                    citation=row.citation,
                ),
            )


def _tax_treatments(content: Content, day: date) -> Iterator[tuple[TaxTreatment, TaxTreatmentRule]]:
    for code, shape in content.taxes.treatments.items():
        if in_force(shape, day):
            yield (
                code,
                TaxTreatmentRule(
                    code=code,
                    rate=shape.rate,
                    exempts=shape.exempts,
                    description=shape.description,
                    evidence=shape.evidence,
                    rule=shape.rule,
                    citation=shape.citation,
                ),
            )


def _sale_items(content: Content, day: date) -> Iterator[tuple[SaleItemKind, SaleItemRule]]:
    for kind, shape in content.taxes.sale_items.items():
        if in_force(shape, day):
            yield (
                kind,
                SaleItemRule(
                    kind=kind,
                    description=shape.description,
                    effect=shape.effect,
                    taxed_when_vehicle_exempt=shape.taxed_when_vehicle_exempt,
                    rule=shape.rule,
                    citation=shape.citation,
                ),
            )


def _brands(content: Content) -> Iterator[tuple[str, Brand]]:
    for row in content.brands:
        yield (
            row.code,
            Brand(
                code=row.code,
                name=row.name,
                category=row.category,
                status=row.status,
                successors=tuple(row.successors),
            ),
        )


def _tax_towns(content: Content, day: date) -> Iterator[tuple[str, TaxTown]]:
    for row in sorted(content.tax_towns, key=lambda row: row.tax_town_code):
        if row.start <= day:
            yield row.tax_town_code, TaxTown(code=row.tax_town_code, name=row.tax_town_name)


def _address_towns(content: Content, day: date) -> Iterator[tuple[str, str]]:
    for row in content.tax_towns:
        if row.start <= day:
            yield normalise_town(row.address_town), row.tax_town_code


def _purposes(content: Content, day: date) -> Iterator[tuple[str, Purpose]]:
    for code, shape in content.purposes.purposes.items():
        if in_force(shape, day):
            yield (
                code,
                Purpose(
                    code=code,
                    description=shape.description,
                    organisation_kinds=frozenset(shape.organisation_kinds),
                    citation=shape.citation,
                ),
            )


def _documents(content: Content, day: date) -> Iterator[tuple[str, ChecklistDocument]]:
    for code, shape in content.checklist.documents.items():
        if in_force(shape, day):
            yield (
                code,
                ChecklistDocument(
                    code=code,
                    name=shape.name,
                    form=shape.form,
                    image_allowed=shape.image_allowed,
                    rule=shape.rule,
                    citation=shape.citation,
                ),
            )

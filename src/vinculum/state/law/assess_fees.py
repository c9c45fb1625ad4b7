"""What a new issue costs: the fee lines of a deal, from the tables of its issue date (F-101 to F-109, F-116).

The order of the lines is the order of the published schedule, registration first and sales tax last. All
facts come from the deal; nothing is looked up, so the same deal under the same tables is always the same
quote, to the cent.
"""

from vinculum.kernel.money import round_cents
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.state.law.assess_sales_tax import assess_sales_tax
from vinculum.state.law.catalogue import refuse
from vinculum.state.law.deal import Deal
from vinculum.state.law.fee_schedule import Act, FeeFacts, FeeRate, WeightChart, is_charged, quantity
from vinculum.state.law.quote import Quote, QuoteLine
from vinculum.state.law.tables import Tables

_NEW_ISSUE: Act = "new_issue"
_WEIGHT = "vehicle.declared_weight_pounds"


class ScheduleMismatch(ValueError):
    """The tables given are not the law of the deal's issue date: the caller picked the wrong schedule."""


def assess_new_issue(deal: Deal, *, tables: Tables, known_gvwr_pounds: int | None = None) -> Quote:
    """Every line of a new issue, each with its rate, rule and citation, and the schedule they came from.

    `known_gvwr_pounds` is the rating on file or decoded from the VIN; the declared one goes first. Raises
    `Refused` when no published fee fits the deal: class not issued for the vehicle, weight missing, or
    weight outside the chart.
    """
    if not tables.covers(deal.issue_date):
        raise ScheduleMismatch(
            f"Tables of {tables.effective} to {tables.until} do not hold on {deal.issue_date} (F-112)."
        )
    facts = fee_facts(deal, tables=tables, known_gvwr_pounds=known_gvwr_pounds)
    lines = [_registration_line(deal, facts=facts, tables=tables)]
    lines.extend(
        _fee_line(rate, facts=facts, count=count)
        for rate in tables.fees.values()
        if is_charged(rate, act=_NEW_ISSUE, facts=facts) and (count := quantity(rate, facts=facts))
    )
    lines.append(assess_sales_tax(deal.sale, tables=tables))
    return Quote(
        lines=tuple(lines),
        as_of=deal.issue_date,
        schedule_effective=tables.schedule_effective,
        schedule_hash=tables.content_hash,
    )


def fee_facts(deal: Deal, *, tables: Tables, known_gvwr_pounds: int | None = None) -> FeeFacts:
    """The facts of a deal that the conditions of fees are asked about."""
    vehicle = deal.vehicle
    declared = vehicle.gvwr_pounds
    return FeeFacts(
        plate_class=deal.registration.plate_class,
        vehicle_type=vehicle.vehicle_type,
        fuel=vehicle.fuel,
        model_year=vehicle.model_year,
        gvwr_pounds=declared if declared is not None else known_gvwr_pounds,
        ownership=deal.ownership.kind,
        issue_date=deal.issue_date,
        term_years=tables.plate_classes[deal.registration.plate_class].term_years,
        liens=len(deal.liens),
        trade_ins=len(deal.sale.trade_ins),
        tax_treatment=deal.sale.tax_treatment,
        circumstances=frozenset(deal.registration.circumstances),
    )


def requires_title(deal: Deal, *, tables: Tables, known_gvwr_pounds: int | None = None) -> bool:
    """Whether a title is applied for with this registration: what pays no title fee needs none (F-108)."""
    facts = fee_facts(deal, tables=tables, known_gvwr_pounds=known_gvwr_pounds)
    return is_charged(tables.fees["title"], act=_NEW_ISSUE, facts=facts)


def _registration_line(deal: Deal, *, facts: FeeFacts, tables: Tables) -> QuoteLine:
    wanted = tables.plate_classes[facts.plate_class]
    offering = wanted.offering(vehicle_type=facts.vehicle_type, usage=deal.registration.usage)
    if offering is None:
        raise Refused([_not_offered(deal, class_name=wanted.name)])
    if offering.chart is not None:
        return _by_weight(deal, chart=tables.charts[offering.chart], facts=facts, tables=tables)
    assert offering.fee is not None, "An offering is priced by a fee or by a chart."
    rate = tables.fees[offering.fee]
    amount = rate.figure(term_years=facts.term_years)
    return QuoteLine(
        code="registration",
        description=_term_description(wanted.name, facts.term_years),
        quantity=1,
        amount=amount,
        rate=f"{amount} for {_years(facts.term_years)}",
        rule=rate.rule,
        citation=rate.citation,
    )


def _by_weight(deal: Deal, *, chart: WeightChart, facts: FeeFacts, tables: Tables) -> QuoteLine:
    declared = deal.vehicle.declared_weight_pounds
    pounds = declared if declared is not None else facts.gvwr_pounds
    if pounds is None:
        raise Refused([refuse("weight_required", field=_WEIGHT)])
    bracket = chart.bracket_for(pounds)
    if bracket is None:
        heaviest = f"{chart.heaviest_pounds:,}"
        raise Refused(
            [
                refuse(
                    "weight_outside_fee_chart", field=_WEIGHT, pounds=f"{pounds:,}", heaviest_pounds=heaviest
                )
            ]
        )
    band = (
        f"{bracket.above_pounds + 1:,} to {bracket.up_to_pounds:,} lb"
        if bracket.above_pounds
        else f"up to {bracket.up_to_pounds:,} lb"
    )
    name = tables.plate_classes[facts.plate_class].name
    return QuoteLine(
        code="registration",
        description=_term_description(name, facts.term_years),
        quantity=1,
        amount=bracket.fee,
        rate=f"{bracket.fee} for {_years(facts.term_years)}, {band}{' (derived)' if bracket.derived else ''}",
        rule="F-114" if bracket.derived else "F-102",
        citation=bracket.citation,
    )


def _fee_line(rate: FeeRate, *, facts: FeeFacts, count: int) -> QuoteLine:
    figure = rate.figure(term_years=facts.term_years)
    return QuoteLine(
        code=rate.code,
        description=rate.description,
        quantity=count,
        amount=round_cents(figure * count),
        rate=f"{figure} per year" if rate.basis == "per_year_of_term" else f"{figure}",
        rule=rate.rule,
        citation=rate.citation,
    )


def _term_description(class_name: str, years: int) -> str:
    return f"{class_name} registration, {_years(years)}"


def _years(count: int) -> str:
    return "1 year" if count == 1 else f"{count} years"


def _not_offered(deal: Deal, *, class_name: str) -> Refusal:
    return refuse(
        "class_not_offered",
        field="registration.plate_class",
        plate_class=class_name.lower(),
        vehicle_type=deal.vehicle.vehicle_type.replace("_", " "),
        usage=deal.registration.usage,
    )

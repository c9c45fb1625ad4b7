"""Sales tax on a vehicle sold by a dealer: what is taxed, and at which rate (D-801 to D-803).

The tax is collected by the dealer for the Department of Revenue Services under the dealer's own sales-tax
permit (manual chapter 9), so its line is payable there and never leaves the DMV funds account.
"""

from decimal import Decimal

from vinculum.kernel.money import round_cents
from vinculum.state.law.deal import Sale
from vinculum.state.law.quote import QuoteLine
from vinculum.state.law.tables import Tables, TaxRate, TaxTreatmentRule

_ZERO = Decimal("0.00")
_STANDARD = "standard"
_LUXURY = "luxury"


def assess_sales_tax(sale: Sale, *, tables: Tables) -> QuoteLine:
    """The sales-tax line of a sale; an exempt sale has a line of 0.00 that says why."""
    treatment = tables.tax_treatments[sale.tax_treatment]
    base = taxable_base(sale, treatment=treatment, tables=tables)
    rate = tax_rate(sale, treatment=treatment, tables=tables)
    amount = round_cents(base * rate.percent / 100)
    if treatment.exempts == "none":
        described, citation, rule = "Sales tax", rate.citation, rate.rule
    else:
        described, citation, rule = f"Sales tax: {treatment.description}", treatment.citation, treatment.rule
    return QuoteLine(
        code="sales_tax",
        description=described,
        quantity=1,
        amount=amount,
        rate=f"{rate.percent} % of {base:,.2f}" if base or treatment.exempts == "none" else "exempt",
        rule=rule,
        citation=citation,
        payable_to="revenue_services",
    )


def taxable_base(sale: Sale, *, treatment: TaxTreatmentRule, tables: Tables) -> Decimal:
    """What the tax is reckoned on: price and taxable extras, less trade-ins titled to the purchaser (D-802).

    An exempt vehicle leaves the warranties that are taxable even then; an exempt purchaser leaves nothing.
    """
    if treatment.exempts == "purchaser":
        return _ZERO
    exempt_vehicle = treatment.exempts == "vehicle"
    extras = sum(
        (
            item.amount
            for item in sale.items
            if (rule := tables.sale_items[item.kind]).effect == "add"
            and (rule.taxed_when_vehicle_exempt or not exempt_vehicle)
        ),
        _ZERO,
    )
    if exempt_vehicle:
        return extras
    traded = sum((trade.allowance for trade in sale.trade_ins if trade.titled_to_purchaser), _ZERO)
    return max(sale.price + extras - traded, _ZERO)


def tax_rate(sale: Sale, *, treatment: TaxTreatmentRule, tables: Tables) -> TaxRate:
    """The rate of this sale: the dearer rate only above its price, and never for qualifying military."""
    rate = tables.tax_rates[treatment.rate]
    luxury = tables.tax_rates.get(_LUXURY)
    if treatment.rate != _STANDARD or treatment.exempts != "none" or luxury is None:
        return rate
    assert luxury.price_above is not None, "The luxury rate has a price above which it applies."
    return luxury if sale.price > luxury.price_above else rate

"""Faults that no single key shows: overlapping dates, names that point nowhere, charts with gaps."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from vinculum.state.law.tables import normalise_legend, normalise_town
from vinculum.state.reference.build_tables import plate_format_of
from vinculum.state.reference.faults import ReferenceFault
from vinculum.state.reference.read_files import CHART_SUFFIX, Content
from vinculum.state.reference.row_shapes import ChartRow
from vinculum.state.reference.timeline import Dated, overlaps


def timelines(content: Content) -> Iterator[tuple[str, str, Sequence[Dated]]]:
    """Every series of dated values, with the file and key it stands under."""
    for code, fee in content.fees.fees.items():
        yield "fees.yaml", f"fees.{code}", fee.values
    yield "fees.yaml", "equity", content.fees.equity.values
    for code, tax in content.taxes.rates.items():
        yield "taxes.yaml", f"rates.{code}", tax.values
    for treatment_code, treatment in content.taxes.treatments.items():
        yield "taxes.yaml", f"treatments.{treatment_code}", [treatment]
    for item_code, item in content.taxes.sale_items.items():
        yield "taxes.yaml", f"sale_items.{item_code}", [item]
    for class_code, plate_class in content.plate_classes.classes.items():
        yield "plate_classes.yaml", f"classes.{class_code}", [plate_class]
        yield "plate_classes.yaml", f"classes.{class_code}.term", plate_class.term.values
        for number, offering in enumerate(plate_class.offerings):
            yield "plate_classes.yaml", f"classes.{class_code}.offerings.{number}", [offering]
    for code, limit in content.eligibility.limits.items():
        yield "eligibility.yaml", f"limits.{code}", limit.values
    for code, deadline in content.deadlines.deadlines.items():
        yield "deadlines.yaml", f"deadlines.{code}", deadline.values
    for code, purpose in content.purposes.purposes.items():
        yield "purposes.yaml", f"purposes.{code}", [purpose]
    for code, document in content.checklist.documents.items():
        yield "checklist.yaml", f"documents.{code}", [document]
    for legend in content.legends:
        yield "legends.csv", legend.text, [legend]


def check_content(content: Content) -> Iterator[ReferenceFault]:
    """Every fault between the files and within their series."""
    for file, key, values in timelines(content):
        for message in overlaps(values):
            yield ReferenceFault(file=file, key=key, message=message)
    yield from _check_offerings(content)
    yield from _check_taxes(content)
    yield from _check_legends_and_brands(content)
    yield from _check_towns(content)
    for code, rows in content.charts.items():
        yield from _check_chart(code, rows)


def _check_offerings(content: Content) -> Iterator[ReferenceFault]:
    for code, plate_class in content.plate_classes.classes.items():
        try:
            fits = plate_format_of(plate_class).matches(plate_class.sequence_from)
        except ValueError as wrong:
            yield ReferenceFault(
                file="plate_classes.yaml", key=f"classes.{code}.number_format", message=str(wrong)
            )
        else:
            if not fits:
                message = f"{plate_class.sequence_from} is not of the format {plate_class.number_format}"
                yield ReferenceFault(
                    file="plate_classes.yaml", key=f"classes.{code}.sequence_from", message=message
                )
        seen: set[tuple[str, str]] = set()
        for number, offering in enumerate(plate_class.offerings):
            key = f"classes.{code}.offerings.{number}"
            named: tuple[tuple[str, str | None, Mapping[str, object], str], ...] = (
                ("fee", offering.fee, content.fees.fees, "fees.yaml"),
                ("chart", offering.chart, content.charts, f"<name>{CHART_SUFFIX}"),
                ("gvwr_limit", offering.gvwr_limit, content.eligibility.limits, "eligibility.yaml"),
            )
            for field, name, known, file in named:
                if name is not None and name not in known:
                    yield ReferenceFault(
                        file="plate_classes.yaml", key=f"{key}.{field}", message=f"{name} is not in {file}"
                    )
            pair = (offering.vehicle_type, offering.usage)
            if pair in seen:
                message = f"{pair[0]} with {pair[1]} usage is offered twice"
                yield ReferenceFault(file="plate_classes.yaml", key=key, message=message)
            seen.add(pair)


def _check_taxes(content: Content) -> Iterator[ReferenceFault]:
    for code, treatment in content.taxes.treatments.items():
        if treatment.rate not in content.taxes.rates:
            message = f"{treatment.rate} is not among the rates"
            yield ReferenceFault(file="taxes.yaml", key=f"treatments.{code}.rate", message=message)
    for number, value in enumerate(luxury.values if (luxury := content.taxes.rates.get("luxury")) else ()):
        if value.price_above is None:
            message = "the luxury rate needs the price above which it applies"
            yield ReferenceFault(file="taxes.yaml", key=f"rates.luxury.values.{number}", message=message)


def _check_legends_and_brands(content: Content) -> Iterator[ReferenceFault]:
    codes = [brand.code for brand in content.brands]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield ReferenceFault(file="brands.csv", key=code, message="the code is listed twice")
    for brand in content.brands:
        for successor in set(brand.successors) - set(codes):
            message = f"successor {successor} is not a national brand code"
            yield ReferenceFault(file="brands.csv", key=brand.code, message=message)
    seen: set[str] = set()
    for legend in content.legends:
        for name in map(normalise_legend, (legend.text, *legend.also_printed)):
            if name in seen:
                yield ReferenceFault(file="legends.csv", key=legend.text, message=f"{name!r} is listed twice")
            seen.add(name)
        for code in legend.brand_codes:
            if code not in codes:
                message = f"brand {code} is not a national brand code"
                yield ReferenceFault(file="legends.csv", key=legend.text, message=message)


def _check_towns(content: Content) -> Iterator[ReferenceFault]:
    names: dict[str, str] = {}
    addresses: set[str] = set()
    for row in content.tax_towns:
        known = names.setdefault(row.tax_town_code, row.tax_town_name)
        if known != row.tax_town_name:
            message = f"code {row.tax_town_code} is {known} elsewhere and {row.tax_town_name} here"
            yield ReferenceFault(file="tax_towns.csv", key=row.address_town, message=message)
        address = normalise_town(row.address_town)
        if address in addresses:
            yield ReferenceFault(
                file="tax_towns.csv", key=row.address_town, message="the address town is listed twice"
            )
        addresses.add(address)


def _check_chart(code: str, rows: Sequence[ChartRow]) -> Iterator[ReferenceFault]:
    file = f"{code}{CHART_SUFFIX}"
    if not rows:
        yield ReferenceFault(file=file, key="", message="the chart has no rows")
    by_date: dict[date, list[ChartRow]] = defaultdict(list)
    for row in rows:
        by_date[row.start].append(row)
    for start, brackets in by_date.items():
        if len({row.term_years for row in brackets}) > 1:
            message = f"rows from {start} have several lengths of registration"
            yield ReferenceFault(file=file, key=str(start), message=message)
        reached = brackets[0].above_pounds
        for row in brackets:
            if row.above_pounds != reached or row.up_to_pounds <= row.above_pounds:
                message = (
                    f"rows from {start}: {row.above_pounds} to {row.up_to_pounds} does not follow {reached}"
                )
                yield ReferenceFault(file=file, key=str(start), message=message)
            reached = row.up_to_pounds

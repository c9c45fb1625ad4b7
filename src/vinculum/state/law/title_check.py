"""The check before a title is issued: paper against the national exchange (D-409, N-401 to N-403).

A discrepancy is a refusal that delays issuance: the title section closes it with the other state, and the
same application goes on.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from vinculum.kernel.refusal import Refusal
from vinculum.kernel.vin import normalise_vin, vin_faults
from vinculum.state.law.catalogue import refuse
from vinculum.state.law.deal import Deal, OwnershipDocument
from vinculum.state.law.on_file import ExchangeBrand, ExchangePointer, OnFile
from vinculum.state.law.tables import Tables
from vinculum.state.law.title_case import after_cases, issuer_of, title_number_key

# Categories of brands.csv. The first two say nothing against a vehicle; the third keeps it off every road.
_SAYS_NOTHING_AGAINST = frozenset({"clear", "odometer_reading"})
_NOT_FOR_ROAD = "end_of_life"
_REBUILT = "rebuild"
_SALVAGED = "salvage"
# What a yard says became of a vehicle that is not a vehicle any more.
_GONE = frozenset({"crushed", "dismantled", "scrapped"})


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandCarried:
    """A brand that the new title carries; `add_to_exchange` when the exchange does not know it yet (N-403)."""

    code: str
    brander: str
    brand_date: date
    add_to_exchange: bool


def check_exchange(deal: Deal, *, on_file: OnFile, tables: Tables) -> tuple[Refusal, ...]:
    """D-409, N-401: every discrepancy between paper and exchange; no answer delays issuance as well."""
    if not on_file.exchange.answered:
        # Nobody can be asked about a number that is no VIN; that it is none is refused for itself (N-601).
        readable = not vin_faults(normalise_vin(deal.vehicle.vin), model_year=deal.vehicle.model_year)
        return (refuse("exchange_unavailable"),) if readable else ()
    found = (
        *_check_theft(deal, on_file=on_file),
        *_check_yard_reports(deal, on_file=on_file),
        *_check_title_stock(deal.ownership, on_file=on_file),
        *_check_taken_back(on_file),
        *_check_pointers(deal.ownership, on_file=on_file),
        *_check_washed_brands(deal, on_file=on_file, tables=tables),
    )
    return after_cases(found, deal, exchange=on_file.exchange, home=on_file.in_jurisdiction)


def check_brands(deal: Deal, *, on_file: OnFile, tables: Tables) -> tuple[Refusal, ...]:
    """N-402, D-307: junk is off every road; other brands stop on-line unless a legend lets them through.

    What the paper itself shows is judged by its legends; here are the brands that the exchange or the book
    knows, and junk from whichever source.
    """
    paper = paper_brand_codes(deal, on_file=on_file, tables=tables)
    allowed = _allowed_codes(tables)
    refusals = []
    for brand in _known_brands(deal, on_file=on_file, tables=tables):
        if _category(brand.code, tables=tables) == _NOT_FOR_ROAD:
            refusals.append(_brand_refusal("vehicle_not_for_road", brand, tables=tables))
        elif (
            brand.code not in allowed
            and brand.code not in paper
            and not _superseded(brand.code, paper=paper, tables=tables)
        ):
            refusals.append(_brand_refusal("branded_title", brand, tables=tables))
    return tuple(refusals)


def brands_carried(deal: Deal, *, on_file: OnFile, tables: Tables) -> tuple[BrandCarried, ...]:
    """N-401, N-403: every applicable brand; those the exchange lacks are added in this state's name.

    Their brand date is the issue date of the title now applied for, as the best practice says; the
    surrendered paper is the justification.
    """
    carried = [
        BrandCarried(
            code=brand.code, brander=brand.brander, brand_date=brand.brand_date, add_to_exchange=False
        )
        for brand in on_file.exchange.brands
        if _applies(brand.code, tables=tables)
    ]
    known = {brand.code for brand in carried}
    of_paper = paper_brand_codes(deal, on_file=on_file, tables=tables)
    for code in dict.fromkeys((*of_paper, *on_file.vehicle.brand_codes)):
        if code not in known and _applies(code, tables=tables):
            carried.append(
                BrandCarried(
                    code=code,
                    brander=on_file.in_jurisdiction,
                    brand_date=deal.issue_date,
                    add_to_exchange=on_file.exchange.answered,
                )
            )
    return tuple(carried)


def paper_brand_codes(deal: Deal, *, on_file: OnFile, tables: Tables) -> tuple[str, ...]:
    """The national brand codes that the legends of the paper, and of the book's title, stand for."""
    title = on_file.vehicle.title
    printed = (*deal.ownership.legends, *(title.legends if title is not None else ()))
    codes = [code for text in printed if (legend := tables.legend(text)) for code in legend.brand_codes]
    return tuple(dict.fromkeys(codes))


def control_number_key(number: str) -> str:
    """A control number as numbers are looked up: capitals, letters and digits only."""
    return "".join(character for character in number.upper() if character not in " -")


def title_check_warnings(deal: Deal, *, on_file: OnFile) -> tuple[str, ...]:
    """What the exchange shows differently without making a discrepancy of it."""
    exchange = on_file.exchange
    if not exchange.answered:
        return ()
    return (
        *_pointer_warnings(deal, on_file=on_file),
        *_yard_warnings(on_file),
        *_stock_warnings(deal.ownership),
    )


def _stock_warnings(paper: OwnershipDocument) -> Iterator[str]:
    if paper.kind == "out_of_state_title" and not paper.control_number:
        yield (
            "The control number of the paper is not entered: whether its title stock was stolen cannot be "
            "looked up (N-701)."
        )


def _yard_warnings(on_file: OnFile) -> Iterator[str]:
    for report in on_file.exchange.yard_reports:
        if report.disposition not in _GONE:
            yield (
                f"On {report.obtained_on} {report.reporter} reported that it had obtained the vehicle: "
                f"{report.disposition.replace('_', ' ')}. Look whether the paper shows it (N-201)."
            )


def _pointer_warnings(deal: Deal, *, on_file: OnFile) -> tuple[str, ...]:
    exchange = on_file.exchange
    if deal.ownership.kind != "certificate_of_origin" and not exchange.pointers:
        return (
            "The exchange has no title for this VIN; its state of title may not report. The title will be "
            "added as new (N-304).",
        )
    return tuple(
        f"The exchange describes the vehicle as {pointer.make} {pointer.model_year}, the deal as "
        f"{deal.vehicle.make} {deal.vehicle.model_year}; both are kept (N-602)."
        for pointer in exchange.pointers
        # While the make is not yet typed there is nothing to set beside the exchange's.
        if deal.vehicle.make
        and (pointer.make, pointer.model_year) != (deal.vehicle.make, deal.vehicle.model_year)
    )


def _check_theft(deal: Deal, *, on_file: OnFile) -> Iterator[Refusal]:
    if on_file.exchange.stolen:
        yield refuse("vehicle_reported_stolen", field="vehicle.vin", vin=deal.vehicle.vin)


def _check_taken_back(on_file: OnFile) -> Iterator[Refusal]:
    for explanation in on_file.exchange.taken_back:
        yield refuse("title_taken_back", field="ownership.number", explanation=explanation)


def _check_title_stock(paper: OwnershipDocument, *, on_file: OnFile) -> Iterator[Refusal]:
    for explanation in on_file.exchange.missing_stock:
        yield refuse(
            "title_stock_missing",
            field="ownership.control_number",
            control_number=control_number_key(paper.control_number),
            explanation=explanation,
        )


def _check_yard_reports(deal: Deal, *, on_file: OnFile) -> Iterator[Refusal]:
    """N-201: a vehicle that a yard reports as gone is not the one on the lot, or the report is wrong."""
    for report in on_file.exchange.yard_reports:
        if report.disposition in _GONE:
            yield refuse(
                "vehicle_reported_destroyed",
                field="vehicle.vin",
                vin=deal.vehicle.vin,
                reporter=report.reporter,
                obtained_on=report.obtained_on,
                disposition=report.disposition,
            )


def _check_pointers(paper: OwnershipDocument, *, on_file: OnFile) -> Iterator[Refusal]:
    pointers = on_file.exchange.pointers
    if paper.kind == "certificate_of_origin":
        for pointer in pointers:
            yield refuse(
                "certificate_with_existing_title",
                field="ownership.kind",
                exchange=pointer.jurisdiction,
                issue_date=pointer.issue_date,
            )
    elif len(pointers) > 1:
        states = ", ".join(sorted(pointer.jurisdiction for pointer in pointers))
        yield refuse("several_titles_in_exchange", field="vehicle.vin", count=len(pointers), states=states)
    elif pointers:
        yield from _check_pointer(paper, pointers[0], home=on_file.in_jurisdiction)


def _check_pointer(paper: OwnershipDocument, pointer: ExchangePointer, *, home: str) -> Iterator[Refusal]:
    issuer = issuer_of(paper, home=home)
    if issuer != pointer.jurisdiction:
        yield refuse(
            "title_state_mismatch",
            field="ownership.jurisdiction",
            paper=issuer or "no state",
            exchange=pointer.jurisdiction,
        )
    if title_number_key(paper.number) != title_number_key(pointer.title_number):
        yield refuse(
            "title_number_mismatch",
            field="ownership.number",
            paper=paper.number or "(none)",
            exchange=pointer.title_number,
        )
    if paper.issue_date != pointer.issue_date:
        yield refuse(
            "title_date_mismatch",
            field="ownership.issue_date",
            paper=paper.issue_date,
            exchange=pointer.issue_date,
        )


def _check_washed_brands(deal: Deal, *, on_file: OnFile, tables: Tables) -> Iterator[Refusal]:
    """A brand of the exchange that the paper does not show; a rebuilt legend answers for earlier salvage."""
    paper = paper_brand_codes(deal, on_file=on_file, tables=tables)
    for brand in on_file.exchange.brands:
        if not _applies(brand.code, tables=tables) or brand.code in paper:
            continue
        if not _superseded(brand.code, paper=paper, tables=tables):
            yield refuse(
                "brand_missing_on_paper",
                field="ownership.legends",
                brand=_brand_name(brand.code, tables=tables),
                brand_code=brand.code,
                brand_date=brand.brand_date,
                brander=brand.brander,
            )


def _known_brands(deal: Deal, *, on_file: OnFile, tables: Tables) -> list[ExchangeBrand]:
    """Brands by code, once each: the exchange's own entry first, else this state's."""
    found: dict[str, ExchangeBrand] = {}
    own = (*on_file.vehicle.brand_codes, *_junk_on_paper(deal, on_file=on_file, tables=tables))
    for brand in (
        *on_file.exchange.brands,
        *(
            ExchangeBrand(code=code, brander=on_file.in_jurisdiction, brand_date=deal.issue_date)
            for code in own
        ),
    ):
        if brand.code not in found and _applies(brand.code, tables=tables):
            found[brand.code] = brand
    return list(found.values())


def _junk_on_paper(deal: Deal, *, on_file: OnFile, tables: Tables) -> Iterable[str]:
    codes = paper_brand_codes(deal, on_file=on_file, tables=tables)
    return [code for code in codes if _category(code, tables=tables) == _NOT_FOR_ROAD]


def _applies(code: str, *, tables: Tables) -> bool:
    """Whether a brand says something against the vehicle; one whose meaning we do not know may well."""
    return _category(code, tables=tables) not in _SAYS_NOTHING_AGAINST


def _category(code: str, *, tables: Tables) -> str:
    brand = tables.brands.get(code)
    return brand.category if brand is not None else "not_listed"


def _allowed_codes(tables: Tables) -> frozenset[str]:
    return frozenset(
        code for legend in tables.legends.values() if not legend.stops_online for code in legend.brand_codes
    )


def _superseded(code: str, *, paper: Iterable[str], tables: Tables) -> bool:
    """A vehicle rebuilt and inspected was salvage before: its rebuilt legend accounts for that."""
    if _category(code, tables=tables) != _SALVAGED:
        return False
    allowed = _allowed_codes(tables)
    return any(shown in allowed and _category(shown, tables=tables) == _REBUILT for shown in paper)


def _brand_refusal(code: str, brand: ExchangeBrand, *, tables: Tables) -> Refusal:
    return refuse(
        code,
        field="vehicle.vin",
        brand=_brand_name(brand.code, tables=tables),
        brand_code=brand.code,
        source=f"put on by {brand.brander}, {brand.brand_date}",
        brander=brand.brander,
    )


def _brand_name(code: str, *, tables: Tables) -> str:
    brand = tables.brands.get(code)
    return f"{code} {brand.name}" if brand is not None else f"{code} (not on the list of brands)"

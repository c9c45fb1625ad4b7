"""May this deal be registered on-line, on which papers, and for how much: the whole answer at once.

The desk, the quote page and the transaction all ask here, so that what is shown is what is done. Refusals
come in the order in which a clerk works: dealer, dates, owners, vehicle, class, papers, title check, money.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from vinculum.kernel.refusal import Refusal, Refused
from vinculum.state.law import (
    check_circumstances,
    check_dates,
    check_dealer_means,
    check_dealer_standing,
    check_insurance,
    check_liens,
    check_odometer,
    check_owner_stops,
    check_owners,
    check_ownership_paper,
    check_plate_class,
    check_tax_treatment,
    check_vehicle_on_file,
    check_vin,
    title_check,
)
from vinculum.state.law.agency_calendar import today_of
from vinculum.state.law.assess_fees import assess_new_issue
from vinculum.state.law.check_vin import DecodedEvidence
from vinculum.state.law.checklist import ChecklistItem, check_documents, checklist
from vinculum.state.law.deal import Deal, VehicleType
from vinculum.state.law.on_file import OnFile
from vinculum.state.law.quote import Quote
from vinculum.state.law.tables import Tables
from vinculum.state.law.terms import expiry_of_new_issue
from vinculum.state.law.title_check import BrandCarried


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The answer. Only an assessment without refusals may be processed.

    `quote` is None when no published fee fits; `expires_on` is None when the issue date has no schedule.
    `vehicle_type` is the type as it will be registered (D-301); `brands_carried` go onto the new title, and
    those with `add_to_exchange` are reported with the title (N-403).
    """

    refusals: tuple[Refusal, ...]
    checklist: tuple[ChecklistItem, ...]
    quote: Quote | None
    expires_on: date | None
    warnings: tuple[str, ...]
    brands_carried: tuple[BrandCarried, ...]
    vehicle_type: VehicleType


def assess(
    deal: Deal, *, on_file: OnFile, tables: Tables, decoded: DecodedEvidence | None, at: datetime
) -> Assessment:
    """Hold the deal against every rule of a new issue; `at` is the instant of the transaction (D-202).

    `tables` are those of the date of issue. Where that date has no schedule, those of today serve: the date
    is then refused, and there is no quote.
    """
    today = today_of(tables.jurisdiction, at=at)
    items = checklist(deal, on_file=on_file, tables=tables)
    quote, unpriced = _price(deal, on_file=on_file, tables=tables)
    refusals = (
        *_check_dealer_and_dates(deal, on_file=on_file, tables=tables, today=today),
        *_check_people(deal, on_file=on_file, tables=tables),
        *_check_vehicle(deal, on_file=on_file, tables=tables),
        *_check_papers(deal, on_file=on_file, tables=tables, today=today),
        *check_documents(deal, items=items, tables=tables),
        *title_check.check_brands(deal, on_file=on_file, tables=tables),
        *title_check.check_exchange(deal, on_file=on_file, tables=tables),
        *unpriced,
        *check_dealer_means.check_funds(on_file, quote=quote),
        *check_dealer_means.check_plate_stock(deal, on_file=on_file),
    )
    return Assessment(
        # Two rules may come to the very same refusal, as when paper and book bear one legend.
        refusals=_without_repeats(refusals),
        checklist=items,
        quote=quote,
        expires_on=_expiry(deal, tables=tables),
        warnings=(
            *check_vin.vin_warnings(deal.vehicle, decoded=decoded),
            *check_plate_class.class_warnings(deal, on_file=on_file, tables=tables),
            *check_owners.garaging_warnings(deal, on_file=on_file, tables=tables),
            *check_ownership_paper.legacy_warnings(deal, tables=tables),
            *title_check.title_check_warnings(deal, on_file=on_file),
        ),
        brands_carried=title_check.brands_carried(deal, on_file=on_file, tables=tables),
        vehicle_type=check_plate_class.vehicle_type_registered(deal),
    )


def _check_dealer_and_dates(deal: Deal, *, on_file: OnFile, tables: Tables, today: date) -> Iterator[Refusal]:
    yield from check_dealer_standing.check_agent_in_standing(on_file.dealer, today=today, tables=tables)
    yield from check_dealer_standing.check_clerk_certified(on_file.dealer, today=today)
    yield from check_dates.check_issue_date(deal, today=today, tables=tables)
    yield from check_dates.check_paper_date(deal)


def _check_people(deal: Deal, *, on_file: OnFile, tables: Tables) -> Iterator[Refusal]:
    yield from check_owners.check_owners_named(deal, tables=tables)
    yield from check_owners.check_conjunction(deal)
    yield from check_owners.check_customers_on_file(deal, on_file=on_file)
    yield from check_owners.check_customer_records_complete(on_file)
    yield from check_owners.check_assignment(deal, on_file=on_file)
    yield from check_owners.check_lessor(deal, on_file=on_file)
    yield from check_owners.check_minor(deal, on_file=on_file, tables=tables)
    yield from check_owners.check_military(deal, on_file=on_file)
    yield from check_owners.check_government(deal, on_file=on_file)
    yield from check_owners.check_residence(deal, on_file=on_file, tables=tables)
    yield from check_owners.check_tax_town(deal, tables=tables)
    yield from check_owner_stops.check_owner_stops(on_file)


def _check_vehicle(deal: Deal, *, on_file: OnFile, tables: Tables) -> Iterator[Refusal]:
    yield from check_vin.check_vin(deal, tables=tables)
    yield from check_vehicle_on_file.check_not_registered(on_file, issue_date=deal.issue_date)
    yield from check_plate_class.check_class(deal, tables=tables)
    yield from check_plate_class.check_fuel(deal, tables=tables)
    yield from check_plate_class.check_gvwr(deal, on_file=on_file, tables=tables)
    yield from check_plate_class.check_weight_on_record(deal, on_file=on_file)
    yield from check_plate_class.check_us_dot(deal, on_file=on_file, tables=tables)
    yield from check_plate_class.check_business_owner(deal, on_file=on_file)
    yield from check_plate_class.check_signage(deal)
    yield from check_plate_class.check_nonprofit(deal, on_file=on_file)
    yield from check_circumstances.check_circumstances(deal)
    yield from check_odometer.check_odometer(deal, on_file=on_file)


def _check_papers(deal: Deal, *, on_file: OnFile, tables: Tables, today: date) -> Iterator[Refusal]:
    yield from check_ownership_paper.check_certificate_marks(deal)
    yield from check_ownership_paper.check_issuer(deal, tables=tables)
    yield from check_ownership_paper.check_control_number(deal)
    yield from check_ownership_paper.check_legends(deal, on_file=on_file, tables=tables)
    yield from check_ownership_paper.check_current_title(deal, on_file=on_file)
    yield from check_ownership_paper.check_record_converted(deal, on_file=on_file, today=today, tables=tables)
    yield from check_liens.check_lienholders_listed(deal, on_file=on_file)
    yield from check_liens.check_lienholder_on_paper(deal, on_file=on_file)
    yield from check_liens.check_earlier_liens(deal, on_file=on_file)
    yield from check_insurance.check_insurance(deal, on_file=on_file, tables=tables)
    yield from check_tax_treatment.check_tax_treatment(deal, on_file=on_file)


def _price(deal: Deal, *, on_file: OnFile, tables: Tables) -> tuple[Quote | None, tuple[Refusal, ...]]:
    """The quote, or why there is none beyond what the class rules say already."""
    if not tables.covers(deal.issue_date):
        return None, ()
    if check_plate_class.offering_of(deal, tables=tables) is None:
        return None, ()
    try:
        known = on_file.vehicle.gvwr_pounds
        return assess_new_issue(deal, tables=tables, known_gvwr_pounds=known), ()
    except Refused as refused:
        return None, refused.refusals


def _expiry(deal: Deal, *, tables: Tables) -> date | None:
    if not tables.covers(deal.issue_date) or deal.registration.plate_class not in tables.plate_classes:
        return None
    try:
        return expiry_of_new_issue(deal.registration.plate_class, issue_date=deal.issue_date, tables=tables)
    except (ValueError, OverflowError):
        # An issue date at the end of the calendar is refused as lying in the future.
        return None


def _without_repeats(refusals: tuple[Refusal, ...]) -> tuple[Refusal, ...]:
    kept: list[Refusal] = []
    for refusal in refusals:
        if refusal not in kept:
            kept.append(refusal)
    return tuple(kept)

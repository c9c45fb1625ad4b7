"""The papers one transaction needs, worked out from the deal itself (D-501).

Each function is one reason to ask for papers; the same paper asked for twice is listed once, with the first
reason, and is required when any reason requires it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from vinculum.kernel.refusal import Refusal
from vinculum.state.law.catalogue import refuse
from vinculum.state.law.check_liens import LIEN_RELEASE
from vinculum.state.law.check_owners import known_owners
from vinculum.state.law.check_plate_class import gvwr_of
from vinculum.state.law.deal import Deal
from vinculum.state.law.emissions import exempt_model_years, is_ever_tested, is_exempt_as_new
from vinculum.state.law.on_file import OnFile
from vinculum.state.law.tables import Tables
from vinculum.state.law.title_check import paper_brand_codes


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistItem:
    """One paper of the checklist; `marked` when the dealer has it in hand, `why` says why it is asked for.

    An item that is not `required` is asked for only in the case that `why` names.
    """

    code: str
    title: str
    why: str
    rule: str
    required: bool
    marked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A paper asked for, before it is looked up; `instead` are papers that serve in its place."""

    code: str
    why: str
    rule: str = "D-501"
    required: bool = True
    instead: tuple[str, ...] = ()


_Reason = Callable[[Deal, OnFile, Tables], Iterable[_Asked]]


def checklist(deal: Deal, *, on_file: OnFile, tables: Tables) -> tuple[ChecklistItem, ...]:
    """D-501: every paper that this deal is submitted with, in the order of the batch (D-502)."""
    items: dict[str, ChecklistItem] = {}
    for reason in _REASONS:
        for asked in reason(deal, on_file, tables):
            before = items.get(asked.code)
            if before is None:
                items[asked.code] = _item(asked, deal=deal, tables=tables)
            elif asked.required and not before.required:
                items[asked.code] = replace(before, required=True, why=asked.why, rule=asked.rule)
    return tuple(items.values())


def check_documents(deal: Deal, *, items: tuple[ChecklistItem, ...], tables: Tables) -> tuple[Refusal, ...]:
    """D-501: processing is refused until each required paper is marked; unknown marks are no papers.

    A lien release that lacks is refused by its own rule, which names the lien (D-410).
    """
    missing = tuple(
        refuse("document_missing", field="documents", document=item.code, title=item.title, why=item.why)
        for item in items
        if item.required and not item.marked and item.code != LIEN_RELEASE
    )
    unknown = tuple(
        refuse("document_unknown", field="documents", document=code)
        for code in dict.fromkeys(deal.documents)
        if code not in tables.documents
    )
    return (*missing, *unknown)


def _item(asked: _Asked, *, deal: Deal, tables: Tables) -> ChecklistItem:
    document = tables.documents[asked.code]
    form = f" ({document.form})" if document.form else ""
    return ChecklistItem(
        code=asked.code,
        title=f"{document.name}{form}",
        why=asked.why,
        rule=asked.rule,
        required=asked.required,
        marked=any(code in deal.documents for code in (asked.code, *asked.instead)),
    )


def _application(deal: Deal, on_file: OnFile, tables: Tables) -> Iterator[_Asked]:
    yield _Asked(code="registration_application", why="Every registration is applied for in writing.")
    if any(owner.kind == "trust" for owner in known_owners(on_file)):
        yield _Asked(
            code="registration_application_supplement",
            why="The application is in the name of the trust, and the title must match it.",
            rule="D-411",
        )


def _ownership(deal: Deal, on_file: OnFile, tables: Tables) -> Iterator[_Asked]:
    kind = deal.ownership.kind
    if kind == "certificate_of_origin":
        yield _Asked(code="certificate_of_origin", why="It proves ownership of the new vehicle.")
    elif kind == "out_of_state_title":
        yield _Asked(code="out_of_state_title", why="It proves ownership, and is surrendered.")
    else:
        yield from _title_of_this_state(deal)
    if deal.ownership.reassignments:
        yield _Asked(
            code="supplemental_assignment", why="The vehicle was assigned between dealers.", rule="D-708"
        )
    if kind != "certificate_of_origin":
        yield _Asked(
            code="repossession_affidavit", why="Only when the vehicle was repossessed.", required=False
        )


def _title_of_this_state(deal: Deal) -> Iterator[_Asked]:
    """The title itself, or the duplicate application with inquiry report (D-703), or the payoff (D-705)."""
    yield _Asked(
        code="connecticut_title",
        why="It proves ownership; form H-6B with the title inquiry report, or H-12, may take its place.",
        instead=("duplicate_title_application", "payoff_authorization"),
    )
    if "duplicate_title_application" in deal.documents:
        why = "Form H-6B replaces a missing title only together with it."
        yield _Asked(code="title_inquiry_report", why=why, rule="D-703")
        yield _Asked(code="supplemental_assignment", why=why, rule="D-703")
    if "payoff_authorization" in deal.documents:
        why = "The title is with the lienholder, so the seller discloses the mileage by H-117."
        yield _Asked(code="odometer_power_of_attorney", why=why, rule="D-705")


def _liens(deal: Deal, on_file: OnFile, tables: Tables) -> Iterator[_Asked]:
    title = on_file.vehicle.title
    if title is not None and title.liens:
        holders = " and ".join(lien.lienholder_name for lien in title.liens)
        yield _Asked(code=LIEN_RELEASE, why=f"The title carries a lien of {holders}.", rule="D-410")
    elif deal.ownership.kind != "certificate_of_origin":
        yield _Asked(code=LIEN_RELEASE, why="Only when the title shows a lien.", rule="D-410", required=False)


def _vin_and_inspection(deal: Deal, on_file: OnFile, tables: Tables) -> Iterator[_Asked]:
    """D-407: the lane at DMV for heavy and rebuilt vehicles; else the dealer verifies the VIN."""
    lane = _lane_reason(deal, on_file=on_file, tables=tables)
    if lane is not None:
        yield _Asked(code="inspection_report", why=lane, rule="D-407")
        return
    years = tables.limit("vin_verification_age")
    out_of_state = deal.ownership.kind == "out_of_state_title"
    old = deal.issue_date.year - deal.vehicle.model_year >= years
    if out_of_state:
        yield _Asked(
            code="vin_verification",
            why="The vehicle comes from another state; a signed emissions report serves as well.",
            rule="D-407",
            instead=() if old else ("emissions_report",),
        )
    elif old:
        why = f"The vehicle is {years} years old or older."
        yield _Asked(code="vin_verification", why=why, rule="D-407")


def _lane_reason(deal: Deal, *, on_file: OnFile, tables: Tables) -> str | None:
    if paper_brand_codes(deal, on_file=on_file, tables=tables):
        return "A vehicle with a branded title is inspected at a DMV lane; a dealer does not verify its VIN."
    pounds, above = gvwr_of(deal, on_file=on_file), tables.limit("dmv_inspection_above_gvwr")
    if deal.registration.usage == "commercial" and pounds is not None and pounds > above:
        return f"Commercial vehicles over {above:,} lb are inspected by DMV."
    return None


def _emissions(deal: Deal, on_file: OnFile, tables: Tables) -> Iterator[_Asked]:
    """D-408: tested, unless too heavy or among the newest model years, which pay the exemption instead."""
    classes = tables.fees["emission_exemption"].conditions.plate_classes
    tested = is_ever_tested(gvwr_pounds=gvwr_of(deal, on_file=on_file), fuel=deal.vehicle.fuel, tables=tables)
    year = deal.issue_date.year
    exempt = is_exempt_as_new(deal.vehicle.model_year, calendar_year=year, tables=tables)
    if not tested or exempt or (classes is not None and deal.registration.plate_class not in classes):
        return
    oldest = exempt_model_years(year, tables=tables)[-1]
    why = f"A vehicle sold from stock has valid emissions; only model years from {oldest} are exempt."
    yield _Asked(code="emissions_report", why=why, rule="D-408")


def _insurance(deal: Deal, on_file: OnFile, tables: Tables) -> Iterator[_Asked]:
    yield _Asked(code="insurance_card", why="The vehicle is insured from the date of issue.", rule="D-402")
    card = deal.insurance
    if card is not None and card.relationship == "civil_union_partner":
        why = "The card is in the name of the civil-union partner."
        yield _Asked(code="civil_union_documentation", why=why, rule="D-402")


def _odometer(deal: Deal, on_file: OnFile, tables: Tables) -> Iterator[_Asked]:
    if deal.odometer.brand != "exempt":
        yield _Asked(code="odometer_disclosure", why="Federal law asks for it, in whole miles.", rule="D-413")


def _owners(deal: Deal, on_file: OnFile, tables: Tables) -> Iterator[_Asked]:
    kinds = {owner.kind for owner in known_owners(on_file)}
    if "person" in kinds:
        yield _Asked(code="identification", why="Seen at the counter; never copied into the system.")
    if kinds & {"business", "nonprofit", "lessor"}:
        why = "Only when the person who signs is no officer, manager or member."
        yield _Asked(code="power_of_attorney", why=why, rule="D-305", required=False)
    if "officer_letter" in deal.registration.circumstances:
        why = "A business registers for an officer's personal use."
        yield _Asked(code="officer_letter", why=why, rule="D-305")
    if "trust" in kinds:
        why = "The vehicle is registered in the name of a trust."
        yield _Asked(code="trust_document", why=why, rule="D-411")
    if "estate" in kinds:
        why = "The executor or administrator must be shown to be appointed."
        yield _Asked(code="probate_certificate", why=why, rule="D-411")
    yield _Asked(code="address_change", why="Only when the owner has moved.", required=False)


def _sales_tax(deal: Deal, on_file: OnFile, tables: Tables) -> Iterator[_Asked]:
    treatment = deal.sale.tax_treatment
    if treatment == "nonresident_military":
        why = "The lower rate of sales tax is claimed."
        yield _Asked(code="military_tax_certificate", why=why, rule="D-801")
    elif treatment == "trust_transfer":
        why = "The transfer to the trust is claimed to be exempt."
        yield _Asked(code="trust_transfer_certificate", why=why, rule="D-803")


def _commercial(deal: Deal, on_file: OnFile, tables: Tables) -> Iterator[_Asked]:
    """D-403, D-405, D-406: what motor carriers show, by weight.

    Whether a carrier crosses the state line, and when the vehicle was bought, is not part of a deal: papers
    that turn on it are listed with the case in which they are needed.
    """
    pounds = gvwr_of(deal, on_file=on_file)
    if deal.registration.usage != "commercial" or pounds is None:
        return
    filed = tables.limit("liability_filing_intrastate_from")
    filed_interstate = tables.limit("liability_filing_interstate_from")
    if pounds >= filed:
        why = f"Carriers from {filed:,} lb file their liability insurance every year."
        yield _Asked(code="liability_certificate", why=why, rule="D-403")
    else:
        if pounds >= filed_interstate:
            why = f"Only when the vehicle crosses the state line (from {filed_interstate:,} lb)."
            yield _Asked(code="liability_certificate", why=why, rule="D-403", required=False)
        why = "Only when no liability insurance has to be filed."
        yield _Asked(code="compliance_affidavit", why=why, rule="D-403", required=False)
    yield from _federal(deal, pounds=pounds, tables=tables)


def _federal(deal: Deal, *, pounds: int, tables: Tables) -> Iterator[_Asked]:
    interstate = tables.limit("federal_inspection_interstate_above")
    intrastate = tables.limit("federal_inspection_intrastate_above")
    trailer = deal.registration.plate_class == "commercial_trailer"
    if pounds > (interstate if trailer else intrastate):
        why = f"{'Commercial trailers' if trailer else 'Commercial vehicles'} of this weight are inspected yearly."
        yield _Asked(code="federal_inspection", why=why, rule="D-405")
    elif pounds > interstate:
        why = f"Only when the vehicle crosses the state line (over {interstate:,} lb)."
        yield _Asked(code="federal_inspection", why=why, rule="D-405", required=False)
    if pounds >= tables.limit("heavy_vehicle_use_tax_from"):
        days = tables.deadlines["heavy_vehicle_use_tax_grace"].amount
        why = f"Only when more than {days} days have passed since the purchase."
        yield _Asked(code="heavy_vehicle_use_tax", why=why, rule="D-406", required=False)


# The order of a batch: application, ownership, then the rest (D-502).
_REASONS: Final[tuple[_Reason, ...]] = (
    _application,
    _ownership,
    _liens,
    _vin_and_inspection,
    _emissions,
    _insurance,
    _odometer,
    _owners,
    _sales_tax,
    _commercial,
)

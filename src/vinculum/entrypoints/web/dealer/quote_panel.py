"""The side of the desk that answers while the clerk types: price, papers, what is missing, what stops the deal."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from vinculum.access.database import Actor
from vinculum.entrypoints.deals import read_deal, read_draft
from vinculum.entrypoints.web.dealer.deal_form import over_long, without
from vinculum.entrypoints.web.fields import Field
from vinculum.kernel.business_calendar import local_date
from vinculum.kernel.refusal import Refusal
from vinculum.protocol.exchange import Exchange
from vinculum.state.law.checklist import ChecklistItem
from vinculum.state.law.deal import Deal
from vinculum.state.law.quote import Quote
from vinculum.state.transactions import register_vehicle

ZONE: Final = "America/New_York"
_READING: Final = frozenset({"missing_field", "invalid_field"})
# What every deal lacks at first: work still to do at the desk, not a stop yet.
_TO_DO: Final = frozenset({"insurance_missing", "insurance_not_connecticut"})
_PAPER: Final = "document_missing"
# Where a refusal about a whole group leads when the group has a first question.
_FIRST: Final[Mapping[str, str]] = {
    "owners": "owners.0",
    "ownership.assigned_to": "ownership.assigned_to.0",
    "vehicle": "vehicle.vin",
    "odometer": "odometer.reading",
    "sale": "sale.price",
    "registration": "registration.garaging_town",
    "ownership": "ownership.number",
    "insurance": "insurance.insurer",
    "liens": "liens.0.lienholder_code",
    "sale.items": "sale.items.0.kind",
    "sale.trade_ins": "sale.trade_ins.0.vin",
}
_GROUPS: Final[Mapping[str, str]] = {
    "vehicle": "Vehicle",
    "owners": "Owner",
    "ownership": "Ownership document",
    "liens": "Lien",
    "insurance": "Insurance",
    "odometer": "Odometer",
    "sale": "Sale",
    "registration": "Registration",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What the desk knows of the deal right now: what stops it, and what is still to be filled in or marked."""

    stops: tuple[Refusal, ...]
    missing: tuple[Refusal, ...]
    papers: tuple[Refusal, ...]
    quote: Quote | None
    checklist: tuple[ChecklistItem, ...]
    expires_on: date | None
    warnings: tuple[str, ...]
    next_plate: str | None

    @property
    def ready(self) -> bool:
        """Whether Process would go through as far as can be seen."""
        return not self.refusals and self.quote is not None

    @property
    def faulty(self) -> tuple[Refusal, ...]:
        """What is typed but cannot be taken as it stands."""
        return tuple(refusal for refusal in self.missing if refusal.code == "invalid_field")

    @property
    def empty(self) -> tuple[Refusal, ...]:
        """What is not yet typed."""
        return tuple(refusal for refusal in self.missing if refusal.code != "invalid_field")

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Everything at once: stops, then what is missing, then papers."""
        return (*self.stops, *self.missing, *self.papers)


def today_at(at: datetime) -> date:
    """The legal day of an instant."""
    return local_date(at, zone=ZONE)


def assess_draft(
    draft: Mapping[str, Any],
    *,
    known: Mapping[str, Field],
    actor: Actor,
    at: datetime,
    exchange: Exchange | None,
) -> Panel:
    """Hold what is typed so far against everything; stops that only come from gaps are left out."""
    # A text too long for its question is left out of the reckoning, and the rest is priced all the same.
    long = over_long(draft, known=known)
    too_long = {refusal.field or "" for refusal in long}
    deal, reading = read_draft(without(draft, too_long), today=today_at(at))
    missing = placed((*long, *(fault for fault in reading if fault.field not in too_long)), known=known)
    if deal is None:
        return Panel(
            stops=(),
            missing=missing,
            papers=(),
            quote=None,
            checklist=(),
            expires_on=None,
            warnings=(),
            next_plate=None,
        )
    asked = exchange if deal.vehicle.vin else None
    preview = register_vehicle.preview(deal, actor=actor, at=at, exchange=asked)
    gaps = {refusal.field for refusal in missing}
    found = placed(preview.refusals, known=known)
    stops = tuple(refusal for refusal in found if refusal.field is None or refusal.field not in gaps)
    return Panel(
        stops=tuple(stop for stop in stops if stop.code not in _TO_DO and stop.code != _PAPER),
        missing=(*missing, *(stop for stop in stops if stop.code in _TO_DO)),
        papers=tuple(stop for stop in stops if stop.code == _PAPER),
        quote=preview.quote,
        checklist=preview.checklist,
        expires_on=preview.expires_on,
        warnings=preview.warnings,
        next_plate=preview.next_plate,
    )


def read_whole(
    draft: Mapping[str, Any], *, known: Mapping[str, Field]
) -> tuple[Deal | None, tuple[Refusal, ...]]:
    """The deal for processing, or what is missing from it."""
    deal, refusals = read_deal(draft)
    long = over_long(draft, known=known)
    return None if long else deal, placed((*long, *refusals), known=known)


def placed(refusals: tuple[Refusal, ...], *, known: Mapping[str, Field]) -> tuple[Refusal, ...]:
    """The refusals at the questions of the form, and what is missing said in the form's own words."""
    return tuple(_placed(refusal, known=known) for refusal in refusals)


def _placed(refusal: Refusal, *, known: Mapping[str, Field]) -> Refusal:
    path = refusal.field
    while path and path not in known and path not in _FIRST and path != "documents":
        path = path.rpartition(".")[0]
    if not path:
        return dataclasses.replace(refusal, field=None)
    if path not in known:
        path = _FIRST.get(path, path)
    message = refusal.message
    if refusal.code in _READING and path in known:
        group = _GROUPS.get(path.split(".")[0], "")
        # What stands behind a comma says how to fill in ("Reading, whole miles"): no part of the name.
        label = known[path].label.partition(",")[0]
        named = (
            f"{group}: {label[0].lower() + label[1:] if not label[:2].isupper() else label}"
            if group
            else label
        )
        missing = refusal.code == "missing_field"
        fault = "is missing" if missing else refusal.detail.get("fault", "cannot be read")
        message = f"{named} {fault}."
    return dataclasses.replace(refusal, field=path, message=message)

"""A brand corrected or taken back by the jurisdiction that applied it, and by no other (N-404)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from vinculum.protocol.fields import BrandCode, JurisdictionCode, PercentOfDamage, Reason, Vin


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectBrand:
    """The origin's own brand of that code and date should have said something else; what stays is left out."""

    message_id: UUID
    origin: JurisdictionCode
    sent_at: datetime
    vin: Vin
    brand_code: BrandCode
    brand_date: date
    reason: Reason
    new_brand_code: BrandCode | None = None
    new_brand_date: date | None = None
    percent_of_damage: PercentOfDamage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveBrand:
    """The origin's own brand of that code and date should not be there."""

    message_id: UUID
    origin: JurisdictionCode
    sent_at: datetime
    vin: Vin
    brand_code: BrandCode
    brand_date: date
    reason: Reason

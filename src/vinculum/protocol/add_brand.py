"""A brand reported to the exchange, from a title issued or a paper title surrendered (N-403)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from vinculum.protocol.fields import (
    BrandCode,
    JurisdictionCode,
    MakeCode,
    ModelYear,
    PercentOfDamage,
    Vin,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddBrand:
    """The origin, as brander, puts a standard brand on the VIN; the vehicle need not be titled."""

    message_id: UUID
    origin: JurisdictionCode
    sent_at: datetime
    vin: Vin
    brand_code: BrandCode
    brand_date: date
    make: MakeCode
    model_year: ModelYear
    percent_of_damage: PercentOfDamage | None = None

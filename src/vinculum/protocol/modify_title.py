"""VINMOD: the state of title changes what its own title says of the vehicle, the VIN included (N-303, N-307)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from vinculum.protocol.fields import (
    JurisdictionCode,
    MakeCode,
    ModelYear,
    Odometer,
    StateTitleKey,
    TitleNumber,
    Vin,
)
from vinculum.protocol.inquiry import OdometerUnit
from vinculum.protocol.title_type import TitleType


@dataclass(frozen=True, slots=True, kw_only=True)
class ModifyTitle:
    """VIN and title number of the pointer, and those of the new title record; at least one value must change.

    `vin_verified_on` is the day on which a new VIN was read off the vehicle itself.
    """

    message_id: UUID
    origin: JurisdictionCode
    sent_at: datetime
    vin: Vin
    old_title_number: TitleNumber
    title_number: TitleNumber
    issue_date: date
    odometer: Odometer
    odometer_unit: OdometerUnit = "M"
    new_vin: Vin | None = None
    make: MakeCode | None = None
    model_year: ModelYear | None = None
    state_title_key: StateTitleKey = ""
    title_type: TitleType = "road"
    vin_verified_on: date | None = None

"""UV-NM05, in-state change: the state of title replaces its own title by a new one (N-302)."""

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
from vinculum.protocol.reassignment import Reassignment
from vinculum.protocol.title_type import TitleType


@dataclass(frozen=True, slots=True, kw_only=True)
class InStateChange:
    """The origin, which is the state of title, has issued a new title for the same vehicle.

    A duplicate title must change its issue date, its number, or both (N-305). With a new VIN,
    `vin_verified_on` is the day on which it was read off the vehicle itself (N-307).
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
    reassignments: tuple[Reassignment, ...] = ()

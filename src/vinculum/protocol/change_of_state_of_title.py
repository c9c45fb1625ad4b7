"""UT-NM06, change of state of title: a new state takes the pointer from the old one (N-301)."""

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
class ChangeOfStateOfTitle:
    """The origin has titled a vehicle that was titled elsewhere.

    `vin`, `old_jurisdiction` and `old_title_number` must equal the current pointer; `new_vin`, `make` and
    `model_year` are given only when they differ from it. With a new VIN, `vin_verified_on` is the day on which
    it was read off the vehicle itself (N-307). `reassignments` are the dealers between the two titles (N-306).
    """

    message_id: UUID
    origin: JurisdictionCode
    sent_at: datetime
    vin: Vin
    old_jurisdiction: JurisdictionCode
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

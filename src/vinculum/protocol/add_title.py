"""VINADD: a title the exchange did not know, such as the first one from a certificate of origin (N-303)."""

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
class AddTitle:
    """The origin has issued this title; VIN, make and year are as on the pointer, if there is one."""

    message_id: UUID
    origin: JurisdictionCode
    sent_at: datetime
    vin: Vin
    title_number: TitleNumber
    issue_date: date
    make: MakeCode
    model_year: ModelYear
    odometer: Odometer
    odometer_unit: OdometerUnit = "M"
    state_title_key: StateTitleKey = ""
    title_type: TitleType = "road"
    reassignments: tuple[Reassignment, ...] = ()

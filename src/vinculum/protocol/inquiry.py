"""The inquiries before a title is issued, for used (N-201) and new vehicles (N-203), and their answer."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from vinculum.protocol.fields import (
    BrandCode,
    BranderCode,
    ControlNumber,
    JurisdictionCode,
    MakeCode,
    ModelYear,
    Odometer,
    PercentOfDamage,
    TitleNumber,
    Vin,
)
from vinculum.protocol.problem import Problem
from vinculum.protocol.reassignment import Reassignment
from vinculum.protocol.state_detail import StateDetail

InquiryPurpose = Literal["title", "registration", "correction", "investigation"]
OdometerUnit = Literal["M", "K"]
TitleStanding = Literal["current", "former", "withdrawn"]
ReporterKind = Literal["junk_yard", "salvage_yard", "insurer"]
Disposition = Literal["to_be_determined", "sold", "crushed", "dismantled", "scrapped", "rebuilt", "retained"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedVehicleInquiry:
    """What is known of this VIN? State of title and title number single one out of several pointers.

    `control_number` is that of the paper presented; it is looked up among the stolen and missing stock.
    """

    message_id: UUID
    origin: JurisdictionCode
    sent_at: datetime
    vin: Vin
    purpose: InquiryPurpose = "title"
    title_jurisdiction: JurisdictionCode | None = None
    title_number: TitleNumber | None = None
    with_theft: bool = False
    control_number: ControlNumber | None = None
    with_state_detail: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVehicleInquiry:
    """A vehicle that comes with a certificate of origin: what its maker says, and that nobody has titled it yet."""

    message_id: UUID
    origin: JurisdictionCode
    sent_at: datetime
    vin: Vin
    purpose: InquiryPurpose = "title"
    make_name: str | None = None
    model_year: ModelYear | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodedVehicle:
    """What the manufacturer's pattern says of the VIN; "" where it says nothing. `doubts` are sentences."""

    manufacturer: str
    make: str
    model: str
    model_year: int | None
    vehicle_type: str
    body_class: str
    gvwr_class: str
    plant_country: str
    check_digit_valid: bool
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentTitle:
    """A pointer: which state holds the current title, and what the exchange knows of it (NM30)."""

    jurisdiction: JurisdictionCode
    title_number: TitleNumber
    issue_date: date
    make: MakeCode
    model_year: ModelYear
    odometer: Odometer
    odometer_unit: OdometerUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleInHistory:
    """One title the vehicle has had (NM31); `withdrawn` means undone or removed, kept with its reason.

    `other_vin` is the wrong VIN under which it stood before, or the right one to which it went (N-307);
    `reassignments` the dealers through whose hands the vehicle went on the way to this title (N-306).
    """

    jurisdiction: JurisdictionCode
    title_number: TitleNumber
    issue_date: date
    make: MakeCode
    model_year: ModelYear
    odometer: Odometer
    odometer_unit: OdometerUnit
    transaction_type: str
    transaction_at: datetime
    standing: TitleStanding
    reason: str = ""
    other_vin: Vin | None = None
    reassignments: tuple[Reassignment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandInHistory:
    """A brand on the vehicle: who applied it and when (NM37)."""

    code: BrandCode
    brander: BranderCode
    brand_date: date
    make: MakeCode
    model_year: ModelYear
    percent_of_damage: PercentOfDamage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TheftReport:
    """An open theft report."""

    reported_by: JurisdictionCode
    stolen_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class JsiReport:
    """A junk or salvage yard or an insurer obtained the vehicle, as its report stands; never from whom (N-801)."""

    reporter_kind: ReporterKind
    reporter_name: str
    reporter_state: JurisdictionCode
    obtained_on: date
    disposition: Disposition
    for_export: bool
    reported_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OdometerReading:
    """A reading as it came with a title."""

    reading: Odometer
    unit: OdometerUnit
    read_on: date
    jurisdiction: JurisdictionCode


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryAnswer:
    """What the exchange knows of the VIN, newest first.

    `ask_state` is the one state of title that can be asked for its own detail; it is empty when there is no
    title or when there are several (N-201). `answered` is false when the inquiry was refused: `problems`
    then say why. `theft` means something only when `theft_asked`.
    """

    message_id: UUID
    vin: Vin
    answered: bool
    answered_at: datetime
    problems: tuple[Problem, ...] = ()
    pointers: tuple[CurrentTitle, ...] = ()
    ask_state: JurisdictionCode | None = None
    history: tuple[TitleInHistory, ...] = ()
    brands: tuple[BrandInHistory, ...] = ()
    odometer: tuple[OdometerReading, ...] = ()
    theft_asked: bool = False
    theft: tuple[TheftReport, ...] = ()
    jsi: tuple[JsiReport, ...] = ()
    decoded: DecodedVehicle | None = None
    state_detail: StateDetail | None = None

"""A deal: everything a dealer clerk declares about one vehicle, its buyer and its papers.

A deal says what the paper in the clerk's hand says. It is never taken as true by itself: the rules hold it
against what is on file (`on_file`) and against the national exchange. Weights are whole pounds, money is
Decimal dollars and cents, dates are legal days, customers are named by their DMV customer number (D-207: a
dealer never types an owner's name or address).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

VehicleType = Literal[
    "passenger", "suv", "truck", "van", "truck_tractor", "motorcycle", "motorhome", "trailer", "semi_trailer"
]
Usage = Literal["regular", "combination", "commercial"]
PlateClass = Literal[
    "passenger", "combination", "commercial", "motorcycle", "camper", "camp_trailer", "commercial_trailer"
]
Fuel = Literal["gasoline", "diesel", "electric", "hybrid", "other"]
OwnershipKind = Literal["certificate_of_origin", "connecticut_title", "out_of_state_title"]
CertificateMark = Literal["used", "damaged_in_transit", "not_to_be_sold_as_new"]
OdometerBrand = Literal["actual", "not_actual", "exceeds_mechanical_limits", "exempt"]
Relationship = Literal["registrant", "spouse", "parent", "child", "civil_union_partner", "other"]
TaxTreatment = Literal[
    "standard",
    "nonresident_military",
    "government",
    "trust_transfer",
    "military_stationed_outside",
    "registered_out_of_state_60_days",
    "exempt_raffle",
]
SaleItemKind = Literal[
    "conveyance_fee",
    "etching",
    "extended_warranty",
    "service_warranty",
    "fabric_guard",
    "mandatory_gap",
    "optional_gap",
    "rebate_not_deducted",
    "rebate_already_deducted",
    "paint_sealant",
    "rust_proofing",
    "vin_etching",
    "cap_cost_reduction",
    "credit_life_insurance",
    "dealer_discount",
    "disability_insurance",
    "luxury_tax",
    "registration_and_title_fees",
    "loan_rollover",
    "payoff",
]
Circumstance = Literal[
    "title_only",
    "class_transfer",
    "one_year_passenger_renewal",
    "seasonal_commercial",
    "school_children_sign",
    "municipal_or_no_fee",
    "legislative_supplemental",
    "special_plate",
    "kit_or_out_of_country",
    "name_change",
    "us_military_registration",
    "military_owner",
    "glider_kit",
    "permanent_signage",
    "removable_signage",
    "officer_letter",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredVehicle:
    """The vehicle as the paper and the lot describe it; `make` is the NCIC code, weights are pounds."""

    vin: str
    model_year: int
    make: str
    model: str = ""
    body_style: str = ""
    vehicle_type: VehicleType = "passenger"
    fuel: Fuel = "gasoline"
    colour: str = ""
    gvwr_pounds: int | None = None
    light_weight_pounds: int | None = None
    declared_weight_pounds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassignment:
    """One dealer-to-dealer assignment on the way to this sale (D-708)."""

    dealer_name: str
    assigned_on: date
    document_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnershipDocument:
    """The paper that proves ownership: certificate of origin or title, and how it is assigned (D-209).

    `jurisdiction` is the D20 code of the issuer (empty for a certificate of origin); `legends` are the
    legends printed on a title; `lienholder_code` is the lienholder written on the assignment (D-410);
    `control_number` is that of the blank form a title is printed on, not its title number (N-701).
    """

    kind: OwnershipKind
    number: str
    issue_date: date
    assigned_to: tuple[str, ...]
    jurisdiction: str = ""
    legends: tuple[str, ...] = ()
    certificate_marks: tuple[CertificateMark, ...] = ()
    lienholder_code: str | None = None
    reassignments: tuple[Reassignment, ...] = ()
    control_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredLien:
    """A security interest to be noted on the title: the lienholder on the approved list, and its date."""

    lienholder_code: str
    lien_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class InsuranceCard:
    """The insurance identification card shown at the counter (D-402).

    That it was issued pursuant to Connecticut law is attested by whoever saw it, and never assumed.
    """

    insurer: str
    policy_number: str
    effective_date: date
    in_name_of: str
    kind: Literal["permanent", "temporary"] = "permanent"
    issued_pursuant_to_connecticut_law: bool = False
    relationship: Relationship = "registrant"


@dataclass(frozen=True, slots=True, kw_only=True)
class OdometerDisclosure:
    """The odometer statement: whole miles, no tenths (D-413)."""

    reading: int
    brand: OdometerBrand = "actual"


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleItem:
    """One extra on the purchase order, taxable or not by its kind (D-802)."""

    kind: SaleItemKind
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeIn:
    """A vehicle given in exchange; it lowers the taxable price only if titled to the purchaser (D-802)."""

    vin: str
    allowance: Decimal
    titled_to_purchaser: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """The price side of the deal (D-801, D-802)."""

    price: Decimal
    items: tuple[SaleItem, ...] = ()
    trade_ins: tuple[TradeIn, ...] = ()
    tax_treatment: TaxTreatment = "standard"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationSought:
    """What the customer wants on the road; the town is where the vehicle is garaged overnight (D-412)."""

    plate_class: PlateClass
    usage: Usage
    garaging_town: str
    circumstances: tuple[Circumstance, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """One new-issue registration as the clerk has it on the desk.

    `owners` are customer numbers, primary first; `conjunction` says whether two owners hold jointly (and)
    or either alone may sign (or); `documents` are the codes of checklist papers marked as in hand (D-501).
    `issue_date` is the day the registration is issued to the vehicle (D-202).
    """

    vehicle: DeclaredVehicle
    owners: tuple[str, ...]
    ownership: OwnershipDocument
    odometer: OdometerDisclosure
    sale: Sale
    registration: RegistrationSought
    issue_date: date
    conjunction: Literal["and", "or"] | None = None
    liens: tuple[DeclaredLien, ...] = ()
    insurance: InsuranceCard | None = None
    documents: tuple[str, ...] = ()

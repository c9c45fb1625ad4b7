"""What is on file about a deal: the book's and the exchange's side of the question, as plain facts.

Rules read these beside the `Deal`; whoever calls the rules loads them (state/records, inventory, ledger,
outbox). `None` means "nothing on file", never "not asked"; what was not asked says so itself.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

CustomerKind = Literal["person", "business", "trust", "estate", "nonprofit", "government", "lessor"]
StopKind = Literal[
    "registration_suspension", "privilege_suspension", "insurance_compliance", "delinquent_tax"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerStop:
    """An open hold on a customer (D-401); the town is the collector's for delinquent property tax."""

    kind: StopKind
    since: date
    town_code: str = ""
    town_name: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerOnFile:
    """A customer record as DMV holds it (D-208); `name` is the full name as it prints on a title."""

    customer_id: UUID
    number: str
    kind: CustomerKind
    name: str
    last_name: str
    date_of_birth: date | None
    residence_state: str
    residence_town: str
    tax_town_code: str
    us_dot_number: str = ""
    military: bool = False
    other_records: int = 0
    stops: tuple[CustomerStop, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LienOnFile:
    """An open lien noted on a title of the book."""

    lienholder_code: str
    lienholder_name: str
    lien_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleOnFile:
    """The open title of the vehicle in this state's book."""

    title_id: UUID
    number: str
    issue_date: date
    owner_names: tuple[str, ...]
    legends: tuple[str, ...] = ()
    liens: tuple[LienOnFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationOnFile:
    """The open registration of the vehicle, or the latest one that ended."""

    registration_id: UUID
    plate_number: str
    expires_on: date
    owner_names: tuple[str, ...]
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleOnFile:
    """What this state's book knows of the VIN."""

    title: TitleOnFile | None = None
    registration: RegistrationOnFile | None = None
    last_odometer: int | None = None
    last_odometer_on: date | None = None
    gvwr_pounds: int | None = None
    brand_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangePointer:
    """A current title of the VIN as the national exchange points to it."""

    jurisdiction: str
    title_number: str
    issue_date: date
    make: str
    model_year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeBrand:
    """A brand on the VIN in the national brand history."""

    code: str
    brander: str
    brand_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeYardReport:
    """A junk or salvage yard or an insurer reported that it obtained the vehicle; `reporter` says who, and where."""

    reporter: str
    obtained_on: date
    disposition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeCaseFinding:
    """One thing that a case is about, in the exchange's words; `about` is the brand code of a brand."""

    code: str
    on_record: str
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeCase:
    """A case this state has opened about the VIN (N-401); `closed_because` is empty until it is closed."""

    number: str
    holding: str
    closed_because: str
    paper_jurisdiction: str
    paper_number: str
    paper_date: date
    findings: tuple[ExchangeCaseFinding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeFindings:
    """The exchange's answer to the inquiry before title (D-409, N-401). `answered` is false on time-out.

    `missing_stock` are the exchange's sentences on the title stock of the paper, when it was stolen or is missing;
    `taken_back` those on a title of the paper's state and number that was recalled or fraudulent (N-303).
    `cases` are this state's own, newest first; `help_desk` says how that of the other state is reached. Both are asked
    only when paper and record may disagree.
    """

    answered: bool
    pointers: tuple[ExchangePointer, ...] = ()
    brands: tuple[ExchangeBrand, ...] = ()
    stolen: bool = False
    last_odometer: int | None = None
    yard_reports: tuple[ExchangeYardReport, ...] = ()
    missing_stock: tuple[str, ...] = ()
    taken_back: tuple[str, ...] = ()
    cases: tuple[ExchangeCase, ...] = ()
    help_desk: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DealerStanding:
    """Whether the dealer may transact at all (D-101 to D-104): the papers on file and the days they end."""

    dealer_number: str
    licence_expires_on: date | None
    bond_expires_on: date | None
    bond_amount: Decimal
    agreement_signed_on: date | None
    letter_of_intent_on: date | None
    funds_account_open: bool
    clerk_certified_until: date | None
    suspended_since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnFile:
    """Everything on file that the rules of a new issue look at.

    `owners` answers `Deal.owners` in order, `None` where no such customer exists. `lienholders` maps each
    declared lienholder code that is on the approved list to its name. `next_plate` is the next plate of the
    class in the dealer's sequence; `funds` is the dealer's balance in dollars.
    """

    owners: tuple[CustomerOnFile | None, ...]
    vehicle: VehicleOnFile
    exchange: ExchangeFindings
    dealer: DealerStanding
    lienholders: dict[str, str]
    next_plate: str | None
    funds: Decimal
    in_jurisdiction: str = "CT"

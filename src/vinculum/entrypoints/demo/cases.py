"""The documented vehicles and customers of the demonstration: each goes through or meets one trouble on purpose.

`docs/demonstration.md` lists them and `vinculum demo cases` prints them; a test holds both to this file. Days are
counted back from the day the world is made.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from vinculum.entrypoints.demo.vehicles import Pattern, pattern_of
from vinculum.state.law.on_file import StopKind


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCustomer:
    """A customer shown at the counter by licence; `stop` is what stands against it."""

    code: str
    licence: str
    name: str
    words: str
    meets: str = ""
    stop: StopKind | None = None
    born_years_ago: int = 40
    on_file: bool = True
    records: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """A current title at the exchange; `days` ago it was issued."""

    jurisdiction: str
    title_number: str
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseVehicle:
    """A vehicle a dealer brings: what its paper says, what is on file about it, and what it meets.

    `meets` is the refusal it is there to show; empty when it goes through. `titled_days` puts a Connecticut title
    on the book; `brand` is (code, brander, days ago).
    """

    code: str
    words: str
    pattern: Pattern
    serial: int
    paper: str
    paper_number: str
    paper_jurisdiction: str = ""
    paper_days: int = 400
    meets: str = ""
    plate_class: str = "passenger"
    titled_here: bool = False
    legends: tuple[str, ...] = ()
    pointers: tuple[Pointer, ...] = ()
    left: tuple[Pointer, ...] = ()
    brand: tuple[str, str, int] | None = None
    stolen_days: int | None = None
    odometer: int = 31_250

    @property
    def vin(self) -> str:
        """The VIN as it is typed at the counter."""
        return self.pattern.vin(self.serial)


def days_before(day: date, days: int) -> date:
    """The legal day so many days before."""
    return day - timedelta(days=days)


CUSTOMERS: Final = (
    CaseCustomer(code="buyer", licence="010000001", name="Avery Sample", words="an ordinary buyer"),
    CaseCustomer(
        code="second_buyer",
        licence="010000002",
        name="Blake Specimen",
        words="a second owner for joint deals",
    ),
    CaseCustomer(
        code="tax_delinquent",
        licence="010000003",
        name="Casey Owing",
        words="owes property tax to Hartford",
        meets="delinquent_tax",
        stop="delinquent_tax",
    ),
    CaseCustomer(
        code="registration_suspended",
        licence="010000004",
        name="Dakota Halted",
        words="registration privilege suspended",
        meets="registration_suspension",
        stop="registration_suspension",
    ),
    CaseCustomer(
        code="privilege_suspended",
        licence="010000005",
        name="Emerson Barred",
        words="operating privilege suspended",
        meets="privilege_suspension",
        stop="privilege_suspension",
    ),
    CaseCustomer(
        code="insurance_compliance",
        licence="010000006",
        name="Finley Uncovered",
        words="did not keep a vehicle insured",
        meets="insurance_compliance",
        stop="insurance_compliance",
    ),
    CaseCustomer(
        code="minor",
        licence="010000007",
        name="Gray Youngling",
        words="is under eighteen",
        meets="minor_owner",
        born_years_ago=17,
    ),
    CaseCustomer(
        code="several_records",
        licence="010000008",
        name="Harper Twice",
        words="has two customer records for one licence",
        meets="multiple_customer_records",
        records=2,
    ),
    CaseCustomer(
        code="not_on_file",
        licence="010000009",
        name="",
        words="is not on file",
        meets="customer_not_on_file",
        on_file=False,
    ),
)
SELLER: Final = CaseCustomer(
    code="seller", licence="010000010", name="Jordan Placeholder", words="sold to the dealer"
)

VEHICLES: Final = (
    CaseVehicle(
        code="certificate_of_origin",
        words="new car, from its certificate of origin",
        pattern=pattern_of("2HGFE2F5", "SH"),
        serial=1001,
        paper="certificate_of_origin",
        paper_number="MCO1001",
        paper_days=30,
        odometer=12,
    ),
    CaseVehicle(
        code="certificate_of_origin_pickup",
        words="new pick-up for combination plates, from its certificate of origin",
        pattern=pattern_of("3TYLB5JN", "RT"),
        serial=1002,
        paper="certificate_of_origin",
        paper_number="MCO1002",
        paper_days=30,
        plate_class="combination",
        odometer=9,
    ),
    CaseVehicle(
        code="connecticut_title",
        words="used car with a Connecticut title",
        pattern=pattern_of("4T1B11HK", "JU"),
        serial=1003,
        paper="connecticut_title",
        paper_number="20050003",
        paper_jurisdiction="CT",
        titled_here=True,
    ),
    CaseVehicle(
        code="new_york_title",
        words="used car from New York: change of state of title",
        pattern=pattern_of("JF2SKAEC", "LH"),
        serial=1004,
        paper="out_of_state_title",
        paper_number="NY50001004",
        paper_jurisdiction="NY",
        pointers=(Pointer(jurisdiction="NY", title_number="NY50001004", days=400),),
    ),
    CaseVehicle(
        code="washed_brand",
        words="salvaged in New Jersey, retitled clean in New York: the paper keeps silent",
        pattern=pattern_of("1N4AL3AP", "HC"),
        serial=1005,
        paper="out_of_state_title",
        paper_number="NY50001005",
        paper_jurisdiction="NY",
        meets="brand_missing_on_paper",
        pointers=(Pointer(jurisdiction="NY", title_number="NY50001005", days=400),),
        left=(Pointer(jurisdiction="NJ", title_number="NJ70001005", days=700),),
        brand=("11", "NJ", 700),
    ),
    CaseVehicle(
        code="cloned_vin",
        words="current titles in Massachusetts and in Rhode Island: one of the two cars is a clone",
        pattern=pattern_of("5TDJZRFH", "HS"),
        serial=1006,
        paper="out_of_state_title",
        paper_number="MA60001006",
        paper_jurisdiction="MA",
        meets="several_titles_in_exchange",
        pointers=(
            Pointer(jurisdiction="MA", title_number="MA60001006", days=400),
            Pointer(jurisdiction="RI", title_number="RI80001006", days=250),
        ),
    ),
    CaseVehicle(
        code="flood",
        words="Connecticut title with the legend FLOOD",
        pattern=pattern_of("2HGFC2F5", "JH"),
        serial=1007,
        paper="connecticut_title",
        paper_number="20050007",
        paper_jurisdiction="CT",
        meets="branded_title",
        titled_here=True,
        legends=("FLOOD",),
        brand=("01", "CT", 400),
    ),
    CaseVehicle(
        code="rebuilt",
        words="Connecticut title with the legend REBUILT, which does not stop",
        pattern=pattern_of("3N1AB7AP", "HY"),
        serial=1008,
        paper="connecticut_title",
        paper_number="20050008",
        paper_jurisdiction="CT",
        titled_here=True,
        legends=("REBUILT",),
        brand=("09", "CT", 400),
    ),
    CaseVehicle(
        code="junk",
        words="declared junk in Massachusetts: never again for the road",
        pattern=pattern_of("1FMCU9GD", "KU"),
        serial=1009,
        paper="out_of_state_title",
        paper_number="MA60001009",
        paper_jurisdiction="MA",
        meets="vehicle_not_for_road",
        pointers=(Pointer(jurisdiction="MA", title_number="MA60001009", days=400),),
        brand=("08", "MA", 400),
    ),
    CaseVehicle(
        code="stolen",
        words="reported stolen in New York",
        pattern=pattern_of("5YJ3E1EA", "KF"),
        serial=1010,
        paper="out_of_state_title",
        paper_number="NY50001010",
        paper_jurisdiction="NY",
        meets="vehicle_reported_stolen",
        pointers=(Pointer(jurisdiction="NY", title_number="NY50001010", days=400),),
        stolen_days=20,
    ),
    CaseVehicle(
        code="legacy_title",
        words="Connecticut title numbered under 20,000,000: its record may be incomplete, and the screen says so",
        pattern=pattern_of("1HGCM826", "3A"),
        serial=1011,
        paper="connecticut_title",
        paper_number="19876543",
        paper_jurisdiction="CT",
        paper_days=4500,
        titled_here=True,
        odometer=88_400,
    ),
    CaseVehicle(
        code="title_elsewhere",
        words="the paper is of New York, the current title of Massachusetts",
        pattern=pattern_of("2T3P1RFV", "KC"),
        serial=1012,
        paper="out_of_state_title",
        paper_number="NY50001012",
        paper_jurisdiction="NY",
        meets="title_state_mismatch",
        pointers=(Pointer(jurisdiction="MA", title_number="MA60001012", days=100),),
        left=(Pointer(jurisdiction="NY", title_number="NY50001012", days=400),),
    ),
)

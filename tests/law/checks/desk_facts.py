"""A dealer's counter on a Friday at noon: deals nothing is wrong with, and cases that change one thing.

A case of jurisdictions/ct/cases/checks names what differs by the path of a field (`vehicle.vin`,
`owners.0.stops`); everything else stays clean, so that what comes out is due to that difference alone.
Nobody and nothing here exists.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from connecticut import FOLDER, tables_of
from vinculum.kernel.vin import check_digit
from vinculum.state.law.assess_registration import Assessment, assess
from vinculum.state.law.deal import (
    Deal,
    DeclaredVehicle,
    InsuranceCard,
    OdometerDisclosure,
    OwnershipDocument,
    RegistrationSought,
    Sale,
)
from vinculum.state.law.on_file import (
    CustomerOnFile,
    DealerStanding,
    ExchangeFindings,
    ExchangePointer,
    OnFile,
    TitleOnFile,
    VehicleOnFile,
)

CASES = FOLDER / "cases" / "checks"
# Friday, 20 November 2026, noon in Wethersfield.
TODAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
OWNER = "SAMPLE AVERY"
TITLE_NUMBER = "30000001"
TITLE_DATE = date(2024, 5, 6)
NOBODY = UUID(int=0)

_DEAL = TypeAdapter(Deal)
_ON_FILE = TypeAdapter(OnFile)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """What a decoder said of the VIN."""

    check_digit_valid: bool = True
    model_year: int | None = None
    messages: tuple[str, ...] = ()


def vin_of(head: str, tail: str) -> str:
    """A VIN with its right check digit."""
    vin = f"{head}0{tail}"
    return vin[:8] + check_digit(vin) + vin[9:]


VIN = vin_of("1HGCY1F3", "PA000017")


def person(name: str = OWNER, number: str = "CT0000001") -> CustomerOnFile:
    """A grown person of Hartford."""
    return CustomerOnFile(
        customer_id=NOBODY,
        number=number,
        kind="person",
        name=name,
        last_name=name.split()[0],
        date_of_birth=date(1980, 1, 2),
        residence_state="CT",
        residence_town="HARTFORD",
        tax_town_code="064",
    )


@cache
def clean_deal(paper: str) -> Deal:
    """A passenger car with a standard plate on a clean paper, every paper of the list in hand."""
    new = paper == "certificate_of_origin"
    issuer = {"certificate_of_origin": "", "connecticut_title": "CT", "out_of_state_title": "MA"}[paper]
    return Deal(
        vehicle=DeclaredVehicle(vin=VIN, model_year=2023, make="HOND", model="ACCORD", gvwr_pounds=4300),
        owners=("CT0000001",),
        ownership=OwnershipDocument(
            kind=paper,  # type: ignore[arg-type]
            number="MCO-1" if new else TITLE_NUMBER,
            issue_date=TITLE_DATE,
            assigned_to=(OWNER,),
            jurisdiction=issuer,
        ),
        odometer=OdometerDisclosure(reading=12 if new else 20500),
        sale=Sale(price=Decimal("28000.00")),
        registration=RegistrationSought(plate_class="passenger", usage="regular", garaging_town="HARTFORD"),
        issue_date=TODAY,
        insurance=InsuranceCard(
            issued_pursuant_to_connecticut_law=True,
            insurer="Fictional Mutual",
            policy_number="FM-1",
            effective_date=date(2026, 11, 19),
            in_name_of=OWNER,
        ),
        documents=tuple(tables_of(TODAY).documents),
    )


@cache
def clean_on_file(paper: str) -> OnFile:
    """The book and the exchange as they should stand beside such a deal."""
    new = paper == "certificate_of_origin"
    state = "MA" if paper == "out_of_state_title" else "CT"
    title = TitleOnFile(
        title_id=NOBODY, number=TITLE_NUMBER, issue_date=TITLE_DATE, owner_names=("SELLER SAM",)
    )
    pointer = ExchangePointer(
        jurisdiction=state, title_number=TITLE_NUMBER, issue_date=TITLE_DATE, make="HOND", model_year=2023
    )
    return OnFile(
        owners=(person(),),
        vehicle=VehicleOnFile(title=title if paper == "connecticut_title" else None),
        exchange=ExchangeFindings(answered=True, pointers=() if new else (pointer,)),
        dealer=DealerStanding(
            dealer_number="U0001",
            licence_expires_on=date(2027, 6, 30),
            bond_expires_on=date(2027, 6, 30),
            bond_amount=Decimal("5000.00"),
            agreement_signed_on=date(2024, 1, 2),
            letter_of_intent_on=date(2024, 1, 2),
            funds_account_open=True,
            clerk_certified_until=date(2027, 6, 30),
        ),
        lienholders={"TEST01": "Fictional Test Bank"},
        next_plate="AA10001",
        funds=Decimal("5000.00"),
    )


def assess_case(case: Mapping[str, Any]) -> Assessment:
    """Hold the case against the rules."""
    paper = case.get("paper", "certificate_of_origin")
    deal = changed(_DEAL, clean_deal(paper), case.get("deal", {}))
    documents = set(case.get("without", ()))
    deal = dataclasses.replace(deal, documents=tuple(d for d in deal.documents if d not in documents))
    on_file = changed(_ON_FILE, clean_on_file(paper), case.get("on_file", {}))
    at = datetime.fromisoformat(case["at"]) if "at" in case else NOON
    decoded = Decoded(**case["decoded"]) if "decoded" in case else None
    return assess(deal, on_file=on_file, tables=tables_of(deal.issue_date), decoded=decoded, at=at)


def changed(adapter: TypeAdapter[Any], clean: Any, changes: Mapping[str, Any]) -> Any:
    """The clean facts with some fields, named by their paths, put otherwise."""
    facts = adapter.dump_python(clean)
    for path, value in changes.items():
        *way, last = path.split(".")
        place = facts
        for step in way:
            place = place[int(step)] if step.isdigit() else place[step]
        if isinstance(place, dict):
            assert last in place or path.startswith("lienholders"), f"no such field: {path}"
        place[int(last) if last.isdigit() else last] = value
    return adapter.validate_python(facts)


def case_files() -> list[Path]:
    """The files of cases."""
    return sorted(CASES.glob("*.yaml"))

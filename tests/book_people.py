"""A small office for tests of the book: published law, a dealer with plates and funds, and customers on file."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path
from uuid import uuid4

import psycopg

from people import DealerSet, World
from vinculum.kernel.plate_number import PlateFormat
from vinculum.kernel.vin import check_digit
from vinculum.state.law.deal import DeclaredVehicle, PlateClass
from vinculum.state.records.conversion import ConvertedRegistration, ConvertedTitle
from vinculum.state.records.customer_keeping import CustomerParticulars, Identification
from vinculum.state.reference.jurisdiction import load_jurisdiction
from vinculum.state.reference.publication import publish
from vinculum.state.transactions import add_stock, convert_record, deposit_funds, keep_customer

AT = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
CONNECTICUT = Path(__file__).resolve().parents[1] / "jurisdictions/ct"
PASSENGER = PlateFormat(pattern="@@#####")

_serials = count(100_001)
_plates = count(0, 25)


def publish_connecticut(world: World) -> None:
    """The law of Connecticut, in force in the test database."""
    with psycopg.connect(world.databases.migrate_state_url) as connection:
        publish(connection, load_jurisdiction(CONNECTICUT), published_at=AT, published_by="Test")


def new_vin() -> str:
    """A Honda Accord of 2003 nobody has used in this session."""
    vin = f"1HGCM8260 3A{next(_serials):06d}".replace(" ", "")
    return vin[:8] + check_digit(vin) + vin[9:]


def give_plates(
    world: World, dealer: DealerSet, *, plate_class: PlateClass = "passenger", count: int = 25
) -> str:
    """The next unused run of plates; answers the first."""
    first = PASSENGER.mark_at(PASSENGER.ordinal("BA10001") + next(_plates))
    add_stock.run(
        add_stock.Request(
            dealer_id=dealer.organisation_id, plate_class=plate_class, first_number=first, count=count
        ),
        actor=world.system(),
        at=AT,
    )
    return first


def give_funds(world: World, dealer: DealerSet, amount: str = "1000.00") -> deposit_funds.Receipt:
    """Money in the dealer's funds account."""
    return deposit_funds.run(
        deposit_funds.Request(
            dealer_id=dealer.organisation_id, amount=Decimal(amount), reference=f"test-{uuid4().hex}"
        ),
        actor=world.accountant(),
        at=AT,
    )


def new_licence() -> str:
    """A licence number nobody has used in this session."""
    return f"9{next(_serials):08d}"


def make_customer(world: World, *, licence: str = "", name: str = "Avery Sample") -> keep_customer.Receipt:
    """A person on file who lives in Hartford."""
    return keep_customer.run(
        keep_customer.Request(
            particulars=CustomerParticulars(
                kind="person",
                name=name,
                last_name=name.split()[-1],
                date_of_birth=date(1980, 1, 2),
                residence_street="1 Example Street",
                residence_town="Hartford",
                residence_state="CT",
                residence_zip="06103",
                tax_town_code="064",
            ),
            identifications=(Identification(kind="ct_licence", number=licence or new_licence()),),
        ),
        actor=world.system(),
        at=AT,
    )


def make_titled_vehicle(
    world: World, *, owner: str, vin: str = "", title_number: str = "", plate: str = ""
) -> convert_record.Receipt:
    """A vehicle on the book as converted: title of 2020, registration of 2024 if a plate is given."""
    return convert_record.run(
        convert_record.Request(
            vehicle=DeclaredVehicle(vin=vin or new_vin(), model_year=2003, make="HOND"),
            owners=(owner,),
            title=ConvertedTitle(
                number=title_number or f"21{next(_serials)}",
                issue_date=date(2020, 5, 6),
                odometer=40_000,
                odometer_brand="actual",
            ),
            registration=ConvertedRegistration(
                plate_number=plate,
                plate_class="passenger",
                usage="regular",
                tax_town_code="064",
                effective_date=date(2024, 5, 6),
                expires_on=date(2027, 5, 5),
                fee_cents=12_000,
            )
            if plate
            else None,
        ),
        actor=world.system(),
        at=AT,
    )

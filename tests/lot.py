"""A dealer's lot ready for business: papers accepted, plates in stock, money in the account, customers on file.

    lot = Lot(world)                      # a new dealer with everything it needs
    deal = lot.new_car()                  # a deal nothing is wrong with, from a certificate of origin
    register_vehicle.run(Request(deal=deal, idempotency_key=key()), actor=lot.clerk, at=lot.now, exchange=...)

Every lot, customer and VIN is new, for the book only grows. Nobody and nothing here exists.
"""

import dataclasses
import itertools
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from people import DealerSet, World
from vinculum.access.database import Actor, acting, connected
from vinculum.kernel.business_calendar import local_date
from vinculum.kernel.vin import check_digit
from vinculum.state.law.deal import (
    Deal,
    DeclaredVehicle,
    InsuranceCard,
    OdometerDisclosure,
    OwnershipDocument,
    PlateClass,
    RegistrationSought,
    Sale,
)
from vinculum.state.records.customer_keeping import CustomerParticulars
from vinculum.state.reference.publication import tables_in_force
from vinculum.state.transactions import (
    add_stock,
    convert_record,
    deposit_funds,
    keep_customer,
    keep_dealer_paper,
    keep_lienholder,
)

# A Friday noon in Wethersfield; tests that turn on the clock say their own time.
NOON = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
LIENHOLDER = "TEST01"
_serials = itertools.count(1)
# Real descriptors (positions 1 to 8, then 10 and 11): Honda Accord 2023, Ford F-150 2020.
_ACCORD = ("1HGCY1F3", "PA")


def new_vin() -> str:
    """A VIN of real make and shape that no test has used in this database."""
    head, tail = _ACCORD
    serial = (uuid4().int + next(_serials)) % 1_000_000
    vin = f"{head}0{tail}{serial:06d}"
    return vin[:8] + check_digit(vin) + vin[9:]


def key() -> str:
    """An idempotency key of its own."""
    return f"test-{uuid4()}"


class Lot:
    """One dealer with what it needs to transact, and the deals that come to its desk."""

    def __init__(
        self, world: World, *, plates: int = 25, funds: str = "5000.00", at: datetime = NOON
    ) -> None:
        self.world = world
        self.now = at
        self.today: date = local_date(at)
        self.dealer: DealerSet = world.make_dealer()
        self.clerk: Actor = self.dealer.clerk
        self._accept_papers()
        self.fill_stock("passenger", plates)
        if Decimal(funds) > 0:
            self.deposit(funds)
        keep_lienholder.run(
            keep_lienholder.Request(code=LIENHOLDER, name="Fictional Test Bank"),
            actor=world.examiner(),
            at=at,
        )
        self.customer_number = self.new_customer()

    def deposit(self, amount: str) -> None:
        """Put money into the dealer's funds."""
        deposit_funds.run(
            deposit_funds.Request(
                dealer_id=self.dealer.organisation_id, amount=Decimal(amount), reference=f"bank-{uuid4()}"
            ),
            actor=self.world.accountant(),
            at=self.now,
        )

    def new_customer(self, name: str = "SAMPLE AVERY", **particulars: object) -> str:
        """A person on file in Hartford; the customer number."""
        kept = CustomerParticulars(
            kind="person",
            name=name,
            last_name=name.split()[0],
            date_of_birth=date(1980, 1, 2),
            residence_street="1 Example Lane",
            residence_town="HARTFORD",
            residence_state="CT",
            residence_zip="06101",
            tax_town_code="064",
        )
        kept = dataclasses.replace(kept, **particulars)  # type: ignore[arg-type]
        receipt = keep_customer.run(
            keep_customer.Request(particulars=kept), actor=self.world.examiner(), at=self.now
        )
        return receipt.number

    def new_car(self, **changes: object) -> Deal:
        """A new passenger car from a certificate of origin, with nothing wrong and every paper in hand."""
        deal = Deal(
            vehicle=DeclaredVehicle(
                vin=new_vin(),
                model_year=2023,
                make="HOND",
                model="ACCORD",
                body_style="4DR SED",
                vehicle_type="passenger",
                gvwr_pounds=4300,
                light_weight_pounds=3300,
            ),
            owners=(self.customer_number,),
            ownership=OwnershipDocument(
                kind="certificate_of_origin",
                number=f"MCO{uuid4().hex[:8].upper()}",
                issue_date=self.today - timedelta(days=30),
                assigned_to=("SAMPLE AVERY",),
            ),
            odometer=OdometerDisclosure(reading=12),
            sale=Sale(price=Decimal("28000.00")),
            registration=RegistrationSought(
                plate_class="passenger", usage="regular", garaging_town="HARTFORD"
            ),
            issue_date=self.today,
            insurance=InsuranceCard(
                issued_pursuant_to_connecticut_law=True,
                insurer="Fictional Mutual",
                policy_number="FM-1",
                effective_date=self.today - timedelta(days=1),
                in_name_of="SAMPLE AVERY",
            ),
            documents=self._every_document(),
        )
        return dataclasses.replace(deal, **changes)  # type: ignore[arg-type]

    def used_car(self, *, jurisdiction: str, title_number: str, vin: str, odometer: int = 20500) -> Deal:
        """A used car with a clean title of this or another state."""
        deal = self.new_car()
        return dataclasses.replace(
            deal,
            vehicle=dataclasses.replace(deal.vehicle, vin=vin),
            odometer=OdometerDisclosure(reading=odometer),
            ownership=OwnershipDocument(
                kind="connecticut_title" if jurisdiction == "CT" else "out_of_state_title",
                number=title_number,
                issue_date=date(2024, 5, 6),
                assigned_to=("SAMPLE AVERY",),
                jurisdiction=jurisdiction,
            ),
        )

    def convert_title(self, *, vin: str, number: str, owner: str) -> None:
        """Put a Connecticut title of 6 May 2024 on the book, as converted from the older system."""
        convert_record.run(
            convert_record.Request(
                vehicle=dataclasses.replace(self.new_car().vehicle, vin=vin),
                owners=(owner,),
                title=convert_record.ConvertedTitle(
                    number=number, issue_date=date(2024, 5, 6), odometer=20000, odometer_brand="actual"
                ),
            ),
            actor=self.world.system(),
            at=self.now,
        )

    def _every_document(self) -> tuple[str, ...]:
        with connected("state") as connection:
            return tuple(tables_in_force(connection, self.today).documents)

    def _accept_papers(self) -> None:
        examiner = self.world.examiner()
        papers = (
            ("letter_of_intent", None, None),
            ("issuance_bond", Decimal("5000.00"), None),
            ("program_agreement", None, None),
            ("dealer_licence", None, None),
            ("training_certificate", None, self.dealer.clerk.person_id),
            ("training_certificate", None, self.dealer.colleague.person_id),
            ("training_certificate", None, self.dealer.manager.person_id),
        )
        for kind, amount, person in papers:
            keep_dealer_paper.run(
                keep_dealer_paper.Request(
                    dealer_id=self.dealer.organisation_id,
                    kind=kind,  # type: ignore[arg-type]
                    valid_from=self.today - timedelta(days=400),
                    valid_until=self.today + timedelta(days=400),
                    amount=amount,
                    person_id=person,
                ),
                actor=examiner,
                at=self.now,
            )

    def fill_stock(self, plate_class: PlateClass, count: int) -> None:
        """Give the dealer a run of marks from a random place of the sequence, in steps of 25 (I-102)."""
        with connected("state") as connection:
            marks = tables_in_force(connection, self.today).plate_classes[plate_class].plate_format
        add_stock.run(
            add_stock.Request(
                dealer_id=self.dealer.organisation_id,
                plate_class=plate_class,
                first_number=marks.mark_at(uuid4().int % (marks.capacity // 100) * 50),
                count=25,
            ),
            actor=self.world.examiner(),
            at=self.now,
        )
        self.leave_plates(plate_class, count)

    def leave_plates(self, plate_class: PlateClass, count: int) -> None:
        """Take plates off the end of the stock as defective until so many are left."""
        with acting(self.world.examiner(), act="add_stock") as connection:
            connection.execute(
                """UPDATE stock.plate SET state = 'removed' WHERE number IN
                     (SELECT number FROM stock.plate WHERE dealer_id = %s AND plate_class = %s AND state = 'available'
                       ORDER BY position OFFSET %s)""",
                (self.dealer.organisation_id, plate_class, count),
            )

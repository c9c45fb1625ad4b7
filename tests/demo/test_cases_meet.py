"""Every documented vehicle and customer of the demonstration meets what its page says: the rules are asked."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from book_people import AT
from people import World
from vinculum.access import people
from vinculum.access.database import Actor, acting
from vinculum.config.scratch import ScratchDatabases
from vinculum.entrypoints.demo import cases, cast, load
from vinculum.entrypoints.exchange.in_process import ExchangeInProcess
from vinculum.kernel.business_calendar import local_date
from vinculum.kernel.refusal import Refused
from vinculum.state.law.deal import (
    Deal,
    InsuranceCard,
    OdometerDisclosure,
    OwnershipDocument,
    RegistrationSought,
    Sale,
)
from vinculum.state.queries import find_customer
from vinculum.state.transactions import register_vehicle

pytestmark = pytest.mark.database
EXCHANGE = ExchangeInProcess(jurisdiction="CT", clock=lambda: AT)


@pytest.fixture(scope="module")
def clerk(databases: ScratchDatabases, summary: load.Summary) -> Actor:
    """The clerk of Lakeside in the small world."""
    world = World(databases)
    sign_in = cast.SIGN_INS[0]
    with acting(world.system(), act="create_organisation") as connection:
        dealer = connection.execute(
            "SELECT id, name FROM access.organisation WHERE code = %s", [sign_in.code]
        ).fetchone()
    from vinculum.access.models import Person

    person = Person.objects.get(email=sign_in.email)
    return Actor(
        person_id=person.pk,
        person_name=sign_in.name,
        organisation_id=dealer[0],
        organisation_kind="dealer",
        organisation_code=sign_in.code,
        organisation_name=dealer[1],
        role=sign_in.role,
        credential=people.open_session(world.system(), person_id=person.pk),
        terminal="T1",
    )


def _customer(clerk: Actor, licence: str) -> find_customer.Customer:
    return find_customer.run(
        find_customer.Request(kind="ct_licence", number=licence, case_reference="demonstration"), actor=clerk
    )


def _deal(vehicle: cases.CaseVehicle, customer: find_customer.Customer) -> Deal:
    """The deal as docs/demonstration.md gives it; papers in hand are marked from the checklist."""
    day = local_date(AT)
    return Deal(
        vehicle=replace(
            vehicle.pattern.declared(vehicle.serial),
            declared_weight_pounds=vehicle.pattern.gvwr_pounds
            if vehicle.plate_class == "combination"
            else None,
        ),
        owners=(customer.number,),
        ownership=OwnershipDocument(
            kind=vehicle.paper,
            number=vehicle.paper_number,
            issue_date=day - timedelta(days=vehicle.paper_days),
            assigned_to=(customer.name,),
            jurisdiction=vehicle.paper_jurisdiction,
            legends=vehicle.legends,
        ),
        odometer=OdometerDisclosure(reading=vehicle.odometer),
        sale=Sale(price=Decimal("18000.00")),
        registration=RegistrationSought(
            plate_class=vehicle.plate_class,
            usage="combination" if vehicle.plate_class == "combination" else "regular",
            garaging_town="Hartford",
        ),
        issue_date=day,
        insurance=InsuranceCard(
            issued_pursuant_to_connecticut_law=True,
            insurer="Sample Mutual",
            policy_number="P1",
            effective_date=day,
            in_name_of=customer.name,
        ),
    )


def _codes(clerk: Actor, deal: Deal) -> set[str]:
    first = register_vehicle.preview(deal, actor=clerk, at=AT, exchange=EXCHANGE)
    in_hand = replace(deal, documents=tuple(item.code for item in first.checklist))
    seen = register_vehicle.preview(in_hand, actor=clerk, at=AT, exchange=EXCHANGE)
    return {refusal.code for refusal in seen.refusals}


@pytest.mark.parametrize("vehicle", cases.VEHICLES, ids=lambda vehicle: vehicle.code)
def test_vehicle_meets_what_is_written(clerk: Actor, vehicle: cases.CaseVehicle) -> None:
    """N-401, N-402, D-308: the trouble the vehicle is there for; those that go through meet nothing at all."""
    codes = _codes(clerk, _deal(vehicle, _customer(clerk, cases.CUSTOMERS[0].licence)))
    if vehicle.meets:
        assert vehicle.meets in codes
    else:
        assert codes == set()


@pytest.mark.parametrize("customer", cases.CUSTOMERS, ids=lambda customer: customer.code)
def test_customer_meets_what_is_written(clerk: Actor, customer: cases.CaseCustomer) -> None:
    """D-401, D-208: each stop shows its code, and an ordinary buyer meets none."""
    if not customer.on_file or customer.records > 1:
        with pytest.raises(Refused) as refused:
            _customer(clerk, customer.licence)
        assert [refusal.code for refusal in refused.value.refusals] == [customer.meets]
        return
    found = _customer(clerk, customer.licence)
    codes = _codes(clerk, _deal(cases.VEHICLES[0], found))
    assert codes == ({customer.meets} if customer.meets else set())

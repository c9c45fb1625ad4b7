"""A void takes back the effect and keeps the history."""

from datetime import UTC, datetime, timedelta

import pytest

from both_systems import National
from desk import deliver, process, seen
from lot import Lot, key, new_vin
from people import World
from vinculum.kernel.refusal import Refused
from vinculum.state.transactions import void_registration
from vinculum.state.transactions.register_vehicle import Receipt
from vinculum.state.transactions.void_registration import VoidReceipt


def void(lot: Lot, receipt: Receipt, *, at: datetime, not_left_lot: bool = True) -> VoidReceipt:
    return void_registration.run(
        void_registration.Request(
            application_id=receipt.application_id,
            reason="customer changed his mind",
            not_left_lot=not_left_lot,
            idempotency_key=key(),
        ),
        actor=lot.clerk,
        at=at,
    )


def test_void_gives_everything_back(world: World, national: National) -> None:
    """D-602: refund, plate to DMV, old title open again, pointer back with New York, all of it on record."""
    lot = Lot(world)
    vin = new_vin()
    national.title(jurisdiction="NY", vin=vin, number="NY900")
    receipt = process(lot, lot.used_car(jurisdiction="NY", title_number="NY900", vin=vin), national)
    deliver(lot, national)
    voided = void(lot, receipt, at=lot.now + timedelta(hours=1))
    assert voided.refunded == receipt.charged
    deliver(lot, national)
    lot.now += timedelta(hours=2)
    deliver(lot, national)
    assert national.pointers(vin) == [("NY", "NY900")]
    plates = seen(lot, "SELECT state FROM stock.plate WHERE number = %s", receipt.plate_number)
    assert plates == [("returned_void",)]
    assert seen(lot, "SELECT count(*) FROM book.title WHERE vin = %s AND closed_by IS NULL", vin) == [(0,)]
    kinds = seen(
        lot,
        "SELECT kind FROM book.entry WHERE application_id = %s ORDER BY recorded_at, kind",
        receipt.application_id,
    )
    assert kinds == [("registration",), ("void",)]


def test_void_gives_the_connecticut_title_back(world: World, national: National) -> None:
    """D-602: the title that the deal closed is open again under its own number."""
    lot = Lot(world)
    vin = new_vin()
    national.title(jurisdiction="CT", vin=vin, number="24000777")
    lot.convert_title(vin=vin, number="24000777", owner=lot.new_customer("FORMER OWNER"))
    receipt = process(lot, lot.used_car(jurisdiction="CT", title_number="24000777", vin=vin), national)
    deliver(lot, national)
    void(lot, receipt, at=lot.now + timedelta(minutes=1))
    open_titles = seen(
        lot,
        """SELECT t.number, o.name FROM book.title AS t JOIN book.title_owner AS o ON o.title_id = t.id
            WHERE t.vin = %s AND t.closed_by IS NULL""",
        vin,
    )
    assert open_titles == [("24000777", "FORMER OWNER")]


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        (datetime(2026, 11, 23, 23, 0, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 23, 23, 0, 1, tzinfo=UTC), False),
    ],
)
def test_window_closes_on_the_second(world: World, national: National, at: datetime, inside: bool) -> None:
    """D-601: issued on a Friday, voidable until Monday 18:00:00 in Connecticut, not one second later."""
    lot = Lot(world)
    receipt = process(lot, lot.new_car(), national)
    if inside:
        assert void(lot, receipt, at=at).voided_at == at
    else:
        with pytest.raises(Refused, match="void_window_closed"):
            void(lot, receipt, at=at)


def test_no_void_once_the_vehicle_left_the_lot(world: World, national: National) -> None:
    """D-603: without the dealer's certification there is no void."""
    lot = Lot(world)
    receipt = process(lot, lot.new_car(), national)
    with pytest.raises(Refused, match="left_the_lot"):
        void(lot, receipt, at=lot.now, not_left_lot=False)


def test_void_only_once(world: World, national: National) -> None:
    """D-602: a second void is refused and refunds nothing."""
    lot = Lot(world)
    receipt = process(lot, lot.new_car(), national)
    void(lot, receipt, at=lot.now)
    with pytest.raises(Refused, match="application_not_voidable"):
        void(lot, receipt, at=lot.now)


def test_voided_vehicle_can_be_registered_again(world: World, national: National) -> None:
    """D-602: after the void the same car is registered correctly, with the next plate."""
    lot = Lot(world)
    deal = lot.new_car()
    first = process(lot, deal, national)
    void(lot, first, at=lot.now)
    deliver(lot, national)
    second = process(lot, deal, national)
    assert second.plate_number != first.plate_number

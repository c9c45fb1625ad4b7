"""Races at the desk, in pairs: what the lock prevents, and that it is the lock that prevents it."""

import dataclasses
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from side_by_side import MeetingPoint, both

from both_systems import National
from desk import seen
from lot import Lot, key
from people import World, at_terminal
from vinculum.access import idempotency
from vinculum.kernel.refusal import Refused
from vinculum.state.casework import applications
from vinculum.state.casework.applications import ApplicationMoved
from vinculum.state.casework.deal_json import dump_deal
from vinculum.state.inventory.plates import PlateMoved, peek_next_plate
from vinculum.state.law.deal import Deal, RegistrationSought
from vinculum.state.transactions import hold_application, register_vehicle, release_application
from vinculum.state.transactions.register_vehicle import Receipt, Request


def processing(lot: Lot, deal: Deal, national: National, **said: Any) -> Callable[[], Receipt]:
    request = Request(deal=deal, idempotency_key=said.pop("idempotency_key", key()), **said)
    return lambda: register_vehicle.run(request, actor=lot.clerk, at=lot.now, exchange=national.port)


def test_two_clerks_and_the_last_plate(
    world: World, national: National, monkeypatch: pytest.MonkeyPatch
) -> None:
    """I-106: one clerk gets the last plate, the other is told that there is none."""
    lot, meeting = Lot(world, plates=1), MeetingPoint()
    monkeypatch.setattr(register_vehicle, "_decide", meeting.after(register_vehicle._decide))
    outcomes = both(processing(lot, lot.new_car(), national), processing(lot, lot.new_car(), national))
    receipts = [outcome for outcome in outcomes if isinstance(outcome, Receipt)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert len(receipts) == len(refused) == 1, outcomes
    assert [refusal.code for refusal in refused[0].refusals] == ["no_plate_in_stock"]
    assert not meeting.met


def test_without_the_lock_two_clerks_reach_for_one_plate(
    world: World, national: National, monkeypatch: pytest.MonkeyPatch
) -> None:
    """I-106, lock off: both decide on the same plate, and only the row itself stops the second."""
    lot, meeting = Lot(world, plates=1), MeetingPoint()
    monkeypatch.setattr(register_vehicle, "lock_next_plate", peek_next_plate)
    monkeypatch.setattr(register_vehicle, "_decide", meeting.after(register_vehicle._decide))
    outcomes = both(processing(lot, lot.new_car(), national), processing(lot, lot.new_car(), national))
    assert meeting.met
    assert sum(isinstance(outcome, Receipt) for outcome in outcomes) == 1, outcomes
    assert any(isinstance(outcome, PlateMoved | psycopg.errors.UniqueViolation) for outcome in outcomes), (
        outcomes
    )


def held_deal(lot: Lot) -> hold_application.HeldApplication:
    return hold_application.run(
        hold_application.Request(draft=dump_deal(lot.new_car()), idempotency_key=key()),
        actor=lot.clerk,
        at=lot.now,
    )


def releasing(lot: Lot, held: hold_application.HeldApplication, terminal: str) -> Callable[[], Any]:
    request = release_application.Request(application_id=held.application_id)
    return lambda: release_application.run(request, actor=at_terminal(lot.clerk, terminal), at=lot.now)


def test_two_terminals_and_one_held_deal(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """D-205: one terminal gets the held deal, the other the stop `terminal_mismatch`."""
    lot, meeting = Lot(world), MeetingPoint()
    held = held_deal(lot)
    monkeypatch.setattr(applications, "lock_application", meeting.after(applications.lock_application))
    outcomes = both(releasing(lot, held, "T1"), releasing(lot, held, "T2"))
    refused = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert len(refused) == 1, outcomes
    assert [refusal.code for refusal in refused[0].refusals] == ["terminal_mismatch"]
    assert not meeting.met


def test_without_the_lock_two_terminals_take_up_one_deal(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D-205, lock off: both see the deal on hold, and only the conditional update stops the second."""
    lot, meeting = Lot(world), MeetingPoint()
    held = held_deal(lot)
    monkeypatch.setattr(applications, "lock_application", meeting.after(applications.load_application))
    outcomes = both(releasing(lot, held, "T1"), releasing(lot, held, "T2"))
    assert meeting.met
    assert sum(isinstance(outcome, ApplicationMoved) for outcome in outcomes) == 1, outcomes


def test_one_key_twice_at_once(world: World, national: National, monkeypatch: pytest.MonkeyPatch) -> None:
    """D-206: two callers with one key get one answer, and one registration is made."""
    lot, meeting = Lot(world), MeetingPoint()
    monkeypatch.setattr(idempotency, "claim_key", meeting.after(idempotency.claim_key))
    deal, same = lot.new_car(), key()
    first, second = both(
        processing(lot, deal, national, idempotency_key=same),
        processing(lot, deal, national, idempotency_key=same),
    )
    assert isinstance(first, Receipt), first
    assert first == second
    assert not meeting.met
    assert seen(lot, "SELECT count(*) FROM book.registration WHERE vin = %s", first.vin) == [(1,)]


def test_without_the_claim_one_key_gets_two_answers(
    world: World, national: National, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D-206, claim off: the second caller is not given the first one's answer."""
    lot, meeting = Lot(world), MeetingPoint()
    monkeypatch.setattr(idempotency, "claim_key", meeting.after(lambda *_, **__: None))
    deal, same = lot.new_car(), key()
    first, second = both(
        processing(lot, deal, national, idempotency_key=same),
        processing(lot, deal, national, idempotency_key=same),
    )
    assert meeting.met
    assert first != second


def test_two_deals_and_money_for_one(
    world: World, national: National, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-115: two classes of plates at once, money for one deal: the other is refused and nothing is taken."""
    lot, meeting = Lot(world, funds="0.00"), MeetingPoint()
    lot.fill_stock("combination", 25)
    combination = dataclasses.replace(
        lot.new_car(),
        registration=RegistrationSought(
            plate_class="combination", usage="combination", garaging_town="HARTFORD"
        ),
    )
    lot.deposit("300.00")
    monkeypatch.setattr(register_vehicle, "_decide", meeting.after(register_vehicle._decide))
    outcomes = both(processing(lot, lot.new_car(), national), processing(lot, combination, national))
    assert meeting.met
    refused = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert [refusal.code for refusal in refused[0].refusals] == ["funds_taken_meanwhile"]
    receipt = next(outcome for outcome in outcomes if isinstance(outcome, Receipt))
    balances = seen(
        lot,
        "SELECT balance_cents FROM ledger.account WHERE organisation_id = %s",
        lot.dealer.organisation_id,
    )
    assert balances == [(30000 - int(receipt.charged * 100),)]

"""A dealer registers a vehicle from each ownership document, whole or not at all."""

import dataclasses
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from both_systems import National
from desk import deliver, process, seen
from lot import LIENHOLDER, Lot, key, new_vin
from people import World, at_terminal
from vinculum.access.database import acting
from vinculum.entrypoints.exchange.dispatch import apply_message
from vinculum.kernel.refusal import Refused
from vinculum.national.transactions import report_missing_stock
from vinculum.protocol.exchange import ExchangeUnavailable, UpdateMessage
from vinculum.protocol.inquiry import InquiryAnswer, UsedVehicleInquiry
from vinculum.protocol.remove_title import RemoveTitle
from vinculum.protocol.update_answer import UpdateAnswer
from vinculum.state.casework.deal_json import dump_deal
from vinculum.state.law.deal import Deal, DeclaredLien, Reassignment, Sale, SaleItem
from vinculum.state.outbox.deliver import deliver_all_due
from vinculum.state.transactions import (
    hold_application,
    put_on_stop,
    register_vehicle,
    release_application,
    take_off_stop,
)
from vinculum.state.transactions.register_vehicle import Request


def test_new_car_from_a_certificate_of_origin(world: World, national: National) -> None:
    """D-203, F-115: the next plate, the money, the title and the lien, and the exchange knows after."""
    lot = Lot(world)
    deal = lot.new_car()
    deal = dataclasses.replace(
        deal,
        liens=(DeclaredLien(lienholder_code=LIENHOLDER, lien_date=lot.today),),
        ownership=dataclasses.replace(deal.ownership, lienholder_code=LIENHOLDER),
    )
    receipt = process(lot, deal, national)
    assert receipt.balance_after == Decimal("5000.00") - receipt.charged
    assert receipt.charged == receipt.quote.payable_to_dmv > 0
    assert receipt.expires_on.year == 2029
    open_titles = seen(lot, "SELECT number FROM book.title WHERE vin = %s AND closed_by IS NULL", receipt.vin)
    assert open_titles == [(receipt.title_number,)]
    liens = seen(lot, "SELECT lienholder_name FROM book.lien WHERE title_id = %s", receipt.title_id)
    assert liens == [("Fictional Test Bank",)]
    assert national.pointers(receipt.vin) == []
    deliver(lot, national)
    assert national.pointers(receipt.vin) == [("CT", receipt.title_number)]


def test_title_moves_from_another_state(world: World, national: National) -> None:
    """N-301, D-409: the pointer moves from New York to Connecticut, and New York is told."""
    lot = Lot(world)
    vin = new_vin()
    national.title(jurisdiction="NY", vin=vin, number="NY123456")
    receipt = process(lot, lot.used_car(jurisdiction="NY", title_number="NY123456", vin=vin), national)
    deliver(lot, national)
    assert national.pointers(vin) == [("CT", receipt.title_number)]
    told = seen(lot, "SELECT kind, state FROM outbox.message WHERE vin = %s", vin)
    assert told == [("change_of_state_of_title", "accepted")]


def test_connecticut_title_is_replaced(world: World, national: National) -> None:
    """N-302: the old title closes, the new one opens, the exchange hears of an in-state change."""
    lot = Lot(world)
    vin = new_vin()
    national.title(jurisdiction="CT", vin=vin, number="24000123")
    lot.convert_title(vin=vin, number="24000123", owner=lot.new_customer("FORMER OWNER"))
    receipt = process(lot, lot.used_car(jurisdiction="CT", title_number="24000123", vin=vin), national)
    deliver(lot, national)
    assert national.pointers(vin) == [("CT", receipt.title_number)]
    states = seen(lot, "SELECT number, closed_by IS NULL FROM book.title WHERE vin = %s ORDER BY number", vin)
    assert states == [("24000123", False), (receipt.title_number, True)]


def test_paper_that_disagrees_with_the_exchange_is_stopped(world: World, national: National) -> None:
    """N-401: a title number that is not the current one stops the deal and takes nothing."""
    lot = Lot(world)
    vin = new_vin()
    national.title(jurisdiction="NY", vin=vin, number="NY555")
    with pytest.raises(Refused) as refused:
        process(lot, lot.used_car(jurisdiction="NY", title_number="NY556", vin=vin), national)
    assert any(refusal.rule.startswith("N-401") for refusal in refused.value.refusals)
    assert seen(lot, "SELECT count(*) FROM book.registration WHERE vin = %s", vin) == [(0,)]


def test_title_on_stolen_stock_is_stopped(world: World, national: National) -> None:
    """N-701: the control number of the paper is looked up; stock reported stolen stops the deal and says why."""
    lot = Lot(world)
    stolen = report_missing_stock.Request(
        report_id=uuid4(),
        first_number="NYS0071000",
        last_number="NYS0071999",
        circumstance="stolen",
        missing_since=lot.today,
    )
    with psycopg.connect(national.url) as connection:
        assert report_missing_stock.run(stolen, sender="NY", at=lot.now, connection=connection)

    def used(control_number: str) -> Deal:
        vin = new_vin()
        national.title(jurisdiction="NY", vin=vin, number="NY777")
        deal = lot.used_car(jurisdiction="NY", title_number="NY777", vin=vin)
        paper = dataclasses.replace(deal.ownership, control_number=control_number)
        return dataclasses.replace(deal, ownership=paper)

    with pytest.raises(Refused) as refused:
        process(lot, used("nys 0071500"), national)
    (refusal,) = refused.value.refusals
    assert (refusal.code, refusal.field) == ("title_stock_missing", "ownership.control_number")
    assert "NYS0071500 of NY was reported stolen" in refusal.message
    assert process(lot, used("NYS0072000"), national).charged > 0
    with pytest.raises(Refused, match="control_number_unreadable"):
        process(lot, used("NYS/0071500"), national)


def test_recalled_title_stops_the_deal(world: World, national: National) -> None:
    """N-303: a paper whose title its state took back is known again, though another vehicle goes with it."""
    lot, forged, vin = Lot(world), f"NY{uuid4().int % 10**8}", new_vin()
    other = new_vin()
    national.title(jurisdiction="NY", vin=other, number=forged)
    taken_back = RemoveTitle(
        message_id=uuid4(),
        origin="NY",
        sent_at=lot.now,
        vin=other,
        title_number=forged,
        reason="Forged papers",
    )
    with psycopg.connect(national.url) as connection:
        assert apply_message(taken_back, sender="NY", at=lot.now, connection=connection).accepted
    national.title(jurisdiction="NY", vin=vin, number="NY777")
    with pytest.raises(Refused) as refused:
        process(lot, lot.used_car(jurisdiction="NY", title_number=forged, vin=vin), national)
    said = {refusal.code: refusal.message for refusal in refused.value.refusals}
    assert set(said) == {"title_taken_back", "title_number_mismatch"}
    assert "Forged papers" in said["title_taken_back"]


def test_reassignments_go_with_the_title(world: World, national: National) -> None:
    """N-306, D-708: the dealers of the paper's chain reach the exchange beside the title, in its letters."""
    lot, vin = Lot(world), new_vin()
    national.title(jurisdiction="NY", vin=vin, number="NY778")
    deal = lot.used_car(jurisdiction="NY", title_number="NY778", vin=vin)
    days = [deal.issue_date - timedelta(days=back) for back in (9, 4)]
    chain = tuple(
        Reassignment(dealer_name=name, assigned_on=day, document_number=f"RD{place}")
        for place, (name, day) in enumerate(zip(("Café Cars", "Shore Motors"), days, strict=True))
    )
    paper = dataclasses.replace(deal.ownership, reassignments=chain)
    process(lot, dataclasses.replace(deal, ownership=paper), national)
    deliver(lot, national)
    asked = UsedVehicleInquiry(message_id=uuid4(), origin="CT", sent_at=lot.now, vin=vin)
    told = national.port.inquire(asked).history[0].reassignments
    assert [(step.dealer, step.document_number) for step in told] == [
        ("Cafe Cars", "RD0"),
        ("Shore Motors", "RD1"),
    ]
    assert [step.reassigned_on for step in told] == days


def test_same_key_answers_the_same(world: World, national: National) -> None:
    """D-206: a repeated request gets the first answer; the key with another deal is refused."""
    lot = Lot(world)
    request = Request(deal=lot.new_car(), idempotency_key=key())
    first = register_vehicle.run(request, actor=lot.clerk, at=lot.now, exchange=national.port)
    later = lot.now + timedelta(minutes=5)
    assert register_vehicle.run(request, actor=lot.clerk, at=later, exchange=national.port) == first
    other = dataclasses.replace(request, deal=lot.new_car())
    with pytest.raises(Refused, match="idempotency_key_reused"):
        register_vehicle.run(other, actor=lot.clerk, at=later, exchange=national.port)


def test_refusal_is_remembered_under_its_key(world: World, national: National) -> None:
    """D-206: a refused request answers the same refusals again, even when its cause has gone."""
    lot = Lot(world, funds="0.00")
    request = Request(deal=lot.new_car(), idempotency_key=key())
    with pytest.raises(Refused, match="insufficient_funds") as first:
        register_vehicle.run(request, actor=lot.clerk, at=lot.now, exchange=national.port)
    lot.deposit("1000.00")
    with pytest.raises(Refused) as second:
        register_vehicle.run(request, actor=lot.clerk, at=lot.now, exchange=national.port)
    assert second.value.refusals == first.value.refusals
    fresh = dataclasses.replace(request, idempotency_key=key())
    assert register_vehicle.run(fresh, actor=lot.clerk, at=lot.now, exchange=national.port).charged > 0


def test_every_refusal_comes_at_once(world: World, national: National) -> None:
    """D-401, D-402, F-115, I-106: suspension, insurance, money and plates are all named together."""
    lot = Lot(world, plates=0, funds="0.00")
    examiner = lot.world.examiner()
    put_on_stop.run(
        put_on_stop.Request(
            customer_number=lot.customer_number,
            kind="registration_suspension",
            reason="unpaid parking",
            since=lot.today,
        ),
        actor=examiner,
        at=lot.now,
    )
    with pytest.raises(Refused) as refused:
        process(lot, dataclasses.replace(lot.new_car(), insurance=None), national)
    codes = {refusal.code for refusal in refused.value.refusals}
    assert {"registration_suspension", "insufficient_funds", "no_plate_in_stock"} <= codes
    assert any("insurance" in code for code in codes)
    assert all(refusal.message and refusal.remedy for refusal in refused.value.refusals)


def test_tax_taken_off_lets_the_held_deal_go_on(world: World, national: National) -> None:
    """D-401, D-204: a delinquency stops the deal; taken off, the same held application is processed."""
    lot = Lot(world)
    collector = lot.world.collector("064")
    put_on_stop.run(
        put_on_stop.Request(
            customer_number=lot.customer_number,
            kind="delinquent_tax",
            reason="grand list 2024",
            since=lot.today,
            town_code="064",
        ),
        actor=collector,
        at=lot.now,
    )
    deal = lot.new_car()
    held = hold_application.run(
        hold_application.Request(draft=dump_deal(deal), idempotency_key=key()), actor=lot.clerk, at=lot.now
    )
    with pytest.raises(Refused, match="delinquent_tax") as refused:
        process(lot, deal, national, application_id=held.application_id)
    assert "HARTFORD" in str(refused.value).upper()
    take_off_stop.run(
        take_off_stop.Request(
            customer_number=lot.customer_number, kind="delinquent_tax", reason="paid", town_code="064"
        ),
        actor=collector,
        at=lot.now,
    )
    receipt = process(lot, deal, national, application_id=held.application_id)
    assert receipt.application_id == held.application_id


def test_a_deal_is_finished_where_it_was_taken_up(world: World, national: National) -> None:
    """D-205: released on one terminal, refused on another, processed on the first."""
    lot = Lot(world)
    deal = lot.new_car()
    held = hold_application.run(
        hold_application.Request(draft=dump_deal(deal), idempotency_key=key()), actor=lot.clerk, at=lot.now
    )
    release_application.run(
        release_application.Request(application_id=held.application_id), actor=lot.clerk, at=lot.now
    )
    elsewhere = at_terminal(lot.dealer.colleague, "T2")
    with pytest.raises(Refused, match="terminal_mismatch"):
        register_vehicle.run(
            Request(deal=deal, idempotency_key=key(), application_id=held.application_id),
            actor=elsewhere,
            at=lot.now,
            exchange=national.port,
        )
    assert process(lot, deal, national, application_id=held.application_id).plate_number


def test_nothing_is_charged_while_held(world: World, national: National) -> None:
    """D-204: holding takes no money and no plate."""
    lot = Lot(world)
    before = seen(
        lot,
        "SELECT number, state FROM stock.plate WHERE dealer_id = %s ORDER BY 1",
        lot.dealer.organisation_id,
    )
    hold_application.run(
        hold_application.Request(draft={"vehicle": {"vin": "1HG"}}, idempotency_key=key()),
        actor=lot.clerk,
        at=lot.now,
    )
    after = seen(
        lot,
        "SELECT number, state FROM stock.plate WHERE dealer_id = %s ORDER BY 1",
        lot.dealer.organisation_id,
    )
    assert after == before


def test_another_dealers_application_cannot_be_told_from_none(world: World, national: National) -> None:
    """D-105: a stranger's application is not found."""
    lot, stranger = Lot(world), Lot(world)
    held = hold_application.run(
        hold_application.Request(draft=dump_deal(lot.new_car()), idempotency_key=key()),
        actor=lot.clerk,
        at=lot.now,
    )
    with pytest.raises(Refused, match="application_not_found"):
        process(stranger, stranger.new_car(), national, application_id=held.application_id)


class SilentExchange:
    """An exchange whose wire is cut: what the state sees of a system it does not own, when that is down."""

    def inquire(self, message: UsedVehicleInquiry) -> InquiryAnswer:
        raise ExchangeUnavailable("no answer")

    def send(self, message: UpdateMessage) -> UpdateAnswer:
        raise ExchangeUnavailable("no answer")


def test_no_title_without_an_answer(world: World) -> None:
    """D-409: while the exchange is silent nothing is issued, and the clerk is told so."""
    lot = Lot(world)
    with pytest.raises(Refused, match="exchange_unavailable"):
        register_vehicle.run(
            Request(deal=lot.new_car(), idempotency_key=key()),
            actor=lot.clerk,
            at=lot.now,
            exchange=SilentExchange(),
        )


def test_a_silent_exchange_does_not_use_up_the_key(world: World, national: National) -> None:
    """D-206, D-409: asked again with the same key when the exchange is back, the deal goes through."""
    lot = Lot(world)
    request = Request(deal=lot.new_car(), idempotency_key=key())
    with pytest.raises(Refused, match="exchange_unavailable"):
        register_vehicle.run(request, actor=lot.clerk, at=lot.now, exchange=SilentExchange())
    receipt = register_vehicle.run(request, actor=lot.clerk, at=lot.now, exchange=national.port)
    assert receipt.charged > 0


def test_what_is_owed_waits_for_the_exchange(world: World, national: National) -> None:
    """D-206, N-309: a message that gets no answer is kept and delivered later, once."""
    lot = Lot(world)
    receipt = process(lot, lot.new_car(), national)
    system = lot.world.system()
    deliver_all_due(actor=system, exchange=SilentExchange(), at=lot.now + timedelta(seconds=1), limit=50)
    assert national.pointers(receipt.vin) == []
    deliver_all_due(actor=system, exchange=national.port, at=lot.now + timedelta(hours=1))
    assert national.pointers(receipt.vin) == [("CT", receipt.title_number)]


def test_quote_and_bill_agree(world: World, national: National) -> None:
    """F-112: what the preview says is what processing takes."""
    lot = Lot(world)
    deal = lot.new_car()
    quoted = register_vehicle.preview(deal, actor=lot.clerk, at=lot.now, exchange=national.port)
    assert quoted.refusals == ()
    receipt = process(lot, deal, national)
    assert receipt.quote == quoted.quote
    assert receipt.plate_number == quoted.next_plate
    assert receipt.expires_on == quoted.expires_on


def test_an_unreadable_message_holds_up_nobody(world: World, national: National) -> None:
    """D-206: a message that cannot be read waits with its reason; the others are delivered."""
    lot = Lot(world)
    receipt = process(lot, lot.new_car(), national)
    broken = uuid4()
    with acting(lot.clerk, act="register_vehicle") as connection:
        connection.execute(
            """INSERT INTO outbox.message (id, organisation_id, application_id, kind, vin, body, next_attempt_at,
                                           created_at)
               VALUES (%s, %s, %s, 'odd', 'ODD', '{"message": "odd"}', %s, %s)""",
            (broken, lot.clerk.organisation_id, receipt.application_id, lot.now, lot.now),
        )
    deliver(lot, national)
    assert national.pointers(receipt.vin) == [("CT", receipt.title_number)]
    waiting = seen(lot, "SELECT state, attempts, last_error FROM outbox.message WHERE id = %s", broken)
    assert waiting[0][:2] == ("pending", 1)
    assert "must be one of" in str(waiting[0][2])


@settings(max_examples=15, deadline=None, derandomize=True)
@given(
    price=st.decimals("0.01", "120000", places=2),
    liens=st.booleans(),
    insured=st.booleans(),
    extras=st.lists(st.sampled_from(["etching", "fabric_guard", "payoff"]), max_size=2),
    circumstance=st.sampled_from([(), ("school_children_sign",), ("glider_kit",)]),
    documents=st.booleans(),
)
def test_whatever_the_deal_quote_and_bill_agree(
    world: World,
    national: National,
    price: Decimal,
    liens: bool,
    insured: bool,
    extras: list[str],
    circumstance: tuple[str, ...],
    documents: bool,
) -> None:
    """F-112, D-206: processing refuses what the preview refused, or takes what the preview said."""
    lot = Lot(world)
    deal = lot.new_car()
    deal = dataclasses.replace(
        deal,
        sale=Sale(
            price=price,
            items=tuple(SaleItem(kind=kind, amount=Decimal("100.00")) for kind in extras),  # type: ignore[arg-type]
        ),
        liens=(DeclaredLien(lienholder_code=LIENHOLDER, lien_date=lot.today),) if liens else (),
        ownership=dataclasses.replace(deal.ownership, lienholder_code=LIENHOLDER if liens else None),
        insurance=deal.insurance if insured else None,
        registration=dataclasses.replace(deal.registration, circumstances=circumstance),  # type: ignore[arg-type]
        documents=deal.documents if documents else (),
    )
    quoted = register_vehicle.preview(deal, actor=lot.clerk, at=lot.now, exchange=national.port)
    if quoted.refusals:
        with pytest.raises(Refused) as refused:
            process(lot, deal, national)
        assert refused.value.refusals == quoted.refusals
    else:
        receipt = process(lot, deal, national)
        assert (receipt.quote, receipt.plate_number) == (quoted.quote, quoted.next_plate)

"""A dealer sees its own work, plates and money, and nobody else's."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from book_people import AT, give_funds, give_plates
from people import World
from vinculum.access.database import acting
from vinculum.kernel.refusal import Refused
from vinculum.state.queries import funds_statement, list_applications, show_application, stock_summary
from vinculum.state.transactions import add_stock, deposit_funds

pytestmark = pytest.mark.database


def _open_application(actor, *, state="open"):
    made = uuid4()
    with acting(actor, act="hold_application") as connection:
        connection.execute(
            "INSERT INTO work.application (id, organisation_id, kind, state, terminal, deal, created_at, created_by,"
            " changed_at) VALUES (%s, %s, 'new_issue', %s, 'T1', '{}', %s, %s, clock_timestamp())",
            [made, actor.organisation_id, state, AT, actor.person_id],
        )
    return made


def test_applications_page_by_page(world: World) -> None:
    """D-105: the list is complete, each application once, however small the pages."""
    clerk = world.make_dealer().clerk
    made = {_open_application(clerk) for _ in range(5)}
    seen, after = [], ""
    while True:
        page = list_applications.run(list_applications.Request(after=after, limit=2), actor=clerk)
        seen += [application.application_id for application in page.applications]
        after = page.next
        if not after:
            break
    assert len(seen) == 5
    assert set(seen) == made
    assert page.counts == {"open": 5}
    with pytest.raises(list_applications.CursorUnreadable):
        list_applications.run(list_applications.Request(after="nonsense"), actor=clerk)


def test_another_dealers_application_is_absent(world: World) -> None:
    """D-105: another dealer's application and one that never was answer alike; DMV sees it."""
    clerk, stranger = world.make_dealer().clerk, world.make_dealer().clerk
    application = _open_application(clerk)
    shown = show_application.run(application, actor=clerk)
    assert shown is not None
    assert (shown.state, [move.to_state for move in shown.moves]) == ("open", ["open"])
    assert show_application.run(application, actor=stranger) is None
    assert show_application.run(uuid4(), actor=stranger) is None
    assert show_application.run(application, actor=world.examiner()) is not None
    assert list_applications.run(list_applications.Request(), actor=stranger).applications == ()


def test_stock_by_class(world: World) -> None:
    """I-101, I-102: plates by class with the next of the sequence; a class about to run dry is flagged."""
    dealer, other = world.make_dealer(), world.make_dealer()
    first = give_plates(world, dealer)
    (stock,) = stock_summary.run(actor=dealer.clerk)
    assert (stock.plate_class, stock.available, stock.next_plate, stock.low) == (
        "passenger",
        25,
        first,
        False,
    )
    assert stock_summary.run(actor=other.clerk) == ()
    with acting(dealer.clerk, act="register_vehicle") as connection:
        connection.execute(
            "UPDATE stock.plate SET state = 'removed' WHERE number IN (SELECT number FROM stock.plate"
            " WHERE state = 'available' ORDER BY position LIMIT 16)"
        )
    (stock,) = stock_summary.run(actor=dealer.clerk)
    assert (stock.available, stock.removed, stock.low) == (9, 16, True)


def test_stock_is_given_in_steps_and_once(world: World) -> None:
    """I-102, I-101, I-110: full steps, marks of the class, and no plate to two dealers."""
    dealer, other = world.make_dealer(), world.make_dealer()
    first = give_plates(world, dealer)

    def codes(**request) -> list[str]:
        with pytest.raises(Refused) as refused:
            add_stock.run(
                add_stock.Request(**{"plate_class": "passenger", "count": 25, **request}),
                actor=world.examiner(),
                at=AT,
            )
        return [refusal.code for refusal in refused.value.refusals]

    assert codes(dealer_id=other.organisation_id, first_number=first)[0] == "plate_already_issued"
    assert codes(dealer_id=other.organisation_id, first_number="1AA100", count=7) == [
        "stock_out_of_step",
        "plate_not_of_class",
    ]
    assert codes(dealer_id=uuid4(), first_number="ZZ10001") == ["dealer_unknown"]


def test_statement_adds_up(world: World) -> None:
    """F-115: opening plus movements is closing, and the account reconciles since its beginning."""
    dealer = world.make_dealer()
    give_funds(world, dealer, "250.00")
    give_funds(world, dealer, "100.50")
    statement = funds_statement.run(
        funds_statement.Request(first_day=date(2026, 3, 1), last_day=date(2026, 3, 31)), actor=dealer.clerk
    )
    assert statement is not None
    assert statement.reconciled
    assert (statement.opening, statement.closing, statement.balance) == (
        Decimal("0.00"),
        Decimal("350.50"),
        Decimal("350.50"),
    )
    assert [line.balance_after for line in statement.lines] == [Decimal("250.00"), Decimal("350.50")]
    assert [(day.day, day.paid_in, day.count) for day in statement.days] == [
        (date(2026, 3, 4), Decimal("350.50"), 2)
    ]
    after = funds_statement.run(
        funds_statement.Request(first_day=date(2026, 4, 1), last_day=date(2026, 4, 30)), actor=dealer.clerk
    )
    assert after is not None
    assert (after.opening, after.lines) == (Decimal("350.50"), ())
    asked = funds_statement.Request(
        first_day=date(2026, 3, 1), last_day=date(2026, 3, 31), dealer_id=dealer.organisation_id
    )
    other = funds_statement.run(asked, actor=world.make_dealer().clerk)
    assert other is None, "naming another dealer changes nothing for a dealer"


def test_deposit_once_per_reference(world: World) -> None:
    """F-115: the same bank reference is posted once; with another amount it is refused."""
    dealer = world.make_dealer()
    request = deposit_funds.Request(
        dealer_id=dealer.organisation_id, amount=Decimal("75.00"), reference=f"bank {uuid4()}"
    )
    accountant = world.accountant()
    first = deposit_funds.run(request, actor=accountant, at=AT)
    again = deposit_funds.run(request, actor=accountant, at=AT)
    assert (again.posting_id, again.repeated, again.balance) == (first.posting_id, True, Decimal("75.00"))
    for amount, code in (("76.00", "deposit_reference_used"), ("0.00", "deposit_not_positive")):
        with pytest.raises(Refused) as refused:
            deposit_funds.run(
                deposit_funds.Request(
                    dealer_id=dealer.organisation_id, amount=Decimal(amount), reference=request.reference
                ),
                actor=accountant,
                at=AT,
            )
        assert refused.value.refusals[0].code == code

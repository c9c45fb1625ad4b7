"""Plates and applications move only as their tables of moves say: every pair of states is tried."""

from itertools import product

import pytest
from attack import NOT_PERMITTED, owner_stopped, run, stopped
from placed import application_in, message, new_mark, plate_in, registration_of

from book_people import AT, make_customer, make_titled_vehicle
from people import World

pytestmark = pytest.mark.database

PLATE_STATES = (
    "manufactured",
    "in_transit",
    "received_unconfirmed",
    "available",
    "assigned",
    "returned_void",
    "removed",
    "returned_unused",
    "destroyed",
)
PLATE_MOVES = {
    ("manufactured", "in_transit"),
    ("in_transit", "received_unconfirmed"),
    ("in_transit", "removed"),
    ("received_unconfirmed", "available"),
    ("received_unconfirmed", "removed"),
    ("available", "assigned"),
    ("available", "removed"),
    ("available", "returned_unused"),
    ("assigned", "returned_void"),
    ("assigned", "removed"),
    ("returned_void", "destroyed"),
    ("returned_unused", "destroyed"),
    ("removed", "destroyed"),
}
APPLICATION_STATES = ("open", "held", "processed", "voided", "abandoned")
APPLICATION_MOVES = {
    ("open", "held"),
    ("open", "processed"),
    ("open", "abandoned"),
    ("held", "open"),
    ("held", "abandoned"),
    ("processed", "voided"),
}


def test_every_pair_of_plate_states(world: World) -> None:
    """I-101, I-106, D-602: 81 pairs; those in the table work, all others are refused."""
    dealer = world.make_dealer()
    owner = make_customer(world).number
    allowed = run(world.system(), ("SELECT from_state, to_state FROM stock.plate_move", []))
    assert set(allowed) == PLATE_MOVES
    for before, after in product(PLATE_STATES, repeat=2):
        mark, _ = plate_in(world, dealer.organisation_id, before)
        registration = None
        if after == "assigned":
            other = new_mark()
            registration = make_titled_vehicle(world, owner=owner, plate=other).registration_id
        move = (
            "UPDATE stock.plate SET state = %s, registration_id = %s WHERE number = %s",
            [after, registration, mark],
        )
        if (before, after) in PLATE_MOVES:
            assert run(dealer.clerk, move) == [1], (before, after)
            events = run(
                dealer.clerk,
                (
                    "SELECT from_state, to_state FROM stock.plate_event WHERE plate_number = %s ORDER BY version",
                    [mark],
                ),
            )
            assert events == [(None, before), (before, after)]
        else:
            stopped(dealer.clerk, move, by="plate_moves_only_as_allowed")


def test_a_plate_keeps_its_place_and_dealer(world: World) -> None:
    """I-101: plates are never swapped between dealers, renumbered or deleted, not even by the owner."""
    dealer, other = world.make_dealer(), world.make_dealer()
    mark, _ = plate_in(world, dealer.organisation_id, "available")
    for column, value in (
        ("dealer_id", other.organisation_id),
        ("number", "SWAPPED"),
        ("position", 1),
        ("plate_class", "combination"),
    ):
        change = (f"UPDATE stock.plate SET {column} = %s WHERE number = %s", [value, mark])
        stopped(dealer.clerk, change, by=NOT_PERMITTED)
        owner_stopped(world, change, by=NOT_PERMITTED)
    owner_stopped(world, ("DELETE FROM stock.plate WHERE number = %s", [mark]), by=NOT_PERMITTED)
    owner_stopped(world, ("TRUNCATE stock.plate CASCADE", []), by=NOT_PERMITTED)
    owner_stopped(world, ("DELETE FROM stock.plate_event WHERE plate_number = %s", [mark]), by=NOT_PERMITTED)
    stopped(dealer.clerk, ("DELETE FROM stock.plate WHERE number = %s", [mark]), by=NOT_PERMITTED)


def test_a_dealer_makes_no_plates(world: World) -> None:
    """I-101, I-105: plates come from the marker room."""
    dealer = world.make_dealer()
    stopped(
        dealer.clerk,
        (
            "INSERT INTO stock.plate (number, plate_class, position, dealer_id, state)"
            " VALUES ('HOMEMADE', 'passenger', 1, %s, 'available')",
            [dealer.organisation_id],
        ),
        by=NOT_PERMITTED,
    )


def test_every_pair_of_application_states(world: World) -> None:
    """D-204, D-602: 25 pairs; staying is no move, those in the table work, all others are refused."""
    clerk = world.make_dealer().clerk
    allowed = run(clerk, ("SELECT from_state, to_state FROM work.application_move", []))
    assert set(allowed) == APPLICATION_MOVES
    for before, after in product(APPLICATION_STATES, repeat=2):
        application = application_in(world, clerk, before)
        registration = entry = None
        if after in {"processed", "voided"} and before not in {"processed", "voided"}:
            registration, entry = registration_of(world, clerk)
        move = (
            "UPDATE work.application SET state = %s, registration_id = coalesce(registration_id, %s),"
            " entry_id = coalesce(entry_id, %s), processed_at = coalesce(processed_at, %s) WHERE id = %s",
            [after, registration, entry, AT if registration else None, application],
        )
        if before == after or (before, after) in APPLICATION_MOVES:
            assert run(clerk, move) == [1], (before, after)
        else:
            stopped(clerk, move, by="application_moves_only_as_allowed")


def test_a_finished_deal_is_never_changed(world: World) -> None:
    """D-206: what was processed is what was declared; an application is never deleted nor handed over."""
    clerk, other = world.make_dealer().clerk, world.make_dealer().clerk
    application = application_in(world, clerk, "processed")
    change = ("UPDATE work.application SET deal = '{\"price\": 1}' WHERE id = %s", [application])
    stopped(clerk, change, by=NOT_PERMITTED)
    owner_stopped(world, change, by=NOT_PERMITTED)
    owner_stopped(world, ("DELETE FROM work.application WHERE id = %s", [application]), by=NOT_PERMITTED)
    owner_stopped(
        world,
        (
            "UPDATE work.application SET organisation_id = %s WHERE id = %s",
            [other.organisation_id, application],
        ),
        by=NOT_PERMITTED,
    )
    stopped(clerk, ("DELETE FROM work.application WHERE id = %s", [application]), by=NOT_PERMITTED)
    for table in ("application", "application_event"):
        owner_stopped(world, (f"TRUNCATE work.{table} CASCADE", []), by=NOT_PERMITTED)
    stopped(
        clerk,
        ("UPDATE work.application SET registration_id = NULL WHERE id = %s", [application]),
        by="processed_application_has_its_registration",
    )


def test_an_answered_message_is_final(world: World) -> None:
    """N-309: what was told and answered is neither changed nor answered again nor deleted."""
    clerk = world.make_dealer().clerk
    told = message(world, clerk)
    stopped(clerk, ("UPDATE outbox.message SET body = '{\"a\": 1}' WHERE id = %s", [told]), by=NOT_PERMITTED)
    owner_stopped(world, ("UPDATE outbox.message SET vin = 'OTHER' WHERE id = %s", [told]), by=NOT_PERMITTED)
    stopped(
        clerk,
        ("UPDATE outbox.message SET state = 'accepted' WHERE id = %s", [told]),
        by="answered_message_has_its_answer",
    )
    answer = ("UPDATE outbox.message SET state = 'accepted', answer = '{}' WHERE id = %s", [told])
    assert run(clerk, answer) == [1]
    stopped(clerk, answer, by=NOT_PERMITTED)
    owner_stopped(world, ("DELETE FROM outbox.message WHERE id = %s", [told]), by=NOT_PERMITTED)
    owner_stopped(world, ("TRUNCATE outbox.message", []), by=NOT_PERMITTED)

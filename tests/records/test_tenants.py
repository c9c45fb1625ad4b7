"""Every dealer's things are its own: own rows, another's rows, and nobody acting."""

from uuid import uuid4

import pytest
from attack import NOT_PERMITTED, as_owner, run, stopped
from placed import application_in, message, plate_in

from book_people import AT, give_funds, give_plates
from people import World

pytestmark = pytest.mark.database

TENANT_TABLES = {
    "stock.plate": "dealer_id",
    "stock.plate_event": "dealer_id",
    "work.application": "organisation_id",
    "work.application_event": "organisation_id",
    "outbox.message": "organisation_id",
    "ledger.account": "organisation_id",
    "ledger.transaction": "organisation_id",
    "book.dealer_paper": "organisation_id",
    "access.idempotency": "organisation_id",
    "access.disclosure": "organisation_id",
}


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_own_others_and_nobodys(world: World, table: str) -> None:
    """D-105: a dealer sees and touches its own rows, a stranger none of them, and nobody sees any."""
    from vinculum.access import disclosure
    from vinculum.access.database import connected

    dealer, other = world.make_dealer(), world.make_dealer()
    give_plates(world, dealer)
    give_funds(world, dealer)
    message(world, dealer.clerk)
    disclosure.record(
        dealer.clerk, act="find_customer", purpose="verification_by_business", case_reference="1", subject="x"
    )
    _paper(world, dealer.organisation_id)
    key = uuid4().hex
    run(
        dealer.clerk,
        (
            "INSERT INTO access.idempotency (organisation_id, key, act, request_hash, created_at)"
            " VALUES (%s, %s, 'x', '\\x00', now())",
            [dealer.organisation_id, key],
        ),
    )
    with as_owner(world) as connection:
        account = connection.execute(
            "SELECT id FROM ledger.account WHERE organisation_id = %s", [dealer.organisation_id]
        ).fetchone()[0]
    pay = f'[{{"account": "{account}", "cents": -1, "memo": "x"}},' + (
        '{"account": "00000000-0000-4000-8000-000000000001", "cents": 1, "memo": "x"}]'
    )
    run(dealer.clerk, ("SELECT ledger.post(%s, 'registration_fees', %s, %s, %s)", [uuid4(), key, pay, AT]))
    column = TENANT_TABLES[table]
    count = (f"SELECT count(*) FROM {table} WHERE {column} = %s", [dealer.organisation_id])
    assert run(dealer.clerk, count)[0][0] > 0, "its own"
    assert run(other.clerk, count) == [(0,)], "another's"
    with connected("state") as connection:
        assert connection.execute(*count).fetchone() == (0,), "nobody acts"


def _paper(world: World, dealer_id: object) -> None:
    from datetime import date

    from vinculum.state.transactions import keep_dealer_paper

    keep_dealer_paper.run(
        keep_dealer_paper.Request(dealer_id=dealer_id, kind="letter_of_intent", valid_from=date(2026, 1, 1)),
        actor=world.system(),
        at=AT,
    )


def test_a_stranger_touches_nothing(world: World) -> None:
    """D-105: another dealer's plate, application and message answer as if they were not there."""
    dealer, other = world.make_dealer(), world.make_dealer()
    mark, _ = plate_in(world, dealer.organisation_id, "available")
    application = application_in(world, dealer.clerk, "open")
    told = message(world, dealer.clerk)
    for statement in (
        ("UPDATE stock.plate SET state = 'removed' WHERE number = %s", [mark]),
        ("UPDATE work.application SET state = 'abandoned' WHERE id = %s", [application]),
        ("UPDATE outbox.message SET attempts = 9 WHERE id = %s", [told]),
    ):
        assert run(other.clerk, statement) == [0]
        assert run(dealer.clerk, statement) == [1]
    stopped(
        other.clerk,
        (
            "INSERT INTO work.application (id, organisation_id, kind, state, terminal, deal, created_at, created_by,"
            " changed_at) VALUES (%s, %s, 'new_issue', 'open', 'T1', '{}', now(), %s, now())",
            [uuid4(), dealer.organisation_id, other.clerk.person_id],
        ),
        by=NOT_PERMITTED,
    )


def test_every_business_table_is_walled(world: World) -> None:
    """D-105: each table of the business schemas forces row-level security, and the application owns none."""
    with as_owner(world) as connection:
        open_tables = connection.execute(
            "SELECT c.oid::regclass::text FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
            " WHERE n.nspname IN ('book', 'stock', 'ledger', 'work', 'outbox') AND c.relkind IN ('r', 'p')"
            " AND NOT (c.relrowsecurity AND c.relforcerowsecurity) ORDER BY 1"
        ).fetchall()
    assert [name for (name,) in open_tables] == [
        "ledger.posting_right",
        "stock.plate_move",
        "work.application_move",
    ], "only the tables of rules, which belong to nobody, are open"

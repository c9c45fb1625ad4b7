"""Money: balanced, sealed, from whoever may post it, and never below the floor."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from attack import NOT_PERMITTED, as_owner, owner_stopped, run, stopped
from psycopg.types.json import Jsonb

from book_people import AT, give_funds
from people import DealerSet, World
from vinculum.state.ledger.funds import BANK_CLEARING, STATE_REVENUE

pytestmark = pytest.mark.database


def _account(world: World, dealer: DealerSet) -> UUID:
    with as_owner(world) as connection:
        row = connection.execute(
            "SELECT id FROM ledger.account WHERE organisation_id = %s", [dealer.organisation_id]
        ).fetchone()
    return row[0]


@pytest.fixture
def dealer(world: World) -> DealerSet:
    """A dealer with a thousand dollars."""
    made = world.make_dealer()
    give_funds(world, made, "1000.00")
    return made


def _post(
    kind: str,
    lines: list[tuple[UUID, int]] | None,
    *,
    posting: UUID | None = None,
    reverses: UUID | None = None,
):
    body = (
        None
        if lines is None
        else Jsonb([{"account": str(a), "cents": c, "memo": "attack"} for a, c in lines])
    )
    return (
        "SELECT ledger.post(%s, %s, %s, %s, %s, %s)",
        [posting or uuid4(), kind, f"attack {uuid4()}", body, AT, reverses],
    )


def test_a_dealer_pays_state_revenue(world: World, dealer: DealerSet) -> None:
    """F-115: the one posting a dealer makes works; everything below is measured against it."""
    mine = _account(world, dealer)
    run(dealer.clerk, _post("registration_fees", [(mine, -100), (STATE_REVENUE, 100)]))


def test_unbalanced_and_one_line_postings_fail_at_commit(world: World, dealer: DealerSet) -> None:
    """F-115: what does not balance does not come about."""
    mine = _account(world, dealer)
    for lines in ([(mine, -100), (STATE_REVENUE, 99)], [(mine, -100)], []):
        stopped(dealer.clerk, _post("registration_fees", lines), by="ledger_transaction_balances")


def test_no_overdraft(world: World, dealer: DealerSet) -> None:
    """D-101, F-115: the account never falls below its floor."""
    mine = _account(world, dealer)
    stopped(
        dealer.clerk,
        _post("registration_fees", [(mine, -100_001), (STATE_REVENUE, 100_001)]),
        by="balance_never_below_floor",
    )


def test_a_dealer_never_credits_itself(world: World, dealer: DealerSet) -> None:
    """F-115: balanced is not authorised: not from clearing, not from revenue, not from another dealer."""
    other = world.make_dealer()
    give_funds(world, other)
    mine, theirs = _account(world, dealer), _account(world, other)
    for kind, lines in (
        ("deposit", [(BANK_CLEARING, -100), (mine, 100)]),
        ("registration_fees", [(BANK_CLEARING, -100), (mine, 100)]),
        ("registration_fees", [(STATE_REVENUE, -100), (mine, 100)]),
        ("registration_fees", [(theirs, -100), (STATE_REVENUE, 100)]),
        ("registration_fees", [(theirs, -100), (mine, 100)]),
        ("registration_fees", [(mine, -100), (theirs, 100)]),
        ("registration_fees", [(uuid4(), -100), (STATE_REVENUE, 100)]),
        ("gift", [(mine, -100), (STATE_REVENUE, 100)]),
        ("void_refund", [(STATE_REVENUE, -100), (mine, 100)]),
    ):
        stopped(dealer.clerk, _post(kind, lines))


def test_the_association_deposits_only(world: World, dealer: DealerSet) -> None:
    """F-115: an accountant moves nothing out of a dealer's funds and nothing out of revenue."""
    mine = _account(world, dealer)
    accountant = world.accountant()
    for kind, lines in (
        ("deposit", [(mine, -100), (BANK_CLEARING, 100)]),
        ("deposit", [(STATE_REVENUE, -100), (mine, 100)]),
        ("registration_fees", [(mine, -100), (STATE_REVENUE, 100)]),
    ):
        stopped(accountant, _post(kind, lines), act="deposit_funds", by=NOT_PERMITTED)


def test_nobody_writes_the_tables(world: World, dealer: DealerSet) -> None:
    """F-115: ledger.post is the only way; rows are neither inserted, nor changed, nor removed."""
    mine = _account(world, dealer)
    posting = uuid4()
    run(dealer.clerk, _post("registration_fees", [(mine, -100), (STATE_REVENUE, 100)], posting=posting))
    for statement in (
        "INSERT INTO ledger.line (transaction_id, number, account_id, cents, memo) SELECT id, 9, %s, 1, 'x'"
        " FROM ledger.transaction LIMIT 1",
        "UPDATE ledger.account SET balance_cents = 1 WHERE id = %s",
        "UPDATE ledger.line SET cents = 1 WHERE account_id = %s",
        "DELETE FROM ledger.line WHERE account_id = %s",
        "DELETE FROM ledger.account WHERE id = %s",
    ):
        stopped(dealer.clerk, (statement, [mine]), by=NOT_PERMITTED)
    for table in ("account", "transaction", "line"):
        stopped(world.administrator(), (f"TRUNCATE ledger.{table} CASCADE", []), by=NOT_PERMITTED)
    owner_stopped(
        world, ("UPDATE ledger.line SET cents = cents WHERE transaction_id = %s", [posting]), by=NOT_PERMITTED
    )
    owner_stopped(world, ("DELETE FROM ledger.transaction WHERE id = %s", [posting]), by=NOT_PERMITTED)


def test_a_posting_is_sealed(world: World, dealer: DealerSet) -> None:
    """F-115: a balanced pair added later to an old posting is refused, the owner included."""
    mine = _account(world, dealer)
    posting = uuid4()
    run(dealer.clerk, _post("registration_fees", [(mine, -100), (STATE_REVENUE, 100)], posting=posting))
    add = "INSERT INTO ledger.line (transaction_id, number, account_id, cents, memo) VALUES (%s, %s, %s, %s, 'late')"
    owner_stopped(
        world,
        (add, [posting, 8, BANK_CLEARING, 5]),
        (add, [posting, 9, STATE_REVENUE, -5]),
        by="ledger_transaction_is_sealed",
    )


def test_owners_unbalanced_fix_is_refused(world: World, dealer: DealerSet) -> None:
    """F-115: a manual fix by the owner balances or does not come about."""
    posting = uuid4()
    transaction = (
        "INSERT INTO ledger.transaction (id, kind, reference, organisation_id, posted_at, person_id)"
        " VALUES (%s, 'fix', %s, %s, %s, %s)",
        [posting, f"fix {posting}", dealer.organisation_id, AT, dealer.clerk.person_id],
    )
    owner_stopped(world, transaction, by="ledger_transaction_balances")
    owner_stopped(
        world,
        transaction,
        (
            "INSERT INTO ledger.line (transaction_id, number, account_id, cents, memo) VALUES (%s, 1, %s, 500, 'x')",
            [posting, STATE_REVENUE],
        ),
        by="ledger_transaction_balances",
    )


def test_refund_is_of_ones_own_posting_and_once(world: World, dealer: DealerSet) -> None:
    """D-602: a refund is computed from the posting it reverses, by its dealer or DMV, once only."""
    mine = _account(world, dealer)
    posting = uuid4()
    run(dealer.clerk, _post("registration_fees", [(mine, -4200), (STATE_REVENUE, 4200)], posting=posting))
    stranger = world.make_dealer().clerk
    refund = _post("void_refund", [(mine, 999_999), (STATE_REVENUE, -999_999)], reverses=posting)
    stopped(stranger, refund, by=NOT_PERMITTED)
    stopped(dealer.clerk, _post("void_refund", None, reverses=uuid4()), by=NOT_PERMITTED)
    run(dealer.clerk, refund)
    balance = run(dealer.clerk, ("SELECT balance_cents FROM ledger.account WHERE id = %s", [mine]))
    assert balance == [(100_000,)], "what was supplied as lines counts for nothing"
    again = _post("void_refund", None, reverses=posting)
    stopped(dealer.clerk, again, by="ledger_transaction_is_reversed_only_once")


def test_one_reference_one_posting(world: World, dealer: DealerSet) -> None:
    """D-206: an application is charged once, whatever happens."""
    mine = _account(world, dealer)
    query, parameters = _post("registration_fees", [(mine, -100), (STATE_REVENUE, 100)])
    run(dealer.clerk, (query, parameters))
    again = (query, [uuid4(), *parameters[1:4], AT + timedelta(hours=1), None])
    stopped(dealer.clerk, again, by="ledger_reference_is_posted_only_once")


def test_no_account_with_money_in_it(world: World, dealer: DealerSet) -> None:
    """F-115: an account is opened empty, by an office, one of its kind."""
    stopped(
        dealer.clerk,
        (
            "INSERT INTO ledger.account (id, organisation_id, kind, floor_cents) VALUES (%s, %s, 'dealer_funds', -1)",
            [uuid4(), dealer.organisation_id],
        ),
        by=NOT_PERMITTED,
    )
    stopped(
        world.accountant(),
        (
            "INSERT INTO ledger.account (id, organisation_id, kind, floor_cents, balance_cents)"
            " VALUES (%s, %s, 'dealer_funds', 0, 5)",
            [uuid4(), dealer.organisation_id],
        ),
        act="deposit_funds",
        by=NOT_PERMITTED,
    )

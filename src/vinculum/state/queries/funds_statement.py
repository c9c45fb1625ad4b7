"""A dealer's funds account: the balance, every line of a span of days, and whether it all adds up (F-115).

Three things must agree: the running balance of the account, the sum of all its lines, and the balance after
the last line. The statement says so itself, so that nobody has to take it on trust.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from vinculum.access.database import Actor, Connection, acting, one
from vinculum.access.permissions import require
from vinculum.kernel.money import from_cents

ACT = "show_funds"
_ZONE = ZoneInfo("America/New_York")
MOST_LINES = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The days of the statement, both included; the dealer is named by DMV and the association only."""

    first_day: date
    last_day: date
    dealer_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One movement on the account."""

    sequence: int
    posted_at: datetime
    kind: str
    reference: str
    memo: str
    amount: Decimal
    balance_after: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTotal:
    """The movements of one local day."""

    day: date
    paid_in: Decimal
    paid_out: Decimal
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The account over the days asked for; `reconciled` says whether it adds up since its beginning."""

    dealer_id: UUID
    dealer_name: str
    first_day: date
    last_day: date
    balance: Decimal
    opening: Decimal
    closing: Decimal
    lines: tuple[StatementLine, ...]
    days: tuple[DayTotal, ...]
    truncated: bool
    reconciled: bool


def run(request: Request, *, actor: Actor) -> Statement | None:
    """The statement, or None when there is no such account for this actor to see."""
    require(actor, ACT)
    dealer_id = actor.organisation_id if actor.organisation_kind == "dealer" else request.dealer_id
    with acting(actor, act=ACT) as connection:
        account = one(
            connection,
            "SELECT a.id, a.organisation_id, o.name, a.balance_cents, a.version FROM ledger.account AS a"
            " JOIN access.organisation AS o ON o.id = a.organisation_id"
            " WHERE a.kind = 'dealer_funds' AND a.organisation_id = %s",
            [dealer_id],
        )
        if account is None:
            return None
        account_id, owner_id, name, balance, version = account
        start, end = _instants(request)
        opening = _balance_before(connection, account_id=account_id, at=start)
        closing = _balance_before(connection, account_id=account_id, at=end)
        lines = _lines(connection, account_id=account_id, start=start, end=end)
        return Statement(
            dealer_id=owner_id,
            dealer_name=name,
            first_day=request.first_day,
            last_day=request.last_day,
            balance=from_cents(balance),
            opening=from_cents(opening),
            closing=from_cents(closing),
            lines=lines[:MOST_LINES],
            days=_days(lines),
            truncated=len(lines) > MOST_LINES,
            reconciled=_reconciled(connection, account_id=account_id, balance=balance, version=version),
        )


def _instants(request: Request) -> tuple[datetime, datetime]:
    start = datetime.combine(request.first_day, time(0), _ZONE)
    end = datetime.combine(request.last_day + timedelta(days=1), time(0), _ZONE)
    return start, end


def _balance_before(connection: Connection, *, account_id: UUID, at: datetime) -> int:
    row = one(
        connection,
        "SELECT coalesce(sum(l.cents), 0)::bigint FROM ledger.line AS l"
        " JOIN ledger.transaction AS t ON t.id = l.transaction_id WHERE l.account_id = %s AND t.posted_at < %s",
        [account_id, at],
    )
    assert row is not None
    return int(row[0])


def _lines(
    connection: Connection, *, account_id: UUID, start: datetime, end: datetime
) -> tuple[StatementLine, ...]:
    rows = connection.execute(
        "SELECT l.account_sequence, t.posted_at, t.kind, t.reference, l.memo, l.cents, l.balance_after"
        " FROM ledger.line AS l JOIN ledger.transaction AS t ON t.id = l.transaction_id"
        " WHERE l.account_id = %s AND t.posted_at >= %s AND t.posted_at < %s"
        " ORDER BY l.account_sequence LIMIT %s",
        [account_id, start, end, MOST_LINES + 1],
    )
    return tuple(
        StatementLine(
            sequence=row[0],
            posted_at=row[1],
            kind=row[2],
            reference=row[3],
            memo=row[4],
            amount=from_cents(row[5]),
            balance_after=from_cents(row[6]),
        )
        for row in rows
    )


def _days(lines: tuple[StatementLine, ...]) -> tuple[DayTotal, ...]:
    by_day: dict[date, list[Decimal]] = {}
    for line in lines:
        by_day.setdefault(line.posted_at.astimezone(_ZONE).date(), []).append(line.amount)
    nothing = Decimal("0.00")
    return tuple(
        DayTotal(
            day=day,
            paid_in=sum((amount for amount in amounts if amount > 0), nothing),
            paid_out=sum((-amount for amount in amounts if amount < 0), nothing),
            count=len(amounts),
        )
        for day, amounts in sorted(by_day.items())
    )


def _reconciled(connection: Connection, *, account_id: UUID, balance: int, version: int) -> bool:
    row = one(
        connection,
        "SELECT coalesce(sum(cents), 0), count(*), coalesce(max(account_sequence), 0),"
        " coalesce((array_agg(balance_after ORDER BY account_sequence DESC))[1], 0)"
        " FROM ledger.line WHERE account_id = %s",
        [account_id],
    )
    assert row is not None
    total, count, last_sequence, last_balance = row
    return bool(total == balance == last_balance and count == last_sequence == version)

"""The work on a dealer's desk: its applications, the latest first, page by page (D-105).

No owner's name is in the list: it shows vehicles, states and deadlines only.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from psycopg import sql

from vinculum.access.database import Actor, acting
from vinculum.access.permissions import require

ACT = "list_applications"
LARGEST_PAGE = 100

ApplicationState = Literal["open", "held", "processed", "voided", "abandoned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Which applications: in these states (all, when empty), of this VIN, this dealer, after this cursor."""

    states: tuple[ApplicationState, ...] = ()
    vin: str = ""
    dealer_id: UUID | None = None
    after: str = ""
    limit: int = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One line of the list."""

    application_id: UUID
    dealer_name: str
    state: ApplicationState
    terminal: str
    vin: str
    issue_date: date | None
    created_at: datetime
    changed_at: datetime
    held_at: datetime | None
    processed_at: datetime | None
    void_until: datetime | None
    voided_at: datetime | None
    plate_number: str | None
    title_number: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the list, how many there are in each state, and the cursor of the next page ('' at the end)."""

    applications: tuple[Application, ...]
    counts: dict[str, int]
    next: str


class CursorUnreadable(ValueError):
    """The cursor is not one that a page gave out."""


def run(request: Request, *, actor: Actor) -> Page:
    """One page; a dealer sees its own applications, DMV those of all or of the dealer asked for."""
    require(actor, ACT)
    limit = max(1, min(request.limit, LARGEST_PAGE))
    conditions, parameters = _conditions(request)
    query = sql.SQL(
        "SELECT a.id, o.name, a.state, a.terminal, a.vin, a.issue_date, a.created_at, a.changed_at, a.held_at,"
        " a.processed_at, a.void_until, a.voided_at, r.plate_number, t.number"
        " FROM work.application AS a JOIN access.organisation AS o ON o.id = a.organisation_id"
        " LEFT JOIN book.registration AS r ON r.id = a.registration_id"
        " LEFT JOIN book.title AS t ON t.id = a.title_id"
        " WHERE {} ORDER BY a.changed_at DESC, a.id DESC LIMIT %s"
    ).format(sql.SQL(" AND ").join(map(sql.SQL, conditions)))
    with acting(actor, act=ACT) as connection:
        rows = connection.execute(query, [*parameters, limit + 1]).fetchall()
        counts = connection.execute(
            "SELECT state, count(*) FROM work.application WHERE organisation_id = coalesce(%s, organisation_id)"
            " GROUP BY state",
            [_dealer(request, actor)],
        ).fetchall()
    applications = tuple(_application(row) for row in rows[:limit])
    more = len(rows) > limit
    return Page(
        applications=applications,
        counts=dict(counts),
        next=_cursor(applications[-1]) if more else "",
    )


def _dealer(request: Request, actor: Actor) -> UUID | None:
    return actor.organisation_id if actor.organisation_kind == "dealer" else request.dealer_id


def _conditions(request: Request) -> tuple[list[str], list[object]]:
    conditions, parameters = ["true"], list[object]()
    if request.states:
        conditions.append("a.state = ANY (%s)")
        parameters.append(list(request.states))
    if request.vin:
        conditions.append("a.vin = %s")
        parameters.append(request.vin)
    if request.dealer_id:
        conditions.append("a.organisation_id = %s")
        parameters.append(request.dealer_id)
    if request.after:
        conditions.append("(a.changed_at, a.id) < (%s, %s)")
        parameters.extend(_read_cursor(request.after))
    return conditions, parameters


def _application(row: Sequence[object]) -> Application:
    names = Application.__dataclass_fields__
    return Application(**dict(zip(names, row, strict=True)))  # type: ignore[arg-type]


def _cursor(last: Application) -> str:
    return base64.urlsafe_b64encode(f"{last.changed_at.isoformat()} {last.application_id}".encode()).decode()


def _read_cursor(cursor: str) -> tuple[datetime, UUID]:
    try:
        changed_at, application_id = base64.urlsafe_b64decode(cursor.encode()).decode().split(" ")
        instant = datetime.fromisoformat(changed_at)
        if instant.tzinfo is None:
            raise ValueError("an instant has a zone")
        return instant, UUID(application_id)
    except (ValueError, binascii.Error) as error:
        raise CursorUnreadable("The page cursor is not one that this list gave out.") from error

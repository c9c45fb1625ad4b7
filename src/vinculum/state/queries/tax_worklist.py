"""A collector's desk: whom its town has stopped for unpaid property tax, since when and by whom (M-401, M-404)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from vinculum.access.database import Actor, acting
from vinculum.access.permissions import require
from vinculum.state.queries.purpose import record_purpose

# Seeing whom one has stopped belongs to putting on stops: there is no other reason to see it.
ACT = "put_on_stop"
LARGEST_PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The town, for DMV; a collector sees its own whatever is asked. `taken_off` shows the history instead."""

    town_code: str = ""
    taken_off: bool = False
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxStop:
    """One stop with its history."""

    stop_id: UUID
    customer_number: str
    customer_name: str
    since: date
    contact: str
    put_on_by: str
    put_on_at: datetime
    reason: str
    taken_off_by: str | None
    taken_off_at: datetime | None
    taken_off_reason: str | None


def run(request: Request, *, actor: Actor) -> tuple[TaxStop, ...]:
    """The town's stops, the latest first."""
    require(actor, ACT)
    town_code = actor.organisation_code if actor.organisation_kind == "town" else request.town_code
    ticket = record_purpose(
        actor,
        act=ACT,
        purpose="government_agency",
        case_reference=f"tax worklist of town {town_code}",
        subject=f"town {town_code}",
    )
    with acting(actor, act=ACT, ticket=ticket) as connection:
        rows = connection.execute(
            """SELECT s.id, c.number, d.name, s.since, s.contact, e.person_name, e.recorded_at, e.reason,
                      x.person_name, x.recorded_at, x.reason
                 FROM book.customer_stop AS s
                 JOIN book.customer AS c ON c.id = s.customer_id
                 JOIN book.customer_detail AS d ON d.customer_id = c.id AND d.closed_by IS NULL
                 JOIN book.entry AS e ON e.id = s.opened_by
                 LEFT JOIN book.entry AS x ON x.id = s.closed_by
                WHERE s.kind = 'delinquent_tax' AND s.town_code = %s AND (s.closed_by IS NOT NULL) = %s
                ORDER BY coalesce(x.recorded_at, e.recorded_at) DESC, c.number LIMIT %s""",
            [town_code, request.taken_off, max(1, min(request.limit, LARGEST_PAGE))],
        ).fetchall()
    names = list(TaxStop.__dataclass_fields__)
    return tuple(TaxStop(**dict(zip(names, row, strict=True))) for row in rows)

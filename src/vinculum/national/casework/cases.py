"""Discrepancy cases as both sides and the help desk see them (N-401)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from vinculum.access.database import Actor, acting
from vinculum.access.permissions import require
from vinculum.national.casework.case_moves import REASONS, Move, Side, State, moves_of, waits_for
from vinculum.national.casework.compare_paper import Discrepancy, Paper
from vinculum.national.casework.contacts import Contact, contact_of
from vinculum.protocol.case_inquiry import case_number

_MOST_LISTED: Final = 200
_READ: Final = (
    "SELECT c.vin, c.case_id, c.asking, c.holding, c.state, c.facts, c.paper, c.opened_at, c.moved_at, c.closed_at,"
    " c.closed_because FROM exchange.discrepancy_case AS c"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case. `side` is the reader's."""

    vin: str
    case_id: UUID
    asking: str
    holding: str
    state: State
    side: Side
    facts: tuple[Discrepancy, ...]
    paper: Paper
    opened_at: datetime
    moved_at: datetime
    closed_at: datetime | None
    closed_because: str

    @property
    def number(self) -> str:
        """The case as people name it."""
        return case_number(self.case_id)

    @property
    def is_ones_turn(self) -> bool:
        """Whether the reader's side is waited for."""
        return waits_for(self.state) == self.side

    @property
    def moves(self) -> tuple[Move, ...]:
        """What the reader may do now."""
        return moves_of(self.state, side=self.side)

    def days_open(self, *, at: datetime) -> int:
        """Its age in days."""
        return ((self.closed_at or at) - self.opened_at).days


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something said or done in a case."""

    at: datetime
    side: str
    person_name: str
    move: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """A case with what was said in it, and whom to call on the other side."""

    case: Case
    events: tuple[Event, ...]
    contact: Contact | None


def side_of(actor: Actor, *, asking: str) -> Side:
    """On which side somebody stands who may read the case at all."""
    if actor.organisation_kind == "association":
        return "help_desk"
    return "asking" if actor.organisation_code == asking else "holding"


def listed(*, actor: Actor, closed: bool = False) -> tuple[Case, ...]:
    """The actor's cases, those longest unmoved first; the wall hides what is others'."""
    require(actor, "work_exchange_case")
    with acting(actor, act="work_exchange_case", database="national") as connection:
        rows = connection.execute(
            _READ + " WHERE (c.state = 'closed') = %s ORDER BY c.moved_at, c.vin LIMIT %s",
            (closed, _MOST_LISTED),
        ).fetchall()
    return tuple(_case(row, actor) for row in rows)


def show(*, vin: str, case_id: UUID, actor: Actor) -> CaseFile | None:
    """One case; None when there is none that the actor may see."""
    require(actor, "work_exchange_case")
    with acting(actor, act="work_exchange_case", database="national") as connection:
        row = connection.execute(_READ + " WHERE c.vin = %s AND c.case_id = %s", (vin, case_id)).fetchone()
        if row is None:
            return None
        case = _case(row, actor)
        events = connection.execute(
            "SELECT at, side, person_name, move, body FROM exchange.case_event"
            " WHERE vin = %s AND case_id = %s ORDER BY at, event_id",
            (vin, case_id),
        ).fetchall()
        other = case.holding if case.side != "holding" else case.asking
        contact = contact_of(connection, other)
    said = tuple(
        Event(at=event[0], side=event[1], person_name=event[2], move=event[3], body=event[4])
        for event in events
    )
    return CaseFile(case=case, events=said, contact=contact)


def _case(row: tuple[Any, ...], actor: Actor) -> Case:
    paper = row[6]
    return Case(
        vin=row[0],
        case_id=row[1],
        asking=row[2],
        holding=row[3],
        state=row[4],
        side=side_of(actor, asking=row[2]),
        facts=tuple(Discrepancy(**fact) for fact in row[5]),
        paper=Paper(
            vin=row[0],
            jurisdiction=paper["jurisdiction"],
            title_number=paper["title_number"],
            issue_date=date.fromisoformat(paper["issue_date"]),
            brands=tuple(paper["brands"]),
            control_number=paper.get("control_number", ""),
        ),
        opened_at=row[7],
        moved_at=row[8],
        closed_at=row[9],
        closed_because=REASONS.get(row[10] or "", ""),
    )

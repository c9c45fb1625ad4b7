"""Findings as investigators and the help desk see them: a list to work through, and each with its evidence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, LiteralString
from uuid import UUID

from vinculum.access.database import Actor, Connection, acting
from vinculum.access.permissions import require
from vinculum.national.investigations.finding import KINDS, RULES, Entry, Kind, entry_of

State = Literal["open", "dismissed", "confirmed", "mended"]
STATES: Final[Mapping[State, str]] = {
    "open": "Open",
    "confirmed": "Confirmed",
    "dismissed": "Dismissed",
    "mended": "Mended on the record",
}
REASONS: Final[Mapping[str, str]] = {
    "clerical_error": "A clerical error, which the state corrects",
    "explained_by_papers": "Explained by papers that the exchange does not hold",
    "lawful_exception": "Lawful in this case",
    "known_already": "Known and worked elsewhere already",
}
PAGE: Final = 50
_ACT: Final = "show_findings"
_READ: Final[LiteralString] = (
    "SELECT f.vin, f.finding_id, f.kind, f.other_vin, f.jurisdictions, f.score, f.evidence, f.state, f.found_at,"
    " f.moved_at, f.reason, f.request_id FROM exchange.finding AS f"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What does not fit together, by which rule it was found, and how it was decided."""

    vin: str
    finding_id: UUID
    kind: Kind
    other_vin: str | None
    jurisdictions: tuple[str, ...]
    score: int
    summary: str
    entries: tuple[Entry, ...]
    state: State
    found_at: datetime
    moved_at: datetime
    reason: str
    request_id: UUID | None

    @property
    def heading(self) -> str:
        """Its kind in plain words."""
        return KINDS[self.kind]

    @property
    def rule(self) -> str:
        """The rule that found it, in a sentence or two."""
        return RULES[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What somebody decided about a finding."""

    at: datetime
    side: str
    person_name: str
    move: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """The last finding of a page: the next one begins after it."""

    score: int
    vin: str
    finding_id: UUID

    def __str__(self) -> str:
        return f"{self.score}.{self.vin}.{self.finding_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some findings, the gravest first; `after` leads to the next ones, None at the end."""

    findings: tuple[Finding, ...]
    after: Cursor | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LastScan:
    """The latest scan that came to its end."""

    began_at: datetime
    whole: bool
    vehicles: int
    found: int
    mended: int


def read_cursor(text: str) -> Cursor | None:
    """A cursor as it stands in an address; None for anything else."""
    score, _, rest = text.partition(".")
    vin, _, finding_id = rest.rpartition(".")
    try:
        return Cursor(score=int(score[:4]), vin=vin[:30], finding_id=UUID(finding_id))
    except ValueError:
        return None


def listed(
    *,
    actor: Actor,
    state: State = "open",
    kind: Kind | None = None,
    at_least: int = 1,
    after: Cursor | None = None,
) -> Page:
    """A page of the findings that the actor may know of; the walls leave the others out."""
    require(actor, _ACT)
    start = after or Cursor(score=101, vin="", finding_id=UUID(int=0))
    with acting(actor, act=_ACT, database="national") as connection:
        rows = connection.execute(
            _READ + " WHERE f.state = %(state)s AND f.score >= %(at_least)s"
            " AND (%(kind)s::text IS NULL OR f.kind = %(kind)s)"
            " AND f.score <= %(score)s AND (f.score < %(score)s OR (f.vin, f.finding_id) > (%(vin)s, %(id)s))"
            " ORDER BY f.score DESC, f.vin, f.finding_id LIMIT %(limit)s",
            {
                "state": state,
                "at_least": at_least,
                "kind": kind,
                "score": start.score,
                "vin": start.vin,
                "id": start.finding_id,
                "limit": PAGE + 1,
            },
        ).fetchall()
    found = tuple(_finding(row) for row in rows[:PAGE])
    more = None
    if len(rows) > PAGE:
        last = found[-1]
        more = Cursor(score=last.score, vin=last.vin, finding_id=last.finding_id)
    return Page(findings=found, after=more)


def show(*, vin: str, finding_id: UUID, actor: Actor) -> tuple[Finding, tuple[Event, ...]] | None:
    """One finding with what was decided about it; None when there is none that the actor may know of."""
    require(actor, _ACT)
    with acting(actor, act=_ACT, database="national") as connection:
        finding = read(connection, vin=vin, finding_id=finding_id)
        if finding is None:
            return None
        events = connection.execute(
            "SELECT e.at, e.side, e.person_name, e.move, e.words FROM exchange.finding_event AS e"
            " WHERE e.vin = %s AND e.finding_id = %s ORDER BY e.at, e.event_id",
            (vin, finding_id),
        ).fetchall()
    said = tuple(
        Event(at=at, side=side, person_name=name, move=move, words=words)
        for at, side, name, move, words in events
    )
    return finding, said


def of_vehicle(*, vin: str, actor: Actor) -> tuple[Finding, ...]:
    """Every finding about a VIN that the actor may know of, whatever its state."""
    require(actor, _ACT)
    with acting(actor, act=_ACT, database="national") as connection:
        rows = connection.execute(
            _READ + " WHERE f.vin = %s ORDER BY f.score DESC, f.finding_id LIMIT %s", (vin, PAGE)
        ).fetchall()
    return tuple(_finding(row) for row in rows)


def last_scan(*, actor: Actor) -> LastScan | None:
    """Up to when the findings reach."""
    require(actor, _ACT)
    with acting(actor, act=_ACT, database="national") as connection:
        row = connection.execute(
            "SELECT began_at, whole, vehicles, found, mended FROM exchange.finding_scan"
            " ORDER BY began_at DESC LIMIT 1"
        ).fetchone()
    if row is None:
        return None
    return LastScan(began_at=row[0], whole=row[1], vehicles=row[2], found=row[3], mended=row[4])


def read(connection: Connection, *, vin: str, finding_id: UUID) -> Finding | None:
    """One finding in somebody's name."""
    row = connection.execute(_READ + " WHERE f.vin = %s AND f.finding_id = %s", (vin, finding_id)).fetchone()
    return None if row is None else _finding(row)


def _finding(row: tuple[Any, ...]) -> Finding:
    return Finding(
        vin=row[0],
        finding_id=row[1],
        kind=row[2],
        other_vin=row[3],
        jurisdictions=tuple(row[4]),
        score=row[5],
        summary=row[6]["summary"],
        entries=tuple(entry_of(entry) for entry in row[6]["entries"]),
        state=row[7],
        found_at=row[8],
        moved_at=row[9],
        reason=REASONS.get(row[10] or "", ""),
        request_id=row[11],
    )

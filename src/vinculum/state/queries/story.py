"""What a story of the book is made of: facts as of a day, and the entries that opened and closed them.

A day is asked for in two ways. `as_of` is the legal day: what was so on that day. `known_at` is the instant of
knowing: what the book said at that time, before later entries corrected or converted it. Without `known_at` the
book is read as it is now.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from vinculum.access.database import Actor, Connection, acting
from vinculum.access.permissions import require
from vinculum.state.queries.purpose import record_purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRequest:
    """Whose story (a VIN or number), as of which legal day, as known at which instant, for what purpose and case."""

    subject: str
    as_of: date
    purpose: str
    case_reference: str
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryEntry:
    """An entry of the book: who changed what, when and why."""

    entry_id: UUID
    kind: str
    reason: str
    effective_date: date
    recorded_at: datetime
    person_name: str
    organisation_name: str
    request_id: str
    application_id: UUID | None
    reverses: UUID | None
    opened: tuple[str, ...]
    closed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFact:
    """A fact of the book, open or closed; `fields` are its words and values in the order they are read."""

    fact_id: UUID
    kind: str
    words: str
    fields: tuple[tuple[str, str], ...]
    opened_by: UUID
    closed_by: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A customer, vehicle or title: the facts open as of the day, and every entry that ever touched it."""

    subject: str
    words: str
    as_of: date
    known_at: datetime | None
    facts: tuple[StoryFact, ...]
    entries: tuple[StoryEntry, ...]


_HIDDEN = frozenset(
    {"id", "vin", "customer_id", "title_id", "opened_by", "closed_by", "decoded", "organisation_id"}
)


def recorded_fact(
    kind: str, words: str, row: Mapping[str, Any], *, more: Sequence[tuple[str, str]] = ()
) -> StoryFact:
    """A fact from a row as JSON; empty columns and keys say nothing to a reader and are left out."""
    fields = tuple(
        (name.replace("_", " "), "yes" if value is True else "no" if value is False else str(value))
        for name, value in row.items()
        if name not in _HIDDEN and value is not None and value != ""
    )
    closed_by = row["closed_by"]
    return StoryFact(
        fact_id=UUID(row["id"]),
        kind=kind,
        words=words,
        fields=(*fields, *more),
        opened_by=UUID(row["opened_by"]),
        closed_by=UUID(closed_by) if closed_by else None,
    )


FactsOf = Callable[[Connection, str], Sequence[StoryFact]]


def look_up_story(
    request: StoryRequest, *, act: str, kind: str, facts_of: FactsOf, actor: Actor
) -> Story | None:
    """The story, or None when the book never heard of it. The look-up is on the audit trail either way."""
    require(actor, act)
    subject = request.subject.upper().replace(" ", "")
    words = f"{kind} {subject}"
    ticket = record_purpose(
        actor,
        act=act,
        purpose=request.purpose,
        case_reference=request.case_reference,
        subject=words,
    )
    with acting(actor, act=act, ticket=ticket) as connection:
        facts = facts_of(connection, subject)
        if not facts:
            return None
        return _tell(
            connection,
            facts,
            subject=subject,
            words=words,
            as_of=request.as_of,
            known_at=request.known_at,
        )


def _tell(
    connection: Connection,
    recorded: Iterable[StoryFact],
    *,
    subject: str,
    words: str,
    as_of: date,
    known_at: datetime | None,
) -> Story:
    """The story of the recorded facts: those open as of the day, and all entries, the latest first."""
    facts = tuple(recorded)
    entries = _entries(connection, facts)
    known = {
        entry_id: entry
        for entry_id, entry in entries.items()
        if known_at is None or entry.recorded_at <= known_at
    }

    def happened(entry_id: UUID | None) -> bool:
        entry = known.get(entry_id) if entry_id else None
        return entry is not None and entry.effective_date <= as_of

    return Story(
        subject=subject,
        words=words,
        as_of=as_of,
        known_at=known_at,
        facts=tuple(fact for fact in facts if happened(fact.opened_by) and not happened(fact.closed_by)),
        entries=tuple(
            sorted(known.values(), key=lambda entry: (entry.recorded_at, entry.effective_date), reverse=True)
        ),
    )


def _entries(connection: Connection, facts: Sequence[StoryFact]) -> dict[UUID, StoryEntry]:
    opened: dict[UUID, list[str]] = {}
    closed: dict[UUID, list[str]] = {}
    for fact in facts:
        opened.setdefault(fact.opened_by, []).append(fact.words)
        if fact.closed_by:
            closed.setdefault(fact.closed_by, []).append(fact.words)
    rows = connection.execute(
        "SELECT e.id, e.kind, e.reason, e.effective_date, e.recorded_at, e.person_name, o.name, e.request_id,"
        " e.application_id, e.reverses FROM book.entry AS e"
        " JOIN access.organisation AS o ON o.id = e.organisation_id WHERE e.id = ANY (%s)",
        [list({*opened, *closed})],
    )
    return {
        row[0]: StoryEntry(
            entry_id=row[0],
            kind=row[1],
            reason=row[2],
            effective_date=row[3],
            recorded_at=row[4],
            person_name=row[5],
            organisation_name=row[6],
            request_id=row[7],
            application_id=row[8],
            reverses=row[9],
            opened=tuple(opened.get(row[0], ())),
            closed=tuple(closed.get(row[0], ())),
        )
        for row in rows
    }

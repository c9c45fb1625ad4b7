"""Who may use the alert site: asked for, approved by another who administers, ended at once (N-703)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import psycopg

from vinculum.access.database import Actor, Connection, acting
from vinculum.access.permissions import require
from vinculum.kernel.refusal import Refused
from vinculum.national.alerts.refusals import refusal

CONFIRMED_FOR: Final = timedelta(days=365)
ENDINGS: Final = {
    "unauthorised_use": "unauthorised use",
    "left": "has left the office",
    "not_needed": "not needed any more",
}
_SAID_OF_ENDED: Final = {**ENDINGS, "declined": "the request was declined", "withdrawn": "withdrawn"}
_ASK: Final = "ask_alert_access"
_DECIDE: Final = "decide_alert_user"
_MOST_LISTED: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertUser:
    """Somebody who asked to use the site, and where that stands."""

    person_id: UUID
    organisation_id: UUID
    organisation_name: str
    person_name: str
    role: str
    wanted_for: str
    asked_at: datetime
    decided_by_name: str
    approved_at: datetime | None
    confirmed_at: datetime | None
    ended_at: datetime | None
    ended_because: str
    ended_words: str
    openings: int = 0
    removed_before: str = ""

    @property
    def waits(self) -> bool:
        """Whether nobody has decided yet."""
        return self.ended_at is None and self.approved_at is None

    def is_stale(self, *, at: datetime) -> bool:
        """Approved, but not confirmed for a year: the site is closed to this person until it is."""
        return (
            self.ended_at is None
            and self.confirmed_at is not None
            and at >= self.confirmed_at + CONFIRMED_FOR
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """The users an administrator answers for, those who ask, those who are no users any more; and the places."""

    users: tuple[AlertUser, ...]
    asking: tuple[AlertUser, ...]
    ended: tuple[AlertUser, ...]
    most_users: int


def ask(*, wanted_for: str, actor: Actor, at: datetime) -> None:
    """Ask to use the site; the administrator of the own jurisdiction decides. Raises Refused."""
    require(actor, _ASK)
    if not 1 <= len(wanted_for.strip()) <= 400:
        words = "Say what you need the alerts for, in 400 characters at most."
        raise Refused([refusal("missing_field", words, "A sentence is enough.", field="wanted_for")])
    try:
        with acting(actor, act=_ASK, database="national") as connection:
            connection.execute(
                "INSERT INTO exchange.alert_user (organisation_id, person_id, asked_at, person_name, role, wanted_for)"
                " VALUES (%s, %s, %s, %s, %s, %s)",
                (
                    *(actor.organisation_id, actor.person_id, at),
                    *(actor.person_name, actor.role, wanted_for.strip()),
                ),
            )
    except psycopg.errors.UniqueViolation as fault:
        words = "You have asked already."
        raise Refused(
            [refusal("alert_access_asked_already", words, "Wait for your administrator.")]
        ) from fault


def own(*, actor: Actor) -> AlertUser | None:
    """Where the actor's own request stands; the latest when there were several."""
    require(actor, _ASK)
    with acting(actor, act=_ASK, database="national") as connection:
        row = connection.execute(_READ, (actor.person_id,)).fetchone()
    return _user(row) if row else None


def register(*, actor: Actor, at: datetime) -> Register:
    """What an administrator decides on, with how often each user opened alerts in thirty days."""
    require(actor, _DECIDE)
    with acting(actor, act=_DECIDE, database="national") as connection:
        rows = connection.execute(
            _READ_REGISTER,
            {"since": at - timedelta(days=30), "most": _MOST_LISTED},
        ).fetchall()
        place = connection.execute(
            "SELECT most_users FROM exchange.alert_place WHERE organisation_id = %s", (actor.organisation_id,)
        ).fetchone()
        default = connection.execute(
            "SELECT column_default::integer FROM information_schema.columns"
            " WHERE table_schema = 'exchange' AND table_name = 'alert_place' AND column_name = 'most_users'"
        ).fetchone()
    everybody = tuple(_user(row) for row in rows)
    limit = place or default
    return Register(
        users=tuple(one for one in everybody if one.ended_at is None and not one.waits),
        asking=tuple(one for one in everybody if one.waits and one.organisation_id == actor.organisation_id),
        ended=tuple(one for one in everybody if one.ended_at is not None),
        most_users=int(limit[0]) if limit else 0,
    )


def decide(*, person_id: UUID, approve: bool, words: str = "", actor: Actor, at: datetime) -> None:
    """Approve, confirm for another year, or decline; never for oneself, never beyond the places. Raises Refused."""
    require(actor, _DECIDE)
    try:
        with acting(actor, act=_DECIDE, database="national") as connection:
            connection.execute(
                "SELECT exchange.decide_alert_user(%s, %s, %s, %s, %s)",
                (person_id, actor.person_name, approve, words.strip()[:400], at),
            )
    except psycopg.errors.CheckViolation as fault:
        message = "All places of your jurisdiction are taken."
        remedy = "End the use of somebody who needs it less, or ask the association for more places."
        raise Refused([refusal("alert_users_are_limited", message, remedy)]) from fault
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.NoDataFound) as fault:
        message = (
            "There is no such request of your jurisdiction that you may decide; nobody decides for oneself."
        )
        raise Refused([refusal("alert_user_not_found", message, "Look at the list again.")]) from fault


def end(
    *,
    person_id: UUID,
    because: str,
    words: str,
    actor: Actor,
    at: datetime,
    close_sessions: Callable[[UUID], object],
) -> None:
    """End somebody's use; all their sessions end with it. Raises Refused.

    `close_sessions` ends those at the desk where people sign in. It is called before the commit: when it fails,
    nothing has changed, and the administrator is told; when it succeeds and the commit fails, the person signs in
    again and the administrator tries again.
    """
    require(actor, _DECIDE)
    faults = []
    if because not in ENDINGS:
        message = "The reason for which the user is removed is missing."
        faults.append(refusal("missing_field", message, "Choose it.", field="because"))
    if not 1 <= len(words.strip()) <= 400:
        message = "What happened is missing or longer than 400 characters."
        faults.append(refusal("missing_field", message, "Say it in a sentence.", field="words"))
    if faults:
        raise Refused(faults)
    try:
        with acting(actor, act=_DECIDE, database="national") as connection:
            connection.execute(
                "SELECT exchange.end_alert_user(%s, %s, %s, %s)", (person_id, because, words.strip(), at)
            )
            close_sessions(person_id)
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.NoDataFound) as fault:
        message = "There is no such user of your jurisdiction."
        raise Refused([refusal("alert_user_not_found", message, "Look at the list again.")]) from fault


def set_places(connection: Connection, *, organisation_id: UUID, most_users: int) -> None:
    """How many may use the site for an organisation; for the operator, at the command line."""
    connection.execute(
        "INSERT INTO exchange.alert_place (organisation_id, most_users) VALUES (%s, %s)"
        " ON CONFLICT (organisation_id) DO UPDATE SET most_users = excluded.most_users",
        (organisation_id, most_users),
    )


_READ: Final = """
SELECT u.person_id, u.organisation_id, o.name, u.person_name, u.role, u.wanted_for, u.asked_at,
       coalesce(u.decided_by_name, ''), u.approved_at, u.confirmed_at, u.ended_at, coalesce(u.ended_because, ''),
       coalesce(u.ended_words, '')
  FROM exchange.alert_user AS u JOIN access.organisation AS o ON o.id = u.organisation_id
 WHERE u.person_id = %s ORDER BY u.ended_at IS NOT NULL, u.asked_at DESC LIMIT 1
"""
_READ_REGISTER: Final = """
SELECT u.person_id, u.organisation_id, o.name, u.person_name, u.role, u.wanted_for, u.asked_at,
       coalesce(u.decided_by_name, ''), u.approved_at, u.confirmed_at, u.ended_at, coalesce(u.ended_because, ''),
       coalesce(u.ended_words, ''),
       (SELECT count(*) FROM exchange.alert_opening AS v WHERE v.organisation_id = u.organisation_id
           AND v.person_id = u.person_id AND v.opened_at >= %(since)s),
       coalesce((SELECT e.ended_words FROM exchange.alert_user AS e WHERE e.person_id = u.person_id
                    AND e.ended_because = 'unauthorised_use' AND u.ended_at IS NULL
                  ORDER BY e.ended_at DESC LIMIT 1), '')
  FROM exchange.alert_user AS u JOIN access.organisation AS o ON o.id = u.organisation_id
 ORDER BY u.ended_at DESC NULLS FIRST, u.person_name LIMIT %(most)s
"""


def _user(row: tuple[Any, ...]) -> AlertUser:
    return AlertUser(
        person_id=row[0],
        organisation_id=row[1],
        organisation_name=row[2],
        person_name=row[3],
        role=row[4],
        wanted_for=row[5],
        asked_at=row[6],
        decided_by_name=row[7],
        approved_at=row[8],
        confirmed_at=row[9],
        ended_at=row[10],
        ended_because=_SAID_OF_ENDED.get(row[11], row[11]),
        ended_words=row[12],
        openings=int(row[13]) if len(row) > 13 else 0,
        removed_before=row[14] if len(row) > 13 else "",
    )

"""The sessions of a person: since when, how long still, and which of them is this one."""

from dataclasses import dataclass
from datetime import datetime

from vinculum.access.database import Actor, acting
from vinculum.access.permissions import require


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """One signed-in session that still holds."""

    since: datetime
    last_seen_at: datetime
    expires_at: datetime
    idle_minutes: int


def of_person(actor: Actor) -> list[OpenSession]:
    """The actor's own sessions that still hold, the latest first."""
    require(actor, "show_my_sign_in")
    with acting(actor, act="show_my_sign_in") as connection:
        rows = connection.execute(
            "SELECT created_at, last_seen_at, expires_at, idle_seconds FROM access.credential"
            " WHERE person_id = %s AND kind = 'session' AND revoked_at IS NULL AND expires_at > now()"
            " AND last_seen_at > now() - make_interval(secs => idle_seconds) ORDER BY created_at DESC",
            (actor.person_id,),
        ).fetchall()
    return [
        OpenSession(since=row[0], last_seen_at=row[1], expires_at=row[2], idle_minutes=row[3] // 60)
        for row in rows
    ]

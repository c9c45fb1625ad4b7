"""Reading the alert site: pages of alerts by what is asked for, one alert, the alerts that name a VIN (N-703)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import psycopg

from vinculum.access.database import Actor, Connection, acting
from vinculum.access.permissions import require
from vinculum.kernel.refusal import Absent
from vinculum.kernel.vin import normalise_vin
from vinculum.national.alerts.alert import Alert, AlertFile, Number, ways_to_find

PAGE: Final = 25
_ACT: Final = "show_alerts"
_COLUMNS: Final = (
    "SELECT a.alert_id, a.kind, coalesce(a.jurisdiction, ''), coalesce(j.name, 'no one jurisdiction'), a.title,"
    " a.body, a.organisation_id, a.posted_for, a.posted_at, a.posted_by_name, a.updated_at, a.closed_at,"
    " coalesce(a.closed_because, '')"
    "  FROM exchange.alert AS a LEFT JOIN exchange.jurisdiction AS j ON j.code = a.jurisdiction"
)
_NEWEST_FIRST: Final = " ORDER BY a.posted_at DESC, a.alert_id DESC LIMIT %(limit)s"
_BY_NUMBER: Final = (
    "(SELECT n.alert_id FROM exchange.alert_number AS n WHERE n.prefix = %(whole)s AND n.first_number = ''"
    " UNION SELECT n.alert_id FROM exchange.alert_number AS n WHERE n.prefix = %(letters)s"
    "   AND length(n.first_number) = length(%(digits)s) AND n.first_number <= %(digits)s"
    "   AND n.last_number >= %(digits)s AND %(digits)s <> '')"
)
# What a condition is called, and how it is asked; each has an index behind it.
_CONDITIONS: Final = {
    "vin": "a.alert_id IN (SELECT v.alert_id FROM exchange.alert_vin AS v WHERE v.vin = %(vin)s)",
    "number": f"a.alert_id IN {_BY_NUMBER}",
    "kind": "a.kind = %(kind)s",
    "jurisdiction": "a.jurisdiction = %(jurisdiction)s",
    "words": "a.alert_id IN (SELECT exchange.alerts_that_say(%(words)s))",
    "after": "(a.posted_at, a.alert_id) < (%(after_at)s, %(after_id)s)",
    "open_only": "a.closed_at IS NULL",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a reader looks for; empty means anything. `after` is the last alert of the page before."""

    vin: str = ""
    number: str = ""
    kind: str = ""
    jurisdiction: str = ""
    words: str = ""
    open_only: bool = False
    after: tuple[datetime, UUID] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Alerts, the newest first, and where the next page begins."""

    alerts: tuple[Alert, ...]
    next_after: tuple[datetime, UUID] | None


class NoSuchAlert(Absent):
    """There is no such alert, or the reader is no user of the site: the answer is the same."""


def is_user(actor: Actor) -> bool:
    """Whether the actor may read the site now."""
    require(actor, _ACT)
    with acting(actor, act=_ACT, database="national") as connection:
        row = connection.execute("SELECT exchange.uses_alerts()").fetchone()
    return row is not None and bool(row[0])


def page(asked: Asked, *, actor: Actor) -> Page:
    """A page of alerts; to who is no user of the site there are none."""
    require(actor, _ACT)
    query, values = statement(asked)
    with acting(actor, act=_ACT, database="national") as connection:
        alerts = tuple(_alert(row) for row in connection.execute(query, values).fetchall())
    more = len(alerts) > PAGE
    last = alerts[PAGE - 1] if more else None
    return Page(alerts=alerts[:PAGE], next_after=(last.posted_at, last.alert_id) if last else None)


def statement(asked: Asked) -> tuple[Any, dict[str, Any]]:
    """The question as SQL, with its values."""
    whole, letters, digits = ways_to_find(asked.number)
    after_at, after_id = asked.after or (None, None)
    values = {
        "vin": normalise_vin(asked.vin),
        "whole": whole,
        "letters": letters,
        "digits": digits,
        "kind": asked.kind,
        "jurisdiction": asked.jurisdiction,
        "words": asked.words,
        "after_at": after_at,
        "after_id": after_id,
        "limit": PAGE + 1,
    }
    wanted = [text for name, text in _CONDITIONS.items() if getattr(asked, name)]
    return _COLUMNS + (" WHERE " + " AND ".join(wanted) if wanted else "") + _NEWEST_FIRST, values


def show(alert_id: UUID, *, actor: Actor, at: datetime) -> Alert:
    """One alert whole; that it was opened is on record. Raises NoSuchAlert."""
    require(actor, _ACT)
    with acting(actor, act=_ACT, database="national") as connection:
        alert = read(connection, alert_id)
        connection.execute(
            "INSERT INTO exchange.alert_opening (alert_id, person_id, opened_at, organisation_id)"
            " VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
            (alert_id, actor.person_id, at, actor.organisation_id),
        )
    return alert


def read(connection: Connection, alert_id: UUID) -> Alert:
    """One alert with its numbers and files. Raises NoSuchAlert."""
    row = connection.execute(_COLUMNS + " WHERE a.alert_id = %s", (alert_id,)).fetchone()
    if row is None:
        raise NoSuchAlert
    vins = connection.execute(
        "SELECT vin FROM exchange.alert_vin WHERE alert_id = %s ORDER BY 1", (alert_id,)
    )
    numbers = connection.execute(
        "SELECT prefix, first_number, last_number FROM exchange.alert_number WHERE alert_id = %s ORDER BY 1, 2",
        (alert_id,),
    )
    files = connection.execute(
        "SELECT position, name, media_type, byte_count, content_name FROM exchange.alert_file"
        " WHERE alert_id = %s ORDER BY position",
        (alert_id,),
    )
    return _alert(
        row,
        vins=tuple(one[0] for one in vins.fetchall()),
        numbers=tuple(Number(prefix=one[0], first=one[1], last=one[2]) for one in numbers.fetchall()),
        files=tuple(
            AlertFile(position=one[0], name=one[1], media_type=one[2], byte_count=one[3], content_name=one[4])
            for one in files.fetchall()
        ),
    )


def naming_vin(connection: psycopg.Connection[Any], vin: str) -> tuple[Alert, ...]:
    """The open alerts that name a VIN, as far as who acts on this connection is a user of the site."""
    query, values = statement(Asked(vin=vin, open_only=True))
    return tuple(_alert(row) for row in connection.execute(query, values).fetchall())


def _alert(
    row: tuple[Any, ...],
    *,
    vins: tuple[str, ...] = (),
    numbers: tuple[Number, ...] = (),
    files: tuple[AlertFile, ...] = (),
) -> Alert:
    return Alert(
        alert_id=row[0],
        kind=row[1],
        jurisdiction=row[2],
        jurisdiction_name=row[3],
        title=row[4],
        body=row[5],
        organisation_id=row[6],
        posted_for=row[7],
        posted_at=row[8],
        posted_by_name=row[9],
        updated_at=row[10],
        closed_at=row[11],
        closed_because=row[12],
        vins=vins,
        numbers=numbers,
        files=files,
    )

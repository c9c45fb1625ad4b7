"""Reporters: registered by the help desk, bound to report every month, listed when they are late (N-801)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import psycopg

from vinculum.access.database import Actor, acting
from vinculum.access.permissions import require
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.national.casework.jsi import KINDS

_CITATION: Final = "28 CFR 25.51–57"
_LONGEST_NAME: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """A reporter and how it does its duty. `late_for` are whole months of which nothing was heard."""

    organisation_id: UUID
    name: str
    kind: str
    state: str
    registered_at: datetime
    last_reported_at: datetime | None
    late_for: tuple[date, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What the regulation says of who does not report; the amount is empty when none has been entered."""

    penalty_per_violation: Decimal | None
    citation: str


def register(*, organisation_id: UUID, kind: str, name: str, state: str, actor: Actor, at: datetime) -> None:
    """Register an organisation of the exchange as a reporter; a second time is refused."""
    require(actor, "register_reporter")
    faults = check(kind=kind, name=name, state=state)
    if faults:
        raise Refused(faults)
    try:
        with acting(actor, act="register_reporter", database="national") as connection:
            connection.execute(
                "INSERT INTO exchange.reporter (organisation_id, kind, name, state, registered_at)"
                " VALUES (%s, %s, %s, %s, %s)",
                (organisation_id, kind, name, state, at),
            )
    except psycopg.errors.UniqueViolation as fault:
        words = "An organisation of this code is registered already."
        refusal = _refusal(
            "reporter_registered_already", words, "code", "Look for it in the list, or choose another."
        )
        raise Refused([refusal]) from fault
    except psycopg.errors.ForeignKeyViolation as fault:
        refusal = _refusal("jurisdiction_unknown", f"{state[:2]} is not a D20 jurisdiction code.", "state")
        raise Refused([refusal]) from fault


def check(*, kind: str, name: str, state: str) -> tuple[Refusal, ...]:
    """Everything that can be seen from the entry alone."""
    faults = []
    if not 2 <= len(name.strip()) <= _LONGEST_NAME or not name.isprintable():
        words = f"The name is missing, or has fewer than 2 or more than {_LONGEST_NAME} characters."
        faults.append(_refusal("missing_field", words, "name", "Enter it as the public sees it."))
    if kind not in KINDS:
        words = f"“{kind[:40]}” is no kind of reporter." if kind else "The kind of reporter is missing."
        faults.append(_refusal("reporter_kind_unknown", words, "kind", "Choose the kind."))
    if not state:
        faults.append(_refusal("missing_field", "The state is missing.", "state", "Choose it."))
    return tuple(faults)


def months_accounted(connection: psycopg.Connection[Any], organisation_id: UUID) -> frozenset[date]:
    """The months a reporter has accounted for."""
    rows = connection.execute(
        "SELECT month FROM exchange.jsi_month WHERE organisation_id = %s", (organisation_id,)
    ).fetchall()
    return frozenset(row[0] for row in rows)


def late_months(*, registered_at: datetime, accounted: frozenset[date], at: datetime) -> tuple[date, ...]:
    """Whole months since registration, up to the last one that has ended, of which nothing was heard."""
    late, month = [], registered_at.date().replace(day=1)
    while month < at.date().replace(day=1):
        if month not in accounted:
            late.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    return tuple(late)


def all_reporters(*, actor: Actor, at: datetime) -> tuple[Reporter, ...]:
    """Every reporter, the latest first (N-801: late reporters listed)."""
    require(actor, "show_reporters")
    with acting(actor, act="show_reporters", database="national") as connection:
        rows = connection.execute(
            "SELECT r.organisation_id, r.name, r.kind, r.state, r.registered_at, max(m.accounted_at),"
            " coalesce(array_agg(m.month) FILTER (WHERE m.month IS NOT NULL), '{}')"
            "  FROM exchange.reporter AS r LEFT JOIN exchange.jsi_month AS m USING (organisation_id)"
            " GROUP BY r.organisation_id ORDER BY r.name LIMIT 2000"
        ).fetchall()
    found = (_reporter(row, at=at) for row in rows)
    return tuple(sorted(found, key=lambda reporter: (-len(reporter.late_for), reporter.name)))


def own_standing(
    connection: psycopg.Connection[Any], organisation_id: UUID, *, at: datetime
) -> Reporter | None:
    """How one reporter stands; None when it is not registered."""
    row = connection.execute(
        "SELECT r.organisation_id, r.name, r.kind, r.state, r.registered_at,"
        " (SELECT max(m.accounted_at) FROM exchange.jsi_month AS m WHERE m.organisation_id = r.organisation_id)"
        "  FROM exchange.reporter AS r WHERE r.organisation_id = %s",
        (organisation_id,),
    ).fetchone()
    if row is None:
        return None
    return _reporter((*row, list(months_accounted(connection, organisation_id))), at=at)


def duty(connection: psycopg.Connection[Any], *, at: datetime) -> Duty:
    """What is in force on the day."""
    row = connection.execute(
        "SELECT penalty_per_violation, citation FROM exchange.reporting_duty"
        " WHERE in_force_from <= %s ORDER BY in_force_from DESC LIMIT 1",
        (at.date(),),
    ).fetchone()
    return (
        Duty(penalty_per_violation=row[0], citation=row[1])
        if row
        else Duty(penalty_per_violation=None, citation=_CITATION)
    )


def _reporter(row: tuple[Any, ...], *, at: datetime) -> Reporter:
    return Reporter(
        organisation_id=row[0],
        name=row[1],
        kind=KINDS.get(row[2], row[2]),
        state=row[3],
        registered_at=row[4],
        last_reported_at=row[5],
        late_for=late_months(registered_at=row[4], accounted=frozenset(row[6]), at=at),
    )


def _refusal(code: str, message: str, field: str, remedy: str = "Correct it.") -> Refusal:
    return Refusal(code=code, message=message, remedy=remedy, field=field, rule="N-801", citation=_CITATION)

"""Blank titles reported stolen or missing by number range, and recorded as destroyed when recovered (N-701)."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import psycopg

from vinculum.protocol.fields import CONTROL

Circumstance = Literal["stolen", "missing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A range of control numbers; the reporter chooses the id, so that a repeated report is the same one."""

    report_id: UUID
    first_number: str
    last_number: str
    circumstance: Circumstance
    missing_since: date


def faults_of(request: Request, *, today: date) -> tuple[tuple[str, str], ...]:
    """What is wrong with a report, by field."""
    faults = [
        (name, "must be up to six letters and then digits, 20 characters at most")
        for name in ("first_number", "last_number")
        if not _is_control_number(getattr(request, name))
    ]
    if not faults:
        (prefix, first), (other, last) = parts_of(request.first_number), parts_of(request.last_number)
        if prefix != other or len(first) != len(last):
            faults.append(("last_number", "must have the letters and the length of the first number"))
        elif last < first:
            faults.append(("last_number", "must not come before the first number"))
    if request.missing_since > today:
        faults.append(("missing_since", "is in the future"))
    return tuple(faults)


def parts_of(control_number: str) -> tuple[str, str]:
    """Its letters and its digits."""
    digits = re.search(r"[0-9]+$", control_number, flags=re.ASCII)
    assert digits is not None, "A control number ends in digits."
    return control_number[: digits.start()], digits.group()


def run(request: Request, *, sender: str, at: datetime, connection: psycopg.Connection[Any]) -> bool:
    """Keep the report for all to see; false when its id was used for another report before."""
    prefix, first = parts_of(request.first_number)
    values = (
        *(request.report_id, sender, prefix, first, parts_of(request.last_number)[1]),
        *(request.circumstance, request.missing_since),
    )
    connection.execute(
        "INSERT INTO exchange.missing_stock (report_id, jurisdiction, prefix, first_number, last_number,"
        " circumstance, missing_since, reported_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (report_id) DO NOTHING",
        (*values, at),
    )
    kept = connection.execute(
        "SELECT report_id, jurisdiction, prefix, first_number, last_number, circumstance, missing_since"
        " FROM exchange.missing_stock WHERE report_id = %s",
        (request.report_id,),
    ).fetchone()
    return kept == values


def record_destroyed(
    report_id: UUID, *, destroyed_on: date, sender: str, at: datetime, connection: psycopg.Connection[Any]
) -> bool:
    """Recovered stock is destroyed, and its numbers are looked for no more; whether the report is the sender's."""
    return (
        connection.execute(
            "UPDATE exchange.missing_stock SET destroyed_on = coalesce(destroyed_on, %s),"
            " closed_at = coalesce(closed_at, %s) WHERE report_id = %s AND jurisdiction = %s",
            (destroyed_on, at, report_id, sender),
        ).rowcount
        == 1
    )


def _is_control_number(text: str) -> bool:
    return len(text) <= CONTROL.length and re.fullmatch(CONTROL.pattern, text, flags=re.ASCII) is not None

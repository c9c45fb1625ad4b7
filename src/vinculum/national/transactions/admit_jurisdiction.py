"""A jurisdiction is admitted to the exchange, or its mode of taking part changes (N-106)."""

from datetime import datetime
from typing import Any

import psycopg

from vinculum.national.records.roster import forget_roster


class UnknownJurisdiction(LookupError):
    """Not one of the D20 codes on file."""


def run(
    code: str, *, mode: int, at: datetime, connection: psycopg.Connection[Any], grace_days: int = 7
) -> None:
    """Set the mode (1 to 4) and the days of grace of N-105; the first admission also makes it a brander."""
    name = connection.execute(
        "UPDATE exchange.jurisdiction SET participation_mode = %s, grace_days = %s,"
        " admitted_at = coalesce(admitted_at, %s) WHERE code = %s RETURNING name",
        (mode, grace_days, at, code),
    ).fetchone()
    if name is None:
        raise UnknownJurisdiction(f"{code} is not a D20 jurisdiction code.")
    connection.execute(
        "INSERT INTO exchange.brander (code, brander_type, name, jurisdiction, added_at)"
        " VALUES (%s, 'J', %s, %s, %s) ON CONFLICT (code) DO NOTHING",
        (code, name[0], code, at),
    )
    forget_roster()

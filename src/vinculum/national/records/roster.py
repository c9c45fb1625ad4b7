"""The jurisdictions and the standard brands, read from the database at most once a second.

Both change rarely and are asked for by every message; a second is the longest a change stays unseen.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg

from vinculum.access.line import Executes
from vinculum.national.law.brands import StandardBrand
from vinculum.national.law.standing import Standing

SECONDS_HELD = 1.0
# The last accepted update is written once an hour: the seven days of N-105 need no finer measure, and a row
# written by every update of a jurisdiction would make all of them wait for each other.
UPDATE_NOTED_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Who takes part, and what brands mean."""

    standings: Mapping[str, Standing]
    names: Mapping[str, str]
    brands: Mapping[str, StandardBrand]


_held: dict[tuple[bytes, bytes, bytes], tuple[float, Roster]] = {}
_lock = threading.Lock()


def read_roster(connection: psycopg.Connection[Any]) -> Roster:
    """The roster of this database."""
    pgconn = connection.pgconn
    database = (pgconn.host, pgconn.port, pgconn.db)
    held = _held.get(database)
    now = time.monotonic()
    if held is not None and now - held[0] < SECONDS_HELD:
        return held[1]
    roster = _load(connection)
    with _lock:
        _held[database] = (now, roster)
    return roster


def forget_roster() -> None:
    """Read anew next time: somebody has just changed it."""
    with _lock:
        _held.clear()


def note_accepted_update(connection: Executes, standing: Standing, *, at: datetime) -> None:
    """N-105: remember that the jurisdiction has reported."""
    known = standing.last_accepted_update_at
    if known is not None and at - known < UPDATE_NOTED_EVERY:
        return
    connection.execute(
        "UPDATE exchange.jurisdiction SET last_accepted_update_at = %s"
        " WHERE code = %s AND (last_accepted_update_at IS NULL OR last_accepted_update_at < %s)",
        (at, standing.code, at - UPDATE_NOTED_EVERY),
    )


def _load(connection: psycopg.Connection[Any]) -> Roster:
    jurisdictions = connection.execute(
        "SELECT code, name, participation_mode, admitted_at, last_accepted_update_at, grace_days"
        " FROM exchange.jurisdiction"
    ).fetchall()
    brands = connection.execute(
        "SELECT code, name, category, status, meaning, successor FROM exchange.brand_code ORDER BY code"
    ).fetchall()
    return Roster(
        standings={
            code: Standing(
                code=code, mode=mode, admitted_at=admitted, last_accepted_update_at=last, grace_days=grace
            )
            for code, _name, mode, admitted, last, grace in jurisdictions
        },
        names={code: name for code, name, *_rest in jurisdictions},
        brands={
            code: StandardBrand(
                code=code, name=name, category=category, status=status, meaning=meaning, successor=successor
            )
            for code, name, category, status, meaning, successor in brands
        },
    )

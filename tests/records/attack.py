"""Raw SQL in somebody's name, and what stops it."""

from collections.abc import Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from people import World
from vinculum.access.database import Actor, acting

Statement = tuple[str, Sequence[Any]]
NOT_PERMITTED = "42501"
CHECK_FAILED = "23514"
NOT_UNIQUE = "23505"
EXCLUDED = "23P01"


def run(actor: Actor, *statements: Statement, act: str = "register_vehicle") -> list[Any]:
    """Run the statements in the actor's name and commit; the rows of the last, or how many it touched."""
    with acting(actor, act=act) as connection:
        answer: list[Any] = []
        for query, parameters in statements:
            cursor = connection.execute(query, parameters)
            answer = cursor.fetchall() if cursor.description else [cursor.rowcount]
    return answer


def stopped(actor: Actor, *statements: Statement, act: str = "register_vehicle", by: str = "") -> str:
    """The statements are refused, at the latest at commit; `by` is the SQLSTATE or the constraint's name."""
    with pytest.raises(psycopg.Error) as error:
        run(actor, *statements, act=act)
    return _reason(error.value, by=by)


def _reason(error: psycopg.Error, *, by: str) -> str:
    named = (error.sqlstate, error.diag.constraint_name)
    assert not by or by in named, f"stopped by {named}: {error}"
    return str(error)


@contextmanager
def as_owner(world: World):
    """The owner of the tables, as in a manual fix with the migration login."""
    with psycopg.connect(world.databases.migrate_state_url) as connection:
        connection.execute("SET ROLE vinculum_owner")
        yield connection


def owner_stopped(world: World, *statements: Statement, by: str = "") -> str:
    """Even the owner of the tables is refused."""
    with pytest.raises(psycopg.Error) as error:
        _run_as_owner(world, statements)
    return _reason(error.value, by=by)


def _run_as_owner(world: World, statements: Sequence[Statement]) -> None:
    with as_owner(world) as connection:
        for query, parameters in statements:
            connection.execute(query, parameters)

"""Statements that are sent together: they mean what they mean one by one, and end as one transaction."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from people import World
from vinculum.access.database import CredentialRefused, acting_together, hasty_lines_of, lines_of
from vinculum.access.line import line_of
from vinculum.config.scratch import ScratchDatabases

pytestmark = pytest.mark.database

VALUES = [
    ("text", "O’Hara 'n' \\ \"son\""),
    ("text", None),
    ("boolean", True),
    ("integer", -7),
    ("uuid", UUID(int=12)),
    ("timestamptz", datetime(2026, 3, 2, 15, 0, 0, 123456, tzinfo=UTC)),
    ("date", date(2026, 3, 2)),
    ("bytea", b"\0\xff'\\"),
    ("text[]", ["CT", 'a "b"', "c\\d", ""]),
]


@pytest.mark.parametrize(("kind", "value"), VALUES)
def test_values_arrive_as_they_were(databases: ScratchDatabases, kind: str, value: Any) -> None:
    """P-4: a value on the line is the value that psycopg would send."""
    with psycopg.connect(databases.state_url) as connection:
        query = (
            f"SELECT %s::{kind} IS NOT DISTINCT FROM current_setting('x.y', true)::{kind}, %s::{kind}::text"
        )
        with line_of(connection) as line:
            sent = line.execute(query, (None, value)).row()  # type: ignore[arg-type]
        straight = connection.execute(query, (None, value)).fetchone()  # type: ignore[arg-type]
    assert sent is not None
    assert straight is not None
    assert (None if sent[1] is None else sent[1].decode()) == straight[1]


def test_names_and_places(databases: ScratchDatabases) -> None:
    """P-4: placeholders by name and by place; a name that comes twice is one value, `%%` a percent sign."""
    with psycopg.connect(databases.state_url) as connection, line_of(connection) as line:
        named = line.execute("SELECT %(b)s::text || %(a)s::text || %(b)s::text || '%%'", {"a": "1", "b": "2"})
        placed = line.execute("SELECT %s::text || %s::text", ("1", "2"))
        assert (named.row(), placed.row()) == ((b"212%",), (b"12",))
        assert line.execute("SELECT 1 WHERE false").row() is None


def test_what_cannot_be_said(databases: ScratchDatabases) -> None:
    """P-4: a value without a text, and a text that PostgreSQL cannot hold, are refused before anything is sent."""
    with psycopg.connect(databases.state_url) as connection:
        with pytest.raises(TypeError, match="object"), line_of(connection) as line:
            line.execute("SELECT %s", (object(),))
        with pytest.raises(psycopg.DataError, match="NUL"), line_of(connection) as line:
            line.execute("SELECT %s", ("a\0b",))
        assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


def test_an_error_is_told_and_ends_the_rest(databases: ScratchDatabases) -> None:
    """P-4: the first error is raised; what came after it was not done, and the connection lives on."""
    with psycopg.connect(databases.admin_state_url) as connection:
        connection.execute("CREATE TEMPORARY TABLE done (what text)")
        connection.commit()
        inserting = "INSERT INTO done VALUES ('after')"
        for broken in ("SELECT 1 / 0", "SELECT nothing FROM nowhere"):
            faults = (psycopg.errors.DivisionByZero, psycopg.errors.UndefinedTable)
            with pytest.raises(faults), line_of(connection) as line:
                [line.execute(each) for each in (inserting, broken, inserting)]  # type: ignore[arg-type]
            connection.rollback()
        assert connection.execute("SELECT count(*) FROM done").fetchone() == (0,)
        with line_of(connection) as line:
            line.execute(inserting)
        connection.commit()
        assert connection.execute("SELECT what FROM done").fetchall() == [("after",)]


def test_a_server_that_goes_away(databases: ScratchDatabases) -> None:
    """P-4: a connection that is lost in the middle is closed, never used half."""
    with psycopg.connect(databases.state_url) as connection:
        with psycopg.connect(databases.admin_state_url, autocommit=True) as killer:
            killer.execute("SELECT pg_terminate_backend(%s)", (connection.info.backend_pid,))
        with pytest.raises(psycopg.OperationalError), line_of(connection) as line:
            line.execute("SELECT 1")
        assert connection.closed


def test_what_is_on_the_line_goes_first(databases: ScratchDatabases) -> None:
    """P-4: an ordinary statement on the connection is done after those on its line."""
    with lines_of("state").connection() as connection:
        connection.line.execute("SELECT set_config('vinculum.test', 'before', false)")
        assert connection.execute("SELECT current_setting('vinculum.test', true)").fetchone() == ("before",)


def test_what_was_sent_is_waited_for_before_anything_else(databases: ScratchDatabases) -> None:
    """P-3: statements that are under way come before those after them; their error is told at the next wait."""
    with lines_of("state").connection() as connection:
        line = connection.line
        first = line.execute("SELECT 'first'")
        line.send()
        second = line.execute("SELECT 'second'")
        assert (second.row(), first.row()) == ((b"second",), (b"first",))
        line.execute("SELECT 1 / 0")
        line.send()
        with pytest.raises(psycopg.errors.DivisionByZero):
            connection.execute("SELECT 1")
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_only_hasty_lines_do_not_wait_for_the_disk(databases: ScratchDatabases) -> None:
    """P-3, P-4: a commit on a line waits for the disk as the server does, except where it was asked not to."""
    shown = "SELECT setting, source = 'session' FROM pg_settings WHERE name = 'synchronous_commit'"
    with lines_of("state").connection() as usual, hasty_lines_of("state").connection() as hasty:
        here = usual.execute(shown).fetchone()
        assert here is not None
        assert not here[1]
        assert hasty.execute(shown).fetchone() == ("off", True)


def test_acting_together_commits_or_not(databases: ScratchDatabases) -> None:
    """P-4, S-1: entered, done and committed together; after a fault in between nothing is there."""
    system = World(databases).system()
    made: list[UUID] = []
    for faulty in (False, True):
        organisation = uuid4()
        made.append(organisation)
        try:
            with acting_together(system, act="create_organisation") as connection:
                connection.line.execute(
                    "SELECT access.create_organisation(%s, 'dealer', %s, 'Together Motors')",
                    (organisation, f"T{organisation.hex[:9]}"),
                )
                if faulty:
                    raise ZeroDivisionError
        except ZeroDivisionError:
            pass
    with psycopg.connect(databases.admin_state_url) as connection:
        found = connection.execute(
            "SELECT id FROM access.organisation WHERE id = ANY (%s)", (made,)
        ).fetchall()
    assert found == [(made[0],)]


def test_acting_together_asks_for_the_credential(databases: ScratchDatabases) -> None:
    """P-4, S-1: whoever's credential does not hold has done nothing, though it was asked along with the rest."""
    nobody = replace(World(databases).system(), credential="no such secret")
    organisation = uuid4()
    with pytest.raises(CredentialRefused), acting_together(nobody, act="create_organisation") as connection:
        connection.line.execute(
            "SELECT access.create_organisation(%s, 'dealer', %s, 'Nobody')",
            (organisation, f"T{organisation.hex[:9]}"),
        )
    with psycopg.connect(databases.admin_state_url) as connection:
        found = connection.execute(
            "SELECT 1 FROM access.organisation WHERE id = %s", (organisation,)
        ).fetchone()
    assert found is None


def test_rollback_leaves_the_line_its_statements(databases: ScratchDatabases) -> None:
    """P-4: after a rollback the driver deallocates what was prepared; the next statement on a line goes through."""
    with psycopg.connect(databases.state_url) as connection:
        connection.prepare_threshold = 0
        for _ in range(2):
            connection.execute("SELECT 1")
            with line_of(connection) as line:
                assert line.execute("SELECT %s::text", ("x",)).row() == (b"x",)
            connection.rollback()
    with lines_of("state").connection() as own:
        for _ in range(2):
            with own.transaction(force_rollback=True):
                for _ in range(8):
                    own.execute("SELECT 1")
                assert own.line.execute("SELECT %s::text", ("y",)).row() == (b"y",)

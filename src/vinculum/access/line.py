"""Statements of one connection that go to the database together, and are waited for together.

Each wait for the database, and the driver's own bookkeeping for each statement, cost more than most statements of a
message do. On a line, statements are prepared once, queue, and go out in one piece when a result is asked for.
Placeholders and their meaning are those of psycopg (`%s`, `%(name)s`); values travel as text and come as text.
"""

import hashlib
import re
import select
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Final, LiteralString, Protocol
from uuid import UUID

import psycopg
from psycopg import errors
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult
from psycopg.rows import TupleRow

Values = Mapping[str, object] | Sequence[object]
_DONE: Final = frozenset({ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK})
_PLACEHOLDER: Final = re.compile(r"%(?:\((\w+)\))?s|%%")


class Executes(Protocol):
    """What a statement can be given to: a connection, or a line of one."""

    def execute(self, statement: LiteralString, values: Any = (), /) -> Any:
        """Give it the statement."""


@dataclass(slots=True, eq=False)
class Sent:
    """A statement on the line; its result waits there until somebody asks."""

    line: "Line"
    result: PGresult | None = None

    def row(self) -> tuple[bytes | None, ...] | None:
        """The first row as text, or None; whatever is on the line goes out and is waited for."""
        if self.result is None:
            self.line.settle()
        assert self.result is not None
        if self.result.ntuples == 0:
            return None
        return tuple(self.result.get_value(0, column) for column in range(self.result.nfields))


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement as the server takes it: numbered placeholders, and which value each of them is."""

    name: bytes
    text: bytes
    places: tuple[str | int, ...]


_Queued = tuple[_Statement, list[bytes | None], Sent]


class Line:
    """The queue of one connection, and which statements are prepared there; None: they are not kept there."""

    def __init__(self, connection: psycopg.Connection[Any], *, prepared: set[bytes] | None) -> None:
        self._connection = connection
        self._prepared = prepared
        self._queue: list[_Queued] = []

    def execute(self, statement: LiteralString, values: Values = (), /) -> Sent:
        """Queue the statement; an error of it is raised when the line settles."""
        numbered = _numbered(statement)
        sent = Sent(self)
        by_place: Any = values
        self._queue.append((numbered, [_as_text(by_place[place]) for place in numbered.places], sent))
        return sent

    def drop(self) -> None:
        """Forget what was not sent yet."""
        self._queue.clear()

    def settle(self) -> None:
        """Send everything in one piece and wait for all results; raises the first error."""
        queue, self._queue = self._queue, []
        if not queue:
            return
        connection, pgconn = self._connection, self._connection.pgconn
        if not connection.autocommit and pgconn.transaction_status == TransactionStatus.IDLE:
            queue.insert(0, (_numbered("BEGIN"), [], Sent(self)))
        try:
            results = _converse(pgconn, queue, prepared=self._prepared)
        except BaseException:
            pgconn.finish()  # in the middle of a conversation nothing else can be said on it
            raise
        for (_statement, _values, sent), result in zip(queue, results, strict=True):
            sent.result = result
        for result in results:
            if result.status not in _DONE:
                raise errors.error_from_result(result, encoding="utf-8")


class LineConnection(psycopg.Connection[TupleRow]):
    """A connection with a line of its own: before anything else is done on it, what is on the line goes out."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.line = Line(self, prepared=set())

    def wait(self, *arguments: Any, **named: Any) -> Any:
        """As of every connection, after the line."""
        self.line.settle()
        return super().wait(*arguments, **named)


@contextmanager
def line_of(connection: psycopg.Connection[Any]) -> Iterator[Line]:
    """The connection's own line, which keeps what was not waited for; another connection's is settled at the end."""
    if isinstance(connection, LineConnection):
        yield connection.line
        return
    # On another connection the driver prepares statements too, and after a rollback it deallocates everybody's.
    line = Line(connection, prepared=None)
    yield line
    line.settle()


def _converse(pgconn: PGconn, queue: list[_Queued], *, prepared: set[bytes] | None) -> list[PGresult]:
    """One conversation: every statement out and every result in."""
    kept = set[bytes]() if prepared is None else prepared
    pgconn.enter_pipeline_mode()
    expected: list[bytes] = []  # for each result the statement that it prepares, or nothing
    for statement, values, _sent in queue:
        name = b"" if prepared is None else statement.name
        if prepared is None or (name not in kept and name not in expected):
            pgconn.send_prepare(name, statement.text)
            expected.append(statement.name)
        pgconn.send_query_prepared(name, values)
        expected.append(b"")
    pgconn.pipeline_sync()
    _send_all(pgconn)
    results: list[PGresult] = []
    failed: PGresult | None = None
    for name in expected:
        result = _next_result(pgconn)
        assert result is not None, "Every statement has a result."
        assert _next_result(pgconn) is None, "No statement here has two."
        if not name:
            results.append(failed or result)
            failed = None
        elif result.status == ExecStatus.COMMAND_OK:
            kept.add(name)
        elif result.status == ExecStatus.FATAL_ERROR:
            failed = result  # more telling than that the execution after it was passed over
    synced = _next_result(pgconn)
    assert synced is not None
    assert synced.status == ExecStatus.PIPELINE_SYNC
    pgconn.exit_pipeline_mode()
    return results


def _send_all(pgconn: PGconn) -> None:
    while pgconn.flush():
        ready = select.poll()
        ready.register(pgconn.socket, select.POLLIN | select.POLLOUT)
        for _socket, event in ready.poll():
            if event & select.POLLIN:
                pgconn.consume_input()


def _next_result(pgconn: PGconn) -> PGresult | None:
    if pgconn.is_busy():
        waiting = select.poll()
        waiting.register(pgconn.socket, select.POLLIN)
        while pgconn.is_busy():
            waiting.poll()
            pgconn.consume_input()
    return pgconn.get_result()


@cache
def _numbered(statement: str) -> _Statement:
    """The statement with `$1`, `$2` … for its placeholders; a name that comes twice is one value."""
    places: list[str | int] = []

    def number(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        place: str | int = found[1] or len(places)
        if place not in places:
            places.append(place)
        return f"${places.index(place) + 1}"

    text = _PLACEHOLDER.sub(number, statement).encode()
    return _Statement(
        name=b"line_" + hashlib.sha256(text).hexdigest()[:32].encode(), text=text, places=tuple(places)
    )


def _as_text(value: object) -> bytes | None:
    """A value as PostgreSQL reads it from text."""
    match value:
        case None:
            return None
        case str():
            if "\0" in value:
                raise psycopg.DataError("PostgreSQL text cannot contain NUL bytes")
            return value.encode()
        case bool():
            return b"t" if value else b"f"
        case int() | UUID():
            return str(value).encode()
        case datetime() | date():
            return value.isoformat().encode()
        case bytes():
            return b"\\x" + value.hex().encode()
        case list():
            return _as_array(value)
        case _:
            raise TypeError(f"no text for a value of type {type(value).__name__}")


def _as_array(values: list[object]) -> bytes:
    parts = []
    for value in values:
        text = _as_text(value)
        assert text is not None, "An array here has no gaps."
        parts.append(b'"' + text.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"')
    return b"{" + b",".join(parts) + b"}"

"""Statements of one connection that go to the database together, and are waited for together.

Each wait for the database, and the driver's own bookkeeping for each statement, cost more than most statements of a
message do. On a line, statements are prepared once, queue, and go out in one piece when a result is asked for.
Placeholders and their meaning are those of psycopg (`%s`, `%(name)s`); values travel as text and come as text.
"""

import hashlib
import re
import select
from collections.abc import Callable, Iterator, Mapping, Sequence
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
Row = tuple[bytes | None, ...]
# As numbers: the driver answers with numbers, and to compare them with the names costs more than to ask for them.
_DONE: Final = frozenset({int(ExecStatus.COMMAND_OK), int(ExecStatus.TUPLES_OK)})
_COMMAND_OK: Final = int(ExecStatus.COMMAND_OK)
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

    def row(self) -> Row | None:
        """The first row as text, or None; whatever is on the line goes out and is waited for."""
        rows = self.rows()
        return rows[0] if rows else None

    def rows(self) -> list[Row]:
        """All rows as text; whatever is on the line goes out and is waited for."""
        result = self.result
        if result is None:
            self.line.settle()
            result = self.result
            assert result is not None
        value, columns = result.get_value, range(result.nfields)
        return [tuple([value(place, column) for column in columns]) for place in range(result.ntuples)]


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement as the server takes it: numbered placeholders, and which value each of them is."""

    name: bytes
    text: bytes
    places: tuple[str | int, ...]


_Queued = tuple[_Statement, list[bytes | None], Sent]
# What the next result is of: preparing a statement, or executing it.
_Awaited = _Statement | Sent


class Line:
    """The queue of one connection, and which statements are prepared there; None: they are not kept there."""

    def __init__(self, connection: psycopg.Connection[Any], *, prepared: set[bytes] | None) -> None:
        self._connection = connection
        self._prepared = prepared
        self._queue: list[_Queued] = []
        self._under_way: list[_Awaited] | None = None

    def execute(self, statement: LiteralString, values: Values = (), /) -> Sent:
        """Queue the statement; an error of it is raised when the line settles."""
        numbered = _numbered(statement)
        sent = Sent(self)
        by_place: Any = values
        texts = [
            None if value is None else _WRITERS.get(type(value), _as_text)(value)
            for value in map(by_place.__getitem__, numbered.places)
        ]
        self._queue.append((numbered, texts, sent))
        return sent

    def drop(self) -> None:
        """Forget what was not sent yet."""
        self._queue.clear()

    def send(self) -> None:
        """Send everything in one piece, and do not wait: `settle` takes the results, and raises the first error."""
        if self._under_way is not None:
            self.settle()
        queue, self._queue = self._queue, []
        if not queue:
            return
        connection, pgconn = self._connection, self._connection.pgconn
        if not connection.autocommit and pgconn.transaction_status == TransactionStatus.IDLE:
            queue.insert(0, (_numbered("BEGIN"), [], Sent(self)))
        try:
            self._under_way = _say(pgconn, queue, prepared=self._prepared)
        except BaseException:
            pgconn.finish()  # in the middle of a conversation nothing else can be said on it
            raise

    def settle(self) -> None:
        """Send everything in one piece and wait for all results; raises the first error."""
        while self._queue or self._under_way is not None:
            if self._under_way is None:
                self.send()
            awaited, self._under_way = self._under_way, None
            assert awaited is not None
            pgconn = self._connection.pgconn
            try:
                failed = _hear(pgconn, awaited, prepared=self._prepared)
            except BaseException:
                pgconn.finish()
                raise
            if failed is not None:
                raise errors.error_from_result(failed, encoding="utf-8")


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


def _say(pgconn: PGconn, queue: list[_Queued], *, prepared: set[bytes] | None) -> list[_Awaited]:
    """Every statement out; what results will come for, in order."""
    preparing: set[bytes] = set()
    awaited: list[_Awaited] = []
    pgconn.enter_pipeline_mode()
    for statement, values, sent in queue:
        name = b"" if prepared is None else statement.name
        if prepared is None or (name not in prepared and name not in preparing):
            pgconn.send_prepare(name, statement.text)
            preparing.add(name)
            awaited.append(statement)
        pgconn.send_query_prepared(name, values)
        awaited.append(sent)
    pgconn.pipeline_sync()
    _send_all(pgconn)
    return awaited


def _hear(pgconn: PGconn, awaited: list[_Awaited], *, prepared: set[bytes] | None) -> PGresult | None:
    """Every result in; the first that tells of an error."""
    failed: PGresult | None = None
    for each in awaited:
        if pgconn.is_busy():
            _await_input(pgconn)
        result = pgconn.get_result()
        assert result is not None, "Every statement has a result."
        assert pgconn.get_result() is None, "No statement here has two."
        status = int(result.status)
        if isinstance(each, Sent):
            each.result = result
        elif status == _COMMAND_OK and prepared is not None:
            prepared.add(each.name)
        if failed is None and status not in _DONE:
            # That a statement cannot be prepared tells more than that the execution after it was passed over.
            failed = result
    if pgconn.is_busy():
        _await_input(pgconn)
    synced = pgconn.get_result()
    assert synced is not None
    assert synced.status == ExecStatus.PIPELINE_SYNC
    pgconn.exit_pipeline_mode()
    return failed


def _send_all(pgconn: PGconn) -> None:
    while pgconn.flush():
        ready = select.poll()
        ready.register(pgconn.socket, select.POLLIN | select.POLLOUT)
        for _socket, event in ready.poll():
            if event & select.POLLIN:
                pgconn.consume_input()


def _await_input(pgconn: PGconn) -> None:
    """Wait until the next result is there; it may have come while something else was done."""
    pgconn.consume_input()
    if not pgconn.is_busy():
        return
    waiting = select.poll()
    waiting.register(pgconn.socket, select.POLLIN)
    while pgconn.is_busy():
        waiting.poll()
        pgconn.consume_input()


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
    if value is None:
        return None
    for kind in type(value).__mro__:
        if kind in _WRITERS:
            return _WRITERS[kind](value)
    raise TypeError(f"no text for a value of type {type(value).__name__}")


def _of_str(value: str) -> bytes:
    if "\0" in value:
        raise psycopg.DataError("PostgreSQL text cannot contain NUL bytes")
    return value.encode()


def _of_list(values: list[object]) -> bytes:
    parts = []
    for value in values:
        text = _as_text(value)
        assert text is not None, "An array here has no gaps."
        parts.append(b'"' + text.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"')
    return b"{" + b",".join(parts) + b"}"


_WRITERS: Final[dict[type, Callable[[Any], bytes]]] = {
    str: _of_str,
    bool: lambda value: b"t" if value else b"f",
    int: lambda value: b"%d" % value,
    UUID: lambda value: b"%032x" % value.int,
    datetime: lambda value: value.isoformat().encode(),
    date: lambda value: value.isoformat().encode(),
    bytes: lambda value: b"\\x" + value.hex().encode(),
    list: _of_list,
}

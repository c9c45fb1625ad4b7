"""P-9: the quote box of the registration page over HTTP, a dealer signed in, beside its bare statements."""

import os
import pickle
import statistics
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection
from itertools import count, groupby
from typing import Any
from urllib.parse import urlencode

from benchmarks._server import ROOT, own_databases, product, served

DIRECTORY = ROOT / ".data/bench-quote-box"
KEPT = DIRECTORY / "statements"
# The tests' own lot: a dealer with papers, plates, money and customers.
sys.path.insert(0, str(ROOT / "tests"))

GOAL_P95 = 0.080
ROUNDS = 4
QUOTES_PER_ROUND = int(os.environ.get("VINCULUM_BENCH_QUOTES", "60"))
CLERKS = 8
# Who types without a pause asks about twice a second: the page waits a third of a second after the last key.
PAUSE_SECONDS = 0.5
TYPING_SECONDS = float(os.environ.get("VINCULUM_BENCH_SECONDS", "6"))
_PATH = "/dealer/register/quote/"
Transaction = tuple[str, list[tuple[str, Any]]]


@dataclass(slots=True, kw_only=True)
class Typing:
    """One clerk at the page: each quote is for another price, on one connection."""

    port: int
    path: str
    form: Mapping[str, Any]
    headers: Mapping[str, str]
    seconds: list[float] = field(default_factory=list)
    prices: Iterator[int] = field(default_factory=lambda: count(20_000))
    line: HTTPConnection | None = None

    def quote(self) -> bytes:
        """Type a digit, and wait for the box."""
        body = urlencode({**self.form, "sale.price": f"{next(self.prices)}.00"}, doseq=True)
        if self.line is None:
            self.line = HTTPConnection("127.0.0.1", self.port, timeout=30)
        began = time.perf_counter()
        self.line.request("POST", self.path, body=body, headers=dict(self.headers))
        answer = self.line.getresponse()
        page = answer.read()
        self.seconds.append(time.perf_counter() - began)
        assert answer.status == 200, page[:500]
        return page


def measure() -> bool:
    """Quote at both in turns, then let eight clerks type; true when the goal is held."""
    with own_databases(DIRECTORY) as databases:
        form, cookies, page, transactions = _written_down(databases)
        KEPT.write_bytes(pickle.dumps((transactions, page)))
        given = {"VINCULUM_BENCH_STATEMENTS": str(KEPT)}
        bare = ["--interface", "asgi", "--workers", "2", "--log-level", "warning"]
        peer = served([*bare, "benchmarks._bare_quote_box:application"], environment=given)
        with product() as port, peer as bare_port:
            ours = Typing(port=port, path=_PATH, form=form, headers=cookies)
            theirs = Typing(port=bare_port, path="/quote", form=form, headers=cookies)
            assert b"Ready to process" in ours.quote(), "the box prices a whole deal"
            for clerk in (ours, theirs):
                for _ in range(10):
                    clerk.quote()
                clerk.seconds.clear()
            for _ in range(ROUNDS):
                for clerk in (theirs, ours):
                    for _ in range(QUOTES_PER_ROUND):
                        clerk.quote()
            typing = _eight_clerks(port, form=form, cookies=cookies)
    sent = sum(len(statements) for _, statements in transactions)
    print(f"P-9 quote box in the page, dealer signed in; {sent} statements, {len(page):,} bytes")
    _print("one clerk", ours.seconds, beside=theirs.seconds)
    _print("bare peer", theirs.seconds)
    _print("8 clerks typing", typing, beside=theirs.seconds)
    held = max(_part(ours.seconds, 0.95), _part(typing, 0.95)) <= GOAL_P95
    print(f"  goal            p95 ≤ {GOAL_P95 * 1000:.0f} ms: {'held' if held else 'NOT HELD'}")
    if not held and _part(theirs.seconds, 0.95) > GOAL_P95:
        print("  The machine is busy with other things: its bare statements alone take longer than that.")
    return held


def _eight_clerks(port: int, *, form: Mapping[str, Any], cookies: Mapping[str, str]) -> list[float]:
    """Each asks twice a second; what is late is asked at once."""
    clerks = [Typing(port=port, path=_PATH, form=form, headers=cookies) for _ in range(CLERKS)]
    until = time.perf_counter() + TYPING_SECONDS

    def type_on(place: int) -> None:
        due = time.perf_counter() + PAUSE_SECONDS * place / CLERKS
        while due < until:
            time.sleep(max(0.0, due - time.perf_counter()))
            clerks[place].quote()
            due += PAUSE_SECONDS

    threads = [threading.Thread(target=type_on, args=(place,)) for place in range(CLERKS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [second for clerk in clerks for second in clerk.seconds]


def _print(name: str, seconds: list[float], *, beside: list[float] | None = None) -> None:
    p50, p95 = statistics.median(seconds), _part(seconds, 0.95)
    ratios = ""
    if beside is not None:
        ratios = f"   p95 / limit {p95 / GOAL_P95:.2f}   p95 / peer {p95 / _part(beside, 0.95):.1f}"
    print(f"  {name:<16}p50 {p50 * 1000:6.1f} ms   p95 {p95 * 1000:6.1f} ms{ratios}")


def _part(seconds: list[float], part: float) -> float:
    return sorted(seconds)[int(len(seconds) * part)]


# ------------------------------------------------------------------------------------------ the desk
def _written_down(databases: Any) -> tuple[dict[str, Any], dict[str, str], bytes, list[Transaction]]:
    """A whole deal as the page posts it, the headers of a clerk who signed in, the box, and what was asked for it."""
    from both_systems import exchange_with_states, people_under_the_law
    from lot import Lot
    from signed_in import client_of
    from vinculum.access import service
    from vinculum.entrypoints import wired
    from vinculum.entrypoints.exchange.in_process import ExchangeInProcess
    from vinculum.state.casework.deal_json import dump_deal

    world = people_under_the_law(databases)
    exchange_with_states(databases)
    wired.set_exchange(ExchangeInProcess(jurisdiction="CT", clock=lambda: datetime.now(UTC)))
    lot = Lot(world, at=datetime.now(UTC))
    clerk = client_of(lot.clerk)
    clerk.get("/dealer/register/")
    form = dict(_flat("", dump_deal(lot.new_car()))) | {
        "csrfmiddlewaretoken": clerk.cookies["csrftoken"].value
    }
    for _ in range(2):
        clerk.post(_PATH, form, headers={"HX-Request": "true"})
    with _noted() as said:
        page = clerk.post(_PATH, form, headers={"HX-Request": "true"}).content
    os.environ["VINCULUM_SERVICE_KEY"] = service.actor().credential
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in clerk.cookies.items())
    headers = {
        "Cookie": cookies,
        "HX-Request": "true",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return form, headers, page, said


def _flat(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """The deal by the names of the form's questions."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(f"{path}.{name}" if path else name, inner)
    elif isinstance(value, list) and path == "documents":
        yield path, value
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _flat(f"{path}.{number}", inner)
    elif value is True:
        yield path, "yes"
    elif value is not None and value is not False:
        yield path, str(value)


@contextmanager
def _noted() -> Iterator[list[Transaction]]:
    """Every statement that is sent meanwhile, by transaction."""
    import psycopg

    from vinculum.access.line import Line

    execute, queue = psycopg.Cursor.execute, Line.execute
    sent: list[tuple[tuple[int, str, int], str, Any]] = []
    began = count()
    transaction = 0

    def note(connection: Any, query: Any, values: Any) -> None:
        nonlocal transaction
        if connection.info.transaction_status is psycopg.pq.TransactionStatus.IDLE:
            transaction = next(began)
        database = "national" if connection.info.dbname.endswith("national") else "state"
        words = query.as_string(connection) if isinstance(query, psycopg.sql.Composable) else query
        sent.append(((transaction, database, id(connection)), words, values))

    def execute_noted(cursor: Any, query: Any, values: Any = None, **how: Any) -> Any:
        note(cursor.connection, query, values)
        return execute(cursor, query, values, **how)

    def queue_noted(line: Any, statement: Any, values: Any = (), /) -> Any:
        note(line._connection, statement, values)
        return queue(line, statement, values)

    found: list[Transaction] = []
    psycopg.Cursor.execute = execute_noted  # type: ignore[method-assign, assignment]
    Line.execute = queue_noted  # type: ignore[method-assign]
    try:
        yield found
    finally:
        psycopg.Cursor.execute = execute  # type: ignore[method-assign]
        Line.execute = queue  # type: ignore[method-assign]
    for (_, database, _), statements in groupby(sent, key=lambda one: one[0]):
        found.append((database, [(words, values) for _, words, values in statements]))


def main() -> int:
    """Exit code 0 when the goal is held."""
    return 0 if measure() else 1


if __name__ == "__main__":
    sys.exit(main())

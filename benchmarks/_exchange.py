"""The exchange for benchmarks: a durable server of its own, generated vehicles, the product's server, a fast client."""

import itertools
import json
import os
import selectors
import socket
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from benchmarks._server import ROOT, own_databases

DIRECTORY = ROOT / ".data/bench-exchange"
VEHICLES = int(os.environ.get("VINCULUM_BENCH_VEHICLES", "1000000"))
CLIENTS = 16
CLIENT_PROCESSES = 2
JURISDICTIONS = ("CT", "NY")

# One vehicle for each number: a VIN, its current title of New York, the title before, for one in ten a brand.
# Sorted by VIN, which is how a nation's files come and what keeps the indexes whole.
_GENERATE = """
INSERT INTO exchange.title_history (vin, entry_id, transaction_type, transaction_at, jurisdiction, title_number,
    issue_date, make, model_year, odometer, odometer_unit)
SELECT vin_of(n), id_of(n), 'AD', timestamptz '2021-03-04 12:00Z', 'NY', 'T' || n, date '2021-03-04', 'HOND', 2019,
       mod(n, 90000), 'M' FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n;
INSERT INTO exchange.pointer (vin, pointer_number, entry_id, transaction_type, transaction_at, jurisdiction,
    title_number, issue_date, make, model_year, odometer, odometer_unit)
SELECT vin_of(n), 1, id_of(n), 'AD', timestamptz '2021-03-04 12:00Z', 'NY', 'T' || n, date '2021-03-04', 'HOND',
       2019, mod(n, 90000), 'M' FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n;
INSERT INTO exchange.brand_history (vin, brand_code, brander, brand_date, make, model_year, transaction_type,
    transaction_at)
SELECT vin_of(n), '11', 'NY', date '2021-03-04', 'HOND', 2019, 'BA', timestamptz '2021-03-04 12:00Z'
  FROM generate_series(%(first)s::bigint, %(last)s::bigint, 10) AS n;
"""
_FUNCTIONS = """
CREATE FUNCTION vin_of(n bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT '1HGCM82633A' || lpad(n::text, 9, '0') $$;
CREATE FUNCTION id_of(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
    $$ SELECT lpad(to_hex(n), 32, '0')::uuid $$;
"""


def vin_of(number: int) -> str:
    """The VIN of the vehicle of that number."""
    return f"1HGCM82633A{number:09d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """The exchange as it stands: its databases and one key per jurisdiction."""

    databases: Any
    keys: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What a load came to: how many answers in how many seconds, and each answer's latency in order."""

    answers: int
    seconds: float
    latencies: tuple[float, ...]

    @property
    def rate(self) -> float:
        return self.answers / self.seconds

    def percentile(self, part: float) -> float:
        """Seconds."""
        return self.latencies[min(len(self.latencies) - 1, int(len(self.latencies) * part))]


@contextmanager
def exchange(*, vehicles: int) -> Iterator[Exchange]:
    """The national database with that many vehicles, on a server that keeps its promises."""
    with own_databases(DIRECTORY, systems="national") as databases:
        opened = Exchange(databases=databases, keys=_admit(databases))
        _prepare(databases)
        add_vehicles(opened, first=1, last=vehicles)
        yield opened


def _admit(databases: Any) -> dict[str, str]:
    import psycopg

    from vinculum.access import service
    from vinculum.access.bootstrap import ensure_system_credential
    from vinculum.entrypoints.exchange.admission import admit, issue_key

    with psycopg.connect(databases.migrate_national_url, autocommit=True) as connection:
        service.configure(ensure_system_credential(connection))
    at, keys = datetime.now(UTC), {}
    for code in JURISDICTIONS:
        organisation = admit(service.actor(), code=code, mode=1, at=at)
        issued = issue_key(
            service.actor(),
            door="messages",
            organisation_id=organisation,
            client="benchmark",
            expires_at=at + timedelta(days=1),
            live=False,
        )
        keys[code] = issued.secret
    return keys


def _prepare(databases: Any) -> None:
    import psycopg

    with psycopg.connect(databases.admin_national_url, autocommit=True) as connection:
        connection.execute(_FUNCTIONS)


def add_vehicles(opened: Exchange, *, first: int, last: int) -> None:
    """Generate the vehicles of those numbers, a million at a time, and let the planner know of them."""
    import psycopg

    began = time.perf_counter()
    with psycopg.connect(opened.databases.admin_national_url, autocommit=True) as connection:
        for start in range(first, last + 1, 1_000_000):
            with connection.transaction(), connection.cursor() as cursor:
                for statement in _GENERATE.split(";\n"):
                    if statement.strip():
                        bounds = {"first": start, "last": min(start + 999_999, last)}
                        cursor.execute(statement, bounds)
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
    print(f"  {last:,} vehicles ({time.perf_counter() - began:.0f} s to generate)", flush=True)


# ------------------------------------------------------------------------------------------ the client
@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """Endless requests for one client process: message after message, as bytes ready for the wire."""

    path: str
    key: str
    body_of: Callable[[int], bytes]
    first: int
    step: int = 1

    def each(self) -> Iterator[bytes]:
        for number in itertools.count(self.first, self.step):
            body = self.body_of(number)
            yield (
                f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self.key}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            ).encode() + body


def load(port: int, requests: Callable[[int], Requests], *, seconds: float, clients: int = CLIENTS) -> Load:
    """That many clients ask at once, each over a connection of its own, until the time is over.

    `requests` makes the requests of a client process by its place.
    """
    began = time.perf_counter()
    with ProcessPoolExecutor(CLIENT_PROCESSES) as pool:
        jobs = [
            pool.submit(_ask, port, requests(place), seconds=seconds, connections=clients // CLIENT_PROCESSES)
            for place in range(CLIENT_PROCESSES)
        ]
        done = [job.result() for job in jobs]
    del began
    latencies = sorted(itertools.chain.from_iterable(found for found, _ in done))
    return Load(answers=len(latencies), seconds=max(took for _, took in done), latencies=tuple(latencies))


def _ask(port: int, requests: Requests, *, seconds: float, connections: int) -> tuple[list[float], float]:
    """One process: keeps all its connections busy and notes how long each answer took."""
    ready = selectors.DefaultSelector()
    source, latencies = requests.each(), []
    sent: dict[socket.socket, float] = {}
    buffers: dict[socket.socket, bytes] = {}
    for _ in range(connections):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        ready.register(connection, selectors.EVENT_READ)
        buffers[connection] = b""
    began = time.perf_counter()
    for connection in buffers:
        sent[connection] = time.perf_counter()
        connection.sendall(next(source))
    while sent:
        for found, _ in ready.select(10):
            connection = found.fileobj  # type: ignore[assignment]
            buffers[connection] += connection.recv(65536)
            if not _is_whole(buffers[connection]):
                continue
            now = time.perf_counter()
            latencies.append(now - sent.pop(connection))
            buffers[connection] = b""
            if now - began < seconds:
                sent[connection] = now
                connection.sendall(next(source))
    took = time.perf_counter() - began
    for connection in buffers:
        connection.close()
    return latencies, took


def _is_whole(answer: bytes) -> bool:
    head, separator, body = answer.partition(b"\r\n\r\n")
    if not separator:
        return False
    assert head.startswith(b"HTTP/1.1 200"), answer[:600]
    length = next(
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    )
    assert b'"accepted":false' not in body
    assert b'"answered":false' not in body
    return len(body) >= length


# ------------------------------------------------------------------------------------------ messages
def inquiry_of(number: int, *, vehicles: int, theft: bool = True) -> bytes:
    """An inquiry about some vehicle; numbers run through the whole file in an order without neighbours."""
    return json.dumps(
        {
            "message": "used_vehicle_inquiry",
            "message_id": f"{number:032x}",
            "origin": "CT",
            "sent_at": "2026-03-02T15:00:00Z",
            "vin": vin_of(scattered(number, vehicles=vehicles)),
            "with_theft": theft,
        },
        separators=(",", ":"),
    ).encode()


def change_of_state_of(number: int, *, vehicles: int, above: int = 0) -> bytes:
    """Connecticut titles a vehicle of New York; each number is another vehicle, of those above a number."""
    vehicle = above + scattered(number, vehicles=vehicles - above)
    return json.dumps(
        {
            "message": "change_of_state_of_title",
            "message_id": f"{number:032x}",
            "origin": "CT",
            "sent_at": "2026-03-02T15:00:00Z",
            "vin": vin_of(vehicle),
            "old_jurisdiction": "NY",
            "old_title_number": f"T{vehicle}",
            "title_number": f"C{vehicle}",
            "issue_date": "2026-02-27",
            "odometer": 91_000,
        },
        separators=(",", ":"),
    ).encode()


def scattered(number: int, *, vehicles: int) -> int:
    """1 to `vehicles`, each once in a round, far from the one before."""
    stride = 618_033_989  # a prime, so that it meets every number of a smaller file
    return number * stride % vehicles + 1


def inquiries(vehicles: int, *, key: str, path: str = "/exchange/v1/messages") -> Callable[[int], Requests]:
    """Inquiries for each client process, from its own part of the sequence."""
    return partial(_requests, path=path, key=key, body_of=partial(inquiry_of, vehicles=vehicles))


def _requests(
    place: int, *, path: str, key: str, body_of: Callable[[int], bytes], first: int = 0
) -> Requests:
    return Requests(path=path, key=key, body_of=body_of, first=first + place, step=CLIENT_PROCESSES)


def changes_of_state(vehicles: int, *, key: str, first: int, above: int = 0) -> Callable[[int], Requests]:
    """Changes of state for each client process; `first` is where the numbers that were not used yet begin."""
    return partial(
        _requests,
        path="/exchange/v1/messages",
        key=key,
        body_of=partial(change_of_state_of, vehicles=vehicles, above=above),
        first=first,
    )


def median(values: list[float]) -> float:
    """The middle one."""
    return statistics.median(values)

"""P-8: registrations end to end by API, 8 dealers at once, beside the bare INSERTs of the same rows."""

import json
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from itertools import count
from typing import Any

from benchmarks._server import ROOT, own_databases, product

DIRECTORY = ROOT / ".data/bench-registration"
# The tests' own lot: a dealer with papers, plates, money and customers.
sys.path.insert(0, str(ROOT / "tests"))

DEALERS = 8
ROUNDS = 3
API_SECONDS, PEER_SECONDS, HALF_LOAD_SECONDS = 4.0, 2.0, 7.0
GOAL_RATIO, GOAL_P95 = 0.2, 0.150
PLATES = 1000
_SCHEMAS = ("access", "audit", "book", "ledger", "outbox", "stock", "work")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One dealer's program: its key and the deals it has to register."""

    key: str
    deals: Iterator[str]


class Client:
    """A program that registers deal after deal on one connection, and notes how long each took."""

    def __init__(self, desk: Desk, *, port: int) -> None:
        self.desk = desk
        self.connection = HTTPConnection("127.0.0.1", port, timeout=30)
        self.seconds: list[float] = []

    def register(self) -> str:
        """Register the next deal; its application's id."""
        deal = next(self.desk.deals)
        began = time.perf_counter()
        headers = {
            "Authorization": f"Bearer {self.desk.key}",
            "Content-Type": "application/json",
            "Idempotency-Key": f"bench-{time.time_ns()}-{id(self)}",
        }
        self.connection.request("POST", "/api/v1/registrations", body=deal, headers=headers)
        response = self.connection.getresponse()
        body = response.read()
        self.seconds.append(time.perf_counter() - began)
        assert response.status == 201, body
        return str(json.loads(body)["application_id"])


def measure() -> bool:
    """Register and insert in turns, print rates, ratio and the tail at half load; true when the goals are held."""
    with _service() as (scratch, desks, port):
        clients = [Client(desk, port=port) for desk in desks]
        application = [client.register() for client in clients][-1]
        rows = _rows_of(scratch.admin_state_url, application)
        registered, inserted = [], []
        for _ in range(ROUNDS):
            inserted.append(_at_once(_inserters(scratch.admin_state_url, rows), seconds=PEER_SECONDS))
            registered.append(_at_once([client.register for client in clients], seconds=API_SECONDS))
        full = sorted(second for client in clients for second in client.seconds[1:])
        tail = _tail_at(statistics.median(registered) / 2, clients)
    ratio = statistics.median(api / peer for api, peer in zip(registered, inserted, strict=True))
    held = ratio >= GOAL_RATIO and tail <= GOAL_P95
    print(f"P-8 dealer registration by API, {DEALERS} dealers at once, durable")
    print(f"  registrations     {statistics.median(registered):>9,.1f} /s   p95 {_p95(full) * 1000:,.0f} ms")
    print(
        f"  bare INSERTs      {statistics.median(inserted):>9,.1f} /s   {len(rows)} rows in one transaction each"
    )
    print(f"  ratio             {ratio:>9.3f}      goal ≥ {GOAL_RATIO}")
    print(f"  p95 at half load  {tail * 1000:>9,.0f} ms   goal ≤ {GOAL_P95 * 1000:,.0f} ms")
    print(f"  goals             {'held' if held else 'NOT HELD'}")
    return held


def _at_once(works: list[Callable[[], Any]], *, seconds: float) -> float:
    """How often a second the works were done, each in a thread of its own over and over."""
    until = time.perf_counter() + seconds

    def repeat(work: Callable[[], Any]) -> int:
        done = 0
        while time.perf_counter() < until:
            work()
            done += 1
        return done

    began = time.perf_counter()
    with ThreadPoolExecutor(len(works)) as pool:
        total = sum(pool.map(repeat, works))
    return total / (time.perf_counter() - began)


def _tail_at(rate: float, clients: list[Client]) -> float:
    """The 95th percentile of the latency while registrations arrive at a steady rate."""
    pause = len(clients) / rate
    for client in clients:
        client.seconds.clear()
    until = time.perf_counter() + HALF_LOAD_SECONDS

    def steadily(place: int) -> None:
        due = time.perf_counter() + pause * place / len(clients)
        while due < until:
            time.sleep(max(0.0, due - time.perf_counter()))
            clients[place].register()
            due += pause

    threads = [threading.Thread(target=steadily, args=(place,)) for place in range(len(clients))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return _p95(sorted(second for client in clients for second in client.seconds))


def _p95(in_order: list[float]) -> float:
    return in_order[int(len(in_order) * 0.95)]


# ------------------------------------------------------------------------------------------ the peer
def _rows_of(admin_url: str, application_id: str) -> list[tuple[str, str]]:
    """Every row that the registration's transaction wrote, as table and JSON; copies of the tables to write into."""
    import psycopg
    from psycopg import sql

    rows: list[tuple[str, str]] = []
    with psycopg.connect(admin_url, autocommit=True) as connection:
        found = connection.execute(
            "SELECT xmin::text FROM work.application WHERE id = %s", [application_id]
        ).fetchone()
        assert found is not None
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY (%s) ORDER BY 1, 2",
            [list(_SCHEMAS)],
        ).fetchall()
        connection.execute("CREATE SCHEMA peer")
        for schema, table in tables:
            whole = sql.Identifier(schema, table)
            written = connection.execute(
                sql.SQL("SELECT to_jsonb(t)::text FROM {} AS t WHERE t.xmin::text = %s").format(whole), found
            ).fetchall()
            if written:
                bare = f"{schema}_{table}"
                connection.execute(
                    sql.SQL("CREATE TABLE {} (LIKE {})").format(sql.Identifier("peer", bare), whole)
                )
                rows += [(bare, row[0]) for row in written]
    return rows


def _inserters(admin_url: str, rows: list[tuple[str, str]]) -> list[Callable[[], None]]:
    """For each dealer a connection that inserts the rows, one statement each, into bare tables, durably."""
    import psycopg
    from psycopg import sql

    statements = []
    with psycopg.connect(admin_url) as connection:
        for table, row in rows:
            whole = sql.Identifier("peer", table)
            query = sql.SQL("SELECT * FROM jsonb_populate_record(NULL::{}, %s)").format(whole)
            cursor = connection.execute(query, [row])
            values = cursor.fetchone()
            assert values is not None
            assert cursor.description is not None
            blanks = sql.SQL(", ").join(
                sql.SQL("%s::") + sql.SQL(_type_of(connection, column.type_code))
                for column in cursor.description
            )
            statement = sql.SQL("INSERT INTO {} VALUES ({})").format(whole, blanks).as_string(connection)
            statements.append((statement, [_plain(value) for value in values]))

    def inserter() -> Callable[[], None]:
        connection = psycopg.connect(admin_url, prepare_threshold=1)

        def insert() -> None:
            with connection.transaction():
                for statement, values in statements:
                    connection.execute(statement, values)

        return insert

    return [inserter() for _ in range(DEALERS)]


def _type_of(connection: Any, oid: int) -> str:
    row = connection.execute("SELECT format_type(%s, NULL)", [oid]).fetchone()
    return str(row[0])


def _plain(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict) else value


# ------------------------------------------------------------------------------------------ the service
@contextmanager
def _service() -> Iterator[tuple[Any, list[Desk], int]]:
    """Both systems on a server of their own, eight dealers ready for business, the product's server in front."""
    with own_databases(DIRECTORY) as databases:
        desks = _desks(databases)
        with product() as port:
            yield databases, desks, port


def _desks(databases: Any) -> list[Desk]:
    import psycopg

    from both_systems import MODES
    from people import World
    from vinculum.config.bootstrap import publish_jurisdiction
    from vinculum.national.transactions import admit_jurisdiction

    at = datetime.now(UTC)
    publish_jurisdiction(databases.addresses.state)
    with psycopg.connect(databases.national_url) as connection:
        for code, mode in MODES.items():
            admit_jurisdiction.run(code, mode=mode, at=at, connection=connection)
    world = World(databases)
    return [_desk(world, place=place, at=at) for place in range(DEALERS)]


def _desk(world: Any, *, place: int, at: datetime) -> Desk:
    """One dealer with stock from its own part of the sequence."""
    from lot import Lot
    from vinculum.access import keys
    from vinculum.access.database import connected
    from vinculum.state.casework.deal_json import dump_deal
    from vinculum.state.reference.publication import tables_in_force
    from vinculum.state.transactions import add_stock

    lot = Lot(world, funds="900000.00", at=at)
    with connected("state") as connection:
        marks = tables_in_force(connection, lot.today).plate_classes["passenger"].plate_format
    add_stock.run(
        add_stock.Request(
            dealer_id=lot.dealer.organisation_id,
            plate_class="passenger",
            first_number=marks.mark_at(marks.capacity // 10 * (place + 1) // 25 * 25),
            count=PLATES,
        ),
        actor=world.examiner(),
        at=at,
    )
    key = keys.issue(
        lot.dealer.manager,
        client="desk",
        organisation_id=lot.dealer.organisation_id,
        role="dealer_clerk",
        scopes=("register_vehicle",),
        expires_at=at + timedelta(days=1),
        live=False,
    )
    return Desk(key=key.secret, deals=_deals(dump_deal(lot.new_car()), first=place * 100_000))


def _deals(pattern: dict[str, Any], *, first: int) -> Iterator[str]:
    """The same deal for one new car after another, by serial number."""
    from vinculum.kernel.vin import check_digit

    for serial in count(first):
        vin = f"1HGCY1F30PA{serial:06d}"
        pattern["vehicle"]["vin"] = vin[:8] + check_digit(vin) + vin[9:]
        pattern["ownership"]["number"] = f"MCO{serial:08d}"
        yield json.dumps(pattern)


def main() -> int:
    """Exit code 0 when the goals are held."""
    return 0 if measure() else 1


if __name__ == "__main__":
    sys.exit(main())

"""P-4: durable changes of state of title by HTTP, beside one SQL function that does the same writes."""

import itertools
import os
import sys
import threading
import time
import uuid
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from benchmarks._exchange import (
    CLIENT_PROCESSES,
    CLIENTS,
    VEHICLES,
    Load,
    changes_of_state,
    exchange,
    load,
    median,
    scattered,
    vin_of,
)
from benchmarks._server import product

ROUNDS = 3
SECONDS = float(os.environ.get("VINCULUM_BENCH_SECONDS", "5"))
GOAL = 0.25
# No answer is worth more vehicles than this in one turn: each is changed once.
_APART = 1_000_000

# The writes of a change of state, decided by nobody: inbox, pointer by compare and set, history, notice, answer.
_FUNCTION = """
CREATE FUNCTION exchange.bench_change(v text, old uuid, new uuid, message uuid, hash bytea, at timestamptz,
    answered bytea) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO exchange.message_inbox (vin, origin, message_id, request_hash, received_at, entry_id)
        VALUES (v, 'CT', message, hash, at, new) ON CONFLICT (vin, origin, message_id) DO NOTHING;
    PERFORM 1 FROM exchange.pointer WHERE vin = v FOR UPDATE;
    UPDATE exchange.pointer SET entry_id = new, transaction_type = 'CS', transaction_at = at, jurisdiction = 'CT',
           title_number = 'C1', issue_date = '2026-02-27', odometer = 91000
     WHERE vin = v AND pointer_number = 1 AND entry_id = old;
    IF NOT FOUND THEN RAISE EXCEPTION 'the pointer of % shows another title', v; END IF;
    INSERT INTO exchange.title_history (vin, entry_id, transaction_type, transaction_at, jurisdiction,
        title_number, issue_date, make, model_year, odometer, odometer_unit, replaces)
        VALUES (v, new, 'CS', at, 'CT', 'C1', '2026-02-27', 'HOND', 2019, 91000, 'M', old);
    INSERT INTO exchange.notice (vin, notice_id, to_jurisdiction, kind, title_number, by_jurisdiction, issue_date,
        created_at) VALUES (v, new, 'NY', 'title_left', 'T1', 'CT', '2026-02-27', at);
    UPDATE exchange.message_inbox SET accepted = true, answer = answered
     WHERE vin = v AND origin = 'CT' AND message_id = message;
    RETURN true;
END $$;
"""


def main() -> int:
    """Change in turns; print rates and ratio; 0 when the goal is held."""
    import psycopg

    print(f"P-4 change of state of title through HTTP, durable, {CLIENTS} clients")
    ours: list[Load] = []
    bare: list[float] = []
    with exchange(vehicles=VEHICLES) as opened:
        with psycopg.connect(opened.databases.admin_national_url, autocommit=True) as connection:
            connection.execute(_FUNCTION)
            committed = connection.execute("SHOW synchronous_commit").fetchone()
        assert committed == ("on",)
        part = VEHICLES // (2 * ROUNDS + 1)
        starts = itertools.count(0, min(part, _APART))
        with product() as port:
            load(port, changes_of_state(VEHICLES, key=opened.keys["CT"], first=next(starts)), seconds=1)
            for _ in range(ROUNDS):
                bare.append(_function(opened.databases.admin_national_url, first=next(starts)))
                asked = changes_of_state(VEHICLES, key=opened.keys["CT"], first=next(starts))
                ours.append(load(port, asked, seconds=SECONDS))
    ratio = median([mine.rate / rate for mine, rate in zip(ours, bare, strict=True)])
    held = ratio >= GOAL
    print(
        f"  exchange      {median([each.rate for each in ours]):>10,.0f} /s"
        f"   p50 {median([each.percentile(0.5) for each in ours]) * 1000:6.2f} ms"
        f"   p99 {median([each.percentile(0.99) for each in ours]) * 1000:6.2f} ms"
    )
    print(f"  SQL function  {median(bare):>10,.0f} /s")
    print(f"  ratio         {ratio:>10.2f}      goal ≥ {GOAL}")
    print(f"  goal          {'held' if held else 'NOT HELD'}")
    return 0 if held else 1


def _function(url: str, *, first: int) -> float:
    """The function called by as many clients as the exchange has; changes per second."""
    call = partial(_call_together, url, clients=CLIENTS // CLIENT_PROCESSES, seconds=SECONDS)
    with ProcessPoolExecutor(CLIENT_PROCESSES) as pool:
        done = list(pool.map(call, [first + place for place in range(CLIENT_PROCESSES)]))
    return sum(changes for changes, _ in done) / max(took for _, took in done)


def _call_together(url: str, first: int, *, clients: int, seconds: float) -> tuple[int, float]:
    numbers = itertools.count(first, CLIENT_PROCESSES)
    done = [0] * clients
    began = time.perf_counter()
    threads = [
        threading.Thread(target=_call, args=(url, numbers, done, place), kwargs={"until": began + seconds})
        for place in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done), time.perf_counter() - began


def _call(url: str, numbers: "itertools.count[int]", done: list[int], place: int, *, until: float) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        while time.perf_counter() < until:
            vehicle = scattered(next(numbers), vehicles=VEHICLES)
            connection.execute(
                "SELECT exchange.bench_change(%s, %s, %s, %s, %s, '2026-03-02 15:00Z', %s)",
                (
                    *(vin_of(vehicle), uuid.UUID(int=vehicle), uuid.uuid4(), uuid.uuid4()),
                    *(b"\0" * 32, b"\0" * 200),
                ),
            )
            done[place] += 1


if __name__ == "__main__":
    sys.exit(main())

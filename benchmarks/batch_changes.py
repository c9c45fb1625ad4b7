"""Batch files of the kinds other than VINADD, and inquiries: records a second, against the same messages on line.

The peer is the very transaction that answers each message on line, called in this process, without HTTP and without
waiting for the disk. VINCULUM_BENCH_CHANGES sets how many records a file has, VINCULUM_BENCH_POINTERS how many
vehicles are on record.
"""

import os
import shutil
import statistics
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import polars as pl
import psycopg

from benchmarks.batch_apply import POINTERS, apply, descriptors, fill, sweep, vehicles
from vinculum.config import scratch
from vinculum.national.batch.file_types import FILE_TYPES, print_file
from vinculum.national.batch.spool import Spool
from vinculum.national.transactions import admit_jurisdiction

RECORDS: Final = int(os.environ.get("VINCULUM_BENCH_CHANGES", "19000"))
ON_LINE: Final = 300
GOAL: Final = 3.0
_DIRECTORY: Final = Path(__file__).resolve().parents[1] / ".data/bench-changes"
_BRAND: Final = {"brand_code": "11", "brand_date": date(2021, 5, 3)}
# In this order each finds what the one before it left.
_VALUES: Final[dict[str, dict[str, Any]]] = {
    "BRNADD": _BRAND | {"make": "HOND", "model_year": 2019, "percent_of_damage": 40},
    "BRNCOR": _BRAND | {"new_brand_code": "01", "reason": "Misread"},
    "BRNREM": {"brand_code": "01", "brand_date": _BRAND["brand_date"], "reason": "Another vehicle"},
    "THFSET": {"stolen_on": date(2024, 1, 2)},
    "THFCLR": {"recovered_on": date(2024, 2, 3)},
    "VINMOD": {"issue_date": date(2024, 6, 3), "odometer": 91_000},
    "VINREM": {"reason": "Recalled, forged papers"},
    "VININQ": {"with_theft": True},
}


def records_of(code: str, known: pl.DataFrame, *, first: int, count: int) -> list[dict[str, Any]]:
    """A record for each of those vehicles of Pennsylvania."""
    # One vehicle in fifty is of Pennsylvania.
    numbers = pl.Series(range(first * 50, (first + count) * 50, 50), dtype=pl.Int64)
    frame = vehicles(numbers, known)
    rows: list[dict[str, Any]] = []
    for number, vin in frame.select("n", "vin").iter_rows():
        row = {"vin": vin} | _VALUES[code]
        if code == "VINMOD":
            row |= {"old_title_number": f"T{number}", "title_number": f"M{number}"}
        elif code == "VINREM":
            row |= {"title_number": f"M{number}"}
        rows.append(row)
    return rows


def said_on_line(address: str, code: str, rows: list[dict[str, Any]]) -> float:
    """Messages a second on line: each in a transaction of its own."""
    from vinculum.entrypoints.exchange.dispatch import answer_message

    kind = FILE_TYPES[code]
    at = datetime.now(UTC)
    # Inquiries of this jurisdiction come by file, as its updates do.
    messages = [kind.message(message_id=uuid4(), origin="PA", sent_at=at, **row) for row in rows]
    with psycopg.connect(address) as connection:
        connection.execute("SET synchronous_commit = off")
        connection.commit()
        began = time.perf_counter()
        for message in messages:
            answer: Any = answer_message(message, sender="PA", at=at, connection=connection, channel="batch")
            assert getattr(answer, "accepted", True), answer
            assert getattr(answer, "answered", True), answer
            connection.commit()
        return len(messages) / (time.perf_counter() - began)


def main() -> int:
    """Measure each kind of file; 0 when the goal was held by the median."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vinculum.config.settings")
    own = scratch.named(_DIRECTORY, session=f"bench_{os.getpid()}", durable=True)
    spool = Spool(directory=_DIRECTORY / "spool")
    known = descriptors()
    assert (RECORDS + ON_LINE) * 50 <= POINTERS, "one vehicle in fifty is of the sender"
    ratios: list[float] = []
    with scratch.raised(own) as databases:
        admin, app = databases.admin_national_url, databases.national_url
        with psycopg.connect(admin) as connection:
            for code in ("NY", "PA"):
                admit_jurisdiction.run(code, mode=3, at=datetime.now(UTC), connection=connection)
            fill(connection, known)
        sweep(admin)
        for code in (code for code in _VALUES if code in FILE_TYPES):
            rows = records_of(code, known, first=0, count=RECORDS)
            path = _DIRECTORY / "file"
            today = datetime.now(UTC).date()
            path.write_bytes(
                print_file(FILE_TYPES[code], rows, jurisdiction="PA", file_id=f"B-{code}", created_on=today)
            )
            told = apply(app, spool, path)
            on_line = said_on_line(app, code, records_of(code, known, first=RECORDS, count=ON_LINE))
            in_file = RECORDS / told["seconds"]
            ratios.append(in_file / on_line)
            sys.stdout.write(
                f"{code}: {RECORDS:,} records in {told['seconds']:.2f} s, {in_file:,.0f}/s;"
                f" on line {on_line:,.0f}/s; ratio {ratios[-1]:.1f}; {told['megabytes']:.0f} MiB at most\n"
            )
            sys.stdout.flush()
            sweep(admin)
    shutil.rmtree(spool.directory, ignore_errors=True)
    middle = statistics.median(ratios)
    sys.stdout.write(f"median ratio {middle:.1f} (goal >= {GOAL})\n")
    return 0 if middle >= GOAL else 1


if __name__ == "__main__":
    raise SystemExit(main())

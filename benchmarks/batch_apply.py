"""P-1, P-2: a VINADD file from its bytes to the SEW report, against sorted COPY of the same rows; peak memory.

VINCULUM_BENCH_POINTERS and VINCULUM_BENCH_RECORDS set the sizes; the goal is spoken of 10,000,000 and 1,000,000.
VINCULUM_BENCH_ROUNDS says how often limit and batch take turns. With VINCULUM_BENCH_KEEP=1 the filled database stays on
the disk, and the next run of that size works on a copy of it instead of filling one.
"""

import io
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import polars as pl
import psycopg
import ultravin
from psycopg import sql

from benchmarks._batch_clerk import processor_seconds
from vinculum.config import scratch
from vinculum.config.bootstrap import database_name, grant_database, migrations_stamp
from vinculum.config.postgres import ADMIN_ROLE
from vinculum.national.batch.file_types import FILE_TYPES, HEADER, LAYOUT_VERSION, TRAILER
from vinculum.national.batch.spool import Spool
from vinculum.national.batch.take_file import take_file
from vinculum.national.transactions import admit_jurisdiction

POINTERS: Final = int(os.environ.get("VINCULUM_BENCH_POINTERS", "1000000"))
RECORDS: Final = int(os.environ.get("VINCULUM_BENCH_RECORDS", "100000"))
ROUNDS: Final = int(os.environ.get("VINCULUM_BENCH_ROUNDS", "2"))
KEEP: Final = os.environ.get("VINCULUM_BENCH_KEEP", "") not in {"", "0"}
DESCRIPTORS: Final = 2000
GOAL: Final = 0.7
MEMORY_GOAL: Final = 300
_AT_ONCE: Final = 1_000_000
_DIRECTORY: Final = Path(__file__).resolve().parents[1] / ".data/bench-batch"
_ENTRY: Final = "00000000-0000-4000-8000-"
_TITLE: Final = (
    "entry_id, transaction_type, transaction_at, jurisdiction, title_number, issue_date, make, model_year,"
    " odometer, odometer_unit, state_title_key"
)
_VALUES: Final = dict(
    zip(
        "0123456789ABCDEFGHJKLMNPRSTUVWXYZ",
        [*range(10), *range(1, 9), *range(1, 6), 7, 9, *range(2, 10)],
        strict=True,
    )
)
_COPY_FILES: Final = "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy"
_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8)


def descriptors() -> pl.DataFrame:
    """The first eleven positions of vehicles as they are registered, and what they add to the check digit."""
    rows: dict[str, int] = {}
    for made in ultravin.generate(DESCRIPTORS * 2, seed=11):
        vin = f"{made[:8]}0{made[9:]}"
        if vin[2] != "9" and len(rows) < DESCRIPTORS:
            rows[vin[:11]] = sum(
                _VALUES[letter] * weight for letter, weight in zip(vin, _WEIGHTS, strict=False) if weight
            )
    return pl.DataFrame({"descriptor": list(rows), "sum": list(rows.values())}).with_row_index("place")


def vehicles(numbers: pl.Series, known: pl.DataFrame) -> pl.DataFrame:
    """The vehicles of these numbers: `n` and `vin`, with right check digits."""
    count = len(known)
    frame = pl.DataFrame({"n": numbers}).with_columns(
        place=(pl.col("n") % count).cast(pl.UInt32), serial=pl.col("n") // count + 100_000
    )
    frame = frame.join(known, on="place", how="left")
    total = pl.col("sum")
    for power, weight in enumerate((2, 3, 4, 5, 6, 7)):
        total = total + pl.col("serial") // 10**power % 10 * weight
    digit = pl.when(total % 11 == 10).then(pl.lit("X")).otherwise((total % 11).cast(pl.String))
    first, middle = pl.col("descriptor").str.slice(0, 8), pl.col("descriptor").str.slice(9, 2)
    return frame.select("n", vin=first + digit + middle + pl.col("serial").cast(pl.String))


def fill(connection: psycopg.Connection[Any], known: pl.DataFrame) -> None:
    """Pointers and history of New York, one in fifty of Pennsylvania, in the order of the VINs."""
    for begin in range(0, POINTERS, _AT_ONCE):
        numbers = pl.Series(range(begin, min(begin + _AT_ONCE, POINTERS)), dtype=pl.Int64)
        rows = title_rows(vehicles(numbers, known).sort("vin"))
        copy_titles(connection, *as_texts(rows, pointer_number=1))
    connection.commit()


def title_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """The title of each vehicle as it stands in the tables."""
    of_pennsylvania = pl.col("n") % 50 == 0
    return frame.select(
        "vin",
        entry_id=_ENTRY + pl.col("n").cast(pl.String).str.zfill(12),
        transaction_type=pl.lit("AD"),
        transaction_at=pl.lit("2021-03-04 12:00:00+00"),
        jurisdiction=pl.when(of_pennsylvania).then(pl.lit("PA")).otherwise(pl.lit("NY")),
        title_number="T" + pl.col("n").cast(pl.String),
        issue_date=pl.lit("2021-03-04"),
        make=pl.lit("HOND"),
        model_year=pl.lit(2019),
        odometer=pl.col("n") % 90_000,
        odometer_unit=pl.lit("M"),
        state_title_key=pl.lit(""),
    )


def copy_titles(connection: psycopg.Connection[Any], pointers: bytes, history: bytes) -> None:
    """Sorted COPY of the same rows into pointer and history: what nothing can be faster than."""
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY exchange.pointer (vin, pointer_number, {_TITLE}) FROM STDIN") as copy:
            copy.write(pointers)
        with cursor.copy(f"COPY exchange.title_history (vin, {_TITLE}) FROM STDIN") as copy:
            copy.write(history)


def as_texts(rows: pl.DataFrame, *, pointer_number: int) -> tuple[bytes, bytes]:
    """The rows as COPY reads them, for the pointers and for the history."""
    numbered = rows.select("vin", pl.lit(pointer_number).alias("pointer_number"), pl.exclude("vin"))
    return as_text(numbered), as_text(rows)


def as_text(rows: pl.DataFrame) -> bytes:
    """The rows as COPY reads them."""
    text = io.BytesIO()
    rows.write_csv(text, include_header=False, separator="\t", quote_style="never")
    return text.getvalue()


def records(count: int, known: pl.DataFrame, *, beyond: int, turn: int = 0) -> pl.DataFrame:
    """61 % new vehicles, 35 % that change their state of title, 4 % errors and warnings; in no order."""
    new = pl.Series(range(beyond, beyond + count * 61 // 100), dtype=pl.Int64)
    step = max(POINTERS // (count * 38 // 100), 1)
    held = pl.Series(range((beyond + turn) % step, POINTERS, step), dtype=pl.Int64).head(count - len(new))
    frame = vehicles(pl.concat([new, held]), known).with_columns(
        title_number=pl.when((pl.col("n") < POINTERS) & (pl.col("n") % 50 == 0))
        .then("T" + pl.col("n").cast(pl.String))
        .otherwise("N" + pl.col("n").cast(pl.String)),
        lot=pl.col("n").hash(7) % 100,
    )
    wrong_digit = pl.col("vin").str.slice(0, 8) + "Z" + pl.col("vin").str.slice(9)
    bad_letter = pl.col("vin").str.slice(0, 16) + "Q"
    vin = pl.when(pl.col("lot") == 0).then(wrong_digit).when(pl.col("lot") == 1).then(bad_letter)
    return frame.with_columns(vin=vin.otherwise(pl.col("vin"))).sample(fraction=1.0, shuffle=True, seed=5)


def write_file(path: Path, frame: pl.DataFrame, *, name: str) -> None:
    """The records as a fixed-width file."""
    values = {
        "title_number": pl.col("title_number"),
        "vin": pl.col("vin"),
        "issue_date": pl.lit("20240603"),
        "make": pl.lit("HOND"),
        "model_year": pl.lit("2019"),
        "odometer": (pl.col("n") % 90_000).cast(pl.String).str.zfill(9),
        "odometer_unit": pl.lit("M"),
    }
    columns = [
        values.get(column.name, pl.lit("")).str.pad_end(column.length)
        for column in FILE_TYPES["VINADD"].detail.columns
    ]
    header = {"file_type": "VINADD", "jurisdiction": "PA", "file_id": name, "created_on": date(2024, 6, 4)}
    header |= {"layout": LAYOUT_VERSION, "encoding": "US-ASCII"}
    trailer = {"file_id": name, "detail_count": len(frame)}
    with path.open("wb") as file:
        file.write(HEADER.print_line(header, form="fixed").encode() + b"\n")
        frame.select(pl.lit("D") + pl.concat_str(columns)).write_csv(
            file, include_header=False, quote_style="never"
        )
        file.write(TRAILER.print_line(trailer, form="fixed").encode() + b"\n")


def apply(address: str, spool: Spool, path: Path) -> dict[str, Any]:
    """Hand the file in and have another process apply it."""
    with psycopg.connect(address) as connection, path.open("rb") as file:
        spooled = spool.receive(iter(lambda: file.read(1 << 20), b""))
        take_file(
            connection,
            spooled,
            spool=spool,
            sender="PA",
            received_from="bench",
            at=datetime.now(UTC),
            acts=frozenset({"update", "inquiry"}),
        )
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks._batch_clerk", address, str(spool.directory)],
        capture_output=True,
        check=True,
        text=True,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def limit(address: str, rows: pl.DataFrame) -> dict[str, float]:
    """Seconds for the limit, as durable as the batch; taken back, and swept up after."""
    with psycopg.connect(address) as connection, psycopg.connect(address, autocommit=True) as other:
        connection.execute("SET LOCAL statement_timeout = 0")
        pointers, history = as_texts(rows, pointer_number=2)
        server = processor_seconds(connection.info.backend_pid)
        began = time.perf_counter()
        copy_titles(connection, pointers, history)
        # The log is made durable up to whatever commits: this stands for the commit of the rows.
        other.execute("SELECT pg_logical_emit_message(true, 'bench', 'limit')")
        took = time.perf_counter() - began
        server = processor_seconds(connection.info.backend_pid) - server
        connection.rollback()
    return {"seconds": took, "writer": server}


def sweep(address: str) -> None:
    """What the limit left behind is removed, so that it does not slow down whoever comes next."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE exchange.pointer")
        connection.execute("VACUUM ANALYZE exchange.title_history")
        connection.execute("CHECKPOINT")


@contextmanager
def filled(known: pl.DataFrame) -> Iterator[scratch.ScratchDatabases]:
    """The databases with their pointers and history: filled now, or copied from those that were kept."""
    own = scratch.named(_DIRECTORY, session=f"bench_{os.getpid()}", durable=True)
    kept = sql.Identifier(f"filled_{migrations_stamp()[:12]}_{POINTERS}")
    with scratch.raised(own) as databases:
        name = sql.Identifier(database_name(databases.national_url))
        with psycopg.connect(own.cluster.url("postgres", role=ADMIN_ROLE), autocommit=True) as admin:
            known_names = {row[0] for row in admin.execute("SELECT datname FROM pg_database")}
            is_kept = KEEP and kept.as_string().strip('"') in known_names
            if is_kept:
                admin.execute(sql.SQL("DROP DATABASE {}").format(name))
                admin.execute(sql.SQL(_COPY_FILES).format(name, kept))
                grant_database(databases.addresses.national)
            else:
                with psycopg.connect(databases.admin_national_url) as connection:
                    for code in ("NY", "PA"):
                        mode = 2 if code == "PA" else 1
                        admit_jurisdiction.run(code, mode=mode, at=datetime.now(UTC), connection=connection)
                    fill(connection, known)
            sweep(databases.admin_national_url)
            if KEEP and not is_kept:
                admin.execute(sql.SQL(_COPY_FILES).format(kept, name))
        warm(databases.national_url)
        yield databases


def warm(address: str) -> None:
    """Read what will be worked on once: a server that has run for a while has it in memory."""
    with psycopg.connect(address) as connection:
        connection.execute("SET LOCAL statement_timeout = 0")
        connection.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        connection.execute("SET LOCAL enable_seqscan = off")
        for table in ("pointer", "title_history"):
            # The make stands in no index: the rows are read as well.
            ordered = sql.SQL("SELECT count(make) FROM (SELECT make FROM exchange.{} ORDER BY vin) AS o")
            connection.execute(ordered.format(sql.Identifier(table)))


def main() -> int:
    """Limit and batch in turns, then the limit once more; 0 when both goals were held."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vinculum.config.settings")
    spool = Spool(directory=_DIRECTORY / "spool")
    known = descriptors()
    limits: list[dict[str, float]] = []
    batches: list[dict[str, Any]] = []
    with filled(known) as databases:
        admin, app = databases.admin_national_url, databases.national_url
        small = records(RECORDS // 10, known, beyond=POINTERS)
        write_file(_DIRECTORY / "small", small, name="SMALL")
        few = apply(app, spool, _DIRECTORY / "small")
        rows = pl.DataFrame()
        for turn in range(ROUNDS):
            frame = records(RECORDS, known, beyond=POINTERS + RECORDS * (turn + 1), turn=turn + 1)
            write_file(_DIRECTORY / "large", frame, name=f"LARGE{turn}")
            if not turn:
                # The rows that the batch will write: none for what it rejects (a wrong letter, a title that exists).
                rows = frame.filter((pl.col("lot") != 1) & ~pl.col("title_number").str.starts_with("T"))
                rows = title_rows(rows.with_columns(n=pl.col("n") + 500_000_000).sort("vin"))
            sweep(admin)
            limits.append(limit(app, rows))
            sweep(admin)
            batches.append(apply(app, spool, _DIRECTORY / "large"))
        sweep(admin)
        limits.append(limit(app, rows))
    shutil.rmtree(spool.directory, ignore_errors=True)
    return report(few=few, batches=batches, limits=limits, rows=len(rows))


def report(
    *, few: dict[str, Any], batches: list[dict[str, Any]], limits: list[dict[str, float]], rows: int
) -> int:
    """Print the figures; 0 when both goals were held."""
    copied = statistics.median(one["seconds"] for one in limits)
    seconds = statistics.median(one["seconds"] for one in batches)
    ratio = (RECORDS / seconds) / (rows / copied)
    megabytes = max(one["megabytes"] for one in batches)
    sys.stdout.write(
        f"P-1 batch: {RECORDS:,} VINADD on {POINTERS:,} pointers in {seconds:.2f} s,"
        f" {RECORDS / seconds:,.0f} records/s; sorted COPY of the same {rows:,} rows into both tables"
        f" {copied:.2f} s, {rows / copied:,.0f}/s; ratio {ratio:.2f} (goal >= {GOAL})\n"
    )
    for one in limits:
        sys.stdout.write(f"    limit {one['seconds']:.2f} s; processor: server {one['writer']:.2f} s\n")
    for many in batches:
        sys.stdout.write(
            f"    batch {many['seconds']:.2f} s; processor: writing session {many['writer']:.2f} s,"
            f" program {many['client']:.2f} s; {many['megabytes']:.0f} MiB; phases {many['phases']}\n"
        )
    sys.stdout.write(
        f"P-2 memory: {megabytes:.0f} MiB at most for {RECORDS:,} records,"
        f" {few['megabytes']:.0f} MiB for {RECORDS // 10:,} (goal <= {MEMORY_GOAL} MiB)\n"
    )
    return 0 if ratio >= GOAL and megabytes <= MEMORY_GOAL else 1


if __name__ == "__main__":
    raise SystemExit(main())

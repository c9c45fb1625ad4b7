"""A whole scan for findings: vehicles a second, against one sequential read of the files that it looks through.

The vehicles have one to three titles in a row of states, one in twenty a brand; in a hundred one is amiss: a VIN with a
wrong check digit, an odometer that falls, a brand that was left behind. VINCULUM_BENCH_SCANNED sets how many there are.
"""

import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import polars as pl
import psycopg

from benchmarks._server import own_databases
from benchmarks.batch_apply import descriptors, vehicles

VEHICLES: Final = int(os.environ.get("VINCULUM_BENCH_SCANNED", "100000"))
# A scan reads each vehicle's titles, sorts and compares them, and keeps two look-up tables; a read only hands over.
GOAL: Final = 0.05
_DIRECTORY: Final = Path(__file__).resolve().parents[1] / ".data/bench-scan"
_READ: Final = ("pointer", "title_history", "brand_history", "brand_withdrawal", "jsi_report")
STATES: Final = ("NY", "CT", "MA", "NJ", "PA", "OH", "FL", "TX")
# Titles a year and a half apart, ten thousand miles each; of a vehicle that is amiss the second reading is lower.
_FILL: Final = f"""
CREATE TEMPORARY TABLE title AS
SELECT vin, n, step, ('00000000-0000-4000-8000-' || lpad((n * 4 + step)::text, 12, '0'))::uuid AS entry_id,
       CASE step WHEN 0 THEN 'AD' ELSE 'CS' END AS kind,
       ('{{{",".join(STATES)}}}'::text[])[1 + mod(n + step, {len(STATES)})] AS jurisdiction,
       CASE WHEN step = 0 AND mod(n, 1000) = 1 THEN 'D' || n / 2000 ELSE 'T' || (n * 4 + step) END AS title_number,
       date '2018-01-05' + step * 540 + mod(n, 300)::integer AS issue_date,
       CASE WHEN step = 1 AND mod(n, 300) = 7 THEN 100 ELSE 5000 + step * 10000 + mod(n, 900) END AS odometer,
       step = mod(n, 3) AS is_last
  FROM vehicle CROSS JOIN generate_series(0, 2) AS step WHERE step <= mod(n, 3);
INSERT INTO exchange.title_history (vin, entry_id, transaction_type, transaction_at, jurisdiction, title_number,
    issue_date, make, model_year, odometer, odometer_unit)
SELECT vin, entry_id, kind, issue_date + time '12:00' AT TIME ZONE 'UTC', jurisdiction, title_number,
       issue_date, 'HOND', 2017, odometer, 'M' FROM title ORDER BY vin, step;
INSERT INTO exchange.pointer (vin, pointer_number, entry_id, transaction_type, transaction_at, jurisdiction,
    title_number, issue_date, make, model_year, odometer, odometer_unit)
SELECT vin, 1, entry_id, kind, issue_date + time '12:00' AT TIME ZONE 'UTC', jurisdiction, title_number,
       issue_date, 'HOND', 2017, odometer, 'M' FROM title WHERE is_last ORDER BY vin;
INSERT INTO exchange.brand_history (vin, brand_code, brander, brand_date, make, model_year, transaction_type,
    transaction_at)
SELECT vin, '11', jurisdiction, issue_date, 'HOND', 2017, 'BA', issue_date + time '12:00' AT TIME ZONE 'UTC'
  FROM title WHERE mod(n, 20) = 0 AND (is_last OR mod(n, 500) = 0) ORDER BY vin;
"""


def fill(address: str) -> None:
    """The vehicles with their titles and brands, as they lie after years."""
    frame = vehicles(pl.Series(range(VEHICLES), dtype=pl.Int64), descriptors())
    wrong = pl.col("vin").str.slice(0, 16) + ((pl.col("n") // 200 + 1) % 10).cast(pl.String)
    frame = frame.with_columns(vin=pl.when(pl.col("n") % 200 == 3).then(wrong).otherwise(pl.col("vin")))
    rows = frame.unique("vin").select("n", "vin").write_csv(include_header=False, separator="\t")
    with psycopg.connect(address) as connection:
        connection.execute("SET LOCAL statement_timeout = 0")
        connection.execute('CREATE TEMPORARY TABLE vehicle (n bigint, vin text COLLATE "C")')
        with connection.cursor() as cursor, cursor.copy("COPY vehicle FROM STDIN") as copy:
            copy.write(rows)
        connection.execute(_FILL)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")


def read(address: str) -> float:
    """Seconds for every row of the same tables, handed over from end to end."""
    began = time.perf_counter()
    with psycopg.connect(address) as connection, connection.cursor() as cursor:
        for table in _READ:
            with cursor.copy(f"COPY exchange.{table} TO STDOUT") as copy:
                for _block in copy:
                    pass
    return time.perf_counter() - began


def scan_all(*, at: datetime) -> tuple[float, Any]:
    """Seconds for a whole scan, and what it came to."""
    from vinculum.access import service
    from vinculum.national.investigations import scan

    began = time.perf_counter()
    scanned = scan.run(actor=service.actor(), at=at, whole=True)
    return time.perf_counter() - began, scanned


def main() -> int:
    """Read, scan, read, scan again; 0 when the goal was held."""
    with own_databases(_DIRECTORY, systems="national") as databases:
        from vinculum.access import service
        from vinculum.access.bootstrap import ensure_system_credential
        from vinculum.national.transactions import admit_jurisdiction

        with psycopg.connect(databases.migrate_national_url, autocommit=True) as connection:
            service.configure(ensure_system_credential(connection))
            for code in STATES:
                admit_jurisdiction.run(code, mode=1, at=datetime.now(UTC), connection=connection)
        fill(databases.admin_national_url)
        at = datetime.now(UTC)
        reads, scans, found = [], [], []
        for _turn in range(2):
            reads.append(read(databases.admin_national_url))
            seconds, scanned = scan_all(at=at)
            scans.append(seconds)
            found.append((scanned.vehicles, scanned.found))
        reads.append(read(databases.admin_national_url))
    rate, peer = VEHICLES / min(scans), VEHICLES / sorted(reads)[1]
    print(
        f"whole scan of {VEHICLES:,} vehicles: first {scans[0]:.1f} s, again {scans[1]:.1f} s; found {found[0][1]:,}"
    )
    print(f"  scan        {rate:12,.0f} vehicles/s")
    print(f"  one read    {peer:12,.0f} vehicles/s   COPY TO of the same tables")
    held = rate / peer >= GOAL
    print(f"  ratio       {rate / peer:12.3f}   goal ≥ {GOAL}   {'held' if held else 'NOT HELD'}")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())

"""kill -9 in the middle of a batch file, at random moments: it is wholly applied or not at all, and then it is.

VINCULUM_BATCH_KILLS sets how many moments (a night's run: 50).
"""

import itertools
import os
import random
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from batch_room import NOW, BatchRoom, add
from counter import new_vin

from vinculum.national.batch import file_row

KILLS = int(os.environ.get("VINCULUM_BATCH_KILLS", "6"))
pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.timeout(max(300, KILLS * 60))]
RECORDS = 4000
KILLS_PER_FILE = 3
# Each way that a file is applied, and the table where its records are to be found.
KINDS = {"VINADD": "title_history", "BRNADD": "brand_history", "VININQ": "inquiry_log", "THFSET": "theft"}
VICTIM = Path(__file__).with_name("batch_victim.py")


def run_victim(room: BatchRoom, *, seconds: float | None) -> float | None:
    """Apply in another process, killed after that time; how long it took if it ended by itself."""
    process = subprocess.Popen(
        [sys.executable, str(VICTIM), room.url, str(room.spool.directory)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    began = time.monotonic()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return None
    return time.monotonic() - began


def wait_for_the_server(room: BatchRoom) -> None:
    """Until the killed process's own session at the server has ended."""
    give_up = time.monotonic() + 30
    while time.monotonic() < give_up:
        with psycopg.connect(room.url) as connection:
            if file_row.claim(connection, at=NOW) is not None:
                return
        time.sleep(0.05)
    raise AssertionError("the file of the killed process never came free")


def records_of(kind: str, vins: list[str]) -> list[dict[str, Any]]:
    """A record of that kind for each vehicle."""
    more = {
        "brand_code": "11",
        "brand_date": date(2024, 1, 2),
        "stolen_on": date(2024, 1, 2),
        "with_theft": True,
    }
    return [add(vin, "Q1") | more for vin in vins]


def rows_of(room: BatchRoom, kind: str, vins: list[str]) -> int:
    """How many rows the file has left in the table that its records go to."""
    with psycopg.connect(room.url) as connection:
        row = connection.execute(
            f"SELECT count(*) FROM exchange.{KINDS[kind]} WHERE vin = ANY (%s)", (vins,)
        ).fetchone()
    assert row is not None
    return int(row[0])


def test_kill_leaves_a_file_whole_or_untouched(room: BatchRoom, capsys: pytest.CaptureFixture[str]) -> None:
    """N-504: before it ended nothing of the file is there; the next process applies all of it, once."""
    while room.apply() is not None:
        pass
    chance, killed, took = random.Random(504), 0, dict.fromkeys(KINDS, 0.0)
    for kind in KINDS:
        room.send(
            room.written(kind, records_of(kind, [new_vin() for _ in range(RECORDS)]), state="OH"), state="OH"
        )
        alone = run_victim(room, seconds=None)
        assert alone is not None
        took[kind] = alone
    kinds = itertools.cycle(KINDS)
    while killed < KILLS:
        kind = next(kinds)
        vins = [new_vin() for _ in range(RECORDS)]
        sent = room.send(room.written(kind, records_of(kind, vins), state="OH"), state="OH")
        for _try in range(KILLS_PER_FILE):
            if run_victim(room, seconds=chance.uniform(0.0, took[kind] * 0.9)) is not None:
                break
            killed += 1
            if room.look(sent).state == "waiting":
                wait_for_the_server(room)
                assert rows_of(room, kind, vins) == 0
            else:
                break
        else:
            assert run_victim(room, seconds=None) is not None
        assert room.look(sent).state == "applied"
        assert rows_of(room, kind, vins) == RECORDS
        if kind == "VININQ":
            assert len(room.answer(sent)) == RECORDS + 2
    with capsys.disabled():
        print(f"\n{killed} kills in the middle of files of {RECORDS} records: {', '.join(KINDS)}", end="")

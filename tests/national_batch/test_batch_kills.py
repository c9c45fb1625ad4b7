"""kill -9 in the middle of a batch file, at random moments: it is wholly applied or not at all, and then it is.

VINCULUM_BATCH_KILLS sets how many moments (a night's run: 50).
"""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from batch_room import NOW, BatchRoom, add
from counter import new_vin

from vinculum.national.batch import file_row

pytestmark = [pytest.mark.database, pytest.mark.slow]
KILLS = int(os.environ.get("VINCULUM_BATCH_KILLS", "6"))
RECORDS = 6000
KILLS_PER_FILE = 3
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


def test_kill_leaves_a_file_whole_or_untouched(room: BatchRoom) -> None:
    """N-504: before it ended nothing of the file is there; the next process applies all of it, once."""
    while room.apply() is not None:
        pass
    chance, killed = random.Random(504), 0
    warm = [new_vin() for _ in range(RECORDS)]
    room.send(room.written("VINADD", [add(vin, "Q1") for vin in warm]))
    took = run_victim(room, seconds=None)
    assert took is not None
    while killed < KILLS:
        vins = [new_vin() for _ in range(RECORDS)]
        sent = room.send(room.written("VINADD", [add(vin, "Q2") for vin in vins]))
        for _try in range(KILLS_PER_FILE):
            if run_victim(room, seconds=chance.uniform(0.0, took * 0.9)) is not None:
                break
            killed += 1
            if room.look(sent).state == "waiting":
                wait_for_the_server(room)
                assert room.titles_of(vins) == (0, 0)
            else:
                break
        else:
            assert run_victim(room, seconds=None) is not None
        assert room.look(sent).state == "applied"
        assert room.titles_of(vins) == (RECORDS, RECORDS)
    print(f"\n{killed} kills in the middle of files of {RECORDS} records")

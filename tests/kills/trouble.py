"""What goes wrong around the clerks: server processes, database sessions and the database itself are killed."""

import os
import random
import signal
import subprocess
import time
from contextlib import suppress
from typing import Literal

import psycopg

from vinculum.config import postgres
from vinculum.config.scratch import ScratchDatabases

Kill = Literal["server", "worker", "messenger", "session", "postmaster", "immediate"]
KILLS: tuple[Kill, ...] = ("server", "worker", "messenger", "session", "postmaster", "immediate")
_RECOVERY_SECONDS = 60


def draw_kills(chance: random.Random, number: int) -> list[Kill]:
    """Every kind at least once when there is room, more of those that break off work half done, in any order."""
    more = chance.choices(KILLS, weights=(3, 3, 1, 2, 3, 1), k=max(0, number - len(KILLS)))
    kills = [*KILLS, *more][:number]
    chance.shuffle(kills)
    return kills


def kill_session(databases: ScratchDatabases, chance: random.Random) -> None:
    """Kill one session of the application, busy ones first; the server then breaks off all of them and recovers."""
    with psycopg.connect(databases.admin_state_url) as connection:
        rows = connection.execute(
            """SELECT pid, state <> 'idle' FROM pg_stat_activity
                WHERE usename = 'vinculum_app' AND datname = current_database()"""
        ).fetchall()
    busy = [pid for pid, at_work in rows if at_work] or [pid for pid, _ in rows]
    if busy:
        send(chance.choice(busy), signal.SIGKILL)
        time.sleep(0.05)


def kill_postmaster(databases: ScratchDatabases) -> None:
    """As a power cut takes it: the server and all of its processes at once, no goodbye."""
    pid = postgres.server_pid(databases.cluster)
    if pid is None:
        return
    for victim in (pid, *children_of(pid)):
        send(victim, signal.SIGKILL)


def children_of(pid: int) -> list[int]:
    """The processes that a process has started."""
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(child) for child in found.stdout.split()]


def stop_immediately(databases: ScratchDatabases) -> None:
    """The administrator's hasty stop: every session is broken off, nothing is written down first."""
    pid = postgres.server_pid(databases.cluster)
    if pid is not None:
        send(pid, signal.SIGQUIT)


def recover(databases: ScratchDatabases) -> None:
    """Have the server answer again, whether it recovers by itself or has to be started."""
    give_up = time.monotonic() + _RECOVERY_SECONDS
    while not _answers(databases):
        if time.monotonic() > give_up:
            raise AssertionError(f"the server did not recover within {_RECOVERY_SECONDS} seconds")
        if postgres.server_pid(databases.cluster) is None:
            postgres.start(databases.cluster)
        time.sleep(0.02)


def _answers(databases: ScratchDatabases) -> bool:
    try:
        psycopg.connect(databases.admin_state_url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def send(pid: int, what: signal.Signals) -> None:
    """Send a signal to a process that may have ended by itself."""
    with suppress(ProcessLookupError):
        os.kill(pid, what)

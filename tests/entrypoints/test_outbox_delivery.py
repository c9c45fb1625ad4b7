"""The messenger beside the server: delivers what is owed, and outlives what goes wrong."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import psycopg
import pytest
from django.db import connections
from psycopg import sql

from both_systems import National
from desk import process, seen
from lot import Lot
from people import World
from vinculum.config.bootstrap import database_name, in_database
from vinculum.config.scratch import ScratchDatabases
from vinculum.entrypoints import wired
from vinculum.entrypoints.jobs.outbox_delivery import run_until
from vinculum.entrypoints.metrics import ROUNDS_FAILED

pytestmark = pytest.mark.database


@contextmanager
def messenger(national: National) -> Iterator[None]:
    """The messenger at work, with short pauses."""
    wired.set_exchange(national.port)
    stop = threading.Event()
    worker = threading.Thread(target=run_until, args=(stop,), kwargs={"pause_seconds": 0.05})
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join(timeout=30)
        assert not worker.is_alive()


def await_true(happened: Callable[[], bool], *, seconds: float = 20) -> None:
    """Wait until something has happened, and fail when it does not."""
    give_up = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < give_up, "it did not happen"
        time.sleep(0.05)


def settled(lot: Lot, vin: str) -> bool:
    """Whether the exchange has answered everything that was owed for a vehicle."""
    states = seen(lot, "SELECT state FROM outbox.message WHERE vin = %s", vin)
    return bool(states) and all(state == "accepted" for (state,) in states)


def test_owed_messages_are_delivered(world: World, national: National) -> None:
    """What a registration owes the exchange is delivered without anybody asking."""
    lot = Lot(world)
    receipt = process(lot, lot.new_car(), national)
    assert not settled(lot, receipt.vin)
    with messenger(national):
        await_true(lambda: settled(lot, receipt.vin))
    assert national.pointers(receipt.vin) == [("CT", receipt.title_number)]


@contextmanager
def shut_off(databases: ScratchDatabases) -> Iterator[None]:
    """The state's database throws everybody out and lets nobody in: what a restart looks like from outside."""
    name = sql.Identifier(database_name(databases.state_url))
    admin = in_database(databases.admin_state_url, "postgres")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [database_name(databases.state_url)],
        )
        try:
            yield
        finally:
            connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))
            # The sign-in tables' connections of this process were thrown out as well.
            connections.close_all()


def failed_rounds() -> float:
    """How many rounds of delivery could not be done in this process."""
    return next(iter(ROUNDS_FAILED.collect())).samples[0].value


def test_messenger_outlives_the_database(
    world: World, national: National, databases: ScratchDatabases
) -> None:
    """The database goes away under the messenger and comes back: what is owed is delivered then."""
    lot = Lot(world)
    receipt = process(lot, lot.new_car(), national)
    failed_before = failed_rounds()
    with ExitStack() as at_work:
        with shut_off(databases):
            at_work.enter_context(messenger(national))
            await_true(lambda: failed_rounds() > failed_before, seconds=30)
        await_true(lambda: settled(lot, receipt.vin), seconds=60)

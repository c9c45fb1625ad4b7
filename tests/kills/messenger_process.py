"""The messenger as a process of its own: delivers what is owed, round after round, until it is killed or done."""

import pickle
import sys
import time
from datetime import timedelta
from typing import Literal

import psycopg
from desk_process import Opening
from psycopg_pool import PoolTimeout

from vinculum.access import database
from vinculum.access.database import Actor
from vinculum.entrypoints.exchange.in_process import ExchangeInProcess
from vinculum.state.outbox.deliver import deliver_all_due

Until = Literal["killed", "nothing_is_owed"]


def main() -> None:
    """Deliver; told to go on until nothing is owed, let an hour pass with each round that found something."""
    opening: Opening
    system: Actor
    until: Until
    opening, system, until = pickle.load(sys.stdin.buffer)
    database.configure(state_url=opening.state_url, national_url=opening.national_url, pool_size=2)
    exchange = ExchangeInProcess(jurisdiction="CT", clock=opening.now)
    leap = timedelta(0)
    while True:
        if until == "nothing_is_owed":
            leap += timedelta(hours=1)
        try:
            tried = deliver_all_due(actor=system, exchange=exchange, at=opening.now() + leap)
        except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout):
            time.sleep(0.1)
            continue
        if until == "nothing_is_owed" and not tried:
            return
        time.sleep(0.05)


if __name__ == "__main__":
    import messenger_process

    messenger_process.main()

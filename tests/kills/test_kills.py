"""Servers and databases are killed at random moments while clerks register: nothing acknowledged is lost, no
money is taken twice, no half registration is left.

The size is set by VINCULUM_KILL_REGISTRATIONS (200) and VINCULUM_KILLS (12), the moments by VINCULUM_KILL_SEED.
"""

import os
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trouble
from desk_process import Breakage
from shop import Shop, open_shop
from work_orders import Wish

from vinculum.config.scratch import ScratchDatabases

REGISTRATIONS = int(os.environ.get("VINCULUM_KILL_REGISTRATIONS", "200"))
KILLS = int(os.environ.get("VINCULUM_KILLS", "12"))
SEED = int(os.environ.get("VINCULUM_KILL_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
CLERKS = 4

pytestmark = [pytest.mark.slow, pytest.mark.database]
Opens = Callable[..., Shop]


@pytest.fixture
def opens(durable_databases: ScratchDatabases, tmp_path: Path) -> Iterator[Opens]:
    """Opens a shop on a durable server of its own; what it started is ended afterwards."""
    opened: list[Shop] = []

    def open_one(*, registrations: int, dying_percent: int) -> Shop:
        wish = Wish(seed=SEED, registrations=registrations, clerks=CLERKS, dying_percent=dying_percent)
        opened.append(open_shop(durable_databases, wish, folder=tmp_path))
        return opened[0]

    print(f"seed {SEED}")
    yield open_one
    for shop in opened:
        shop.served.close()


def test_kills_lose_nothing_and_leave_nothing_half_done(opens: Opens) -> None:
    """D-206: killed at random moments, a registration is there as a whole or not at all, and paid for once.

    The server as `bin/demo` runs it, its workers, its messenger, sessions of the database and the database itself
    are killed while programs register and void by the API and ask again whenever no answer came.
    """
    chance = random.Random(SEED)
    shop = opens(registrations=REGISTRATIONS, dying_percent=0)
    moments = sorted(chance.randrange(5, REGISTRATIONS) for _ in range(KILLS))
    shop.open_at_server()
    for moment, kind in zip(moments, trouble.draw_kills(chance, KILLS), strict=True):
        while len(shop.journal.acknowledged()) < moment and any(clerk.is_alive() for clerk in shop.clerks):
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.05))
        shop.kill(kind, chance)
    shop.finish()
    shop.deliver_everything()
    print(shop.story())
    assert not shop.faults, f"seed {SEED}: {shop.faults}"
    told, open_titles = shop.pointers()
    assert told == open_titles, f"seed {SEED}"
    assert shop.registered() >= REGISTRATIONS, shop.story()
    assert shop.journal.counts["silent"], f"nothing was broken off, so nothing was proven: {shop.story()}"


def test_death_around_the_commit(opens: Opens) -> None:
    """D-206: a desk that dies just before its commit, or just after and before its answer, has one effect or none."""
    shop = opens(registrations=24, dying_percent=60)
    shop.open_at_desks()
    shop.finish()
    shop.deliver_everything()
    print(shop.story())
    assert not shop.faults, f"seed {SEED}: {shop.faults}"
    told, open_titles = shop.pointers()
    assert told == open_titles, f"seed {SEED}"
    assert shop.journal.counts["silent, had committed"], shop.story()
    assert shop.journal.counts["silent, had not"], shop.story()


@pytest.mark.parametrize(
    ("breakage", "noticed"),
    [
        ("answers_before_commit", "lost: "),
        ("charges_apart", "every processed application was charged once, and nobody else"),
    ],
)
def test_the_checks_notice_a_broken_desk(opens: Opens, breakage: Breakage, noticed: str) -> None:
    """D-206, mechanism off: an answer given before the commit, or money taken apart from it, does not go unseen."""
    shop = opens(registrations=8, dying_percent=100)
    shop.open_at_desks(breakage)
    shop.finish()
    assert any(noticed in fault for fault in shop.faults), f"seed {SEED}: {shop.faults}"
    if breakage == "charges_apart":
        assert any(fault.startswith("money: ") for fault in shop.faults), f"seed {SEED}: {shop.faults}"

"""The API's desk: the clock stands at noon of the tests' day, and the exchange is the tests' own."""

import pytest

from both_systems import National
from lot import NOON, Lot
from people import World
from program import Program, program_of
from vinculum.access.rate_limit import RateLimit
from vinculum.entrypoints import wired
from vinculum.entrypoints.api import bearer, clock


@pytest.fixture(autouse=True)
def _at_noon(national: National, monkeypatch: pytest.MonkeyPatch) -> None:
    wired.set_exchange(national.port)
    monkeypatch.setattr(clock, "now", lambda: NOON)
    for name in ("CLIENTS", "STRANGERS", "PUBLIC"):
        monkeypatch.setattr(bearer, name, RateLimit(per_second=1000, burst=10_000))


@pytest.fixture(scope="module")
def lot(world: World, national: National) -> Lot:
    """A dealer ready for business."""
    return Lot(world)


@pytest.fixture
def program(lot: Lot) -> Program:
    """The dealer's program, with every act of a clerk."""
    return program_of(lot)

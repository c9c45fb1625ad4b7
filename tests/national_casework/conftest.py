"""The exchange with people who speak for jurisdictions, reporters and the help desk."""

import sys
from functools import partial
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "national"))

from counter import Counter, new_vin
from desk_program import Program, program

from both_systems import MODES, National, national, world
from exchange_people import Known, known_person
from people import World
from vinculum.access.rate_limit import RateLimit
from vinculum.config.scratch import ScratchDatabases
from vinculum.entrypoints.api import bearer
from vinculum.entrypoints.exchange.desks import desk_key
from vinculum.national.records.roster import forget_roster

__all__ = ["national", "world"]


@pytest.fixture(scope="session")
def reporting(national: National) -> None:
    """Each state has reported lately, whatever other tests made of it: inquiries are open to it (N-105)."""
    for code in MODES:
        national.title(jurisdiction=code, vin=new_vin(), number=f"{code}0")
    forget_roster()


@pytest.fixture
def known(world: World, national: National, reporting: None) -> Known:
    """Makes a person of a role, an organisation kind and a code."""
    return partial(known_person, world)


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The desks take requests as fast as a test makes them."""
    monkeypatch.setattr(bearer, "STRANGERS", RateLimit(per_second=1000, burst=10_000))
    monkeypatch.setattr(desk_key, "CLIENTS", RateLimit(per_second=1000, burst=10_000))


@pytest.fixture
def states(databases: ScratchDatabases, known: Known) -> dict[str, Program]:
    """A program of each of three states, whose people are known as well."""
    for code in ("CT", "NY", "MA"):
        known("title_clerk", "jurisdiction", code)
    return {code: program(databases, code) for code in ("CT", "NY", "MA")}


@pytest.fixture
def counter(databases: ScratchDatabases, national: National) -> Counter:
    """Where messages of jurisdictions are taken."""
    return Counter(url=databases.national_url)

"""The exchange with people who speak for jurisdictions, reporters and the help desk."""

import sys
from functools import partial
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "national"))

from counter import new_vin

from both_systems import MODES, National, national, world
from exchange_people import Known, known_person
from people import World
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

"""The exchange with people who speak for jurisdictions, reporters and the help desk."""

import sys
from functools import partial
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "national"))

from both_systems import National, national, world
from exchange_people import Known, known_person
from people import World

__all__ = ["national", "world"]


@pytest.fixture
def known(world: World, national: National) -> Known:
    """Makes a person of a role, an organisation kind and a code."""
    return partial(known_person, world)

"""The national files as investigators meet them: titles laid straight into them, and people who look."""

from functools import partial

import pytest
from laid_files import Files

from both_systems import National, national, world
from exchange_people import Known, known_person
from people import World
from vinculum.access.database import Actor

__all__ = ["national", "world"]


@pytest.fixture(scope="session")
def files(national: National, world: World) -> Files:
    return Files(url=world.databases.admin_national_url)


@pytest.fixture(scope="session")
def system(world: World) -> Actor:
    return world.system()


@pytest.fixture(scope="session")
def known(world: World, national: National) -> Known:
    """Makes a person of a role, an organisation kind and a code."""
    return partial(known_person, world)

"""The national files as investigators meet them: titles laid straight into them, and people who look.

They are files of this folder's own: a scan goes through every vehicle there is, and each test scans.
"""

from collections.abc import Iterator
from functools import partial

import pytest

from both_systems import National, exchange_with_states, people_under_the_law
from exchange_people import Known, known_person
from national_investigations.laid_files import Files
from own_databases import own_databases
from people import World
from vinculum.access.database import Actor
from vinculum.config.scratch import ScratchDatabases


@pytest.fixture(scope="package")
def databases() -> Iterator[ScratchDatabases]:
    with own_databases("investigations") as raised:
        yield raised


@pytest.fixture(scope="package")
def world(databases: ScratchDatabases) -> World:
    return people_under_the_law(databases)


@pytest.fixture(scope="package")
def national(databases: ScratchDatabases) -> National:
    return exchange_with_states(databases)


@pytest.fixture(scope="package")
def files(national: National, world: World) -> Files:
    return Files(url=world.databases.admin_national_url)


@pytest.fixture(scope="package")
def system(world: World) -> Actor:
    return world.system()


@pytest.fixture(scope="package")
def known(world: World, national: National) -> Known:
    """Makes a person of a role, an organisation kind and a code."""
    return partial(known_person, world)

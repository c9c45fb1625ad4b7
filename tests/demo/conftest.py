"""One small demonstration world for all tests of it, in databases of its own: it brings its own administrators."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from own_databases import own_databases
from vinculum.config import scratch

if TYPE_CHECKING:
    from vinculum.entrypoints.demo.load import Summary


@pytest.fixture(scope="package")
def databases() -> Iterator[scratch.ScratchDatabases]:
    with own_databases("demo") as raised:
        yield raised


@pytest.fixture(scope="package")
def summary(databases: scratch.ScratchDatabases) -> "Summary":
    """A world of 400 vehicles in the databases, as its first load answered."""
    from book_people import AT, publish_connecticut
    from people import World
    from vinculum.entrypoints.demo import load

    publish_connecticut(World(databases))
    owners = load.OwnerAddresses(state=databases.migrate_state_url, national=databases.migrate_national_url)
    return load.load(400, 7, AT, owners=owners)

"""One small demonstration world for all tests of it."""

from typing import TYPE_CHECKING

import pytest

from vinculum.config.scratch import ScratchDatabases

if TYPE_CHECKING:
    from vinculum.entrypoints.demo.load import Summary


@pytest.fixture(scope="session")
def summary(databases: ScratchDatabases) -> "Summary":
    """A world of 400 vehicles in the test databases, as its first load answered."""
    from book_people import AT, publish_connecticut
    from people import World
    from vinculum.entrypoints.demo import load

    publish_connecticut(World(databases))
    owners = load.OwnerAddresses(state=databases.migrate_state_url, national=databases.migrate_national_url)
    return load.load(400, 7, AT, owners=owners)

"""The office that the attacks on the records are made from."""

from typing import TYPE_CHECKING

import pytest

from vinculum.config.scratch import ScratchDatabases

if TYPE_CHECKING:
    from people import World


@pytest.fixture(scope="module")
def world(databases: ScratchDatabases) -> "World":
    """Published law and nobody yet."""
    from book_people import publish_connecticut
    from people import World

    made = World(databases)
    publish_connecticut(made)
    return made

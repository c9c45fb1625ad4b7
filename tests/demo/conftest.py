"""One small demonstration world for all tests of it, in databases of its own: it brings its own administrators."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from vinculum.access import database, service
from vinculum.config import scratch

if TYPE_CHECKING:
    from vinculum.entrypoints.demo.load import Summary


@pytest.fixture(scope="package")
def databases() -> Iterator[scratch.ScratchDatabases]:
    """Fresh databases; the pools, the sign-in tables and the program's credential point at them meanwhile."""
    from django.db import connections

    own = scratch.named(Path(os.environ["VINCULUM_DATA_DIR"]), session=f"demo_{os.getpid()}")
    secret = list(service._secret)
    names = {alias: connections[alias].settings_dict["NAME"] for alias in ("default", "national")}
    with scratch.raised(own) as raised:
        database.configure(state_url=raised.state_url, national_url=raised.national_url)
        _name_databases(
            {
                alias: scratch.database_name(url)
                for alias, url in (("default", raised.state_url), ("national", raised.national_url))
            }
        )
        yield raised
        _name_databases(names)
        database.configure(
            state_url=os.environ["DATABASE_URL"], national_url=os.environ["NATIONAL_DATABASE_URL"]
        )
        service._secret[:] = secret


def _name_databases(names: dict[str, str]) -> None:
    from django.db import connections

    connections.close_all()
    for alias, name in names.items():
        connections[alias].settings_dict["NAME"] = name


@pytest.fixture(scope="package")
def summary(databases: scratch.ScratchDatabases) -> "Summary":
    """A world of 400 vehicles in the databases, as its first load answered."""
    from book_people import AT, publish_connecticut
    from people import World
    from vinculum.entrypoints.demo import load

    publish_connecticut(World(databases))
    owners = load.OwnerAddresses(state=databases.migrate_state_url, national=databases.migrate_national_url)
    return load.load(400, 7, AT, owners=owners)

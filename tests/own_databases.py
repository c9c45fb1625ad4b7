"""Databases of a folder's own, for tests that would see, or would weigh, what the rest of the session leaves behind."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connections

from vinculum.access import database, service
from vinculum.config import scratch
from vinculum.national.records.roster import forget_roster


@contextmanager
def own_databases(name: str) -> Iterator[scratch.ScratchDatabases]:
    """Fresh databases; the pools, the sign-in tables and the program's credential point at them meanwhile."""
    own = scratch.named(Path(os.environ["VINCULUM_DATA_DIR"]), session=f"{name}_{os.getpid()}")
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
        forget_roster()
        yield raised
        _name_databases(names)
        database.configure(
            state_url=os.environ["DATABASE_URL"], national_url=os.environ["NATIONAL_DATABASE_URL"]
        )
        forget_roster()
        service._secret[:] = secret


def _name_databases(names: dict[str, str]) -> None:
    connections.close_all()
    for alias, name in names.items():
        connections[alias].settings_dict["NAME"] = name

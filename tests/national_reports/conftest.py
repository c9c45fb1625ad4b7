"""The exchange with a life of a vehicle in it: titled in three states, branded, its odometer turned back."""

import sys
from pathlib import Path

import psycopg
import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "national"))

from counter import NOW, Counter

from vinculum.config.scratch import ScratchDatabases
from vinculum.national.transactions import admit_jurisdiction


@pytest.fixture(scope="session")
def counter(databases: ScratchDatabases) -> Counter:
    with psycopg.connect(databases.national_url) as connection:
        for code in ("CT", "NY", "MA"):
            admit_jurisdiction.run(code, mode=1, at=NOW, connection=connection)
    return Counter(url=databases.national_url)

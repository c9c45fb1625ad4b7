"""The exchange for tests: its database with a few jurisdictions admitted."""

import psycopg
import pytest
from counter import NOW, Counter

from vinculum.config.scratch import ScratchDatabases
from vinculum.national.transactions import admit_jurisdiction

MODES = {"CT": 1, "NY": 1, "MA": 1, "RI": 1, "NJ": 1, "VT": 2, "ME": 3, "NH": 4}


@pytest.fixture(scope="session")
def counter(databases: ScratchDatabases) -> Counter:
    with psycopg.connect(databases.national_url) as connection:
        for code, mode in MODES.items():
            admit_jurisdiction.run(code, mode=mode, at=NOW, connection=connection)
    return Counter(url=databases.national_url)

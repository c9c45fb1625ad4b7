"""The exchange for tests of batch files: its database, jurisdictions that report by batch, and a spool."""

import sys
from pathlib import Path

import psycopg
import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "national"))

from batch_room import NOW, BatchRoom

from vinculum.config.scratch import ScratchDatabases
from vinculum.national.batch.spool import Spool
from vinculum.national.transactions import admit_jurisdiction

MODES = {"PA": 2, "OH": 3, "TX": 4, "FL": 3, "CA": 1}


@pytest.fixture(scope="session")
def room(databases: ScratchDatabases, tmp_path_factory: pytest.TempPathFactory) -> BatchRoom:
    with psycopg.connect(databases.national_url) as connection:
        for code, mode in MODES.items():
            admit_jurisdiction.run(code, mode=mode, at=NOW, connection=connection)
    return BatchRoom(
        url=databases.national_url, spool=Spool(directory=tmp_path_factory.mktemp("spool"), largest=1 << 24)
    )

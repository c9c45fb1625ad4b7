"""The exchange for tests of batch files: its database, jurisdictions that report by batch, and a spool."""

import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "national"))

from batch_room import NOW, BatchRoom, leave_nothing_waiting

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


@pytest.fixture(autouse=True, scope="module")
def nothing_left_waiting(databases: ScratchDatabases, room: BatchRoom) -> Iterator[None]:
    """Files that a module handed in by another door lie in another spool: none is left for the next one to apply."""
    yield
    leave_nothing_waiting(databases)

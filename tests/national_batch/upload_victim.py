"""A process that receives a piece of an upload and is killed over it: SPOOL UPLOAD KEY BYTES."""

import os
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from vinculum.access import database
from vinculum.access.database import acting
from vinculum.entrypoints.exchange.clients import recognise_client
from vinculum.national.batch.spool import Spool
from vinculum.national.batch.uploads import Piece, Uploads

ACT = "report_to_exchange"


def blocks(count: int) -> Iterator[bytes]:
    """So many bytes, and then the process dies as if the power went."""
    for _ in range(count // 65536):
        yield b"x" * 65536
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    directory, upload_id, key, count = sys.argv[1:]
    database.configure(national_url=os.environ["NATIONAL_DATABASE_URL"])
    client = recognise_client(key, act=ACT)
    Uploads(
        connect=lambda: acting(client, act=ACT, database="national"),
        spool=Spool(directory=Path(directory)),
        jurisdiction=client.organisation_code,
        by="victim",
        clock=lambda: datetime.now(UTC),
        acts=frozenset({"update"}),
    ).append(UUID(upload_id), Piece(offset=0, blocks=blocks(int(count))))

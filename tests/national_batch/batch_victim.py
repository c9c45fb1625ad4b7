"""A process that applies the waiting batch files and may be killed over it: ADDRESS SPOOL."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from vinculum.national.batch.apply_file import apply_next
from vinculum.national.batch.spool import Spool

if __name__ == "__main__":
    address, directory = sys.argv[1:]
    print("ready", flush=True)
    with psycopg.connect(address) as connection:
        apply_next(
            connection, spool=Spool(directory=Path(directory)), at=datetime.now(UTC), note=lambda *_: None
        )

"""The process that applies one waiting batch file and says how long it took, and what memory and processor it had."""

import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from vinculum.entrypoints.jobs.give_way import give_way
from vinculum.national.batch.apply_file import apply_next
from vinculum.national.batch.file_row import BatchFile
from vinculum.national.batch.spool import Spool


def main() -> None:
    """`python -m benchmarks._batch_clerk ADDRESS SPOOL`."""
    address, directory = sys.argv[1:]
    phases: list[tuple[str, float]] = []
    give_way()

    def note(_file: BatchFile, phase: str, _records: int) -> None:
        if not phases or phases[-1][0] != phase:
            phases.append((phase, time.perf_counter()))

    with psycopg.connect(address) as connection:
        server, client = processor_seconds(connection.info.backend_pid), time.process_time()
        began = time.perf_counter()
        file = apply_next(connection, spool=Spool(directory=Path(directory)), at=datetime.now(UTC), note=note)
        connection.commit()
        ended = time.perf_counter()
        server = processor_seconds(connection.info.backend_pid) - server
    assert file is not None, "no file was waiting"
    lengths = zip(phases, [*phases[1:], ("", ended)], strict=True)
    told = {
        "seconds": ended - began,
        "megabytes": _peak_megabytes(),
        "client": time.process_time() - client,
        "writer": server,
        "phases": {phase: round(end - start, 2) for (phase, start), (_next, end) in lengths},
    }
    sys.stdout.write(json.dumps(told) + "\n")


def processor_seconds(process: int) -> float:
    """What a process of the server has had of the processor: load beside it disturbs that less than the clock."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak_megabytes() -> float:
    """The most that was resident; not `ru_maxrss`, which begins with what the parent had."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()

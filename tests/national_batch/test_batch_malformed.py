"""Malformed files: whatever comes, it ends in a clear report with line and reason, and nothing is half applied.

VINCULUM_MALFORMED_FILES sets how many are made (a night's run: 10000); the seed of each stands in its name.
"""

import io
import json
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import BinaryIO

import pytest
from batch_room import BatchRoom, add
from counter import new_vin

from vinculum.national.batch.reading import FileRefused, read_details, read_header
from vinculum.national.batch.spool import Spool

FILES = int(os.environ.get("VINCULUM_MALFORMED_FILES", "300"))
pytestmark = [pytest.mark.database, pytest.mark.timeout(max(300, FILES))]
MEBIBYTES = 300


def test_malformed_files_end_in_a_report(room: BatchRoom, capsys: pytest.CaptureFixture[str]) -> None:
    """N-505, P-2: refused with line and reason, or each bad record rejected alone; no crash, never 300 MiB."""
    beside = os.pathsep.join([*sys.path, str(Path(__file__).parent)])
    done = subprocess.run(
        [sys.executable, "malformed.py", room.url, str(room.spool.directory), str(FILES)],
        cwd=Path(__file__).parent,
        env=os.environ | {"PYTHONPATH": beside},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    with capsys.disabled():
        print(f"\n{FILES} malformed files: {told['ended']}; {told['megabytes']:.0f} MiB at most", end="")
    assert told["megabytes"] <= MEBIBYTES
    assert sum(told["ended"].values()) == FILES
    assert min(told["ended"][end] for end in ("refused at once", "rejected", "applied")) > FILES // 30


@pytest.mark.parametrize(
    ("spoilt", "number", "code"),
    [
        (b"D\x00", 2, "V73"),
        (b"X", 2, "V74"),
        (b"D too short", 2, "V71"),
        (b"", 2, "V74"),
        ("DÄ".encode(), 2, "V73"),
    ],
)
def test_bad_line_is_rejected_alone(room: BatchRoom, spoilt: bytes, number: int, code: str) -> None:
    """N-501, N-505: the line is named with its reason; those around it are applied."""
    vins = [new_vin() for _ in range(3)]
    lines = room.written("VINADD", [add(vin, "L1") for vin in vins]).split(b"\n")
    lines[number] = spoilt
    file = room.done(b"\n".join(lines))
    assert (number, code) in room.codes(file)
    assert (file.records_read, file.records_rejected, file.records_valid) == (3, 1, 2)
    assert [bool(room.record(vin).pointers) for vin in vins] == [True, False, True]


def test_over_long_line_refuses_the_file(room: BatchRoom) -> None:
    """N-505: a line longer than any record is named, and nothing of its file is applied."""
    vins = [new_vin() for _ in range(3)]
    lines = room.written("VINADD", [add(vin, "L1") for vin in vins]).split(b"\n")
    lines[2] = lines[2].ljust(1025)
    file = room.done(b"\n".join(lines))
    assert (file.state, file.fault_code, file.fault_line) == ("rejected", "V82", 3)
    assert not any(room.record(vin).pointers for vin in vins)


@pytest.mark.parametrize("more", [b"D", b"\n", b"D\n"])
def test_nothing_follows_the_trailer(room: BatchRoom, more: bytes) -> None:
    """N-505, N-501: whatever stands behind the trailer, ended or not, its file is refused whole."""
    vin = new_vin()
    file = room.done(room.written("VINADD", [add(vin, "L1")]) + more)
    assert (file.state, file.fault_code, file.fault_line) == ("rejected", "V86", 3)
    assert room.record(vin).history == ()


def test_line_without_end_is_not_gathered(room: BatchRoom) -> None:
    """N-505: a line that never ends is refused as soon as it is too long, not when the file is read."""
    before = room.written("VINADD", [add(new_vin(), "L1")]).partition(b"\n")[0]
    stream = io.BytesIO(before + b"\n" + b"D" * MEBIBYTES * 1024)
    header = read_header(stream)
    with pytest.raises(FileRefused) as refused:
        list(read_details(stream, header, bytes_at_once=1024))
    assert (refused.value.fault.code, refused.value.line) == ("V82", 2)
    assert stream.tell() < 8 * 1024


def test_too_many_bytes_are_refused(room: BatchRoom) -> None:
    """N-505: a file beyond the limit is refused while it arrives, and leaves nothing behind."""
    small = Spool(directory=room.spool.directory / "small", largest=1000)
    with pytest.raises(FileRefused) as refused:
        small.receive(b"x" * 400 for _ in range(10**9))
    assert refused.value.fault.code == "V88"
    assert list(small.directory.iterdir()) == []


def test_more_records_of_a_vin_than_turns(room: BatchRoom) -> None:
    """N-505: a hundred records of one VIN are taken from one file, the others rejected with their reason."""
    vin = new_vin()
    file = room.run("VINADD", [add(vin, f"N{number}") for number in range(103)])
    assert (file.records_read, file.records_rejected, file.records_valid) == (103, 3, 100)
    assert [n for n, code in room.codes(file) if code == "V77"] == [101, 102, 103]


def test_memory_does_not_grow_with_the_file(room: BatchRoom) -> None:
    """P-2, N-505: reading ten times as many lines needs no more memory."""
    peaks = []
    for size in (4_000, 40_000):
        content = room.written(
            "THFCLR", ({"vin": f"1HGCM82633A{n:06d}", "recovered_on": "x"} for n in range(0))
        )
        header, trailer = content.split(b"\n")[:2]
        line = b"D" + b"BAD*".ljust(30) + b"20200101\n"
        body = (header + b"\n", *(line * 1000 for _ in range(size // 1000)))
        sent = room.spool.receive([*body, trailer.replace(b"000000000", f"{size:09d}".encode()) + b"\n"])
        tracemalloc.start()
        with room.spool.open(sent.content_name) as stream:
            assert count_details(stream) == size
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 8
    assert peaks[1] < MEBIBYTES * 1024**2 / 10


def count_details(stream: BinaryIO) -> int:
    header = read_header(stream)
    return sum(len(some.lines) for some in read_details(stream, header))

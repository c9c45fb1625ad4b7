"""Malformed files: whatever comes, it ends in a clear report with line and reason, and nothing is half applied.

VINCULUM_MALFORMED_FILES sets how many are made (a night's run: 10000); the seed of each stands in its name.
"""

import gzip
import io
import os
import random
import resource
import tracemalloc
import zipfile
from collections import Counter as Tallied
from typing import BinaryIO

import pytest
from batch_room import BatchRoom, add, counts, new_name
from counter import new_vin

from vinculum.national.batch.file_row import BatchFile
from vinculum.national.batch.reading import LONGEST_LINE, FileRefused, read_details, read_header
from vinculum.national.batch.spool import Spool

pytestmark = pytest.mark.database
FILES = int(os.environ.get("VINCULUM_MALFORMED_FILES", "300"))
MEGABYTES = 300


def spoil(chance: random.Random, content: bytes) -> tuple[str, bytes]:
    """One way in which a file is wrong."""
    lines = content.split(b"\n")
    at = chance.randrange(1, len(lines) - 2)
    place = chance.randrange(len(content))
    ways = {
        "truncated": content[: chance.randrange(1, len(content) - 1)],
        "byte changed": content[:place] + bytes([chance.randrange(256)]) + content[place + 1 :],
        "NUL": b"\n".join([*lines[:at], lines[at][:5] + b"\0" + lines[at][6:], *lines[at + 1 :]]),
        "line too long": b"\n".join([*lines[:at], lines[at] + b"X" * (LONGEST_LINE * 3), *lines[at + 1 :]]),
        "line too short": b"\n".join([*lines[:at], lines[at][:-3], *lines[at + 1 :]]),
        "line lost": b"\n".join([*lines[:at], *lines[at + 1 :]]),
        "line twice": b"\n".join([*lines[:at], lines[at], *lines[at:]]),
        "blank line": b"\n".join([*lines[:at], b"", *lines[at:]]),
        "no trailer": b"\n".join(lines[:-2]) + b"\n",
        "two trailers": content + lines[-2] + b"\n",
        "lines after the trailer": content + lines[at] + b"\n",
        "no header": b"\n".join(lines[1:]),
        "other encoding": content.decode().replace("HOND", "HÖND").encode("utf-8"),
        "full-width digits": content.decode().replace("20200501", "２０２００５０１").encode("utf-8"),
        "UTF-16": content.decode().encode("utf-16"),
        "byte order mark": b"\xef\xbb\xbf" + content,
        "gzip": gzip.compress(content),
        "gzip bomb": gzip.compress(b"D" * 5_000_000),
        "zip": zipped(content),
        "noise": chance.randbytes(chance.randrange(1, 5000)),
        "noise of lines": content[: len(lines[0]) + 1] + chance.randbytes(3000).replace(b"T", b"\n"),
        "carriage returns": content.replace(b"\n", b"\r"),
        "mixed line ends": content.replace(b"\n", b"\r\n", 3)
        if chance.random() < 0.5
        else content[:-1] + b"\r\n",
        "quotation marks": content.replace(b"HOND", b'H"ND'),
        "empty": b"",
        "one endless line": b"H" * 2_000_000,
    }
    name = chance.choice(list(ways))
    return name, ways[name]


def zipped(content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("file.txt", content)
    return target.getvalue()


def test_malformed_files_end_in_a_report(room: BatchRoom) -> None:
    """N-505: refused with line and reason, or each bad record rejected alone; read = accepted + rejected; no crash."""
    ended: Tallied[str] = Tallied()
    for seed in range(FILES):
        chance = random.Random(seed)
        vins = [new_vin() for _ in range(chance.randrange(2, 9))]
        form = chance.choice(("fixed", "csv"))
        kind = chance.choice(("VINADD", "VINADD", "VINREM"))
        records = [add(vin, f"M{seed}") | {"reason": "Recalled, forged"} for vin in vins]
        how, content = spoil(
            chance, room.written(kind, records, form=form, name=f"F{seed}-{new_name()}"[:20])
        )
        file = done_or_refused(room, content)
        if isinstance(file, FileRefused):
            assert file.line >= 1, (seed, how)
            assert file.fault.text.endswith("."), (seed, how)
            ended["refused at once"] += 1
            assert_nothing_applied(room, vins, (seed, how))
            continue
        messages = room.messages(file)
        assert all(message.code and message.text for message in messages)
        if file.state == "rejected":
            assert file.fault_code, (seed, how)
            assert file.fault_line, (seed, how)
            assert_nothing_applied(room, vins, (seed, how))
        else:
            read, rejected, _warned, valid = counts(file)
            assert read is not None
            assert (file.state, read) == ("applied", (rejected or 0) + (valid or 0)), (seed, how)
            failed = {message.record_number for message in messages if message.severity == "error"}
            assert len(failed) == rejected, (seed, how)
        ended[file.state] += 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n{FILES} malformed files: {dict(ended)}; peak memory of the whole test process {peak:.0f} MiB")
    assert min(ended[end] for end in ("refused at once", "rejected", "applied")) > FILES // 30


def done_or_refused(room: BatchRoom, content: bytes) -> BatchFile | FileRefused:
    try:
        return room.done(content)
    except FileRefused as refused:
        return refused


def assert_nothing_applied(room: BatchRoom, vins: list[str], which: tuple[int, str]) -> None:
    assert room.titles_of(vins) == (0, 0), which


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
    assert peaks[1] < MEGABYTES * 1024**2 / 10


def count_details(stream: BinaryIO) -> int:
    header = read_header(stream)
    return sum(len(some.lines) for some in read_details(stream, header))

"""Malformed files made, handed in and applied, each checked to its end; as a program, in a process of its own.

`python malformed.py ADDRESS SPOOL COUNT` prints how they ended and the most memory it had, as JSON.
"""

import gzip
import io
import json
import random
import sys
import zipfile
from collections import Counter as Tallied
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
from batch_room import BatchRoom, add, counts, new_name

from vinculum.national.batch.answer_layout import ANSWER_TRAILER
from vinculum.national.batch.file_row import BatchFile
from vinculum.national.batch.reading import LONGEST_LINE, FileRefused
from vinculum.national.batch.spool import Spool

KINDS = ("VINADD", "VINADD", "VINMOD", "VINREM", "BRNADD", "BRNCOR", "THFSET", "VININQ")
_TRACES = ("title_history", "brand_history", "theft", "inquiry_log")
# Whatever column a kind has, it finds its value here.
_VALUES: dict[str, Any] = {
    "old_title_number": "A1",
    "reason": "Recalled, forged",
    "brand_code": "11",
    "new_brand_code": "01",
    "brand_date": date(2020, 5, 1),
    "stolen_on": date(2020, 5, 1),
    "with_theft": True,
}


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


def run_one(room: BatchRoom, seed: int) -> str:
    """Make a file, spoil it, hand it in, apply it; how it ended. Everything about the end is asserted."""
    chance = random.Random(seed)
    vins = [f"1M8GDM9A{chance.randrange(10)}KP{seed:05d}{place}" for place in range(chance.randrange(2, 9))]
    form, kind = chance.choice(("fixed", "csv")), chance.choice(KINDS)
    # Inquiries come by file from jurisdictions of mode 3.
    state = "OH" if kind == "VININQ" else "PA"
    records = [add(vin, f"M{seed}") | _VALUES for vin in vins]
    name = f"F{seed}-{new_name()}"[:20]
    how, content = spoil(chance, room.written(kind, records, form=form, name=name, state=state))
    which = (seed, kind, how)
    file = done_or_refused(room, content, state)
    if isinstance(file, FileRefused):
        assert file.line >= 1, which
        assert file.fault.text.endswith("."), which
        assert_no_trace(room, vins, which)
        return "refused at once"
    messages = room.messages(file)
    assert all(message.code and message.text for message in messages), which
    if file.state == "rejected":
        assert file.fault_code, which
        assert file.fault_line, which
        assert_no_trace(room, vins, which)
    else:
        read, rejected, _warned, valid = counts(file)
        assert read is not None, which
        assert (file.state, read) == ("applied", (rejected or 0) + (valid or 0)), which
        failed = {message.record_number for message in messages if message.severity == "error"}
        assert len(failed) == rejected, which
        if kind == "VININQ":
            assert_answer_adds_up(room, file, which)
    return file.state


def done_or_refused(room: BatchRoom, content: bytes, state: str) -> BatchFile | FileRefused:
    """What becomes of the file at the door and after it."""
    try:
        return room.done(content, state=state)
    except FileRefused as refused:
        return refused


def assert_no_trace(room: BatchRoom, vins: list[str], which: tuple[Any, ...]) -> None:
    """Nothing of these vehicles is in any file of the exchange."""
    with psycopg.connect(room.url) as connection:
        for table in _TRACES:
            found = connection.execute(
                f"SELECT 1 FROM exchange.{table} WHERE vin = ANY (%s)", (vins,)
            ).fetchall()
            assert found == [], (table, which)


def assert_answer_adds_up(room: BatchRoom, file: BatchFile, which: tuple[Any, ...]) -> None:
    """N in = N answered + N rejected, and as many lines as the trailer says."""
    lines = room.answer(file)
    totals, faults = ANSWER_TRAILER.read(ANSWER_TRAILER.cut(lines[-1]))
    assert faults == (), which
    assert totals["records_in"] == totals["answered"] + totals["rejected"] == file.records_read, which
    assert totals["line_count"] == len(lines) - 2, which


def peak_megabytes() -> float:
    """The most that was resident; not `ru_maxrss`, which begins with what the parent had."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    address, directory, count = sys.argv[1:]
    place = BatchRoom(url=address, spool=Spool(directory=Path(directory), largest=1 << 24))
    ended: Tallied[str] = Tallied(run_one(place, seed) for seed in range(int(count)))
    print(json.dumps({"ended": ended, "megabytes": peak_megabytes()}))

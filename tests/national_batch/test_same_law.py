"""Batch and counter have one law: the same sequences on line and as files leave the same national files behind.

VINCULUM_DIFFERENTIAL_SEQUENCES sets how many sequences there are (a night's run: 100000), VINCULUM_DIFFERENTIAL_SEED
the seed. A failure names its block; VINCULUM_DIFFERENTIAL_BLOCK says that block alone again.
"""

import os
import random
import time
from datetime import timedelta
from typing import Any

import pytest
from batch_room import NOW, BatchRoom
from both_ways import assert_alike, say_both_ways
from sequences import sequence

from vinculum.national.batch import plain_titles, set_by_set, title_checks, title_lots, titles_file

pytestmark = [
    pytest.mark.database,
    pytest.mark.timeout(int(os.environ.get("VINCULUM_DIFFERENTIAL_SECONDS", "600"))),
]

SEED = int(os.environ.get("VINCULUM_DIFFERENTIAL_SEED", "504"))
SEQUENCES = int(os.environ.get("VINCULUM_DIFFERENTIAL_SEQUENCES", "150"))
ONLY = os.environ.get("VINCULUM_DIFFERENTIAL_BLOCK")
IN_A_BLOCK = 2500


def say_block(room: BatchRoom, *, seed: int, block: int, size: int) -> int:
    """The sequences of one block, said both ways and compared; how many messages they had."""
    chance = random.Random(f"{seed} {block}")
    sequences = [sequence(chance, block * IN_A_BLOCK + number) for number in range(size)]
    try:
        said = say_both_ways(room, chance, sequences, NOW + timedelta(days=block % 5))
        assert_alike(room, sequences)
    except AssertionError as fault:
        again = f"VINCULUM_DIFFERENTIAL_SEED={seed} VINCULUM_DIFFERENTIAL_BLOCK={block}"
        raise AssertionError(f"say it again with {again}: {fault}") from fault
    return said


def test_batch_and_counter_agree(room: BatchRoom, capsys: pytest.CaptureFixture[str]) -> None:
    """N-501, N-503, N-504: files leave the same rows in every table of the exchange, and say the same codes."""
    blocks = [
        (block, min(IN_A_BLOCK, SEQUENCES - begin))
        for block, begin in enumerate(range(0, SEQUENCES, IN_A_BLOCK))
    ]
    if ONLY is not None:
        blocks = [(int(ONLY), min(IN_A_BLOCK, SEQUENCES))]
    messages, began = 0, time.monotonic()
    for done, (block, size) in enumerate(blocks, 1):
        messages += say_block(room, seed=SEED, block=block, size=size)
        with capsys.disabled():
            told = f"block {done} of {len(blocks)}: {messages:,} messages both ways"
            print(f"\n{told} in {time.monotonic() - began:.0f} s, seed {SEED}", end="", flush=True)
    assert messages > sum(size for _block, size in blocks) * 2


def go_the_way_of_large_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """New titles by lots of a few VINs, whatever the size of the file."""
    monkeypatch.setattr(titles_file, "FEW_TITLES", 0)
    monkeypatch.setattr(title_lots, "RECORDS_IN_A_LOT", 8)
    monkeypatch.setattr(plain_titles, "MOST_SHAPES", 8)
    # The VINs are made up; what is said of them is no title's own and would keep each from being plain.
    monkeypatch.setattr(title_checks, "expected_check_digits", lambda vins: vins[8::17])
    monkeypatch.setattr(title_checks.DecodedDescriptors, "decoded", lambda _self, some: [True] * len(some))


def test_large_files_and_counter_agree(room: BatchRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    """N-501, N-504, P-1: plain titles that are written apart from the others leave the same rows as on line."""
    go_the_way_of_large_files(monkeypatch)
    written: list[int] = []
    write = plain_titles.write_prepared

    def watch(connection: Any, lot: plain_titles.Prepared, **more: Any) -> Any:
        rest = write(connection, lot, **more)
        written.append(len(lot.titles) - len(rest))
        return rest

    monkeypatch.setattr(titles_file, "write_prepared", watch)
    assert say_block(room, seed=SEED, block=77, size=min(SEQUENCES, IN_A_BLOCK))
    assert sum(written) > min(SEQUENCES, IN_A_BLOCK) // 4


def test_wrong_plain_title_is_seen(room: BatchRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    """N-504: plain titles that left no history would be found out by the comparison."""
    go_the_way_of_large_files(monkeypatch)
    copy_in = plain_titles.copy_in

    def forget(connection: Any, statement: Any, text: bytes) -> None:
        if "exchange.title_history" not in statement:
            copy_in(connection, statement, text)

    monkeypatch.setattr(plain_titles, "copy_in", forget)
    with pytest.raises(AssertionError, match="say it again with VINCULUM_DIFFERENTIAL_SEED"):
        say_block(room, seed=7, block=98, size=60)


def test_difference_is_seen(room: BatchRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    """N-501: records that do not see what those before them did are found out by the comparison."""

    def forget(*_what: Any, **_how: Any) -> None:
        return

    monkeypatch.setattr(set_by_set, "carry_out", forget)
    with pytest.raises(AssertionError, match="say it again with VINCULUM_DIFFERENTIAL_SEED"):
        say_block(room, seed=7, block=99, size=60)

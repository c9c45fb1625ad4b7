"""A durable scratch server is for one run at a time: its tests kill it."""

import threading
from pathlib import Path

import pytest

from vinculum.config import scratch
from vinculum.config.postgres import Cluster


def held_while(directory: Path, *, durable: bool) -> bool:
    """Whether a second run comes in while the first is there."""
    cluster = Cluster(directory=directory, durable=durable)
    came_in = threading.Event()

    def second() -> None:
        with scratch._turn(cluster):
            came_in.set()

    with scratch._turn(cluster):
        other = threading.Thread(target=second)
        other.start()
        entered = came_in.wait(0.3)
    other.join(10)
    assert came_in.is_set()
    return entered


def test_two_runs_take_turns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """D-409: of two runs in one tree the second waits, says so, and goes on when the first has ended."""
    assert not held_while(tmp_path, durable=True)
    assert f"waiting for the run that uses {tmp_path}" in capsys.readouterr().err


def test_a_shared_server_is_shared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """D-409: a server that nobody kills has room for all at once."""
    assert held_while(tmp_path, durable=False)
    assert capsys.readouterr().err == ""

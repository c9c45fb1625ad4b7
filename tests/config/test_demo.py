"""The demonstration starts, serves, stops cleanly and is quick the second time."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest

from vinculum.config import demo, postgres

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.database


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data directory in which a world was made before, so that only the starter is tried here."""
    directory = tmp_path_factory.mktemp("demo")
    (directory / "demo").mkdir()
    (directory / "demo/world.txt").write_text("clerk@dealer.example\n", encoding="utf-8")
    yield directory
    postgres.remove(postgres.cluster_in(directory))


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(port: int, path: str) -> tuple[int, bytes]:
    """Status and body of a page; 0 while nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.read()
    except OSError:
        return 0, b""


@contextmanager
def demonstration(kept: Path, *, port: int) -> Iterator[subprocess.Popen[str]]:
    """A demonstration of its own, stopped as Ctrl-C stops it."""
    given = {name: value for name, value in os.environ.items() if not name.endswith("DATABASE_URL")}
    started = subprocess.Popen(
        [sys.executable, "-m", "vinculum.config.demo", "--port", str(port)],
        env={**given, "VINCULUM_DATA_DIR": str(kept)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield started
    finally:
        if started.poll() is None:
            started.send_signal(signal.SIGINT)
            started.wait(timeout=60)


def seconds_to_answer(started: subprocess.Popen[str], *, port: int, patience: float = 90) -> float:
    """How long until the service is alive."""
    began = time.monotonic()
    while get(port, "/healthz")[0] != 200:
        assert started.poll() is None, started.communicate()[0]
        assert time.monotonic() - began < patience, "no answer"
        time.sleep(0.05)
    return time.monotonic() - began


def test_demonstration_starts_serves_and_stops(kept: Path) -> None:
    """Ready after the first start; Ctrl-C ends server, jobs and database; the second start is quick."""
    port = free_port()
    with demonstration(kept, port=port) as started:
        seconds_to_answer(started, port=port)
        status, body = get(port, "/readyz")
        assert (status, json.loads(body)["ready"]) == (200, True), body
        with demonstration(kept, port=free_port()) as second:
            output, _ = second.communicate(timeout=60)
        assert second.returncode == 1
        assert "running already" in output
        assert get(port, "/readyz")[0] == 200, "the second one must leave the first alone"
    assert started.returncode == 0
    assert started.stdout is not None
    greeting = started.stdout.read()
    assert f"http://localhost:{port}/" in greeting
    assert "clerk@dealer.example" in greeting
    assert not postgres.is_running(postgres.cluster_in(kept))
    assert get(port, "/healthz")[0] == 0
    with demonstration(kept, port=port) as started:
        # The goal is 5 seconds (P-13, benchmarks/demo_start.py); a busy machine is allowed more here.
        assert seconds_to_answer(started, port=port) < 15


def test_taken_port_is_told(kept: Path) -> None:
    """A port that another program has is told, with what to do."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = int(holder.getsockname()[1])
        with demonstration(kept, port=port) as started:
            output, _ = started.communicate(timeout=60)
    assert started.returncode == 1
    assert f"Port {port} is taken" in output


@pytest.mark.parametrize(
    ("given", "said"), [("", "http://localhost:8999"), ("https://x.example", "https://x.example")]
)
def test_mails_lead_to_where_it_is_served(monkeypatch: pytest.MonkeyPatch, given: str, said: str) -> None:
    """A mail of the demonstration names its own port, unless the environment names an address."""
    name, seen = "VINCULUM_SITE_ADDRESS", []
    monkeypatch.setenv(name, given)
    if not given:
        monkeypatch.delenv(name)
    monkeypatch.setattr(sys, "argv", ["bin/demo", "--port", "8999"])
    monkeypatch.setattr(demo.signal, "signal", lambda *_: None)
    monkeypatch.setattr(demo.running, "alone", nullcontext)
    monkeypatch.setattr(demo, "_refuse_taken_port", lambda port: None)
    monkeypatch.setattr(demo, "_run", lambda **_: seen.append(os.environ[name]))
    assert demo.main() == 0
    assert seen == [said]


def test_starting_over_leaves_no_mail_of_the_world_before(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """--reset throws away mails and files with the rows that they belong to, and nothing else."""
    for name in ("demo", "mailbox", "alert-files", "evidence-files", "batch-files", "stamps"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(demo, "addresses", lambda: SimpleNamespace(cluster="embedded"))
    monkeypatch.setattr(demo.postgres, "remove", lambda cluster: None)
    monkeypatch.setattr(demo.environment, "data_directory", lambda: tmp_path)
    demo._reset()
    assert [kept.name for kept in tmp_path.iterdir()] == ["stamps"]

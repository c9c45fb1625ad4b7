"""The server as `bin/demo` runs it, and the jobs beside it: started, killed, and started again."""

import os
import random
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Literal

from counters import start_process
from trouble import children_of, send

from vinculum.config.demo import server_arguments

_HOST = "127.0.0.1"
_START_SECONDS = 60
Program = Literal["server", "jobs"]


class Served:
    """The two programs of a running service, kept running as a supervisor of the machine would.

    Supervision matters: a server that sees one of its workers die twice within seconds ends itself.
    """

    def __init__(self, *, settings: dict[str, str], log: Path) -> None:
        self._settings = settings
        self._log = log
        self._port = _free_port()
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._closing = threading.Event()
        self._supervisor = threading.Thread(target=self._supervise, daemon=True)

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://{_HOST}:{self._port}"

    def start(self, *, with_server: bool) -> None:
        """Start the jobs, and the server if it is wanted, and wait until it answers."""
        self._start("jobs")
        if with_server:
            self._start("server")
            self._await_server()
        self._supervisor.start()

    def kill(self, program: Program) -> None:
        """Kill a program with all its processes; the supervisor starts it again."""
        _end(self._running[program])

    def kill_worker(self, chance: random.Random) -> None:
        """Kill one process of the server; the server itself replaces it."""
        workers = children_of(self._running["server"].pid)
        if workers:
            send(chance.choice(workers), signal.SIGKILL)

    def close(self) -> None:
        """End everything for good."""
        self._closing.set()
        if self._supervisor.is_alive():
            self._supervisor.join()
        for process in self._running.values():
            _end(process)

    def _start(self, program: str) -> None:
        arguments = ["-m", "vinculum.config.run_jobs"]
        if program == "server":
            arguments = ["-m", "granian", *server_arguments(host=_HOST, port=self._port)]
        self._running[program] = start_process(*arguments, log=self._log, settings=self._settings)

    def _await_server(self) -> None:
        give_up = time.monotonic() + _START_SECONDS
        while time.monotonic() < give_up:
            with (
                suppress(urllib.error.URLError, OSError),
                urllib.request.urlopen(f"{self.address}/healthz", timeout=2),
            ):
                return
            time.sleep(0.05)
        raise AssertionError(f"the server did not answer:\n{self._log.read_text(encoding='utf-8')[-2000:]}")

    def _supervise(self) -> None:
        while not self._closing.wait(0.05):
            for program, process in list(self._running.items()):
                if process.poll() is not None:
                    _end(process)  # what it left behind in its group
                    self._start(program)


def _end(process: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
        return port

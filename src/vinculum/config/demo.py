"""The demonstration: both systems on one machine, a made-up world in them, served until Ctrl-C."""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

from vinculum.config import bootstrap, environment, postgres, running
from vinculum.config.addresses import addresses

_READY_SECONDS = 60
_STOP_SECONDS = 15
_HOST = "127.0.0.1"
# States that are played once, over the real protocol, for a history that has something in it.
_PLAYERS = "PA:1;FL:1:typos;VT:1:late;NH:1:washed;ME:1:clone"
# How states of the demonstration answer for their own titles: one is slow, so that a missing part can be seen.
_ANSWERING = "NY=emulated:prompt,NJ=emulated:prompt,MA=emulated:slow"


def main() -> int:
    """Start everything, say where it is, and stop it cleanly when asked."""
    parser = argparse.ArgumentParser(prog="bin/demo", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="port on this machine (default 8000)")
    parser.add_argument("--reset", action="store_true", help="throw the demonstration's data away first")
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "vinculum.config.settings"
    # Mails of the demonstration lead to where it is served.
    os.environ.setdefault("VINCULUM_SITE_ADDRESS", f"http://localhost:{options.port}")
    for stop_signal in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(stop_signal, _interrupt)
    try:
        with running.alone():
            _refuse_taken_port(options.port)
            _run(port=options.port, reset=options.reset)
    except KeyboardInterrupt:
        return 0
    except (
        bootstrap.LoginRefused,
        bootstrap.MigrationFailed,
        postgres.EmbeddedServerFailed,
        DemonstrationFailed,
        running.AlreadyRunning,
    ) as failure:
        _say(str(failure))
        return 1
    return 0


def _run(*, port: int, reset: bool) -> None:
    if reset:
        _reset()
    where = addresses()  # only now: starting over made other passwords
    try:
        _say("starting the databases")
        bootstrap.prepare(where=where)
        _load_world_once()
        _serve(port)
    finally:
        if where.cluster is not None:
            _say("stopping the databases")
            postgres.stop(where.cluster)


class DemonstrationFailed(RuntimeError):
    """The demonstration cannot go on; the message says why and what to do."""


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _say(text: str) -> None:
    sys.stderr.write(f"· {text}\n")
    sys.stderr.flush()


def _refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError:
            raise DemonstrationFailed(
                f"Port {port} is taken by another program: choose one with --port."
            ) from None


def _reset() -> None:
    """Throw away what the demonstration keeps; servers that the environment names are not touched."""
    where = addresses()
    if where.cluster is None:
        raise DemonstrationFailed(
            "--reset only clears the embedded databases; yours are named by DATABASE_URL."
        )
    _say("starting over")
    postgres.remove(where.cluster)
    shutil.rmtree(_kept(), ignore_errors=True)
    # What rows of the databases led to; mails of the world before would lead to alerts that are gone.
    for beside in ("mailbox", "alert-files", "evidence-files", "batch-files"):
        shutil.rmtree(environment.data_directory() / beside, ignore_errors=True)


def _kept() -> Path:
    return environment.data_directory() / "demo"


def _load_world_once() -> None:
    """Make the demonstration world unless it is there; what its maker says (the sign-ins) is kept to be shown."""
    words = _kept() / "world.txt"
    if words.exists():
        return
    _say("making the demonstration world")
    done = subprocess.run(
        [sys.executable, "-m", "vinculum.config.command", "demo", "load"], stdout=subprocess.PIPE, text=True
    )
    if done.returncode != 0:
        raise DemonstrationFailed(f"{done.stdout}The world could not be made; see above (bin/demo --reset).")
    environment.write_private(words, done.stdout)


def _exchange_key() -> str:
    """The exchange's key at the state, issued once and kept with the demonstration's data."""
    kept = _kept() / "exchange_key"
    if not kept.exists():
        done = subprocess.run(
            [sys.executable, "-m", "vinculum.config.command", "demo", "exchange-key"],
            stdout=subprocess.PIPE,
            text=True,
        )
        if done.returncode != 0:
            _say(
                "the exchange has no key at Connecticut's door: the live detail of its titles will be missing"
            )
            return ""
        environment.write_private(kept, done.stdout.strip())
    return kept.read_text(encoding="utf-8").strip()


def _serve(port: int) -> None:
    """Run the server and the jobs beside it until one ends or we are told to stop."""
    metrics = _kept() / "metrics"
    shutil.rmtree(metrics, ignore_errors=True)
    metrics.mkdir(parents=True)
    # The exchange asks Connecticut at its own door, as it would over the country; other states are played.
    given = {
        "VINCULUM_ANSWERING_STATES": f"CT=http://{_HOST}:{port}/api/v1/title-details,{_ANSWERING}",
        "VINCULUM_ANSWERING_KEYS": f"CT={_exchange_key()}",
        **os.environ,
        "PROMETHEUS_MULTIPROC_DIR": str(metrics),
    }
    programs = [
        [sys.executable, "-m", "granian", *server_arguments(host=_HOST, port=port)],
        [sys.executable, "-m", "vinculum.config.run_jobs"],
    ]
    # Sessions of their own, so that Ctrl-C reaches only us and we end them in order.
    with _log().open("ab") as log:
        children = [
            subprocess.Popen(program, env=given, start_new_session=True, stdout=log, stderr=log)
            for program in programs
        ]
    players: list[subprocess.Popen[bytes]] = []
    try:
        _await_first_page(port, children[0])
        _greet(port)
        players = _enliven(port, environment_of_children=given)
        while all(child.poll() is None for child in children):
            time.sleep(0.5)
            _note_played(players)
        raise DemonstrationFailed(f"A part of the demonstration ended by itself:\n{_end_of_log()}")
    finally:
        _stop([*players, *children])


def _enliven(port: int, *, environment_of_children: dict[str, str]) -> list[subprocess.Popen[bytes]]:
    """Let emulated states play once, so that the exchange has a history; the same in every demonstration."""
    if _played().exists():
        return []
    command = [
        *(sys.executable, "-m", "vinculum.config.command", "exchange", "emulate", "--admit"),
        *("--address", f"http://{_HOST}:{port}", "--states", _PLAYERS, "--run", "demonstration"),
        *("--turns", "30", "--vehicles", "25"),
    ]
    with _log().open("ab") as log:
        return [
            subprocess.Popen(
                command, env=environment_of_children, start_new_session=True, stdout=log, stderr=log
            )
        ]


def _note_played(players: list[subprocess.Popen[bytes]]) -> None:
    """Remember that they have come to their end; who was interrupted says the same again next time."""
    if players and players[0].poll() == 0 and not _played().exists():
        environment.write_private(_played(), "demonstration")


def _played() -> Path:
    return _kept() / "emulated"


def _log() -> Path:
    return _kept() / "server.log"


def _end_of_log() -> str:
    return "\n".join(_log().read_text(encoding="utf-8", errors="replace").splitlines()[-30:])


def server_arguments(*, host: str, port: int, workers: int = 2) -> list[str]:
    """How the server process is run; docs/runbooks/running.md tells the same."""
    return [
        *("--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers)),
        *("--blocking-threads", "8", "--no-ws", "--http", "1", "--respawn-failed-workers"),
        *("--workers-kill-timeout", "10", "--log-level", "error", "vinculum.config.wsgi:application"),
    ]


def _await_first_page(port: int, server: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + _READY_SECONDS
    while time.monotonic() < give_up:
        if server.poll() is not None:
            raise DemonstrationFailed(f"The server ended before it answered:\n{_end_of_log()}")
        try:
            with urllib.request.urlopen(f"http://{_HOST}:{port}/healthz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise DemonstrationFailed(f"The server did not answer within {_READY_SECONDS} seconds.")


def _greet(port: int) -> None:
    here = f"http://localhost:{port}"
    world = (_kept() / "world.txt").read_text(encoding="utf-8")
    sys.stdout.write(
        f"\nVinculum is at  {here}/\n  JSON API      {here}/api/v1/openapi.json\n  readiness     {here}/readyz\n"
        f"  log           {_log()}\n"
        f"\n{world}\nCtrl-C stops it; the data stay (bin/demo --reset starts over).\n"
    )
    sys.stdout.flush()


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
    give_up = time.monotonic() + _STOP_SECONDS
    for child in children:
        try:
            child.wait(timeout=max(0.1, give_up - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


if __name__ == "__main__":
    sys.exit(main())

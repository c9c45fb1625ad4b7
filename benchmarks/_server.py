"""What benchmarks of the service stand on: a durable database server of their own, the product's server before it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def own_databases(directory: Path, *, systems: str = "") -> Iterator[Any]:
    """Migrated databases on a server that keeps its promises, and this program pointed at them; gone afterwards."""
    from vinculum.config import postgres, scratch

    if directory.exists():
        postgres.remove(postgres.cluster_in(directory, durable=True))
        shutil.rmtree(directory, ignore_errors=True)
    databases = scratch.named(directory, session="bench", durable=True)
    os.environ |= {
        "DATABASE_URL": databases.state_url,
        "NATIONAL_DATABASE_URL": databases.national_url,
        "VINCULUM_DATA_DIR": str(directory),
        "VINCULUM_MODE": "demo",
        "VINCULUM_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "vinculum.config.settings",
        **({"VINCULUM_SYSTEMS": systems} if systems else {}),
    }
    import django

    django.setup()
    from vinculum.access import database

    with scratch.raised(databases):
        database.configure(state_url=databases.state_url, national_url=databases.national_url)
        yield databases
        database.close()
    postgres.remove(databases.cluster)
    shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def served(arguments: list[str], *, environment: dict[str, str] | None = None) -> Iterator[int]:
    """A granian server with those arguments on a free port, once it answers /healthz."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "granian", "--host", "127.0.0.1", "--port", str(port), *arguments],
        cwd=ROOT,
        env=os.environ | (environment or {}),
    )
    try:
        give_up = time.monotonic() + 30
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
                break
            except OSError:
                assert server.poll() is None, "the server ended"
                assert time.monotonic() < give_up, "the server did not answer"
                time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(20)


@contextmanager
def product() -> Iterator[int]:
    """The product's own server, as the demonstration and the runbook start it."""
    from vinculum.config.demo import server_arguments

    arguments = iter(server_arguments(host="127.0.0.1", port=0))
    kept = []
    for argument in arguments:
        if argument in {"--host", "--port"}:
            next(arguments)
        else:
            kept.append(argument)
    with served(kept) as port:
        yield port

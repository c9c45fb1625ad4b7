"""The `vinculum` command: makes the process ready, then hands over to the command line's door."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress


def main() -> int:
    """Run the command line; the databases are brought up first where a command needs them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vinculum.config.settings")
    from vinculum.entrypoints.cli.main import main as run
    from vinculum.entrypoints.cli.station import Station

    return run(
        sys.argv[1:],
        station=Station(
            key=lambda: _setting("VINCULUM_KEY"),
            terminal=lambda: _setting("VINCULUM_TERMINAL"),
            databases=_ready,
        ),
    )


def _setting(name: str) -> str:
    from vinculum.config import environment

    return environment.read(name)


@contextmanager
def _ready() -> Iterator[None]:
    """The process made ready for a command that needs the databases; exit code 3 when they cannot be had."""
    import psycopg
    from django.core.exceptions import ImproperlyConfigured

    from vinculum.config import bootstrap, postgres
    from vinculum.config.start import ready

    with _databases():
        try:
            ready(ensure_databases=True)
        except (
            bootstrap.MigrationFailed,
            bootstrap.LoginRefused,
            postgres.EmbeddedServerFailed,
            psycopg.OperationalError,
            ImproperlyConfigured,
        ) as failure:
            sys.stderr.write(f"vinculum: unavailable: {failure}\n")
            sys.exit(3)
        yield


@contextmanager
def _databases() -> Iterator[None]:
    """Leave the embedded server as it was found: running for the demonstration, or stopped."""
    from vinculum.config import postgres, running
    from vinculum.config.addresses import addresses

    cluster = addresses().cluster
    found_running = cluster is None or postgres.is_running(cluster)
    try:
        yield
    finally:
        if cluster is not None and not found_running:
            with suppress(running.AlreadyRunning), running.alone():
                postgres.stop(cluster)


if __name__ == "__main__":
    sys.exit(main())

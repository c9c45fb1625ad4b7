"""The `vinculum` command: makes the process ready, then hands over to the command line's door."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

# Commands that need no database start without one.
_PURE = frozenset({"vin", "--help", "-h", "--version"})


def main() -> int:
    """Run the command line; the databases are brought up first where a command needs them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vinculum.config.settings")
    arguments = sys.argv[1:]
    if not arguments or arguments[0] in _PURE or {"--help", "-h"} & set(arguments):
        return _run()
    from vinculum.config.start import ready

    with _databases():
        ready(ensure_databases=True)
        return _run()


def _run() -> int:
    from vinculum.entrypoints.cli.main import main as run

    return run() or 0


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

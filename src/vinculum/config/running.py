"""Who has the data directory: one demonstration at a time, since stopping the databases stops them for all."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from vinculum.config import environment


class AlreadyRunning(RuntimeError):
    """Another process has the data directory."""


@contextmanager
def alone() -> Iterator[None]:
    """Hold the data directory, or raise AlreadyRunning at once."""
    directory = environment.data_directory()
    directory.mkdir(parents=True, exist_ok=True)
    with open(directory / "running", "a") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(
                "The demonstration is running already; stop it there with Ctrl-C first."
            ) from None
        yield

"""The background process: runs the jobs beside the server (`python -m vinculum.config.run_jobs`)."""

import signal
import threading

from vinculum.config.start import ready


def main() -> None:
    """Run the jobs until told to stop; a piece of work that was begun is finished first."""
    ready()
    from vinculum.entrypoints.jobs.all_jobs import run_until

    stop = threading.Event()
    for stop_signal in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop_signal, lambda _signal, _frame: stop.set())
    run_until(stop)


if __name__ == "__main__":
    main()

"""Rounds of delivery, one after the other, until told to stop."""

import threading
from collections.abc import Callable
from typing import Final

_MOST_PATIENCE_SECONDS: Final = 60.0


def run_rounds(
    stop: threading.Event, *, deliver: Callable[[], int | None], full_round: int, pause_seconds: float
) -> None:
    """Deliver round after round; the round that was begun is finished first.

    `deliver` answers how many pieces were tried, or None when the round could not be done (the database restarts,
    the credential was renewed): it is tried again after a pause that grows, for what is owed stays in the database.
    """
    failures = 0
    while not stop.is_set():
        delivered = deliver()
        failures = failures + 1 if delivered is None else 0
        if delivered == full_round:
            continue
        stop.wait(min(pause_seconds * 2**failures, max(pause_seconds, _MOST_PATIENCE_SECONDS)))

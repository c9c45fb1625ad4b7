"""How often one address may ask: the public's searches are few, a harvester's are many.

The count is kept in memory by each server process; with several processes the whole service allows that many
times the pace. Nothing about what was asked is kept.
"""

import time
from collections import OrderedDict, deque
from threading import Lock
from typing import Final

MOST_ADDRESSES: Final = 10_000


class Pace:
    """At most `most` questions in `seconds` from one address; addresses longest silent are forgotten first."""

    def __init__(self, *, most: int, seconds: float) -> None:
        self._most = most
        self._seconds = seconds
        self._asked: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def allows(self, address: str, *, now: float | None = None) -> bool:
        """Count a question; False when it is one too many. `now` is a monotonic reading."""
        instant = time.monotonic() if now is None else now
        with self._lock:
            asked = self._asked.setdefault(address, deque(maxlen=self._most))
            self._asked.move_to_end(address)
            while len(self._asked) > MOST_ADDRESSES:
                self._asked.popitem(last=False)
            if len(asked) == self._most and instant - asked[0] < self._seconds:
                return False
            asked.append(instant)
            return True

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._asked.clear()

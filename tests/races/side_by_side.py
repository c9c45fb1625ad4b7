"""Two callers at the same moment: both run up to a meeting point, then on, as a real race would have it.

With the lock in place the second caller never reaches the meeting point, because it waits for the first: the
first then gives up waiting and goes on. Without the lock both meet there, and the race is real.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

PATIENCE = 0.7


class MeetingPoint:
    """A place in the code where two callers wait for each other, for a while."""

    def __init__(self) -> None:
        self._barrier = threading.Barrier(2)
        self.met = False

    def after(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, with a wait after it."""

        def and_wait(*arguments: Any, **named: Any) -> Any:
            answer = function(*arguments, **named)
            self.wait()
            return answer

        return and_wait

    def wait(self) -> None:
        """Wait for the other caller, or until patience ends."""
        try:
            self._barrier.wait(timeout=PATIENCE)
            self.met = True
        except threading.BrokenBarrierError:
            pass


def both(first: Callable[[], Any], second: Callable[[], Any]) -> tuple[Any, Any]:
    """Run both at once; each answers its result or the exception it raised."""
    with ThreadPoolExecutor(max_workers=2) as threads:
        outcomes = [threads.submit(_outcome, call) for call in (first, second)]
        return outcomes[0].result(), outcomes[1].result()


def _outcome(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except Exception as raised:  # noqa: BLE001  the outcome of a racer, whatever it is, is what the test looks at
        return raised

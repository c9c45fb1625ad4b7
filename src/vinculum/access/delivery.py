"""Delivery of what is owed to somebody outside: one piece after the other, each again after a pause that grows.

What is owed is a row that was written with the work it tells of. It stays locked while it is sent, so that two
deliverers never hold the same; whoever receives it must bear getting it twice, for an answer may be lost.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Final, Protocol, TypeVar

from vinculum.access.database import Connection

# After the n-th failure wait this many seconds; the last figure goes on for ever.
WAITS: Final = (1, 2, 5, 15, 60, 300)


class Owed(Protocol):
    """A piece that is owed, and how often it was tried."""

    @property
    def attempts(self) -> int: ...


_Owed = TypeVar("_Owed", bound=Owed)
_Answer = TypeVar("_Answer", contravariant=True)


class Queue(Protocol[_Owed, _Answer]):
    """Where pieces wait: how one transaction begins, which is next, and how it is noted what became of it."""

    def opened(self) -> AbstractContextManager[Connection]:
        """One transaction in the deliverer's name."""

    def lock_next_due(self, connection: Connection, *, at: datetime) -> _Owed | None:
        """The next piece that is due, locked; None when nothing is."""

    def keep_answer(self, connection: Connection, owed: _Owed, answer: _Answer, *, at: datetime) -> None:
        """Settle a piece with the answer it got."""

    def keep_failure(
        self, connection: Connection, owed: _Owed, *, why: str, at: datetime, next_attempt_at: datetime | None
    ) -> None:
        """Note a try that failed, and when the next one is; None: it was the last."""


def deliver_next(
    queue: Queue[_Owed, _Answer],
    *,
    send: Callable[[_Owed], _Answer],
    failures: tuple[type[Exception], ...],
    at: datetime,
    waits: tuple[int, ...] = WAITS,
    most_attempts: int | None = None,
) -> bool:
    """Deliver the next piece that is due; False when nothing is."""
    with queue.opened() as connection:
        owed = queue.lock_next_due(connection, at=at)
        if owed is None:
            return False
        try:
            answer = send(owed)
        except failures as failure:
            wait = timedelta(seconds=waits[min(owed.attempts, len(waits) - 1)])
            was_last = most_attempts is not None and owed.attempts + 1 >= most_attempts
            queue.keep_failure(
                connection, owed, why=str(failure), at=at, next_attempt_at=None if was_last else at + wait
            )
        else:
            queue.keep_answer(connection, owed, answer, at=at)
    return True

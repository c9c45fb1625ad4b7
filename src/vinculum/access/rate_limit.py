"""Token buckets: how many requests a client may send, with room for a burst.

Counted in each server process: with N processes a client gets up to N times the rate. That bounds what one
client can take from the others, which is what the limit is for; it is no guard of secrets (sign-in has its own
limits, counted in the database).
"""

import threading
from dataclasses import dataclass

_MOST_CLIENTS = 50_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class RateLimit:
    """`per_second` requests of each client on average, `burst` at once."""

    def __init__(self, *, per_second: float, burst: int) -> None:
        if per_second <= 0 or burst < 1:
            raise ValueError("A rate limit lets something through.")
        self.per_second = per_second
        self.burst = burst
        self._buckets: dict[str, _Bucket] = {}
        self._lock = threading.Lock()

    def wait_for(self, client: str, *, now: float) -> float:
        """Take one request: 0.0 when it may go on, else the seconds after which to come again.

        `now` is a monotonic clock, read by the caller.
        """
        with self._lock:
            bucket = self._buckets.get(client)
            if bucket is None:
                if len(self._buckets) >= _MOST_CLIENTS:
                    self._forget_full(now)
                bucket = self._buckets[client] = _Bucket(tokens=float(self.burst), at=now)
            elapsed = max(0.0, now - bucket.at)
            bucket.tokens = min(float(self.burst), bucket.tokens + elapsed * self.per_second)
            bucket.at = now
            if bucket.tokens >= 1.0:
                bucket.tokens -= 1.0
                return 0.0
            return (1.0 - bucket.tokens) / self.per_second

    def _forget_full(self, now: float) -> None:
        """Drop the clients whose bucket has filled up again: to forget them changes nothing."""
        refill = self.burst / self.per_second
        full = [client for client, bucket in self._buckets.items() if now - bucket.at >= refill]
        for client in full:
            del self._buckets[client]
        if not full:
            self._buckets.clear()

"""P-5: what inquiries and updates cost when the files are ten times as large (10 M against 1 M by environment)."""

import os
import sys
from collections.abc import Callable

from benchmarks._exchange import (
    VEHICLES,
    Requests,
    add_vehicles,
    changes_of_state,
    exchange,
    inquiries,
    load,
)
from benchmarks._server import product

ROUNDS = 5
SECONDS = float(os.environ.get("VINCULUM_BENCH_SECONDS", "3"))
# Few clients: what is measured is the cost of an answer, not of waiting for a turn.
CLIENTS = 2
TIMES = 10
GOAL = 1.3
_APART = 100_000


def main() -> int:
    """Measure small, then large; print medians and ratios; 0 when the goal is held."""
    small, large = VEHICLES // TIMES, VEHICLES
    print(f"P-5 growth: p50 at {large:,} vehicles against {small:,}, {CLIENTS} clients")
    with exchange(vehicles=small) as opened:
        key = opened.keys["CT"]
        with product() as port:
            # Updates use up their vehicles, so each turn has numbers of its own within its file.
            part = min(_APART, small // (ROUNDS + 1))
            before = _medians(port, key, vehicles=small, part=part)
            add_vehicles(opened, first=small + 1, last=large)
            # Of the new vehicles, for the old ones have been changed in part.
            after = _medians(port, key, vehicles=large, part=part, above=small)
    held = True
    for work in before:
        ratio = after[work] / before[work]
        held = held and ratio <= GOAL
        print(
            f"  {work:<10} p50 {before[work] * 1000:6.2f} ms → {after[work] * 1000:6.2f} ms"
            f"   ratio {ratio:5.2f}   goal ≤ {GOAL}"
        )
    print(f"  goal        {'held' if held else 'NOT HELD'}")
    return 0 if held else 1


def _medians(port: int, key: str, *, vehicles: int, part: int, above: int = 0) -> dict[str, float]:
    """The quietest of the rounds' medians: what others do on the machine only ever adds to it."""
    asked = inquiries(vehicles, key=key)
    load(port, asked, seconds=1, clients=CLIENTS)
    found: dict[str, list[float]] = {"inquiry": [], "update": []}
    for turn in range(ROUNDS):
        changed = changes_of_state(vehicles, key=key, first=turn * part, above=above)
        for work, requests in (("inquiry", asked), ("update", changed)):
            found[work].append(_p50(port, requests))
    return {work: min(times) for work, times in found.items()}


def _p50(port: int, requests: Callable[[int], Requests]) -> float:
    return load(port, requests, seconds=SECONDS, clients=CLIENTS).percentile(0.5)


if __name__ == "__main__":
    sys.exit(main())

"""P-3: single-VIN inquiries by HTTP with key, permission and log, beside the same SQL in a bare Starlette."""

import os
import sys

from benchmarks._exchange import CLIENTS, VEHICLES, Load, exchange, inquiries, load, median
from benchmarks._server import product, served

ROUNDS = 3
SECONDS = float(os.environ.get("VINCULUM_BENCH_SECONDS", "5"))
GOAL_RATIO, GOAL_TAIL = 0.6, 3.0


def main() -> int:
    """Ask both in turns; print rates, tails and ratios; 0 when the goals are held."""
    print(f"P-3 single-VIN inquiry through HTTP, {CLIENTS} clients")
    ours: list[Load] = []
    bare: list[Load] = []
    with exchange(vehicles=VEHICLES) as opened:
        peer = ["--interface", "asgi", "--workers", "2", "--log-level", "warning"]
        asked = inquiries(VEHICLES, key=opened.keys["CT"])
        asked_bare = inquiries(VEHICLES, key="none", path="/inquiry")
        with product() as port, served([*peer, "benchmarks._bare_inquiry:application"]) as bare_port:
            load(port, asked, seconds=2)
            load(bare_port, asked_bare, seconds=2)
            for _ in range(ROUNDS):
                bare.append(load(bare_port, asked_bare, seconds=SECONDS))
                ours.append(load(port, asked, seconds=SECONDS))
    ratio = median([mine.rate / theirs.rate for mine, theirs in zip(ours, bare, strict=True)])
    tail = median(
        [mine.percentile(0.99) / theirs.percentile(0.99) for mine, theirs in zip(ours, bare, strict=True)]
    )
    for name, loads in (("exchange", ours), ("bare Starlette", bare)):
        rate, p50, p99 = (
            median([each.rate for each in loads]),
            median([each.percentile(0.5) for each in loads]) * 1000,
            median([each.percentile(0.99) for each in loads]) * 1000,
        )
        print(f"  {name:<16}{rate:>10,.0f} /s   p50 {p50:6.2f} ms   p99 {p99:6.2f} ms")
    held = ratio >= GOAL_RATIO and tail <= GOAL_TAIL
    print(f"  ratio           {ratio:>10.2f}      goal ≥ {GOAL_RATIO}")
    print(f"  p99 ratio       {tail:>10.2f}      goal ≤ {GOAL_TAIL}")
    print(f"  goals           {'held' if held else 'NOT HELD'}")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())

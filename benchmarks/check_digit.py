"""P-7: check digits of VINs per second on one core, one by one and by columns, against a plain loop."""

import statistics
import sys
import time
from collections.abc import Callable

import ultravin

from vinculum.kernel.vin import check_digit, check_digit_valid, check_digits_valid

VINS = 100_000
ROUNDS = 7
GOAL = 600_000


def _rate(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return VINS / (time.process_time() - start)


def main() -> int:
    """Measure the three, interleaved; 0 if both of our ways reach the goal."""
    vins = ultravin.generate(VINS, seed=7)
    plain: list[float] = []
    single: list[float] = []
    columns: list[float] = []
    for _ in range(ROUNDS):
        plain.append(
            _rate(lambda: [check_digit(vin) == vin[8] if len(vin) == 17 else False for vin in vins[:10_000]])
            / 10
        )
        single.append(_rate(lambda: [check_digit_valid(vin) for vin in vins]))
        columns.append(_rate(lambda: check_digits_valid(vins)))
    best, one = statistics.median(columns), statistics.median(single)
    sys.stdout.write(
        f"P-7 check digit: {best:,.0f}/s by columns, {one:,.0f}/s one by one; plain loop"
        f" {statistics.median(plain):,.0f}/s; ratio {best / statistics.median(plain):.1f}"
        f" (goal >= {GOAL:,}/s per core)\n"
    )
    return 0 if min(best, one) >= GOAL else 1


if __name__ == "__main__":
    raise SystemExit(main())

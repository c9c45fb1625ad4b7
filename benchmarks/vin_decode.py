"""P-6: decoding a registry's VINs, against the same engine without memory, in the same run.

Registry-like: descriptors repeat with the frequency of popular models (a Zipf law), serial numbers do not,
and one line in a hundred has a mistyped check digit. The cache starts empty, so its misses are paid for in
the figure.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial

import ultravin

from vinculum.decoding import VinDecoder
from vinculum.kernel.vin import check_digit

SEED = 20_200_108
DESCRIPTORS = 3_000
LINES = 100_000
ROUNDS = 5
SINGLE_CALLS = 10_000
GOAL_LIST = 8.0
GOAL_SINGLE = 1.2


def registry_like(lines: int) -> list[str]:
    """VINs as a registry holds them, from the seed."""
    chance = random.Random(SEED)
    models = [
        vin
        for make in (
            "TOYOTA",
            "FORD",
            "HONDA",
            "CHEVROLET",
            "NISSAN",
            "SUBARU",
            "JEEP",
            "HYUNDAI",
            "BMW",
            "FREIGHTLINER",
        )
        for vin in ultravin.generate(
            DESCRIPTORS // 10, seed=SEED, make=make, min_year=2000, max_year=2025, invalid_rate=0
        )
    ]
    chance.shuffle(models)
    weights = [1 / rank for rank in range(1, len(models) + 1)]
    return [_with_serial(vin, chance) for vin in chance.choices(models, weights, k=lines)]


def _with_serial(vin: str, chance: random.Random) -> str:
    bare = f"{vin[:11]}{chance.randrange(1_000_000):06d}"
    digit = check_digit(bare)
    if chance.random() < 0.01:
        digit = "0" if digit != "0" else "1"
    return f"{bare[:8]}{digit}{bare[9:]}"


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _single_calls(work: Callable[[str], object], vins: list[str]) -> tuple[float, float]:
    """Median and 99th percentile of one call, in microseconds."""
    seconds = sorted(_seconds(partial(work, vin)) for vin in vins)
    return statistics.median(seconds) * 1e6, seconds[len(seconds) * 99 // 100] * 1e6


def _list_rates(vins: list[str]) -> tuple[float, float]:
    """VINs per second, ours and the peer's."""
    sample = vins[: len(vins) // 5]
    ours: list[float] = []
    peer: list[float] = []
    for _ in range(ROUNDS):
        decoder = VinDecoder()
        ours.append(len(vins) / _seconds(partial(decoder.decode_many, vins)))
        peer.append(len(sample) / _seconds(lambda: [ultravin.decode(vin) for vin in sample]))
    return statistics.median(ours), statistics.median(peer)


def main() -> int:
    """Measure both, print medians, ratios and goals; 0 if both goals are reached."""
    vins = registry_like(LINES)
    VinDecoder().decode(vins[0])
    ours, peer = _list_rates(vins)
    ratio = ours / peer
    calls = vins[:SINGLE_CALLS]
    # Beside the calls as they come in a registry, the worst case: a descriptor that was never met before.
    strangers = list({vin[:8] + vin[9:11]: vin for vin in vins}.values())[:SINGLE_CALLS]
    ours_p50, ours_p99 = _single_calls(VinDecoder().decode, calls)
    peer_p50, peer_p99 = _single_calls(ultravin.decode, calls)
    new: list[float] = []
    new_peer: list[float] = []
    for _ in range(ROUNDS):
        new.append(_single_calls(VinDecoder().decode, strangers)[0])
        new_peer.append(_single_calls(ultravin.decode, strangers)[0])
    first, first_peer = statistics.median(new), statistics.median(new_peer)
    single = ours_p50 / peer_p50
    sys.stdout.write(
        f"P-6 list of {len(vins):,}: {ours:,.0f}/s; ultravin {peer:,.0f}/s; ratio {ratio:.1f} (goal >= {GOAL_LIST:g})\n"
        f"P-6 one call: p50 {ours_p50:.1f} us, p99 {ours_p99:.1f} us; ultravin p50 {peer_p50:.1f} us,"
        f" p99 {peer_p99:.1f} us; ratio of p50 {single:.2f} (goal <= {GOAL_SINGLE:g})\n"
        f"P-6 one call, descriptor never met: p50 {first:.1f} us; ultravin {first_peer:.1f} us;"
        f" ratio {first / first_peer:.2f}\n"
    )
    return 0 if ratio >= GOAL_LIST and single <= GOAL_SINGLE else 1


if __name__ == "__main__":
    raise SystemExit(main())

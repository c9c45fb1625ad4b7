"""Runs the benchmarks named on the command line, or all: `python -m benchmarks [--list] [NAME ...]`.

A benchmark is a module with a first docstring line that says what it measures and a function `main()` that
prints its figures and returns 0 when the goal was held. Each runs in a process of its own, so that none warms up
for the next.
"""

import argparse
import importlib.util
import pkgutil
import subprocess
import sys
import time

import benchmarks


def names() -> list[str]:
    """Every benchmark, found by its `main` function."""
    found = sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__))
    return [name for name in found if not name.startswith("_") and _measures(name)]


def _measures(name: str) -> bool:
    spec = importlib.util.find_spec(f"benchmarks.{name}")
    if spec is None or spec.origin is None:
        return False
    with open(spec.origin, encoding="utf-8") as source:
        return "\ndef main(" in source.read()


def main() -> int:
    """Run the benchmarks one after the other; 1 when a goal was missed."""
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("--list", action="store_true", help="print the names and stop")
    parser.add_argument("name", nargs="*")
    options = parser.parse_args()
    known = names()
    if options.list:
        print("\n".join(known))
        return 0
    unknown = sorted(set(options.name) - set(known))
    if unknown:
        parser.error(f"no such benchmark: {', '.join(unknown)} (there are: {', '.join(known)})")
    missed = []
    for name in options.name or known:
        print(f"── {name}", flush=True)
        began = time.perf_counter()
        done = subprocess.run([sys.executable, "-m", f"benchmarks.{name}"])
        print(f"   ({time.perf_counter() - began:.1f} s)", flush=True)
        if done.returncode != 0:
            missed.append(name)
    print(f"goals missed: {', '.join(missed)}" if missed else "all goals held")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

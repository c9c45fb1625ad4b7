"""Work in the background comes after the work of the counter."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from vinculum.entrypoints.jobs.give_way import give_way


def test_only_the_thread_that_gives_way_is_slower() -> None:
    """P-1: applying files and scanning come after the counter; whoever else works in the process does not."""

    def work() -> tuple[int, int, int]:
        give_way()
        own = os.getpriority(os.PRIO_PROCESS, 0)
        give_way()
        with ThreadPoolExecutor(max_workers=1) as hands:
            return (
                own,
                os.getpriority(os.PRIO_PROCESS, 0),
                hands.submit(os.getpriority, os.PRIO_PROCESS, 0).result(),
            )

    before = os.getpriority(os.PRIO_PROCESS, 0)
    with ThreadPoolExecutor(max_workers=1) as hands:
        own, again, of_its_hands = hands.submit(work).result()
    assert own == again == of_its_hands == max(before, 10)
    assert os.getpriority(os.PRIO_PROCESS, 0) == before


def test_no_threads_are_raised_for_columns() -> None:
    """P-2: every process says so before it imports numpy; who has set it otherwise is heard."""
    asked = (
        "import vinculum.config.run_jobs, os, numpy, pathlib;"
        "print(os.environ['OPENBLAS_NUM_THREADS'], len(list(pathlib.Path('/proc/self/task').iterdir())))"
    )
    for given, seen in (({}, ["1", "1"]), ({"OPENBLAS_NUM_THREADS": "2"}, ["2", "2"])):
        clean = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
        done = subprocess.run(
            [sys.executable, "-c", asked], env={**clean, **given}, capture_output=True, text=True, check=True
        )
        assert done.stdout.split() == seen

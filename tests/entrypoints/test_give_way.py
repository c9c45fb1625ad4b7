"""Work in the background comes after the work of the counter."""

import os
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

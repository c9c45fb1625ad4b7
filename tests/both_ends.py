"""One run of the tests by two sessions at once: one begins at the front, the other at the back, until they meet.

    pytest --from=front --meeting=FOLDER & pytest --from=back --meeting=FOLDER

Each takes the next file of its end by making a file in the folder, which only one of them can. Neither needs to
know how long a file takes, a folder's fixtures are raised in one session only (but where they meet), and each has
databases of its own, as any session has. `bin/test` runs everything so.
"""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    ends = parser.getgroup("both ends")
    ends.addoption("--from", dest="end", choices=("front", "back"), help="the end to begin at")
    ends.addoption("--meeting", type=Path, help="an empty folder where both sessions take their files")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """As pytest's own loop, over what this session takes."""
    chosen = session.config.option
    if chosen.end is None or chosen.collectonly or session.testsfailed:
        return None
    taken = _taken(session.items, end=chosen.end, meeting=chosen.meeting)
    item = next(taken, None)
    while item is not None:
        following = next(taken, None)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
        item = following
    return True


def _taken(items: list[pytest.Item], *, end: str, meeting: Path) -> Iterator[pytest.Item]:
    files = [
        (number, list(tests)) for number, (_, tests) in enumerate(groupby(items, lambda item: item.path))
    ]
    for number, tests in files if end == "front" else reversed(files):
        try:
            (meeting / str(number)).touch(exist_ok=False)
        except FileExistsError:
            return
        yield from tests

"""What every test stands on: settings of their own, and two fresh databases for those that ask.

Tests commit for real, for the book only grows: nothing is rolled back between them, so each makes the people,
vehicles and numbers it needs anew.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import django
import pytest
from django.contrib.auth.hashers import ScryptPasswordHasher

from vinculum.config import scratch, scratch_elsewhere

pytest_plugins = ["both_ends"]

_DIRECTORY = Path(__file__).resolve().parents[1] / ".data/test"
_SESSION = f"session_{os.getpid()}"
_SCRATCH = scratch.named(_DIRECTORY, session=_SESSION)
# The national database may lie on another server, a Citus cluster for one (docs/runbooks/citus.md).
_ELSEWHERE = scratch_elsewhere.named_in(os.environ)
_NATIONAL = (
    _SCRATCH.addresses.national if _ELSEWHERE is None else _ELSEWHERE.addresses(f"{_SESSION}_national")
)

os.environ["DATABASE_URL"] = _SCRATCH.state_url
os.environ["NATIONAL_DATABASE_URL"] = _NATIONAL.url
os.environ["VINCULUM_DATA_DIR"] = str(_DIRECTORY)
os.environ["VINCULUM_MODE"] = "demo"
os.environ["DJANGO_SETTINGS_MODULE"] = "vinculum.config.settings"
# Before other conftests and test modules are read; no database is touched by it.
django.setup()
# Hundreds of people sign in: their passwords are hashed as the product's are, but at a thousandth of the work.
# tests/config/test_settings.py holds the work that the product itself asks for.
ScryptPasswordHasher.work_factor, ScryptPasswordHasher.parallelism = 16, 1


@pytest.fixture(scope="session")
def databases() -> Iterator[scratch.ScratchDatabases]:
    """The migrated databases of this session, and the application's pools pointing at them."""
    from vinculum.access import database

    with ExitStack() as stack:
        raised = stack.enter_context(scratch.raised(_SCRATCH))
        if _ELSEWHERE is not None:
            raised = replace(raised, addresses=replace(raised.addresses, national=_NATIONAL))
            stack.enter_context(scratch_elsewhere.raised(_ELSEWHERE, addresses=raised.addresses))
        database.configure(state_url=raised.state_url, national_url=raised.national_url)
        yield raised
        database.close()
        _close_sign_in_connections()


@pytest.fixture
def durable_databases() -> Iterator[scratch.ScratchDatabases]:
    """Databases on a durable server of their own, for tests that kill it (`durable_databases.cluster`).

    Nothing in this process is pointed at them: such a test gives their addresses to the processes it starts.
    """
    own = scratch.named(_DIRECTORY.with_name("test-durable"), session=f"session_{os.getpid()}", durable=True)
    with scratch.raised(own) as raised:
        yield raised


def _close_sign_in_connections() -> None:
    from django.db import connections

    connections.close_all()

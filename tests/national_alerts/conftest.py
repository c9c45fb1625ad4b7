"""The alert site with jurisdictions, their administrators, and approved users."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "national"))

from both_systems import National, national, world
from exchange_people import Known, known_person
from people import World
from vinculum.access.database import Actor
from vinculum.national.alerts import alert_users
from vinculum.national.alerts.file_store import FileStore

__all__ = ["national", "world"]
# Confirmations are held against the database's own clock.
AT = datetime.now(UTC) - timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A jurisdiction at the exchange: its administrator, and clerks who may be let in."""

    administrator: Actor
    clerk: Callable[[], Actor]

    def user(self, *, at: datetime = AT) -> Actor:
        """A clerk whom the administrator has approved."""
        clerk = self.clerk()
        alert_users.ask(wanted_for="Counter training", actor=clerk, at=at)
        alert_users.decide(person_id=clerk.person_id, approve=True, actor=self.administrator, at=at)
        return clerk


@pytest.fixture
def known(world: World, national: National) -> Known:
    """Makes a person of a role, an organisation kind and a code."""
    return partial(known_person, world)


@pytest.fixture
def new_office(world: World, known: Known) -> Callable[[], Office]:
    """Makes a jurisdiction's office nobody else has, or the association's."""

    def make(kind: str = "jurisdiction") -> Office:
        administrator = known("exchange_administrator", kind)
        code = administrator.organisation_code
        role = "help_desk" if kind == "association" else "title_clerk"
        return Office(administrator=administrator, clerk=lambda: known(role, kind, code))

    return make


@pytest.fixture
def office(new_office: Callable[[], Office]) -> Office:
    return new_office()


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(directory=tmp_path / "files")

"""Fixtures of both systems in one process: people, the law in force, and the exchange with jurisdictions admitted."""

from datetime import UTC, date, datetime
from uuid import uuid4

import psycopg
import pytest

from lot import NOON, new_vin
from people import World
from vinculum.config.bootstrap import publish_jurisdiction
from vinculum.config.scratch import ScratchDatabases
from vinculum.entrypoints.exchange.dispatch import apply_message
from vinculum.entrypoints.exchange.in_process import ExchangeInProcess
from vinculum.national.records.roster import forget_roster
from vinculum.national.transactions import admit_jurisdiction
from vinculum.protocol.add_title import AddTitle

MODES = {"CT": 1, "NY": 1, "MA": 1, "RI": 1}


class National:
    """The exchange as other states fill it, and as Connecticut asks it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.now = NOON

    @property
    def port(self) -> ExchangeInProcess:
        """The exchange as the state's transactions take it."""
        return ExchangeInProcess(jurisdiction="CT", clock=lambda: self.now)

    def title(
        self,
        *,
        jurisdiction: str,
        vin: str,
        number: str,
        issue_date: date = date(2024, 5, 6),
        make: str = "HOND",
        at: datetime = NOON,
    ) -> None:
        """Another state's title of a vehicle of 2023 with 20,000 miles, as that state reported it."""
        message = AddTitle(
            message_id=uuid4(),
            origin=jurisdiction,
            sent_at=at,
            vin=vin,
            title_number=number,
            issue_date=issue_date,
            make=make,
            model_year=2023,
            odometer=20000,
        )
        with psycopg.connect(self.url) as connection:
            answer = apply_message(message, sender=jurisdiction, at=at, connection=connection)
        assert answer.accepted, answer

    def pointers(self, vin: str) -> list[tuple[str, str]]:
        """Which states hold current titles of the VIN, with their numbers."""
        with psycopg.connect(self.url) as connection:
            return connection.execute(
                "SELECT jurisdiction, title_number FROM exchange.pointer WHERE vin = %s ORDER BY 1, 2", (vin,)
            ).fetchall()


def people_under_the_law(databases: ScratchDatabases) -> World:
    """Named people in the databases, under the law in force."""
    publish_jurisdiction(databases.addresses.state)
    return World(databases)


def exchange_with_states(databases: ScratchDatabases) -> National:
    """The exchange with four states admitted, each of which has reported lately: inquiries are open to it (N-105).

    Other tests may have admitted them long ago by their own clock, and the pages ask by the clock on the wall.
    """
    with psycopg.connect(databases.national_url) as connection:
        for code, mode in MODES.items():
            admit_jurisdiction.run(code, mode=mode, at=NOON, connection=connection)
    exchange = National(databases.national_url)
    for code in MODES:
        exchange.title(jurisdiction=code, vin=new_vin(), number=f"{code}0", at=max(NOON, datetime.now(UTC)))
    forget_roster()
    return exchange


@pytest.fixture(scope="session")
def world(databases: ScratchDatabases) -> World:
    return people_under_the_law(databases)


@pytest.fixture(scope="session")
def national(databases: ScratchDatabases) -> National:
    return exchange_with_states(databases)

"""An operator admits a jurisdiction and gives its program a key; with it the program is let in at the exchange."""

from datetime import UTC, datetime, timedelta

import pytest
from counter import NOW
from django.test import override_settings

from people import World
from vinculum.access.database import Actor, CredentialRefused
from vinculum.access.keys import actor_for
from vinculum.config.scratch import ScratchDatabases
from vinculum.entrypoints.exchange.admission import admit, issue_client_key
from vinculum.entrypoints.exchange.clients import NotAClient, OutOfScope, recognise_client
from vinculum.national.transactions.admit_jurisdiction import UnknownJurisdiction


@pytest.fixture
def operator(databases: ScratchDatabases) -> Actor:
    return World(databases).system()


def test_an_admitted_jurisdiction_is_let_in_with_its_key(operator: Actor) -> None:
    """N-106, N-104: admitted, entered once, and its program speaks for it and for nobody else."""
    entered = admit(operator, code="DE", mode=1, at=NOW)
    assert admit(operator, code="DE", mode=2, at=NOW) == entered
    key = issue_client_key(
        operator,
        organisation_id=entered,
        client="title system",
        expires_at=datetime.now(UTC) + timedelta(days=30),
        live=False,
    )
    client = recognise_client(key.secret, act="ask_exchange")
    assert (client.organisation_code, client.role) == ("DE", "exchange_client")
    with pytest.raises(OutOfScope):
        recognise_client(key.secret, act="search_book")


def test_a_live_key_is_for_production(operator: Actor) -> None:
    """The exchange, too, takes a live key in production only; and what it remembers of a key holds for it alone."""
    key = issue_client_key(
        operator,
        organisation_id=admit(operator, code="DE", mode=1, at=NOW),
        client="title system in use",
        expires_at=datetime.now(UTC) + timedelta(days=30),
        live=True,
    )
    with pytest.raises(NotAClient):
        recognise_client(key.secret, act="ask_exchange")
    with override_settings(PRODUCTION=True):
        assert recognise_client(key.secret, act="ask_exchange").organisation_code == "DE"
        with pytest.raises(CredentialRefused):
            actor_for(key.secret, client_address="", database="state")


def test_a_code_that_no_jurisdiction_has(operator: Actor) -> None:
    """N-108: USPS look-alikes are not D20 codes."""
    with pytest.raises(UnknownJurisdiction):
        admit(operator, code="XX", mode=1, at=NOW)

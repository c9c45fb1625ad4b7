"""An operator admits a jurisdiction and gives its program a key; with it the program is let in at the exchange."""

import json
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest
from counter import NOW
from django.test import override_settings

from people import World
from vinculum.access.database import Actor, CredentialRefused
from vinculum.access.keys import actor_for
from vinculum.config.scratch import ScratchDatabases
from vinculum.entrypoints.cli.main import main
from vinculum.entrypoints.cli.station import Station
from vinculum.entrypoints.exchange.admission import admit, issue_key
from vinculum.entrypoints.exchange.clients import NotAClient, OutOfScope, recognise_client
from vinculum.national.transactions.admit_jurisdiction import UnknownJurisdiction

STATION = Station(key=lambda: "", terminal=lambda: "cli", databases=nullcontext)


@pytest.fixture
def operator(databases: ScratchDatabases) -> Actor:
    return World(databases).system()


def test_an_admitted_jurisdiction_is_let_in_with_its_key(operator: Actor) -> None:
    """N-106, N-104: admitted, entered once, and its program speaks for it and for nobody else."""
    entered = admit(operator, code="DE", mode=1, at=NOW)
    assert admit(operator, code="DE", mode=2, at=NOW) == entered
    key = issue_key(
        operator,
        door="messages",
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
    key = issue_key(
        operator,
        door="messages",
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


def test_taking_part_by_command(operator: Actor, capsys: pytest.CaptureFixture[str]) -> None:
    """N-106, N-104: an operator admits a state and gives its program the key with which it asks and reports."""

    def command(*words: str) -> int:
        return main(["--json", "exchange", *words], station=STATION)

    assert command("admit", "--jurisdiction", "al", "--mode", "1") == 0
    assert json.loads(capsys.readouterr().out)["jurisdiction"] == "AL"
    named = ("--organisation", "jurisdiction:AL")
    assert command("key", "issue", "--for", "messages", *named, "--client", "title system") == 0
    issued = json.loads(capsys.readouterr().out)
    for act in ("ask_exchange", "report_to_exchange"):
        assert recognise_client(issued["key"], act=act).organisation_code == "AL"
    assert command("key", "list", *named) == 0
    (listed,) = json.loads(capsys.readouterr().out)["keys"]
    assert (listed["id"], listed["client"]) == (issued["key_id"], "title system")
    assert "secret" not in listed
    assert command("key", "revoke", issued["key_id"]) == 0
    with pytest.raises(NotAClient):
        recognise_client(issued["key"], act="ask_exchange")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("admit --jurisdiction XX --mode 1", "not a D20 jurisdiction code"),
        ("admit --jurisdiction AL --mode 1 --grace-days 0", "--grace-days is 1 to 3650"),
        ("key issue --for messages --organisation jurisdiction:XX --client a", "vinculum exchange admit"),
        ("key issue --for messages --organisation NY --client a", "jurisdiction:CODE"),
        ("key issue --for reports --organisation jurisdiction:NY --client a", "reporter:CODE"),
        ("key issue --for messages --organisation jurisdiction:NY --client a --desk cases", "--for desks"),
        ("key issue --for messages --organisation jurisdiction:DE --client a --address x", "--address: 'x'"),
        ("key list --organisation NY", "KIND:CODE"),
    ],
)
def test_what_an_operator_types_wrongly(
    operator: Actor, capsys: pytest.CaptureFixture[str], words: str, said: str
) -> None:
    """N-106: a wrong word is named, with what to do."""
    admit(operator, code="DE", mode=1, at=NOW)
    assert main(["exchange", *words.split()], station=STATION) == 2
    assert said in capsys.readouterr().err


def test_the_state_issues_no_key_that_the_exchange_would_not_know(
    operator: Actor, capsys: pytest.CaptureFixture[str]
) -> None:
    """N-104: `vinculum key issue` leads to the command whose keys the exchange takes."""
    words = "key issue --as a@dmv.example --client a --organisation jurisdiction:NY --role exchange_client"
    assert main([*words.split(), "--scope", "ask_exchange"], station=STATION) == 2
    assert "vinculum exchange key issue --for messages" in capsys.readouterr().err


def test_a_code_that_no_jurisdiction_has(operator: Actor) -> None:
    """N-108: USPS look-alikes are not D20 codes."""
    with pytest.raises(UnknownJurisdiction):
        admit(operator, code="XX", mode=1, at=NOW)

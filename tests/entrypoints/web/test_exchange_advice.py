"""The page that says which message a title needs."""

import pytest
from django.test import Client

from both_systems import National
from people import World
from signed_in import client_of

pytestmark = pytest.mark.database


@pytest.fixture(scope="module")
def clerk(world: World, national: National) -> Client:
    return client_of(world.title_clerk())


def page(client: Client, **asked: str) -> str:
    answer = client.get("/title-exchange/advice/", asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_page_advises(clerk: Client) -> None:
    """N-304: the page says the message, the published name, the requirements and the citation."""
    text = page(clerk, mode="3", previous="NY", document="NY", vehicle_changes="yes")
    assert "add_title</code>, then <code>modify_title" in text
    assert "VINADD and VINMOD" in text
    assert "of the VINADD just sent" in text
    assert "chapter 8, p. 16" in text


def test_page_advises_to_send_nothing(clerk: Client) -> None:
    """N-304: a reprint with nothing changed sends nothing, on the page too."""
    text = page(clerk, mode="1", previous="CT", document="CT", reissued_unchanged="yes")
    assert "Send nothing" in text


@pytest.mark.parametrize("asked", [{}, {"mode": "9", "previous": "NY", "document": "NY"}, {"mode": "1"}])
def test_page_waits_for_a_whole_question(clerk: Client, asked: dict[str, str]) -> None:
    """N-304: without a whole question there is no advice, and no fault either."""
    assert 'id="advice"' not in page(clerk, **asked)

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
    """N-304: the page says the message in words, the published name, the requirements and the citation."""
    text = page(clerk, mode="3", previous="NY", document="NY", vehicle_changes="yes")
    assert "Send VINADD (a title added), then VINMOD (a title modified)" in text
    assert (
        "add_title"
        not in text[text.index('id="h-advice"') : text.index("</h2>", text.index('id="h-advice"'))]
    )
    assert "of the VINADD just sent" in text
    assert "chapter 8, p. 16" in text


def test_page_says_what_is_not_printed(clerk: Client) -> None:
    """N-304: a row that the printed table leaves out is not passed off as printed."""
    text = page(clerk, mode="1", previous="-", document="-")
    assert "Not printed in Best practices, chapter 8: Vinculum&#x27;s own row, after N-303" in text


def test_page_advises_to_send_nothing(clerk: Client) -> None:
    """N-304: a reprint with nothing changed sends nothing, on the page too."""
    text = page(clerk, mode="1", previous="CT", document="CT", reissued_unchanged="yes")
    assert "Send nothing" in text


def test_page_explains_the_modes(clerk: Client) -> None:
    """N-304, N-106: the modes are said by name, and the one in which the jurisdiction was admitted is chosen."""
    text = page(clerk)
    assert 'id="advice"' not in text
    assert '<option value="1" selected>Integrated on line' in text
    assert "Web inquiry: asks on these pages, reports by batch file" in text
    assert "Connecticut was admitted with: Integrated on line" in text


@pytest.mark.parametrize(
    ("asked", "missing"),
    [
        ({"mode": "9", "previous": "NY", "document": "NY"}, ["mode"]),
        ({"mode": "1"}, ["previous", "document"]),
        ({"mode": "1", "previous": "NY", "document": "QQ"}, ["document"]),
    ],
)
def test_page_waits_for_a_whole_question(clerk: Client, asked: dict[str, str], missing: list[str]) -> None:
    """N-304: without a whole question there is no advice; everything that is missing is said."""
    answer = clerk.get("/title-exchange/advice/", asked)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="advice"' not in text
    assert [field for field in ("mode", "previous", "document") if f'id="f-{field}-fault"' in text] == missing

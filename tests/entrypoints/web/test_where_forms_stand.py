"""Addresses that only take forms: whoever opens one, or comes back to one, is led to the page with the form."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from both_systems import National
from people import World
from signed_in import client_of, post_after_step_up
from vinculum.access import people
from vinculum.access.database import Actor
from vinculum.entrypoints.web.doors import page_above

pytestmark = pytest.mark.database

VIN = "1HGCM82633A004352"


@pytest.fixture(scope="module")
def person(world: World, national: National) -> Actor:
    return world.title_clerk()


@pytest.fixture(scope="module")
def clerk(person: Actor) -> Client:
    return client_of(person)


@pytest.mark.parametrize(
    ("name", "arguments", "page", "kept"),
    [
        ("exchange_propose_change", {}, "exchange_changes", ()),
        (
            "exchange_act_on_change",
            {"vin": VIN, "request_id": uuid4()},
            "exchange_change",
            ("vin", "request_id"),
        ),
        ("exchange_confirm_notices", {"file_id": uuid4()}, "exchange_notices", ()),
        ("exchange_send_file", {}, "exchange_files", ()),
    ],
)
def test_opening_where_a_form_was_sent_leads_to_its_page(
    clerk: Client, name: str, arguments: dict[str, Any], page: str, kept: tuple[str, ...]
) -> None:
    """Enter in the address line after a refusal showed the browser's blank page with a number on it."""
    answer = clerk.get(reverse(name, kwargs=arguments))
    expected = reverse(page, kwargs={part: arguments[part] for part in kept})
    assert (answer.status_code, answer.headers["Location"]) == (302, expected)
    assert clerk.put(reverse(name, kwargs=arguments)).status_code == 405


def test_a_page_stands_where_it_is() -> None:
    """A page that takes its own form is not left; an address that leads nowhere ends at the home page."""
    assert page_above(reverse("exchange_check")) == reverse("exchange_check")
    assert page_above("/nowhere/at/all/") == "/"


def test_refused_after_a_step_up_says_where_the_form_stands(clerk: Client, national: National) -> None:
    """Reloading what was refused after a step-up showed a blank page; the page now says its own address."""
    address = reverse("exchange_decide_rescission", kwargs={"vin": VIN, "rescission_id": uuid4()})
    answer = post_after_step_up(clerk, address, {"answer": "confirm"})
    assert answer.status_code == 404
    kept = reverse("exchange_keep_contact")
    page = post_after_step_up(clerk, kept, {}).content.decode()
    assert f'data-sent-to="{kept}" data-stands-at="{reverse("exchange_contacts")}"' in page


def test_a_form_after_the_end_of_a_session_says_that_it_was_not_taken(person: Actor, world: World) -> None:
    """The sign-in page says what became of the form, and leads back to the page it stands on."""
    client = client_of(person)
    assert client.get(reverse("exchange_changes")).status_code == 200
    people.close_sessions(world.system(), person_id=person.person_id)
    answer = client.post(reverse("exchange_propose_change"), {"vin": VIN}, follow=True)
    assert answer.redirect_chain == [(f"{reverse('account_login')}?next={reverse('exchange_changes')}", 302)]
    assert "what you typed was not taken" in answer.content.decode()

"""A form whose session ended while it was typed, or whose page is older than the sign-in: nothing typed is lost."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from test_web_desk import posted

from both_systems import National
from lot import Lot
from people import World
from signed_in import client_of, sign_in
from vinculum.access import people
from vinculum.entrypoints import wired
from vinculum.entrypoints.web import kept_forms

pytestmark = pytest.mark.database

DESK = "dealer_register"


@pytest.fixture
def lot(world: World, national: National) -> Lot:
    wired.set_exchange(national.port)
    return Lot(world, at=datetime.now(UTC))


def _signed_out_after_posting(lot: Lot, client: Client, form: dict[str, Any]) -> str:
    """The address that a form is kept at when it is sent after the end of the session."""
    assert client.get(reverse(DESK)).status_code == 200
    people.close_sessions(lot.world.system(), person_id=lot.clerk.person_id)
    answer = client.post(reverse(DESK), form)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_login"))
    found = re.search(r"typed%3D([\w-]+)", answer.headers["Location"])
    assert found is not None
    return f"{reverse(DESK)}?typed={found[1]}"


def test_a_deal_sent_after_the_session_ended_comes_back_as_typed(lot: Lot) -> None:
    """D-203: signing in again shows the deal as it was typed; nothing was sent, one button sends it."""
    client = client_of(lot.clerk)
    form = posted(lot.new_car(), act="process")
    address = _signed_out_after_posting(lot, client, form)
    sealed = "".join(str(session.get_decoded()) for session in Session.objects.all())
    assert form["vehicle.vin"] not in sealed, "what is kept lies sealed"
    assert client.get(address).status_code == 302, "signed out, nothing is shown"
    sign_in(client, lot.clerk)
    page = client.get(address).content.decode()
    assert "nothing was sent" in page
    for path in ("vehicle.vin", "sale.price", "insurance.policy_number"):
        assert f'value="{form[path]}"' in page
    key = re.search(r'name="key" value="(\w+)"', page)
    assert key is not None
    assert client.post(reverse(DESK), form | {"key": key[1]}).headers["Location"].startswith("/dealer/deals/")
    assert client.get(address).headers["Location"] == reverse(DESK), "processed, it is no longer kept"


def test_a_kept_deal_is_for_whom_it_was_typed_by(lot: Lot, monkeypatch: pytest.MonkeyPatch) -> None:
    """A colleague who signs in at the same terminal, another browser, and a quarter of an hour later: nothing."""
    client = client_of(lot.clerk)
    form = posted(lot.new_car(), act="process")
    address = _signed_out_after_posting(lot, client, form)
    sign_in(client, lot.dealer.colleague)
    assert client.get(address).headers["Location"] == reverse(DESK)
    other = client_of(lot.dealer.colleague)
    assert other.get(address).headers["Location"] == reverse(DESK)
    client = client_of(lot.clerk)
    monkeypatch.setattr(kept_forms, "_HOLDS_FOR", timedelta(seconds=-1))
    address = _signed_out_after_posting(lot, client, form)
    sign_in(client, lot.clerk)
    assert client.get(address).headers["Location"] == reverse(DESK)


def test_strangers_keep_nothing(databases: object) -> None:
    """Who never signed in on a browser cannot fill the store of kept forms."""
    answer = Client().post(reverse(DESK), {"vehicle.vin": "1HGCM82633A004352"})
    assert "typed" not in answer.headers["Location"]


def test_parts_leave_the_page_when_the_session_has_ended(lot: Lot) -> None:
    """The quote, the decoding and the look-up answer with a notice beside the work, never by leaving it."""
    client = client_of(lot.clerk)
    people.close_sessions(lot.world.system(), person_id=lot.clerk.person_id)
    for name, arguments in (("dealer_quote", {}), ("dealer_decode", {}), ("dealer_owner", {"owner": 0})):
        answer = client.post(reverse(name, kwargs=arguments), {}, headers={"HX-Request": "true"})
        assert answer.status_code == 401
        assert "HX-Redirect" not in answer.headers
        assert "your work is still here" in answer.content.decode()


def test_a_page_older_than_the_sign_in_gets_a_fresh_token_and_keeps_its_work(lot: Lot) -> None:
    """Signing in changes the token: the quote brings the new one, and Process loses nothing without script."""
    client = client_of(lot.clerk)
    client.handler.enforce_csrf_checks = True
    page = client.get(reverse(DESK)).content.decode()
    stale = "A" * 64
    form = posted(lot.new_car(), act="process") | {"csrfmiddlewaretoken": stale}
    part = client.post(reverse("dealer_quote"), form, headers={"HX-Request": "true"})
    assert part.status_code == 403
    assert part.headers["HX-Trigger"] == "deal-changed"
    fresh = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', part.content.decode())
    assert fresh is not None
    quoted = client.post(
        reverse("dealer_quote"), form | {"csrfmiddlewaretoken": fresh[1]}, headers={"HX-Request": "true"}
    )
    assert "Customer pays" in quoted.content.decode()
    answer = client.post(reverse(DESK), form)
    page = client.get(answer.headers["Location"]).content.decode()
    assert f'value="{form["vehicle.vin"]}"' in page
    assert "nothing was sent" in page
    elsewhere = client.post(reverse(DESK), form, headers={"Origin": "https://elsewhere.example"})
    assert elsewhere.status_code == 403

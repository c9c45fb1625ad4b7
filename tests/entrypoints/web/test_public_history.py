"""The public page: what the exchange knows of a VIN, at a human pace, without anything personal."""

from collections.abc import Iterator

import pytest
from django.test import Client

from both_systems import National
from lot import new_vin
from vinculum.entrypoints.web.public.history import PACE
from vinculum.entrypoints.web.public.pace import MOST_ADDRESSES, Pace

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def _fresh_pace() -> Iterator[None]:
    PACE.forget()
    yield
    PACE.forget()


def test_report_without_personal_data(national: National) -> None:
    """N-802, N-205: states and days, never a title number or a name."""
    vin = new_vin()
    national.title(jurisdiction="NY", vin=vin, number="NY777888")
    page = Client().get("/history/", {"vin": vin.lower()}).content.decode()
    assert "New York" in page
    assert "20,000 miles" in page
    assert "NY777888" not in page
    assert "What this report does not say" in page


def test_nothing_on_record(national: National) -> None:
    """N-802: an unknown vehicle is said to be unknown, not clean."""
    page = Client().get("/history/", {"vin": new_vin()}).content.decode()
    assert "Nothing on record" in page
    assert "no proof of a clean history" in page


def test_what_is_no_vin_is_refused(national: National) -> None:
    """A text that cannot be a VIN is said so, and shown back harmless."""
    answer = Client().get("/history/", {"vin": "<script>alert(1)</script>"})
    assert answer.status_code == 422
    assert b"<script>alert" not in answer.content


def test_pace_of_one_address(national: National) -> None:
    """N-802: the twenty-first search of a minute is refused; another address is not."""
    client = Client()
    vin = new_vin()
    for _ in range(20):
        assert client.get("/history/", {"vin": vin}).status_code == 200
    answer = client.get("/history/", {"vin": vin})
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"
    assert Client(REMOTE_ADDR="192.0.2.77").get("/history/", {"vin": vin}).status_code == 200


def test_pace_opens_again_and_forgets_the_silent() -> None:
    """The oldest question leaves the window first; memory is bounded."""
    pace = Pace(most=2, seconds=60)
    assert [pace.allows("a", now=now) for now in (0, 1, 2, 61, 61.5)] == [True, True, False, True, True]
    for number in range(MOST_ADDRESSES + 5):
        pace.allows(f"address {number}", now=100)
    assert len(pace._asked) == MOST_ADDRESSES

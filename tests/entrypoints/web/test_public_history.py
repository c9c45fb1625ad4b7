"""The public page: what the exchange knows of a VIN, at a human pace, without anything personal."""

import io
import re
from collections.abc import Iterator

import pytest
from django.test import Client
from pypdf import PdfReader

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


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1HGCM82633O004352", "Position 11 is the letter O, which no VIN uses; it may be the digit 0."),
        ("12I45", "Position 3 is the letter I, which no VIN uses; it may be the digit 1."),
        ("1HGCM82633A0043*2", "Position 16 is"),
    ],
)
@pytest.mark.parametrize("where", ["/history/", "/history/report.pdf"])
def test_a_number_that_no_vehicle_has(national: National, where: str, typed: str, said: str) -> None:
    """N-601, N-802: a slip of the keyboard is named, not answered with a report that says nothing is on record."""
    answer = Client().get(where, {"vin": typed})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert typed in answer.content.decode()
    by_program = Client().get(f"/api/v1/vehicles/{typed}/history")
    assert by_program.status_code == 400
    assert said in by_program.json()["detail"]


@pytest.mark.parametrize(
    ("vin", "doubt"),
    [
        ("ABC1234", "The VIN has 7 characters; from model year 1981 a VIN has exactly 17."),
        ("1HGCM82633A0043521", "The VIN has 18 characters"),
        ("1HGCM82643A004352", "The check digit of this VIN is wrong."),
    ],
)
def test_a_number_to_be_compared_with_the_vehicle(national: National, vin: str, doubt: str) -> None:
    """N-601: a number that may be mistyped is reported on, with the doubt above the report."""
    page = Client().get("/history/", {"vin": vin}).content.decode()
    assert doubt in page
    assert "Compare it with the vehicle" in page
    assert "Compare it with the vehicle" not in Client().get("/history/", {"vin": new_vin()}).content.decode()


def test_a_link_that_was_cut(national: National) -> None:
    """N-802: who received half a link is told that it is not whole, and where to search."""
    vin = new_vin()
    page = Client().get("/history/", {"vin": vin}).content.decode()
    (link,) = re.findall(r"(/history/shared/[^\"]+)/", page)
    assert Client().get(f"{link}/").status_code == 200
    answer = Client().get(f"{link[:-5]}/")
    assert answer.status_code == 404
    assert "This link is not whole" in answer.content.decode()


def test_a_brand_is_explained_without_jargon(national: National) -> None:
    """N-802: a brand's second label is told as such, not by the name of the standard it comes from."""
    vin = new_vin()
    national.title(jurisdiction="NY", vin=vin, number="NY777890")
    brands = Client().get(f"/api/v1/vehicles/{vin}/history").json()["brands"]
    meanings = {brand["code"]: brand["meaning"] for brand in brands}
    assert meanings["11"].endswith('(also called "Salvage")')
    assert not any("NIEM" in meaning for meaning in meanings.values())


def test_a_paper_says_who_made_it_and_whose_time(national: National) -> None:
    """N-802: the paper leaves the page, so it says itself that it is of a demonstration; moments name their zone."""
    vin = new_vin()
    national.title(jurisdiction="NY", vin=vin, number="NY777889")
    paper = PdfReader(io.BytesIO(Client().get("/history/report.pdf", {"vin": vin}).content))
    assert all("demonstration of the national title exchange" in page.extract_text() for page in paper.pages)
    page = Client().get("/history/", {"vin": vin}).content.decode()
    assert re.search(r"Reported \w+ \d+, \d{4}, \d+:\d\d [ap]m E[SD]T", page)


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

"""A jurisdiction's desk: the register of recalled and fraudulent titles, the title check, what cannot be kept."""

from uuid import uuid4

import pytest
from counter import Counter, new_vin, removal

from both_systems import National
from people import World
from signed_in import client_of
from vinculum.config.scratch import ScratchDatabases

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("reporting")]


def test_register_on_the_page_and_in_the_title_check(
    databases: ScratchDatabases, world: World, national: National
) -> None:
    """N-303, N-401: a clerk looks a number up, and the check of a paper finds that its title was taken back."""
    counter = Counter(url=databases.national_url)
    forged, vin, other = f"R{uuid4().int % 10**9:09d}", new_vin(), new_vin()
    for of_vehicle, title_number in ((vin, forged), (other, "A1")):
        counter.titled(of_vehicle, "NY", title_number)
    assert counter.send(removal(vin, "NY", forged)).accepted
    clerk = client_of(world.title_clerk())
    page = clerk.get(
        "/title-exchange/recalled/", {"jurisdiction": "NY", "title_number": forged}
    ).content.decode()
    assert "Recalled: forged papers" in page
    page = clerk.get(
        "/title-exchange/recalled/", {"jurisdiction": "NY", "title_number": "NO\0NE"}
    ).content.decode()
    assert "not in the register" in page
    paper = {"vin": other, "jurisdiction": "NY", "title_number": forged, "issue_date": "2020-05-01"}
    checked = clerk.post("/title-exchange/check/", paper).content.decode()
    assert "keep the paper" in checked
    assert (
        "keep the paper"
        not in clerk.post("/title-exchange/check/", paper | {"title_number": "X1"}).content.decode()
    )


def test_a_nul_is_refused(databases: ScratchDatabases, world: World, national: National) -> None:
    """N-401: what the database keeps in no text is answered as a bad request, and no case is opened."""
    counter, vin = Counter(url=databases.national_url), new_vin()
    counter.titled(vin, "NY", "A1")
    clerk = client_of(world.title_clerk())
    paper = {"vin": vin, "jurisdiction": "NY", "title_number": "A2", "issue_date": "2020-05-01"}
    for question, status in (("Is it\0yours?", 400), ("Is it yours?", 302)):
        assert clerk.post("/title-exchange/cases/open/", paper | {"question": question}).status_code == status

"""Discrepancy cases on the pages: what is chosen beforehand, whose turn it is, and in which words."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from both_systems import National
from exchange_people import signed_in_person
from lot import new_vin
from people import World
from signed_in import client_of

pytestmark = pytest.mark.database


@pytest.fixture(scope="module")
def asking(world: World, national: National) -> Client:
    return client_of(signed_in_person(world, "title_clerk", "jurisdiction", "CT"))


@pytest.fixture(scope="module")
def holding(world: World, national: National) -> Client:
    return client_of(signed_in_person(world, "title_clerk", "jurisdiction", "NY"))


def a_case(asking: Client, national: National) -> str:
    """The address of a case that Connecticut has just opened with New York."""
    vin = new_vin()
    national.title(jurisdiction="NY", vin=vin, number="NY910")
    paper = {"vin": vin, "jurisdiction": "NY", "title_number": "NY911", "issue_date": "2024-05-06"}
    answer = asking.post(reverse("exchange_open_case"), paper | {"question": "Which number is right?"})
    assert answer.status_code == 302, answer.content[:400]
    return answer.headers["Location"]


def chosen_move(client: Client, address: str) -> str:
    page = client.get(address).content.decode()
    found = re.search(r'<option value="(\w+)" selected>', page[page.index('id="f-move"') :])
    return found[1] if found else ""


def test_who_is_asked_answers(asking: Client, holding: Client, national: National) -> None:
    """N-401: whose answer is waited for finds "Answer" chosen; a message left the case waiting for the same desk."""
    case = a_case(asking, national)
    assert (chosen_move(asking, case), chosen_move(holding, case)) == ("note", "answer")
    page = holding.get(case).content.decode()
    assert "Connecticut asks New York" in page
    assert "opened the case" in page
    assert f"{reverse('history_search')}?vin=" in page


def test_the_page_says_who_is_waited_for(asking: Client, holding: Client, national: National) -> None:
    """N-401: neither side has to know what "open", "answered" and "escalated" mean."""
    case = a_case(asking, national)
    assert "waits for New York" in asking.get(case).content.decode()
    holding.post(f"{case}move/", {"move": "answer", "body": "NY910 is right."})
    assert "waits for Connecticut" in holding.get(case).content.decode()
    assert "your turn" in asking.get(case).content.decode()
    asking.post(f"{case}move/", {"move": "escalate", "body": "The paper says otherwise."})
    page = holding.get(case).content.decode()
    assert "with the help desk" in page
    assert "called the help desk in" in page


def checked(client: Client, vin: str, state: str, number: str, issued: str) -> str:
    paper = {"vin": vin, "jurisdiction": state, "title_number": number, "issue_date": issued}
    page = client.post(reverse("exchange_check"), paper).content.decode()
    return page[page.index("<main") :]


def test_a_check_doubts_the_vin_before_another_state(asking: Client, national: National) -> None:
    """N-601: a VIN a character short, or whose check digit does not fit, is said to be one beside what it leads to."""
    vin = new_vin()
    short = checked(asking, vin[:16], "NY", "NY920", "2024-05-06")
    assert f"The VIN {vin[:16]} has 16 characters; vehicles made since 1981 have 17." in short
    assert "No current title" in short
    wrong = vin[:8] + ("1" if vin[8] != "1" else "2") + vin[9:]
    assert f"check digit of {wrong}, at position 9, does not fit" in checked(
        asking, wrong, "NY", "NY920", "2024-05-06"
    )
    assert "Compare it with the paper before" not in checked(asking, vin, "NY", "NY920", "2024-05-06")


def test_an_own_paper_without_a_title_on_record(asking: Client, national: National) -> None:
    """N-401: that the current title is one's own is said only when there is one."""
    vin = new_vin()
    page = checked(asking, vin, "CT", "CT920", "2024-05-06")
    assert "no state has a current title of this VIN" in page
    assert "The current title is your own" not in page
    national.title(jurisdiction="CT", vin=vin, number="CT921")
    assert "The current title is your own" in checked(asking, vin, "CT", "CT920", "2024-05-06")


def test_a_paper_of_the_future_is_a_typing_error(asking: Client, national: National) -> None:
    """N-401: a day to come opens no case with another state; today does where the day has begun."""
    now = datetime.now(UTC)
    page = checked(asking, new_vin(), "NY", "NY920", f"{now.date() + timedelta(days=2)}")
    assert "lies in the future" in page
    assert "Do not issue yet" not in page
    assert "lies in the future" not in checked(asking, new_vin(), "NY", "NY920", f"{now.date()}")


def test_a_correction_and_a_change_doubt_their_vin(asking: Client, national: National) -> None:
    """N-601, N-307, N-704: what is begun about a VIN that looks mistyped says so; a right one has no word of it."""
    vin, other = new_vin(), new_vin()
    posted = {"vin": vin, "right_vin": other[:16], "origin": "CT", "enters": "both"}
    page = asking.post(reverse("exchange_begin_correction"), posted, follow=True).content.decode()
    assert f"The VIN {other[:16]} has 16 characters; vehicles made since 1981 have 17." in page
    change = {"vin": "ZZZZ", "owners": ["NY"], "change": "The year.", "evidence": "Letter 7"}
    page = asking.post(reverse("exchange_propose_change"), change, follow=True).content.decode()
    assert "The VIN ZZZZ has 4 characters;" in page
    page = asking.post(
        reverse("exchange_propose_change"), change | {"vin": vin}, follow=True
    ).content.decode()
    assert "characters; vehicles made" not in page

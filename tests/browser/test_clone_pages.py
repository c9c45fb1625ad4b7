"""Two vehicles on one VIN in a real browser: drafted, accepted, asked for, applied; axe looks at each page."""

from datetime import UTC, date, datetime
from uuid import uuid4

import psycopg
import pytest
from playwright.sync_api import Page, expect
from test_axe import violations

from exchange_people import signed_in_person
from front_office import PASSWORD, FrontOffice
from lot import new_vin
from vinculum.entrypoints.exchange.dispatch import apply_message
from vinculum.protocol.change_of_state_of_title import ChangeOfStateOfTitle

pytestmark = [pytest.mark.browser, pytest.mark.database]


def _looked_at(page: Page) -> list[str]:
    faults = violations(page)
    if page.evaluate("document.documentElement.scrollWidth") > page.viewport_size["width"]:  # type: ignore[index]
        faults.append(f"{page.url} is wider than the window")
    return faults


def _proved(page: Page) -> None:
    """Step-up: who presses the button shows once more who they are, and what was pressed goes on."""
    page.wait_for_url("**/step-up/**")
    page.goto(page.url.replace("/step-up/?", "/step-up/password/?"))
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")


def _cloned(office: FrontOffice) -> str:
    """A vehicle of New York whose VIN a vehicle in Rhode Island bears too."""
    vin = new_vin()
    office.national.title(jurisdiction="NY", vin=vin, number="NY800")
    message = ChangeOfStateOfTitle(
        message_id=uuid4(),
        origin="RI",
        sent_at=datetime.now(UTC),
        vin=vin,
        old_jurisdiction="NY",
        old_title_number="NY800",
        title_number="RI800",
        issue_date=date(2025, 12, 29),
        odometer=9_000,
    )
    with psycopg.connect(office.national.url) as connection:
        answer = apply_message(message, sender="RI", at=datetime.now(UTC), connection=connection)
    assert answer.accepted, answer
    return vin


@pytest.mark.parametrize("width", [1280, 400])
def test_vehicles_are_taken_apart(office: FrontOffice, width: int) -> None:
    """N-308, WCAG 2.2 AA: by the pages of a state, its clone's state, and two people of the help desk."""
    vin = _cloned(office)
    ny = office.signed_in(signed_in_person(office.world, "title_clerk", "jurisdiction", "NY"), width=width)
    ny.goto("/title-exchange/clones/")
    faults = _looked_at(ny)
    ny.locator("#f-vin").fill(vin)
    ny.keyboard.press("Enter")
    expect(ny.locator("#f-titles")).to_be_visible()
    faults += _looked_at(ny)
    ny.locator("#f-circumstance").select_option("clone")
    ny.locator("#f-finding").fill("The frame of the vehicle in Rhode Island bears another VIN.")
    ny.get_by_role("button", name="Put it before the states").click()
    expect(ny.locator("#errors")).to_contain_text("Nothing is taken off")
    faults += _looked_at(ny)
    ny.locator("#f-title-0").select_option("reapply")
    ny.locator("#f-right_vin").fill(new_vin())
    ny.locator("#f-brand_code").select_option("36")
    ny.locator("#f-brander").select_option("RI")
    ny.locator("#f-brand_date").fill("2026-01-20")
    ny.get_by_role("button", name="Put it before the states").click()
    expect(ny.locator("#h-going")).to_be_visible()
    case = ny.url
    faults += _looked_at(ny)
    ri = office.signed_in(signed_in_person(office.world, "title_clerk", "jurisdiction", "RI"), width=width)
    ri.goto("/title-exchange/clones/")
    ri.get_by_role("link", name=vin).click()
    ri.locator("#f-words").fill("The papers of the application are forged.")
    ri.get_by_role("button", name="Accept what is ticked").click()
    _proved(ri)
    expect(ri.locator(".vn-head")).to_contain_text("accepted by all")
    faults += _looked_at(ri)
    first = office.signed_in(signed_in_person(office.world, "help_desk", "association", "ASSOC"), width=width)
    first.goto(case)
    first.get_by_role("button", name="Ask for the application").click()
    _proved(first)
    expect(first.locator(".vn-head")).to_contain_text("waits for the second person")
    expect(first.get_by_role("button", name="Take the vehicles apart")).to_have_count(0)
    second = office.signed_in(
        signed_in_person(office.world, "help_desk", "association", "ASSOC"), width=width
    )
    second.goto(case)
    faults += _looked_at(second)
    second.get_by_role("button", name="Take the vehicles apart").click()
    _proved(second)
    expect(second.locator(".usa-alert--success")).to_contain_text("taken apart")
    faults += _looked_at(second)
    assert office.national.pointers(vin) == [("NY", "NY800")]
    assert faults == []

"""The pages of investigators in a real browser: found, read at a glance, decided, by keyboard; axe looks at each."""

from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Page, expect
from test_axe import violations

from exchange_people import signed_in_person
from front_office import FrontOffice, show_again
from lot import new_vin
from vinculum.access import service
from vinculum.national.investigations import scan

pytestmark = [pytest.mark.browser, pytest.mark.database]


def _looked_at(page: Page) -> list[str]:
    faults = violations(page)
    if page.evaluate("document.documentElement.scrollWidth") > page.viewport_size["width"]:  # type: ignore[index]
        faults.append(f"{page.url} is wider than the window")
    return faults


def cloned(office: FrontOffice) -> str:
    """A vehicle with current titles in New York and, of another make, in Massachusetts."""
    vin = new_vin()
    office.national.title(jurisdiction="NY", vin=vin, number=f"NY{vin[-6:]}")
    office.national.title(
        jurisdiction="MA", vin=vin, number=f"MA{vin[-6:]}", issue_date=date(2024, 9, 1), make="TOYT"
    )
    scan.run(actor=service.actor(), at=datetime.now(UTC), whole=True)
    return vin


@pytest.mark.parametrize("width", [1280, 400])
def test_a_finding_is_worked(office: FrontOffice, width: int) -> None:
    """WCAG 2.2 AA: listed, filtered, opened, refused, confirmed and put to the states, with the keyboard alone."""
    vin = cloned(office)
    page = office.signed_in(signed_in_person(office.world, "investigator", "jurisdiction", "NY"), width=width)
    page.goto("/title-exchange/findings/")
    faults = _looked_at(page)
    page.locator("#f-vin").fill(vin)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=vin).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#h-evidence")).to_be_visible()
    faults += _looked_at(page)
    page.locator("#f-move").select_option("dismiss")
    page.locator("#f-words").fill("Looked at.")
    page.locator("#f-words").press("Tab")
    page.keyboard.press("Enter")
    show_again(page)
    expect(page.locator("#errors")).to_contain_text("dismissed with a reason")
    expect(page.locator("#f-reason")).to_have_attribute("aria-invalid", "true")
    faults += _looked_at(page)
    page.locator("#f-move").select_option("confirm")
    page.get_by_role("button", name="Put it on record").press("Enter")
    expect(page.locator(".usa-alert--success")).to_contain_text("confirmed")
    finding = page.url
    desk = office.signed_in(signed_in_person(office.world, "help_desk", "association", "ASSOC"), width=width)
    desk.goto(finding)
    expect(desk.get_by_role("link", name="Take the vehicles apart")).to_be_visible()
    desk.locator("#f-change").fill("Find out whose VIN it is and undo the clone.")
    faults += _looked_at(desk)
    desk.get_by_role("button", name="Ask the states").press("Enter")
    desk.wait_for_url("**/title-exchange/changes/**")
    desk.goto(finding)
    expect(desk.get_by_role("link", name="Follow the request")).to_be_visible()
    faults += _looked_at(desk)
    assert faults == []

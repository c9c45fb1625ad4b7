"""Every page held against WCAG 2.2 A and AA by axe: no violations, wide and narrow."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from front_office import FrontOffice, type_new_car
from lot import new_vin

pytestmark = [pytest.mark.browser, pytest.mark.database]

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """What axe finds, one sentence each."""
    page.evaluate(AXE.read_text())
    found: dict[str, Any] = page.evaluate(
        "tags => axe.run(document, {runOnly: tags, iframes: false})", _RULES
    )
    return [
        f"{page.url}: {fault['id']}: {node['target']} {node.get('failureSummary', '')}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


def test_axe_finds_a_planted_fault(office: FrontOffice) -> None:
    """The checker works: a field without a label is found."""
    page = office.page()
    page.goto("/history/")
    page.evaluate("document.querySelector('label[for=f-vin]').remove()")
    assert any("label" in fault for fault in violations(page))


@pytest.mark.parametrize("width", [1280, 400])
def test_public_pages(office: FrontOffice, width: int) -> None:
    """WCAG 2.2 AA: what everybody sees."""
    vin = new_vin()
    office.national.title(jurisdiction="NY", vin=vin, number="NY654321")
    page = office.page(width=width)
    faults = []
    for address in (
        "/",
        "/history/",
        f"/history/?vin={vin}",
        "/history/?vin=1HGCM82633A004352",
        "/history/?vin=!",
        "/about/accessibility/",
        "/account/sign-in/",
        "/no-such-page/",
    ):
        page.goto(address)
        faults += violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    assert faults == []


@pytest.mark.parametrize("width", [1280, 400])
def test_dealer_pages(office: FrontOffice, width: int) -> None:
    """WCAG 2.2 AA: the dealer's portal, empty, filled in, refused, on hold, processed, voided."""
    page = office.signed_in(office.lot.clerk, width=width)
    faults = violations(page)
    page.goto("/dealer/register/")
    faults += violations(page)
    type_new_car(page, office, vin=new_vin())
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
    faults += violations(page)
    page.get_by_role("button", name="Process").click()
    expect(page.locator("#errors")).to_be_visible()
    faults += violations(page)
    page.get_by_role("button", name="Hold").click()
    page.wait_for_url("**/dealer/held/")
    faults += violations(page)
    page.get_by_role("button", name="Take up").click()
    page.wait_for_url("**/register/?application=*")
    for box in page.locator("#checklist input").all():
        box.check()
    page.get_by_role("button", name="Process").click()
    page.wait_for_url("**/dealer/deals/**")
    faults += violations(page)
    page.get_by_role("button", name="Void this").click()
    expect(page.locator("#errors")).to_be_visible()
    faults += violations(page)
    page.goto("/dealer/")
    faults += violations(page)
    page.goto("/dealer/deals/")
    faults += violations(page)
    page.goto("/account/")
    faults += violations(page)
    page.goto("/dmv/")
    expect(page.locator("h1")).to_be_visible()
    faults += violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert faults == []


def test_office_pages(office: FrontOffice) -> None:
    """WCAG 2.2 AA: the agency's and the town's portals and the page of other roles."""
    agency = office.signed_in(office.world.examiner())
    faults = violations(agency)
    agency.locator("#f-text").fill(office.lot.customer_number)
    agency.locator("#f-purpose").select_option("government_agency")
    agency.locator("#f-case_reference").fill("CASE-1")
    agency.get_by_role("button", name="Search").click()
    expect(agency.locator("#h-hits")).to_be_visible()
    faults += violations(agency)
    agency.get_by_role("button", name="Whole story").first.click()
    expect(agency.locator("#h-facts")).to_be_visible()
    faults += violations(agency)
    town = office.signed_in(office.world.collector("064"))
    town.locator("#f-customer_number").fill(office.lot.new_customer())
    town.locator("#f-reason").fill("Grand list 2025")
    town.get_by_role("button", name="Put the stop on").click()
    expect(town.locator(".usa-alert--success")).to_be_visible()
    faults += violations(town)
    other = office.signed_in(office.world.accountant())
    faults += violations(other)
    assert faults == []

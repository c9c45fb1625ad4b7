"""The pictures under docs/screenshots, taken of the real pages: `pytest tests/browser/make_screenshots.py`.

Not collected with the other tests; run it when a page has changed its looks.
"""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from front_office import FrontOffice, mark_papers, type_new_car
from lot import new_vin
from vinculum.state.transactions import hold_application

pytestmark = [pytest.mark.browser, pytest.mark.database]

FOLDER = Path(__file__).resolve().parents[2] / "docs/screenshots"


def _take(page: Page, name: str, *, full_page: bool = False) -> None:
    FOLDER.mkdir(exist_ok=True)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png", full_page=full_page)


def test_make_screenshots(office: FrontOffice) -> None:
    """A day at the dealer's desk, the agency's book, the town's stops and the public's search."""
    clerk = office.signed_in(office.lot.clerk)
    vin = new_vin()
    clerk.goto("/dealer/register/")
    type_new_car(clerk, office, vin=vin)
    clerk.evaluate("window.scrollTo(0, 0)")
    _take(clerk, "dealer-register")
    mark_papers(clerk)
    _take(clerk, "dealer-ready")
    clerk.get_by_role("button", name="Process").click()
    clerk.wait_for_url("**/dealer/deals/**")
    clerk.wait_for_timeout(1500)
    _take(clerk, "dealer-registered")
    deal = clerk.url
    _hold_one(office)
    clerk.goto("/dealer/")
    _take(clerk, "dealer-home")
    clerk.set_viewport_size({"width": 400, "height": 860})
    _take(clerk, "dealer-home-narrow")
    clerk.set_viewport_size({"width": 1280, "height": 900})
    clerk.goto(deal)
    _examiner(office, vin)
    _town(office, clerk)
    _public(office)
    assert [error for error in office.errors if "inline style" not in error] == []


def _hold_one(office: FrontOffice) -> None:
    deal = {"vehicle": {"vin": new_vin()}, "issue_date": office.lot.today.isoformat()}
    hold_application.run(
        hold_application.Request(draft=deal, idempotency_key=f"screenshot-{new_vin()}"),
        actor=replace(office.lot.clerk, terminal="T-FRONT"),
        at=office.lot.now,
    )


def _examiner(office: FrontOffice, vin: str) -> None:
    page = office.signed_in(office.world.examiner())
    _take(page, "dmv-home")
    page.locator("#f-text").fill(vin)
    page.locator("#f-purpose").select_option("government_agency")
    page.locator("#f-case_reference").fill("CASE-2026-11")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name="Whole story").first.click()
    expect(page.locator("#h-facts")).to_be_visible()
    _take(page, "dmv-story")


def _town(office: FrontOffice, clerk: Page) -> None:
    customer = office.lot.new_customer()
    page = office.signed_in(office.world.collector("064"))
    page.locator("#f-customer_number").fill(customer)
    page.locator("#f-reason").fill("Grand list 2025, bill 1")
    page.locator("#f-contact").fill("Tax office, 555-0100")
    page.get_by_role("button", name="Put the stop on").click()
    expect(page.locator(".usa-alert--success")).to_be_visible()
    _take(page, "town-stops")
    clerk.goto("/dealer/register/")
    type_new_car(clerk, office, vin=new_vin(), customer=customer)
    _take(clerk, "dealer-stopped")
    clerk.get_by_role("button", name="Process").click()
    expect(clerk.locator("#errors")).to_be_visible()
    _take(clerk, "dealer-refused")


def _public(office: FrontOffice) -> None:
    vin = new_vin()
    office.national.title(jurisdiction="NY", vin=vin, number="NY100200")
    page = office.page()
    page.goto("/")
    _take(page, "public-home")
    page.goto(f"/history/?vin={vin}")
    _take(page, "public-history")

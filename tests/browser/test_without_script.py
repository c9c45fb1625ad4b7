"""The desk without script: the same form, the same answers, one round trip more."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from front_office import FrontOffice
from lot import new_vin

pytestmark = [pytest.mark.browser, pytest.mark.database]


def test_register_without_script(office: FrontOffice) -> None:
    """D-203: with script switched off a vehicle is decoded, quoted and registered all the same."""
    page = office.signed_in(office.lot.clerk, script=False)
    page.goto("/dealer/register/")
    vin = new_vin()
    page.locator("#f-vehicle-vin").fill(vin)
    # Enter is never Process: the first button of the form updates the quote.
    page.locator("#f-vehicle-vin").press("Enter")
    expect(page.locator("#decoded table")).to_be_visible()
    assert page.url.endswith("/dealer/register/")
    page.get_by_role("button", name="Fill the empty fields").click()
    expect(page.locator("#f-vehicle-make")).to_have_value("HOND")
    page.locator("#f-vehicle-gvwr_pounds").fill("4300")
    page.locator("#f-vehicle-light_weight_pounds").fill("3300")
    page.locator("#f-lookup-0-kind").select_option("customer_number")
    page.locator("#f-lookup-0-number").fill(office.lot.customer_number)
    page.locator("#find-owner-0").click()
    expect(page.locator("#owner-0 .vn-found")).to_contain_text("SAMPLE AVERY")
    month_ago = (office.lot.today - timedelta(days=30)).isoformat()
    for name, value in {
        "ownership-number": f"MCO{vin[-6:]}",
        "ownership-issue_date": month_ago,
        "ownership-assigned_to-0": "SAMPLE AVERY",
        "insurance-insurer": "Fictional Mutual",
        "insurance-policy_number": "FM-1",
        "insurance-effective_date": month_ago,
        "insurance-in_name_of": "SAMPLE AVERY",
        "odometer-reading": "12",
        "sale-price": "28,000.00",
        "registration-garaging_town": "HARTFORD",
    }.items():
        page.locator(f"#f-{name}").fill(value)
    page.locator("#f-insurance-issued_pursuant_to_connecticut_law").check()
    page.get_by_role("button", name="Update quote").last.click()
    expect(page.locator("#panel .vn-total td")).to_have_text("$2,018.00")
    for box in page.locator("#checklist input").all():
        box.check()
    page.get_by_role("button", name="Process").click()
    page.wait_for_url("**/dealer/deals/**")
    expect(page.locator("main")).to_contain_text(vin)


def test_public_history_without_script(office: FrontOffice) -> None:
    """N-802: anybody searches by VIN, without script and without signing in."""
    vin = new_vin()
    office.national.title(jurisdiction="NY", vin=vin, number="NY123456")
    page = office.page(script=False)
    page.goto("/")
    page.locator("#f-vin").fill(vin.lower())
    page.get_by_role("button", name="Show history").click()
    expect(page.locator("h1")).to_have_text(vin)
    expect(page.locator("main")).to_contain_text("New York")
    expect(page.locator("main")).not_to_contain_text("NY123456")

"""A corrected VIN in a real browser: begun, inspected, followed; axe looks at each page, wide and narrow."""

import pytest
from playwright.sync_api import Page, expect
from test_axe import violations

from exchange_people import signed_in_person
from front_office import FrontOffice
from lot import new_vin

pytestmark = [pytest.mark.browser, pytest.mark.database]


def _looked_at(page: Page) -> list[str]:
    faults = violations(page)
    if page.evaluate("document.documentElement.scrollWidth") > page.viewport_size["width"]:  # type: ignore[index]
        faults.append(f"{page.url} is wider than the window")
    return faults


@pytest.mark.parametrize(("width", "script"), [(1280, True), (400, False)])
def test_vehicle_is_inspected(office: FrontOffice, width: int, script: bool) -> None:
    """N-307, WCAG 2.2 AA: three questions, the steps of the procedure, the inspection on record; without script too."""
    clerk = office.signed_in(
        signed_in_person(office.world, "title_clerk", "jurisdiction", "RI"), width=width, script=script
    )
    clerk.goto("/title-exchange/corrections/")
    wrong, right = new_vin(), new_vin()
    clerk.locator("#f-vin").fill(wrong)
    clerk.locator("#f-right_vin").fill(wrong)
    clerk.locator("#f-origin").select_option("NY")
    clerk.get_by_role("button", name="Lay out the steps").click()
    expect(clerk.locator("#errors")).to_contain_text("Both VINs are the same")
    clerk.locator("#f-right_vin").fill(right)
    clerk.get_by_role("button", name="Lay out the steps").click()
    expect(clerk.locator("[aria-current=step]")).to_contain_text("wrong VIN")
    clerk.locator("#f-read_vin").fill(right)
    clerk.locator("#f-place").select_option("frame")
    clerk.locator("#f-inspected_on").fill("2026-01-20")
    clerk.locator("#f-inspected_by").fill("Lane 4, badge 117")
    clerk.get_by_role("button", name="Record it").click()
    expect(clerk.locator("#h-seen + ul")).to_contain_text("the right VIN")
    expect(clerk.locator("[aria-current=step]")).to_contain_text("6c")
    faults = _looked_at(clerk) if script else []
    clerk.goto("/title-exchange/corrections/")
    faults += _looked_at(clerk) if script else []
    assert faults == []

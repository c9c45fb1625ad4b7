"""Corrected VINs and brands taken back, in a real browser: by both people; axe looks at each page, wide and narrow."""

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
from vinculum.protocol.add_brand import AddBrand

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
    expect(clerk.locator("#errors")).to_contain_text("The wrong VIN and the right one are the same")
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
    clerk.locator("#f-files").set_input_files(
        {"name": "plate.txt", "mimeType": "text/plain", "buffer": b"Read off the frame."}
    )
    clerk.get_by_role("button", name="Keep with the case").click()
    expect(clerk.get_by_role("link", name="plate.txt")).to_be_visible()
    faults = _looked_at(clerk) if script else []
    clerk.goto("/title-exchange/corrections/")
    faults += _looked_at(clerk) if script else []
    assert faults == []


@pytest.mark.parametrize("width", [1280, 400])
def test_brand_is_taken_back_by_two(office: FrontOffice, width: int) -> None:
    """N-404, WCAG 2.2 AA: one proposes, a colleague confirms after a fresh proof; the proposer has no such button."""
    vin = new_vin()
    message = AddBrand(
        message_id=uuid4(),
        origin="NY",
        sent_at=datetime.now(UTC),
        vin=vin,
        brand_code="08",
        brand_date=date(2024, 1, 1),
        make="HOND",
        model_year=2023,
    )
    with psycopg.connect(office.national.url) as connection:
        assert apply_message(message, sender="NY", at=datetime.now(UTC), connection=connection).accepted
    one, other = (
        office.signed_in(signed_in_person(office.world, "title_clerk", "jurisdiction", "NY"), width=width)
        for _ in range(2)
    )
    one.goto("/title-exchange/brands/")
    one.locator("#f-vin").fill(vin)
    one.locator("#f-brand_code").select_option("08")
    one.locator("#f-brand_date").fill("2024-01-01")
    one.locator("#f-reason").fill("It was typed for another vehicle.")
    one.get_by_role("button", name="Propose it to a colleague").click()
    mine = one.locator("li", has_text=vin)
    expect(mine.get_by_role("button", name="Give it up")).to_be_visible()
    expect(mine.get_by_role("button", name="Confirm: take brand 08 back")).to_have_count(0)
    faults = _looked_at(one)
    other.goto("/title-exchange/brands/")
    faults += _looked_at(other)
    other.locator("li", has_text=vin).get_by_role("button", name="Confirm: take brand 08 back").click()
    other.wait_for_url("**/step-up/**")
    other.goto(other.url.replace("/step-up/?", "/step-up/password/?"))
    other.locator("input[name=password]").fill(PASSWORD)
    other.keyboard.press("Enter")
    expect(other.locator("li", has_text=vin)).to_contain_text("Rescinded")
    assert faults == []

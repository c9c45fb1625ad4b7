"""The exchange's menu in a real browser: opened and left by keyboard, folded on a narrow screen, without script too."""

import pytest
from playwright.sync_api import expect

from front_office import FrontOffice, tab_to_button

pytestmark = [pytest.mark.browser, pytest.mark.database]


def test_groups_by_keyboard(office: FrontOffice) -> None:
    """WCAG 2.2 AA: a group opens with Enter, Tab goes through it, Escape closes it and keeps the place."""
    page = office.signed_in(office.world.title_clerk())
    page.goto("/title-exchange/")
    header = page.locator(".vn-header")
    assert header.bounding_box()["height"] < 70  # type: ignore[index]
    page.evaluate("document.activeElement.blur()")
    tab_to_button(page, "Data changes")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Requests for changes"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "Data changes"
    expect(page.get_by_role("link", name="Corrected VINs").locator("visible=true")).to_have_count(0)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/title-exchange/corrections/")


def test_folded_without_script(office: FrontOffice) -> None:
    """At 400 pixels the menu is one button of two rows at most, and opens without script."""
    page = office.signed_in(office.world.title_clerk(), width=400, script=False)
    page.goto("/title-exchange/")
    assert page.locator(".vn-header").bounding_box()["height"] < 100  # type: ignore[index]
    page.locator("summary", has_text="Menu").click()
    page.get_by_role("link", name="Brands taken back").click()
    page.wait_for_url("**/title-exchange/brands/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 400

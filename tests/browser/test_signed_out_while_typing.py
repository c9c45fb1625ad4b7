"""A session that ends while a deal is typed: the page stays, signing in happens beside it, the deal goes through."""

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from front_office import PASSWORD, FrontOffice, code_of, mark_papers, type_new_car
from lot import new_vin
from vinculum.access import people

pytestmark = [pytest.mark.browser, pytest.mark.database]


def _end_session(office: FrontOffice) -> None:
    people.close_sessions(office.world.system(), person_id=office.lot.clerk.person_id)


def _sign_in_on(page: Page, office: FrontOffice) -> None:
    email, secret = office.enrol(office.lot.clerk)
    # A code counts once; no test waits half a minute for the next one.
    cache.clear()
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.locator("input[name=code]").fill(code_of(secret))
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)


def test_the_page_stays_and_goes_on_after_signing_in_beside_it(office: FrontOffice) -> None:
    """D-203: the quote says that the session ended; after signing in in another tab, Process goes through."""
    page = office.signed_in(office.lot.clerk)
    page.goto("/dealer/register/")
    vin = new_vin()
    type_new_car(page, office, vin=vin)
    mark_papers(page)
    _end_session(office)
    page.locator("#f-sale-price").fill("29000")
    notice = page.locator("#signed-out")
    expect(notice).to_contain_text("your work is still here")
    expect(page.locator("#panel .vn-total td")).to_contain_text("$2,0")
    expect(page.locator("#f-vehicle-vin")).to_have_value(vin)
    with page.context.expect_page() as opened:
        notice.get_by_role("link").click()
    _sign_in_on(opened.value, office)
    opened.value.close()
    page.bring_to_front()
    page.locator("#f-sale-price").fill("28000")
    expect(notice).to_be_empty()
    expect(page.locator("#panel .vn-total td")).to_have_text("$2,018.00")
    expect(page.locator(".vn-ready")).to_be_visible()
    page.get_by_role("button", name="Process").click()
    page.wait_for_url("**/dealer/deals/**")
    expect(page.locator("main")).to_contain_text(vin)
    assert office.errors == []


def test_without_script_the_deal_is_there_again_after_signing_in(office: FrontOffice) -> None:
    """D-203: sent after the end of the session, the deal is shown as typed once the clerk is back."""
    page = office.signed_in(office.lot.clerk, script=False)
    page.goto("/dealer/register/")
    vin = new_vin()
    page.locator("#f-vehicle-vin").fill(vin)
    page.locator("#f-insurance-policy_number").fill("FM-77")
    _end_session(office)
    page.get_by_role("button", name="Hold").click()
    page.wait_for_url("**/sign-in/**")
    _sign_in_on(page, office)
    expect(page.locator("main")).to_contain_text("Here is everything as you typed it")
    expect(page.locator("#f-vehicle-vin")).to_have_value(vin)
    expect(page.locator("#f-insurance-policy_number")).to_have_value("FM-77")
    page.get_by_role("button", name="Hold").click()
    page.wait_for_url("**/dealer/held/")


def test_back_and_reload_after_a_refusal_send_nothing_again(office: FrontOffice) -> None:
    """D-203: a refused deal is a page of its own: reloading shows it again, Back goes back."""
    page = office.signed_in(office.lot.clerk)
    page.goto("/dealer/register/")
    page.locator("#f-vehicle-vin").fill("1HGCM82633A00435")
    page.get_by_role("button", name="Process").click()
    expect(page.locator("#errors")).to_be_focused()
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.method) if asked.is_navigation_request() else None)
    page.reload()
    expect(page.locator("#f-vehicle-vin")).to_have_value("1HGCM82633A00435")
    expect(page.locator("#errors")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Register a vehicle")).to_be_visible()
    page.go_forward()
    expect(page.locator("#f-vehicle-vin")).to_have_value("1HGCM82633A00435")
    assert "POST" not in sent

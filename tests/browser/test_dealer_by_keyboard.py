"""The main job by keyboard alone: sign in, register a vehicle, see its certificate, void it; hold and go on."""

import pytest
from playwright.sync_api import expect

from front_office import FrontOffice, mark_papers, tab_to, tab_to_button, type_into, type_new_car
from lot import new_vin

pytestmark = [pytest.mark.browser, pytest.mark.database]


def test_register_print_and_void(office: FrontOffice) -> None:
    """D-203, D-206, D-601: from sign-in to certificate and void without touching a mouse."""
    page = office.signed_in(office.lot.clerk)
    tab_to_button(page, "Register a vehicle")
    page.keyboard.press("Enter")
    page.wait_for_url("**/dealer/register/")
    vin = new_vin()
    type_new_car(page, office, vin=vin)
    expect(page.locator("#panel .vn-total td")).to_have_text("$2,018.00")
    mark_papers(page)
    plate = page.locator("#panel .vn-plate").inner_text()
    tab_to_button(page, "Process")
    page.keyboard.press("Enter")
    page.wait_for_url("**/dealer/deals/**")
    expect(page.locator("h1 .vn-plate")).to_have_text(plate)
    expect(page.locator("main")).to_contain_text(vin)
    certificate = page.request.get(page.url + "certificate.pdf")
    assert certificate.body().startswith(b"%PDF-")
    assert certificate.headers["x-frame-options"] == "SAMEORIGIN"
    assert certificate.headers["cache-control"] == "no-store"
    type_into(page, "f-reason", "Customer withdrew before delivery")
    tab_to(page, "f-not_left_lot")
    page.keyboard.press("Space")
    tab_to_button(page, "Void this registration")
    page.keyboard.press("Enter")
    expect(page.locator(".usa-alert--success")).to_contain_text("$240.00 is back in your funds account")
    expect(page.locator("main")).to_contain_text("Voided registration")
    assert office.errors == []


def test_every_refusal_at_once_with_links(office: FrontOffice) -> None:
    """D-203: all refusals are listed, the list has the focus, and a link of it leads to its field."""
    page = office.signed_in(office.lot.clerk)
    page.goto("/dealer/register/")
    type_into(page, "f-vehicle-vin", "1HGCM82633A00435")
    tab_to_button(page, "Process")
    page.keyboard.press("Enter")
    expect(page.locator("#errors")).to_be_focused()
    assert page.title().startswith("Refused")
    for path in ("f-vehicle-model_year", "f-owners-0", "f-ownership-number", "f-sale-price"):
        expect(page.locator(f'#errors a[href="#{path}"]').first).to_be_visible()
    page.keyboard.press("Tab")
    target = str(page.evaluate("document.activeElement.getAttribute('href')"))
    page.keyboard.press("Enter")
    expect(page.locator(target)).to_be_focused()
    assert page.locator("#f-owners-0").get_attribute("aria-invalid") == "true"
    # What was typed is kept.
    expect(page.locator("#f-vehicle-vin")).to_have_value("1HGCM82633A00435")


def test_hold_and_take_up_on_one_terminal(office: FrontOffice) -> None:
    """D-204, D-205: a held deal is taken up as it was; another terminal cannot take it away."""
    page = office.signed_in(office.lot.clerk)
    page.goto("/dealer/register/")
    vin = new_vin()
    type_new_car(page, office, vin=vin)
    tab_to_button(page, "Hold")
    page.keyboard.press("Enter")
    page.wait_for_url("**/dealer/held/")
    expect(page.locator("main")).to_contain_text("The deal is on hold")
    tab_to_button(page, "Take up")
    page.keyboard.press("Enter")
    page.wait_for_url("**/register/?application=*")
    expect(page.locator("#f-vehicle-vin")).to_have_value(vin)
    expect(page.locator("#owner-0 .vn-found")).to_contain_text("SAMPLE AVERY")
    elsewhere = office.signed_in(office.lot.dealer.colleague)
    elsewhere.goto("/dealer/held/")
    expect(elsewhere.get_by_role("row").filter(has_text=vin)).to_contain_text("Open at terminal T-")
    expect(elsewhere.get_by_role("button", name="Take up")).to_have_count(0)


def test_tax_take_off_lets_the_held_deal_go_on(office: FrontOffice) -> None:
    """D-401: a delinquency stops the deal and names the town; taken off, the same deal goes on without re-entry."""
    collector = office.signed_in(office.world.collector("064"))
    customer = office.lot.new_customer()
    collector.locator("#f-customer_number").fill(customer)
    collector.locator("#f-reason").fill("Grand list 2025, bill 1")
    collector.locator("#f-contact").fill("Tax office, 555-0100")
    collector.get_by_role("button", name="Put the stop on").click()
    expect(collector.locator(".usa-alert--success")).to_contain_text(customer)
    clerk = office.signed_in(office.lot.clerk)
    clerk.goto("/dealer/register/")
    type_new_car(clerk, office, vin=new_vin(), customer=customer)
    expect(clerk.locator('#panel [data-code="delinquent_tax"]')).to_contain_text("555-0100")
    for box in clerk.locator("#checklist input").all():
        box.check()
    clerk.get_by_role("button", name="Hold").click()
    clerk.wait_for_url("**/dealer/held/")
    row = collector.get_by_role("row").filter(has_text=customer)
    row.get_by_role("button", name="Take off").click()
    expect(collector.locator(".usa-alert--success")).to_contain_text("cleared")
    clerk.get_by_role("button", name="Take up").click()
    expect(clerk.locator(".vn-ready")).to_be_visible()
    clerk.get_by_role("button", name="Process").click()
    clerk.wait_for_url("**/dealer/deals/**")
    assert office.errors == []

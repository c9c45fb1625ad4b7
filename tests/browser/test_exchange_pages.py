"""The title exchange's pages in a real browser: two states settle a case, a yard reports; axe looks at each page."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from test_axe import violations

from exchange_people import signed_in_person
from front_office import FrontOffice
from lot import new_vin
from vinculum.access import service
from vinculum.access.vouching import at_the_exchange
from vinculum.national.casework import reporters

pytestmark = [pytest.mark.browser, pytest.mark.database]


def _looked_at(page: Page) -> list[str]:
    faults = violations(page)
    if page.evaluate("document.documentElement.scrollWidth") > page.viewport_size["width"]:  # type: ignore[index]
        faults.append(f"{page.url} is wider than the window")
    return faults


def test_two_states_settle_a_case(office: FrontOffice) -> None:
    """N-401, N-702, WCAG 2.2 AA: checked, asked, called, answered and closed on the pages of both sides."""
    vin = new_vin()
    office.national.title(jurisdiction="NY", vin=vin, number="NY900")
    ct = office.signed_in(office.world.title_clerk())
    ny = office.signed_in(signed_in_person(office.world, "title_clerk", "jurisdiction", "NY"), width=400)
    ny.goto("/title-exchange/contacts/")
    ny.locator("#f-telephone").fill("555-0100 100")
    ny.locator("#f-mailbox").fill("titles@ny.example")
    ny.get_by_role("button", name="Confirm for a year").click()
    faults = _looked_at(ny)
    ct.goto("/title-exchange/check/")
    ct.locator("#f-vin").fill(vin)
    ct.locator("#f-jurisdiction").select_option("NY")
    ct.locator("#f-title_number").fill("NY901")
    ct.locator("#f-issue_date").fill("2024-05-06")
    ct.get_by_role("button", name="Check", exact=True).click()
    expect(ct.locator("#found")).to_contain_text("Title number differs")
    expect(ct.locator("#found")).to_contain_text("555-0100 100")
    faults += _looked_at(ct)
    ct.locator("#f-question").fill("NY901 was presented. Is it yours?")
    ct.get_by_role("button", name="Open a case").click()
    expect(ct.locator("#h-said")).to_be_visible()
    case = ct.url
    ny.goto("/title-exchange/")
    faults += _looked_at(ny)
    ny.get_by_role("link", name=vin).click()
    ny.locator("#f-body").fill("Our current title is NY900; NY901 was never issued.")
    ny.locator("#f-move").select_option("answer")
    ny.get_by_role("button", name="Put it on record").click()
    expect(ny.locator(".usa-alert--success")).to_be_visible()
    faults += _looked_at(ny)
    ct.goto(case)
    ct.locator("#f-body").fill("The paper is refused.")
    ct.locator("#f-move").select_option("close")
    ct.get_by_role("button", name="Put it on record").click()
    expect(ct.locator("#errors")).to_contain_text("closed with a reason")
    faults += _looked_at(ct)
    ct.locator("#f-reason").select_option("paper_refused")
    ct.get_by_role("button", name="Put it on record").click()
    expect(ct.locator(".vn-head")).to_contain_text("The paper was refused")
    faults += _looked_at(ct)
    desk = office.signed_in(signed_in_person(office.world, "help_desk", "association", "ASSOC"))
    for address in ("/title-exchange/", "/title-exchange/cases/?closed=yes", "/title-exchange/contacts/"):
        desk.goto(address)
        faults += _looked_at(desk)
    assert faults == []


@pytest.mark.parametrize("width", [1280, 400])
def test_a_yard_reports(office: FrontOffice, width: int) -> None:
    """N-801, N-802, WCAG 2.2 AA: reported by form and file, late months said, shown to the public."""
    person = signed_in_person(office.world, "jsi_reporter", "reporter")
    code, name = person.organisation_code, person.organisation_name
    known = at_the_exchange(person, kind="reporter", code=code, name=name)
    reporters.register(
        organisation_id=known.organisation_id,
        kind="salvage_yard",
        name="Fictional Salvage Yard",
        state="CT",
        actor=service.actor(),
        at=datetime.now(UTC) - timedelta(days=70),
    )
    page = office.signed_in(person, width=width)
    expect(page.locator(".usa-alert--error")).to_contain_text("Nothing was heard")
    faults = _looked_at(page)
    vin = new_vin()
    page.locator("#f-vin").fill(vin)
    page.locator("#f-obtained_from").fill("Fictional Owner")
    page.locator("#f-disposition").select_option("crushed")
    page.get_by_role("button", name="Report", exact=True).click()
    expect(page.locator(".usa-alert--success")).to_contain_text(vin)
    header = "vin,date_obtained,obtained_from,disposition,for_export,supplements"
    lines = f"{header}\n{new_vin()},2026-11-01,A B,sold,yes,\nX,2026-13-01,A,sold,no,\n"
    page.locator("#f-file").set_input_files(
        {"name": "month.csv", "mimeType": "text/csv", "buffer": lines.encode()}
    )
    page.get_by_role("button", name="Send the file").click()
    expect(page.locator("#h-receipt")).to_have_text("2 read: 1 taken, 1 rejected")
    faults += _looked_at(page)
    public = office.page(width=width)
    public.goto(f"/history/?vin={vin}")
    expect(public.locator("#h-jsi")).to_be_visible()
    faults += _looked_at(public)
    desk = office.signed_in(signed_in_person(office.world, "help_desk", "association", "ASSOC"), width=width)
    desk.goto("/title-exchange/reporters/")
    faults += _looked_at(desk)
    assert faults == []


@pytest.mark.parametrize("width", [1280, 400])
def test_a_change_is_approved(office: FrontOffice, width: int) -> None:
    """N-704, WCAG 2.2 AA: asked for on one page, approved on another; tracked."""
    vin = new_vin()
    desk = office.signed_in(signed_in_person(office.world, "help_desk", "association", "ASSOC"), width=width)
    desk.goto("/title-exchange/changes/")
    faults = _looked_at(desk)
    desk.locator("#f-vin").fill(vin)
    desk.locator("#f-owners").select_option("NY")
    desk.locator("#f-change").fill("Take title NY900 out: it was typed for another vehicle.")
    desk.locator("#f-evidence").fill("Letter 7 of the New York title section")
    desk.get_by_role("button", name="Ask the owners").click()
    expect(desk.locator("#h-approvals")).to_be_visible()
    faults += _looked_at(desk)
    ny = office.signed_in(signed_in_person(office.world, "title_clerk", "jurisdiction", "NY"), width=width)
    ny.goto("/title-exchange/changes/")
    faults += _looked_at(ny)
    ny.get_by_role("link", name=vin).click()
    ny.locator("#f-words").fill("The paper file shows another VIN.")
    ny.get_by_role("button", name="Approve").click()
    expect(ny.locator(".usa-alert--success")).to_be_visible()
    expect(ny.locator("#h-done")).to_be_visible()
    faults += _looked_at(ny)
    assert faults == []

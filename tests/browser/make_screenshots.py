"""The pictures under docs/screenshots, taken of the real pages: `pytest tests/browser/make_screenshots.py`.

Not collected with the other tests; run it when a page has changed its looks.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from test_batch_pages import FILES, apply_all, clerk_of, titles

from exchange_people import signed_in_person
from front_office import FrontOffice, mark_papers, type_new_car
from lot import new_vin
from national_investigations.laid_files import Files, Titled, sound_vin
from vinculum.access import service
from vinculum.access.vouching import at_the_exchange
from vinculum.national.casework import report_jsi, reporters
from vinculum.national.investigations import scan
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


def test_make_exchange_screenshots(office: FrontOffice) -> None:
    """The title exchange: a vehicle with a past, what investigators make of it, a case, a file's report."""
    washed = _a_past(office)
    page = office.page()
    page.goto(f"/history/?vin={washed}")
    _take(page, "exchange-consumer-report")
    investigator = office.signed_in(signed_in_person(office.world, "investigator", "jurisdiction", "NY"))
    investigator.goto("/title-exchange/findings/")
    _take(investigator, "exchange-findings")
    investigator.get_by_role("link", name=washed).first.click()
    _take(investigator, "exchange-finding")
    _case(office)
    _sew(office)


def _a_past(office: FrontOffice) -> str:
    """Salvaged in New Jersey, clean in New York two states later, its odometer turned back."""
    files, washed, look_alike = Files(url=office.world.databases.admin_national_url), sound_vin(), sound_vin()
    day = date(2019, 5, 6)
    for state, days, odometer in (
        ("NJ", 0, 12),
        ("NJ", 900, 41_000),
        ("PA", 960, 42_100),
        ("NY", 1010, 31_000),
    ):
        title = Titled(state=state, day=day + timedelta(days=days), odometer=odometer, current=state == "NY")
        files.lay(washed, title)
    files.brand(washed, "11", "NJ", day + timedelta(days=900))
    double = look_alike[:13] + look_alike[14] + look_alike[13] + look_alike[15:]
    files.lay(look_alike, Titled(state="NY", day=day, odometer=500, current=True))
    files.lay(double, Titled(state="PA", day=day + timedelta(days=70), odometer=900, current=True))
    clone = sound_vin()
    files.lay(clone, Titled(state="NY", day=day, odometer=12), Titled(state="FL", day=day, current=True))
    files.lay(clone, Titled(state="NY", day=day + timedelta(days=900), odometer=30_500, current=True))
    yard = signed_in_person(office.world, "jsi_reporter", "reporter")
    code, name = yard.organisation_code, yard.organisation_name
    known = at_the_exchange(yard, kind="reporter", code=code, name=name)
    at = datetime.now(UTC)
    reporters.register(
        organisation_id=known.organisation_id,
        kind="salvage_yard",
        name="Placeholder Salvage Yard",
        state="NJ",
        actor=service.actor(),
        at=at - timedelta(days=70),
    )
    obtained = report_jsi.Request(
        vin=washed,
        obtained_on=day + timedelta(days=890),
        obtained_from="Fictional Mutual Insurance",
        disposition="rebuilt",
        for_export=False,
    )
    report_jsi.run(obtained, actor=known, at=at, channel="form")
    scan.run(actor=service.actor(), at=at, whole=True)
    return washed


def _case(office: FrontOffice) -> None:
    vin = new_vin()
    office.national.title(jurisdiction="NY", vin=vin, number="NY900")
    ct = office.signed_in(office.world.title_clerk())
    ct.goto("/title-exchange/check/")
    ct.locator("#f-vin").fill(vin)
    ct.locator("#f-jurisdiction").select_option("NY")
    ct.locator("#f-title_number").fill("NY901")
    ct.locator("#f-issue_date").fill("2024-05-06")
    ct.get_by_role("button", name="Check", exact=True).click()
    ct.locator("#f-question").fill("NY901 was presented. Is it yours?")
    ct.get_by_role("button", name="Open a case").click()
    expect(ct.locator("#h-said")).to_be_visible()
    ny = office.signed_in(signed_in_person(office.world, "title_clerk", "jurisdiction", "NY"))
    ny.goto("/title-exchange/contacts/")
    ny.locator("#f-telephone").fill("555-0100 extension 2")
    ny.locator("#f-mailbox").fill("title-help@newyork.example")
    ny.get_by_role("button", name="Confirm for a year").click()
    ny.goto("/title-exchange/")
    _take(ny, "exchange-desk")
    ny.get_by_role("link", name=vin).click()
    _take(ny, "exchange-case")


def _sew(office: FrontOffice) -> None:
    page = office.signed_in(clerk_of(office, "VT"))
    page.goto(FILES)
    records = ((new_vin(), "VT1"), ("BAD VIN", "VT2"), (new_vin()[:11], "VT3"), (new_vin(), "VT4"))
    page.locator("#f-file").set_input_files(titles("VT", "MARCH-01", *records))  # type: ignore[arg-type]
    page.get_by_role("button", name="Send", exact=True).click()
    apply_all()
    page.goto(FILES)
    page.get_by_role("link", name="SEW report of MARCH-01").click()
    _take(page, "exchange-file")

"""The pages of batch files in a real browser: by keyboard, narrow, without script; axe looks at each."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from playwright.sync_api import Page, expect
from test_axe import violations

from exchange_people import signed_in_person
from front_office import FrontOffice, tab_to
from lot import new_vin
from vinculum.access.database import Actor
from vinculum.entrypoints.jobs.batch_files import apply_one
from vinculum.entrypoints.jobs.exchange_papers import write_papers
from vinculum.national.batch.file_types import FILE_TYPES, print_file
from vinculum.national.records.roster import forget_roster
from vinculum.national.transactions import admit_jurisdiction

pytestmark = [pytest.mark.browser, pytest.mark.database]
FILES = "/title-exchange/files/"


def clerk_of(office: FrontOffice, code: str, *, mode: int = 3) -> Actor:
    """A title clerk of a jurisdiction that takes part in that mode."""
    with psycopg.connect(office.national.url) as connection:
        admit_jurisdiction.run(code, mode=mode, at=datetime.now(UTC), connection=connection)
    forget_roster()
    return signed_in_person(office.world, "title_clerk", "jurisdiction", code)


def titles(code: str, name: str, *records: tuple[str, str]) -> dict[str, object]:
    """A VINADD file of these VINs and title numbers, as a browser sends it."""
    content = print_file(
        FILE_TYPES["VINADD"],
        [
            {"vin": vin, "title_number": number, "issue_date": datetime(2024, 5, 6, tzinfo=UTC).date()}
            | {"make": "HOND", "model_year": 2023, "odometer": 12}
            for vin, number in records
        ],
        jurisdiction=code,
        file_id=name,
        created_on=datetime.now(UTC).date(),
    )
    return {"name": f"{name}.txt", "mimeType": "text/plain", "buffer": content}


def apply_all() -> None:
    """What the jobs do."""
    while apply_one(now=lambda: datetime.now(UTC)) is not None:
        pass


def looked_at(page: Page) -> list[str]:
    """What is wrong with the page as it is shown."""
    faults = violations(page)
    if page.evaluate("document.documentElement.scrollWidth") > page.viewport_size["width"]:  # type: ignore[index]
        faults.append(f"{page.url} is wider than the window")
    return faults


@pytest.mark.parametrize("width", [1280, 400])
def test_file_is_sent_followed_and_reported(office: FrontOffice, width: int) -> None:
    """N-501, N-502, N-504, WCAG 2.2 AA: sent, followed without reloading, report read by filter and by keyboard."""
    page = office.signed_in(clerk_of(office, "KY"), width=width)
    page.goto(FILES)
    faults = looked_at(page)
    page.locator("#f-file").set_input_files(
        {"name": "x.txt", "mimeType": "text/plain", "buffer": b"\x1f\x8b\x08"}  # type: ignore[arg-type]
    )
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#errors")).to_contain_text("Line 1: V80")
    faults += looked_at(page)
    vin, name = new_vin(), f"MAY-{width}"
    page.locator("#f-file").set_input_files(
        titles("KY", name, (vin, "K1"), (vin, "K1"), (f"12{width}", "K2"), ("BAD VIN", "K3"))  # type: ignore[arg-type]
    )
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#files")).to_contain_text("waiting")
    faults += looked_at(page)
    tab_to(page, "look-again")
    apply_all()
    link = page.get_by_role("link", name=f"SEW report of {name}")
    expect(link).to_be_visible(timeout=10_000)
    link.click()
    expect(page.locator("h1")).to_contain_text(name)
    faults += looked_at(page)
    tab_to(page, "f-severity")
    page.keyboard.type("Errors")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**severity=error**")
    expect(page.locator("#h-messages")).to_contain_text("errors only")
    expect(page.get_by_role("group", name="Messages").locator("tbody tr")).to_have_count(2)
    faults += looked_at(page)
    with page.expect_download() as kept:
        page.get_by_role("link", name="Download CSV").click()
    assert kept.value.suggested_filename == f"SEW-{name}.csv"
    assert faults == []
    assert [error for error in office.errors if "inline style" not in error] == []


def test_file_is_sent_without_script(office: FrontOffice) -> None:
    """N-504: with script switched off the list is followed by reloading it."""
    page = office.signed_in(clerk_of(office, "KY"), script=False)
    page.goto(FILES)
    page.locator("#f-file").set_input_files(titles("KY", "NOSCRIPT", (new_vin(), "K9")))  # type: ignore[arg-type]
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("button", name="Take back NOSCRIPT")).to_be_visible()
    apply_all()
    page.get_by_role("link", name="Look again").click()
    page.get_by_role("link", name="SEW report of NOSCRIPT").click()
    expect(page.locator("main")).to_contain_text("Every record was applied, without a warning.")


@pytest.mark.parametrize("width", [1280, 400])
def test_warning_is_set_aside(office: FrontOffice, width: int) -> None:
    """N-503, WCAG 2.2 AA: by keyboard a warning is set aside with a reason, found there, and taken up again."""
    code = "KS" if width > 1000 else "MS"
    page = office.signed_in(clerk_of(office, code), width=width)
    page.goto(FILES)
    content = titles(code, "BENCH", (f"12{width}", "S1"), (new_vin(), "S2"), ("BAD VIN", "S3"))
    page.locator("#f-file").set_input_files(content)  # type: ignore[arg-type]
    page.get_by_role("button", name="Send", exact=True).click()
    apply_all()
    page.goto("/title-exchange/bench/")
    faults = looked_at(page)
    page.get_by_text("Set 20B aside").focus()
    page.keyboard.press("Enter")
    tab_to(page, "f-reason-20B")
    page.keyboard.type("Our titles of before 1981 have short VINs.")
    faults += looked_at(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".usa-alert--success")).to_contain_text("20B is set aside")
    expect(page.get_by_role("region", name="Set aside")).to_contain_text("Our titles of before 1981")
    faults += looked_at(page)
    page.get_by_role("region", name="Set aside").get_by_role("link").click()
    expect(page.locator("#f-set_aside")).to_be_visible()
    faults += looked_at(page)
    page.goto("/title-exchange/bench/")
    page.get_by_role("button", name="Take 20B up again").click()
    expect(page.locator(".usa-alert--success")).to_contain_text("20B is on the bench again")
    faults += looked_at(page)
    assert faults == []


@pytest.mark.parametrize("width", [1280, 400])
def test_told_by_file(office: FrontOffice, width: int) -> None:
    """N-310, WCAG 2.2 AA: a notice file is taken and confirmed by its totals; the month's surrenders are read."""
    code = "SD" if width > 1000 else "ND"
    page, vin = office.signed_in(clerk_of(office, code), width=width), new_vin()
    page.goto(FILES)
    page.locator("#f-file").set_input_files(titles(code, "TITLES", (vin, "D1")))  # type: ignore[arg-type]
    page.get_by_role("button", name="Send", exact=True).click()
    apply_all()
    office.national.title(
        jurisdiction="NY", vin=vin, number="NY7", issue_date=datetime(2025, 1, 2, tzinfo=UTC).date()
    )
    next_month = (datetime.now(UTC).replace(day=1) + timedelta(days=32)).replace(day=3)
    write_papers(now=lambda: next_month)
    page.goto("/title-exchange/notices/")
    faults = looked_at(page)
    with page.expect_download() as kept:
        page.get_by_role("link", name="as CSV").click()
    trailer = kept.value.path().read_text().splitlines()[-1].split(",")
    page.get_by_label("Notices in file 1").fill("9")
    page.get_by_label("Control total of file 1").fill(trailer[3])
    page.keyboard.press("Enter")
    expect(page.locator("#errors")).to_contain_text("nothing was acknowledged")
    faults += looked_at(page)
    page.locator("#errors a").click()
    page.keyboard.press("Control+A")  # what was typed is still there
    page.keyboard.type(trailer[2])
    page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type(trailer[3].lower())
    page.keyboard.press("Enter")
    expect(page.locator(".usa-alert--success")).to_contain_text("File 1 is confirmed")
    faults += looked_at(page)
    page.get_by_role("link", name="Surrender reports").click()
    faults += looked_at(page)
    page.get_by_role("group", name="Months").get_by_role("link").first.click()
    expect(page.locator("main")).to_contain_text(vin)
    faults += looked_at(page)
    assert faults == []

"""The alert site in a real browser: asked for, approved, an alert posted, told of, seen, and in the mailbox."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from test_axe import violations

from exchange_people import known_person, signed_in_person
from front_office import FrontOffice, show_again
from vinculum.access import service
from vinculum.entrypoints.alert_files import store
from vinculum.entrypoints.mailroom import mailroom
from vinculum.national.alerts import alert_users, post_alert

pytestmark = [pytest.mark.browser, pytest.mark.database]


def _looked_at(page: Page) -> list[str]:
    faults = violations(page)
    if page.evaluate("document.documentElement.scrollWidth") > page.viewport_size["width"]:  # type: ignore[index]
        faults.append(f"{page.url} is wider than the window")
    return faults


def _posted_by_another(office: FrontOffice) -> str:
    """An alert of another jurisdiction; its title."""
    at, title = datetime.now(UTC), f"Forged titles {uuid4()}"
    poster, decider = (
        known_person(office.world, role, "jurisdiction", "RI")
        for role in ("title_clerk", "exchange_administrator")
    )
    alert_users.ask(wanted_for="Counter", actor=poster, at=at)
    alert_users.decide(person_id=poster.person_id, approve=True, actor=decider, at=at)
    request = post_alert.Request(kind="document", title=title, body="The blue thread is printed, not woven.")
    post_alert.run(request, actor=poster, at=at, store=store())
    return title


def test_from_asking_to_the_mailbox(office: FrontOffice) -> None:
    """N-703, WCAG 2.2 AA: a clerk asks, the administrator approves, the clerk is told of an alert and reads it."""
    administrator = signed_in_person(office.world, "exchange_administrator", "jurisdiction")
    code = administrator.organisation_code
    desk = office.signed_in(signed_in_person(office.world, "title_clerk", "jurisdiction", code), width=400)
    desk.locator("summary", has_text="Menu").click()
    desk.get_by_role("link", name="Your use of the alert site").click()
    desk.locator("#f-wanted_for").fill("Counter training")
    desk.get_by_role("button", name="Ask the administrator").click()
    faults = _looked_at(desk)
    chief = office.signed_in(administrator)
    chief.get_by_role("button", name="Approve").click()
    show_again(chief)
    expect(chief.locator("#h-users + ul")).to_contain_text("approved")
    faults += _looked_at(chief)
    desk.reload()
    desk.get_by_label("By e-mail to my sign-in address").check()
    desk.get_by_role("button", name="Keep my choice").click()
    show_again(desk)
    expect(desk.locator(".usa-alert--success")).to_be_visible()
    desk.goto("/title-exchange/alerts/new/")
    desk.get_by_role("button", name="Post the alert").click()
    expect(desk.locator("#f-title")).to_have_attribute("aria-invalid", "true")
    expect(desk.locator("#errors li")).to_have_count(3)
    faults += _looked_at(desk)
    title = _posted_by_another(office)
    desk.goto("/title-exchange/alerts/")
    expect(desk.get_by_role("link", name=title)).to_be_visible()
    faults += _looked_at(desk)
    mailroom().send_all_due(actor=service.actor(), at=datetime.now(UTC))
    desk.goto("/title-exchange/alerts/mailbox/")
    expect(desk.locator("main")).to_contain_text(title)
    faults += _looked_at(desk)
    assert faults == []

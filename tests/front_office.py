"""What browser journeys need: people with a password and an authenticator, and pages opened in their name."""

import time
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import Browser, BrowserContext, Page, expect

from both_systems import National
from lot import Lot
from people import World
from vinculum.access import people
from vinculum.access.database import Actor
from vinculum.access.models import Person

PASSWORD = "grey seal on the harbour rocks"


class FrontOffice:
    """One dealer ready for business, and a browser in which anybody signs in."""

    def __init__(self, *, site: str, browser: Browser, world: World, national: National) -> None:
        self.site = site
        self.browser = browser
        self.world = world
        self.national = national
        self.lot = Lot(world, at=datetime.now(UTC))
        self._contexts: list[BrowserContext] = []
        self._secrets: dict[UUID, str] = {}

    def page(self, *, width: int = 1280, height: int = 900, script: bool = True) -> Page:
        """A page of a fresh browser profile; its own errors fail the test that closes it."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=script, base_url=self.site
        )
        context.set_default_timeout(15_000)
        self._contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on(
            "console",
            lambda said: self.errors.append(said.text) if "Content Security Policy" in said.text else None,
        )
        return page

    @property
    def errors(self) -> list[str]:
        """What scripts and the content security policy complained of."""
        if not hasattr(self, "_errors"):
            self._errors: list[str] = []
        return self._errors

    def enrol(self, actor: Actor) -> tuple[str, str]:
        """Give a person a password and an authenticator; the address to sign in with and the secret."""
        if actor.person_id not in self._secrets:
            secret = totp.generate_totp_secret()
            people.enrol(person_id=actor.person_id, password=PASSWORD, totp_secret=secret)
            self._secrets[actor.person_id] = secret
        email: str = Person.objects.get(pk=actor.person_id).email
        return email, self._secrets[actor.person_id]

    def sign_in(self, page: Page, actor: Actor) -> None:
        """Type address and password, then the code, by keyboard alone."""
        email, secret = self.enrol(actor)
        page.goto("/account/sign-in/")
        page.locator("input[name=login]").focus()
        page.keyboard.type(email)
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/second-factor/**")
        page.locator("input[name=code]").focus()
        page.keyboard.type(code_of(secret))
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "sign-in" not in url)

    def signed_in(self, actor: Actor, **shape: object) -> Page:
        """A page on which somebody is signed in."""
        page = self.page(**shape)  # type: ignore[arg-type]
        self.sign_in(page, actor)
        return page

    def close(self) -> None:
        """Close every profile that was opened."""
        for context in self._contexts:
            context.close()


def show_again(page: Page) -> None:
    """Step-up: who pressed the button shows once more who they are, and what was pressed goes on."""
    page.wait_for_url("**/step-up/**")
    page.goto(page.url.replace("/step-up/?", "/step-up/password/?"))
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")


def code_of(secret: str) -> str:
    """The authenticator's code of this moment."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def tab_to(page: Page, identifier: str, *, most: int = 160) -> None:
    """Press Tab until the element has the focus: whatever cannot be reached so is not reachable by keyboard."""
    for _ in range(most):
        if page.evaluate("document.activeElement.id") == identifier:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{identifier} is not reached by Tab")


def tab_to_button(page: Page, words: str, *, most: int = 160) -> None:
    """Press Tab until a button or link with these words has the focus."""
    for _ in range(most):
        if words in str(page.evaluate("document.activeElement.textContent")).strip()[: len(words)]:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no button {words!r} is reached by Tab")


def type_into(page: Page, identifier: str, text: str) -> None:
    """Go to a field by Tab and type; dates are typed as the browser's own date field asks for them."""
    tab_to(page, identifier)
    page.keyboard.type(text)


def american(day: date) -> str:
    """A day as it is typed into a date field of an American browser."""
    return f"{day:%m%d%Y}"


def type_new_car(
    page: Page, office: FrontOffice, *, vin: str, customer: str = "", price: str = "28000"
) -> None:
    """Fill in the registration of a new car from a certificate of origin, by keyboard alone."""
    month_ago = office.lot.today - timedelta(days=30)
    type_into(page, "f-vehicle-vin", vin)
    page.keyboard.press("Enter")
    expect(page.locator("#decoded table")).to_be_visible()
    tab_to_button(page, "Fill the empty fields")
    page.keyboard.press("Enter")
    expect(page.locator("#f-vehicle-make")).to_have_value("HOND")
    type_into(page, "f-vehicle-gvwr_pounds", "4300")
    type_into(page, "f-vehicle-light_weight_pounds", "3300")
    tab_to(page, "f-lookup-0-kind")
    page.keyboard.type("DMV")
    type_into(page, "f-lookup-0-number", customer or office.lot.customer_number)
    page.keyboard.press("Enter")
    expect(page.locator("#owner-0 .vn-found strong").first).to_have_text("SAMPLE AVERY")
    type_into(page, "f-ownership-number", f"MCO{vin[-6:]}")
    type_into(page, "f-ownership-issue_date", american(month_ago))
    type_into(page, "f-ownership-assigned_to-0", "SAMPLE AVERY")
    type_into(page, "f-insurance-insurer", "Fictional Mutual")
    type_into(page, "f-insurance-policy_number", "FM-1")
    type_into(page, "f-insurance-effective_date", american(month_ago))
    type_into(page, "f-insurance-in_name_of", "SAMPLE AVERY")
    tab_to(page, "f-insurance-issued_pursuant_to_connecticut_law")
    page.keyboard.press("Space")
    type_into(page, "f-odometer-reading", "12")
    type_into(page, "f-sale-price", price)
    type_into(page, "f-registration-garaging_town", "HARTFORD")
    expect(page.locator("#checklist input").first).to_be_visible()
    expect(page.locator("#panel .vn-total td")).to_contain_text("$2,")


def mark_papers(page: Page) -> None:
    """Mark every paper of the checklist as in hand, by keyboard alone."""
    for box in page.locator("#checklist input").all():
        tab_to(page, str(box.get_attribute("id")))
        page.keyboard.press("Space")
    expect(page.locator(".vn-ready")).to_be_visible()

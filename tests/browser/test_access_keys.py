"""The access keys that the page about accessibility names, pressed in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from front_office import FrontOffice
from lot import new_vin

pytestmark = [pytest.mark.browser, pytest.mark.database]

_GO_TO = {
    "v": "f-vehicle-vin",
    "o": "f-lookup-0-number",
    "d": "f-ownership-kind",
    "i": "f-insurance-insurer",
    "s": "f-sale-price",
    "c": "f-registration-plate_class",
}


def press(page: Page, letter: str) -> None:
    """Alt and a letter as a keyboard sends them: with the letter that the key has without Alt."""
    keyboard = page.context.new_cdp_session(page)
    alt = {"modifiers": 1, "code": "AltLeft", "key": "Alt", "windowsVirtualKeyCode": 18}
    key = {
        "modifiers": 1,
        "code": f"Key{letter.upper()}",
        "key": letter,
        "windowsVirtualKeyCode": ord(letter.upper()),
        "unmodifiedText": letter,
    }
    keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **alt})
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyDown", **key})
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **alt, "modifiers": 0})
    keyboard.detach()


def test_each_documented_access_key_works(office: FrontOffice) -> None:
    """Alt and the letter go to the field or press the button; what is documented is what there is."""
    page = office.signed_in(office.lot.clerk)
    page.goto("/about/accessibility/")
    documented = {key.lower() for key in page.locator("#keys tbody kbd").all_inner_texts()}
    page.goto("/dealer/")
    press(page, "n")
    page.wait_for_url("**/dealer/register/")
    for key, field in _GO_TO.items():
        press(page, key)
        expect(page.locator(f"#{field}")).to_be_focused()
    press(page, "v")
    page.keyboard.type(new_vin())
    page.keyboard.press("Enter")
    expect(page.locator("#decoded table")).to_be_visible()
    press(page, "f")
    expect(page.locator("#f-vehicle-make")).to_have_value("HOND")
    press(page, "q")
    page.wait_for_load_state()
    expect(page.locator("#f-vehicle-make")).to_have_value("HOND")
    press(page, "p")
    page.wait_for_url(re.compile(r"typed="))
    press(page, "h")
    page.wait_for_url("**/dealer/held/")
    assert documented == {*_GO_TO, "n", "f", "q", "p", "h"}

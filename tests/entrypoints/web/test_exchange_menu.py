"""The menu of the exchange's people: every page of theirs within two steps, nothing that they may not open."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from test_every_door import DOORS

from both_systems import National
from exchange_people import signed_in_person
from people import World
from signed_in import client_of
from vinculum.access.permissions import PERMISSIONS

pytestmark = pytest.mark.database

# Reached from the page before, by choosing something there: a draft begins with a VIN, a month with its name.
_WITH_A_CHOICE = {"exchange_draft_clone", "jsi_nothing"}
_OTHERS = ("mfa_", "account_", "dealer_", "dmv_", "town_", "history_", "sign_out", "password", "office_")


@pytest.fixture(scope="module")
def people(world: World, national: National) -> dict[str, Client]:
    """The roles that open the exchange's pages, each at the kind of office that it is known for."""
    association = ("association", "ASSOC")
    return {
        "title_clerk": client_of(world.title_clerk()),
        "help_desk": client_of(signed_in_person(world, "help_desk", *association)),
        "investigator": client_of(signed_in_person(world, "investigator", "jurisdiction", "NY")),
        "exchange_administrator": client_of(
            signed_in_person(world, "exchange_administrator", "jurisdiction", "NY")
        ),
        "dmv_administrator": client_of(world.administrator()),
        "jsi_reporter": client_of(signed_in_person(world, "jsi_reporter", "reporter")),
    }


def _links(page: str) -> set[str]:
    return {unescape(link).partition("?")[0] for link in re.findall(r'href="(/[^"#]*)"', page)}


def _pages_of(role: str, client: Client) -> Iterator[str]:
    """Every address without arguments that answers this role with a page."""
    for name, pattern in DOORS.items():
        acts = set(getattr(pattern.callback, "acts", ()))
        if name.startswith(_OTHERS) or "<" in str(pattern.pattern) or not acts or name in _WITH_A_CHOICE:
            continue
        if acts <= set(PERMISSIONS[role]) and client.get(reverse(name)).status_code == 200:
            yield reverse(name)


@pytest.mark.parametrize(
    "role",
    [
        "title_clerk",
        "help_desk",
        "investigator",
        "exchange_administrator",
        "dmv_administrator",
        "jsi_reporter",
    ],
)
def test_everything_is_two_steps_away(people: dict[str, Client], role: str) -> None:
    """Every page of a role is in its menu, or linked from a page that is; no entry of the menu is refused."""
    client = people[role]
    home = client.get("/", follow=True).content.decode()
    menu = _links(home[home.index("<header") : home.index("</header>")])
    reached = set(menu)
    for address in menu - {"/"}:
        answer = client.get(address)
        assert answer.status_code in {200, 302}, address
        assert answer.headers.get("Location", reverse("alert_access")) == reverse("alert_access"), address
        reached |= _links(answer.content.decode())
    pages = set(_pages_of(role, client))
    assert pages, role
    assert pages <= reached, pages - reached


def test_grouped_without_script(people: dict[str, Client]) -> None:
    """The groups fold by the browser itself, and the page that is open is marked in its group."""
    page = people["title_clerk"].get(reverse("exchange_corrections")).content.decode()
    header = page[page.index("<header") : page.index("</header>")]
    groups = re.findall(r"<summary([^>]*)>([^<]+)</summary>", header)
    assert [label for marks, label in groups if "aria-current" in marks] == ["Data changes"]
    assert {"Ask", "Cases", "Data changes", "Files", "Alerts", "Menu"} == {label for _, label in groups}
    assert header.count('aria-current="page"') == 2  # once for wide screens, once in the folded menu
    assert "onclick" not in header


def test_accountant_has_a_menu(world: World, national: National) -> None:
    """Who works by program and command line sees on the pages what may be seen there."""
    client = client_of(world.accountant())
    page = client.get("/", follow=True).content.decode()
    menu = _links(page[page.index("<nav") : page.index("</nav>")])
    assert menu == {reverse("office_home"), reverse("history_search")}
    assert all(client.get(address).status_code == 200 for address in menu)


def test_agencys_help_desk_is_offered_no_page_of_the_association(world: World, national: National) -> None:
    """The agency's help desk has the act, but the reporters are the association's: no link to a missing page."""
    examiner = world.examiner()
    organisation = (examiner.organisation_id, examiner.organisation_code, examiner.organisation_name)
    client = client_of(world.make_person("help_desk", "dmv", organisation))
    assert reverse("exchange_reporters") not in client.get("/", follow=True).content.decode()

"""The menu of a portal: every page that somebody may open, grouped by the work that it belongs to.

A group of which only one page is open to a role is that page; one without any is not there. What a page offers
further (one case, one file) is linked from the page itself: nothing is more than two steps away.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.urls import reverse

from vinculum.access.database import Actor
from vinculum.access.permissions import may
from vinculum.entrypoints.mailroom import emulator

_STATES: Final = frozenset({"dmv", "jurisdiction"})
_ASSOCIATION: Final = frozenset({"association"})
_AT_THE_EXCHANGE: Final = _STATES | _ASSOCIATION


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page that can be opened by its name alone: for whom, and in which installations it is there."""

    act: str
    label: str
    route: str
    kinds: frozenset[str] = frozenset()
    there: Callable[[], bool] = _always

    def open_to(self, actor: Actor) -> bool:
        """Whether the actor may open it."""
        return (
            (not self.kinds or actor.organisation_kind in self.kinds)
            and may(actor, self.act)
            and self.there()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One page of the menu."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Pages of one kind of work."""

    label: str
    links: tuple[Link, ...]

    @property
    def current(self) -> bool:
        """Whether one of them is being looked at."""
        return any(link.current for link in self.links)


_PORTALS: Final[Mapping[str, tuple[str, tuple[Page, ...]]]] = {
    "dealer": (
        "Dealer desk",
        (
            Page(act="list_applications", label="Home", route="dealer_home"),
            Page(act="register_vehicle", label="Register a vehicle", route="dealer_register"),
            Page(act="release_application", label="Held deals", route="dealer_held"),
            Page(act="list_applications", label="Processed", route="dealer_processed"),
        ),
    ),
    "dmv": (
        "Motor Vehicles",
        (
            Page(act="show_my_sign_in", label="Home", route="dmv_home"),
            Page(act="search_book", label="Search the book", route="dmv_search"),
        ),
    ),
    "town": ("Town tax office", (Page(act="put_on_stop", label="Stops", route="town_home"),)),
    "reporter": ("Junk and salvage", (Page(act="report_jsi", label="Reports", route="jsi_home"),)),
    # Whose work is done by program and command line has a home page of its own.
    "association": ("Title exchange", (Page(act="show_funds", label="Home", route="office_home"),)),
    "jurisdiction": ("Title exchange", ()),
}
_NOBODYS: Final = "Vehicle titles and history"

# At the exchange: for whoever has the act, in whichever portal. Groups in the order of a title's way.
_EXCHANGE: Final = Page(act="show_exchange_desk", label="Title exchange", route="exchange_home")
_GROUPS: Final[tuple[tuple[str, tuple[Page, ...]], ...]] = (
    (
        "Ask",
        (
            Page(act="work_exchange_case", label="Check a title", route="exchange_check", kinds=_STATES),
            Page(
                act="show_vehicle_history",
                label="Vehicle history",
                route="history_search",
                kinds=_AT_THE_EXCHANGE,
            ),
            Page(act="show_exchange_desk", label="Recalled titles", route="exchange_recalled"),
            Page(act="show_exchange_desk", label="Which message to send", route="exchange_advice"),
            Page(act="show_exchange_desk", label="Whom to call", route="exchange_contacts"),
        ),
    ),
    (
        "Cases",
        (
            Page(act="work_exchange_case", label="Discrepancy cases", route="exchange_cases"),
            Page(act="work_clone_case", label="Two vehicles on one VIN", route="exchange_clones"),
            Page(act="show_findings", label="Findings", route="exchange_findings"),
        ),
    ),
    (
        "Data changes",
        (
            Page(act="work_exchange_case", label="Requests for changes", route="exchange_changes"),
            Page(act="work_vin_correction", label="Corrected VINs", route="exchange_corrections"),
            Page(act="rescind_brand", label="Brands taken back", route="exchange_rescissions"),
        ),
    ),
    (
        "Files",
        (
            Page(act="work_batch_files", label="Batch files", route="exchange_files"),
            Page(act="work_batch_files", label="Work bench", route="exchange_bench"),
            Page(act="work_batch_files", label="Notices by file", route="exchange_notices"),
            Page(act="show_surrender_reports", label="Surrender reports", route="exchange_surrenders"),
        ),
    ),
    (
        "Reporters",
        (
            Page(act="show_reporters", label="Who reports", route="exchange_reporters", kinds=_ASSOCIATION),
            Page(
                act="show_jsi_sources",
                label="From whom a vehicle came",
                route="exchange_jsi_sources",
                kinds=_ASSOCIATION,
            ),
        ),
    ),
    (
        "Alerts",
        (
            Page(act="show_alerts", label="Alerts", route="alerts"),
            Page(act="ask_alert_access", label="Your use of the alert site", route="alert_access"),
            Page(act="decide_alert_user", label="Users of the alert site", route="alert_users"),
            Page(
                act="ask_alert_access",
                label="Mailbox of the demonstration",
                route="alert_mailbox",
                there=lambda: emulator() is not None,
            ),
        ),
    ),
)


def portal_name(actor: Actor | None) -> str:
    """Whose portal it is."""
    return _PORTALS.get(actor.organisation_kind if actor else "", (_NOBODYS, ()))[0]


def menu_of(actor: Actor | None, *, path: str) -> tuple[Link | Group, ...]:
    """Where the actor can go, with the entry that `path` belongs to marked."""
    if actor is None:
        return ()
    entries = tuple(_entries(actor))
    urls = (reverse(page.route) for _, pages in entries for page in pages)
    here = max((url for url in urls if path.startswith(url)), key=len, default="")

    def link(page: Page) -> Link:
        url = reverse(page.route)
        return Link(label=page.label, url=url, current=url == here)

    return tuple(
        link(pages[0]) if len(pages) == 1 else Group(label=label, links=tuple(link(page) for page in pages))
        for label, pages in entries
    )


def _entries(actor: Actor) -> Iterator[tuple[str, tuple[Page, ...]]]:
    _, own = _PORTALS.get(actor.organisation_kind, (_NOBODYS, ()))
    for page in own:
        if page.open_to(actor):
            yield page.label, (page,)
    if "national" not in settings.SYSTEMS:
        return
    for label, pages in ((_EXCHANGE.label, (_EXCHANGE,)), *_GROUPS):
        offered = tuple(page for page in pages if page.open_to(actor))
        if offered:
            yield label, offered

"""How values are said on a page: money, times in the agency's zone, plain words for codes, fields, the portal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from vinculum.access.database import Actor
from vinculum.entrypoints.web import fields
from vinculum.entrypoints.web.doors import actor_of, page_above
from vinculum.entrypoints.web.jurisdictions import JURISDICTIONS
from vinculum.entrypoints.web.labels import ROLES, say
from vinculum.entrypoints.web.menu import Group, Link, menu_of, portal_name
from vinculum.kernel.refusal import Refusal

register = template.Library()
_ZONE = ZoneInfo("America/New_York")
_STATES = dict(JURISDICTIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal:
    """The frame of a page: whose portal it is, who is signed in, and where one can go."""

    name: str
    role: str
    actor: Actor | None
    menu: tuple[Link | Group, ...]
    sign_in_url: str
    demonstration: bool

    @property
    def has_groups(self) -> bool:
        """Whether the menu is long enough to be grouped; then it is folded on a narrow screen."""
        return any(isinstance(entry, Group) for entry in self.menu)


@register.simple_tag(takes_context=True)
def portal(context: template.RequestContext) -> Portal:
    """The frame for the person who looks at this page."""
    request: HttpRequest | None = context.get("request")
    actor = actor_of(request) if request is not None else None
    path = request.path if request is not None else ""
    return Portal(
        name=portal_name(actor),
        role=ROLES.get(actor.role, actor.role) if actor else "",
        actor=actor,
        menu=menu_of(actor, path=path),
        sign_in_url=_sign_in_url() if actor is None else "",
        demonstration=not settings.PRODUCTION,
    )


def _sign_in_url() -> str:
    try:
        return reverse(settings.LOGIN_URL)
    except NoReverseMatch:  # a national exchange alone has no sign-in
        return ""


@register.simple_tag(takes_context=True)
def form_page(context: template.RequestContext) -> str:
    """The address of the page that a refused form stands on."""
    request: HttpRequest | None = context.get("request")
    return page_above(request.path_info) if request is not None else ""


@register.inclusion_tag("web/field.html")
def field(form: Any, path: str) -> dict[str, Any]:
    """Draw one field of a form by its path."""
    filled: fields.FilledField = form.field(path)
    return {"filled": filled, "field": filled.field, "id": filled.id}


@register.filter
def anchor(path: str | None) -> str:
    """Where a link from a refusal leads; refusals about a whole group lead to the group."""
    return fields.anchor_of(path) if path else ""


@register.filter
def target(refusal: Refusal) -> str:
    """Where the link of a refusal leads: to the paper it asks for, else to its question."""
    paper = refusal.detail.get("document") if refusal.field == "documents" else None
    return f"d-{paper}" if paper else anchor(refusal.field)


@register.filter
def money(amount: Decimal | None) -> str:
    """Dollars and cents with thousands separated; a credit has a minus sign before the dollar sign."""
    if amount is None:
        return "–"
    sign = "−" if amount < 0 else ""
    return f"{sign}${abs(amount):,.2f}"


@register.filter
def words(code: str | None) -> str:
    """A code in plain words."""
    return say(code) if code else "–"


@register.filter
def state_name(code: str | None) -> str:
    """A jurisdiction by its name; the help desk, and what is no jurisdiction's code, in words."""
    return _STATES.get(code) or say(code) if code else ""


@register.filter
def day(value: date | datetime | str | None) -> str:
    """A legal day as it is written in the United States, with the month in letters so that none is mistaken."""
    if not value:
        return "–"
    if isinstance(value, str):
        value = date.fromisoformat(value[:10])
    if isinstance(value, datetime):
        value = value.astimezone(_ZONE).date()
    return f"{value:%b} {value.day}, {value.year}"


@register.filter
def moment(value: datetime | str | None) -> str:
    """An instant in the agency's own time zone."""
    if not value:
        return "–"
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return f"{day(value)}, {clock(value)}"


@register.filter
def clock(value: datetime) -> str:
    """The time of day alone, where the day stands beside it."""
    local = value.astimezone(_ZONE)
    return f"{local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'}"


@register.filter
def moment_there(value: datetime) -> str:
    """An instant for readers who may sit anywhere: with the name of the zone it is told in."""
    return f"{moment(value)} {value.astimezone(_ZONE):%Z}"


@register.filter
def time_left(until: datetime | None) -> str:
    """How long until a deadline, in the two largest units."""
    if until is None:
        return ""
    left = until - datetime.now(UTC)
    if left < timedelta():
        return "closed"
    hours, rest = divmod(int(left.total_seconds()), 3600)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h left"
    return f"{hours} h {rest // 60} min left" if hours else f"{rest // 60} min left"


@register.filter
def listed(values: Sequence[str]) -> str:
    """Several words as one phrase."""
    return ", ".join(say(value) for value in values) if values else "none"


@register.filter
def thousands(number: int) -> str:
    """A whole number with its thousands separated."""
    return f"{number:,}"

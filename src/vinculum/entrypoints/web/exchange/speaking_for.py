"""For whom somebody speaks at the exchange: a jurisdiction, the association that runs the help desk, a reporter."""

from django.conf import settings
from django.http import Http404, HttpRequest

from vinculum.access.database import Actor
from vinculum.access.vouching import at_the_exchange
from vinculum.entrypoints.web.doors import acting_person
from vinculum.entrypoints.web.jurisdictions import JURISDICTIONS

_NAMES = dict(JURISDICTIONS)


def exchange_actor(request: HttpRequest) -> Actor:
    """Who is signed in, as the exchange knows them; an agency's people speak for its jurisdiction."""
    if "national" not in settings.SYSTEMS:
        raise Http404
    actor = acting_person(request)
    kind, code, name = actor.organisation_kind, actor.organisation_code, actor.organisation_name
    if kind == "dmv":
        kind, code = "jurisdiction", settings.JURISDICTION
        name = _NAMES.get(code, code)
    # An agency's administrator governs the agency's own database; at the exchange, only what is the jurisdiction's.
    role = "exchange_administrator" if actor.role == "dmv_administrator" else ""
    return at_the_exchange(actor, kind=kind, code=code, name=name, role=role)


def help_desk_only(request: HttpRequest) -> Actor:
    """The same for pages of the exchange's own help desk; an agency's help desk finds nothing here."""
    if acting_person(request).organisation_kind != "association":
        raise Http404
    return exchange_actor(request)

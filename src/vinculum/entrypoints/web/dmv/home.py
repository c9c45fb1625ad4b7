"""What waits for the agency: messages the exchange refused, and what was registered lately."""

from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vinculum.access.permissions import may
from vinculum.entrypoints.web.doors import acting_person
from vinculum.state.queries import list_applications, permissible_purposes, refused_messages

_LATEST = 15


def home(request: HttpRequest) -> HttpResponse:
    """The agency's home page; each part is there for the roles that may see it."""
    actor, now = acting_person(request), datetime.now(UTC)
    context: dict[str, object] = {"now": now}
    if may(actor, "list_applications"):
        wanted = list_applications.Request(states=("processed", "voided"), limit=_LATEST)
        context["recent"] = list_applications.run(wanted, actor=actor).applications
        context["owed"] = refused_messages.run(actor=actor)
    if may(actor, "search_book"):
        context["purposes"] = permissible_purposes.run(now.date(), actor=actor)
    context["finds"] = "national" in settings.SYSTEMS and may(actor, "show_findings")
    return render(request, "dmv/home.html", context)

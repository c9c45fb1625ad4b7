"""The way in: everybody to the page that says what waits for them; the public to the vehicle history."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from vinculum.access.permissions import may
from vinculum.entrypoints.web.doors import acting_person, actor_of

_HOMES = (
    ("dealer", "list_applications", "dealer_home"),
    ("town", "put_on_stop", "town_home"),
    ("dmv", "show_my_sign_in", "dmv_home"),
    ("reporter", "report_jsi", "jsi_home"),
    ("jurisdiction", "show_exchange_desk", "exchange_home"),
    ("jurisdiction", "show_findings", "exchange_findings"),
    ("association", "show_exchange_desk", "exchange_home"),
    ("jurisdiction", "decide_alert_user", "alert_users"),
    ("association", "decide_alert_user", "alert_users"),
)


def home(request: HttpRequest) -> HttpResponseBase:
    """To the home page of the role; the public sees what this service is."""
    actor = actor_of(request)
    if actor is None:
        return render(request, "public/home.html")
    for kind, act, route in _HOMES:
        if actor.organisation_kind == kind and may(actor, act):
            return redirect(route)
    return redirect("office_home")


def office(request: HttpRequest) -> HttpResponse:
    """The home page of roles whose work is done by other doors than pages (API, command line)."""
    actor = acting_person(request)
    context = {"may_search": may(actor, "search_book"), "sees_funds": may(actor, "show_funds")}
    return render(request, "web/office.html", context)


def accessibility(request: HttpRequest) -> HttpResponse:
    """How the pages are used by keyboard alone and with assistive technology."""
    return render(request, "web/accessibility.html")

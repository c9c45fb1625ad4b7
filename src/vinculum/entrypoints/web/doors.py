"""A door: one address of the pages, the act somebody needs a permission for, and the view behind it.

Every address is made by `door`, so none can exist without saying which act of the permission table it is;
`act=None` marks the few that anybody may open. Who may not act gets the same page whether the thing is absent
or another's.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import psycopg
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import Resolver404, URLPattern, path, resolve
from django.views.decorators.http import require_http_methods

from vinculum.access.database import Actor, CredentialRefused
from vinculum.access.permissions import Forbidden, require
from vinculum.entrypoints.web import kept_forms
from vinculum.kernel.refusal import Absent

View = Callable[..., HttpResponseBase]


def door(
    route: str,
    view: View,
    *,
    name: str,
    act: str | None,
    also: str = "",
    methods: str = "GET",
    keeps_typed: bool = False,
    hides: bool = False,
    step_up: bool = False,
) -> URLPattern:
    """One address. `methods` are the HTTP methods it answers, blank-separated; HEAD goes with GET.

    An address that only takes forms still stands in the browser's line when a form was refused: whoever opens it
    there is led to the page with the form.
    `also` names further acts that the page performs: who opens it may do all of them.
    `keeps_typed`: a form sent here after its session ended is kept and shown again after signing in.
    `hides`: who may not open it is answered as if it were not there.
    `step_up`: a form sent here waits until the person has shown the second factor again, two minutes ago at most.
    """
    answered = [*methods.split(), *(["HEAD"] if "GET" in methods.split() else [])]
    acts = () if act is None else (act, *also.split())
    behind = (
        _guard(view, acts=acts, answered=answered, keeps_typed=keeps_typed, hides=hides, step_up=step_up)
        if acts
        else view
    )
    opened = {*answered, "GET", "HEAD"} if acts else answered
    guarded = require_http_methods(sorted(opened))(behind)
    guarded.act = act  # type: ignore[attr-defined]
    guarded.acts = acts  # type: ignore[attr-defined]
    guarded.answered = answered  # type: ignore[attr-defined]
    guarded.keeps_typed = keeps_typed  # type: ignore[attr-defined]
    guarded.hides = hides  # type: ignore[attr-defined]
    guarded.step_up = step_up  # type: ignore[attr-defined]
    return path(route, guarded, name=name)


def actor_of(request: HttpRequest) -> Actor | None:
    """Who is signed in, or None for the public."""
    return getattr(request, "actor", None)


def acting_person(request: HttpRequest) -> Actor:
    """Who is signed in; only for views behind a guarded door."""
    actor = actor_of(request)
    if actor is None:
        raise PermissionDenied
    return actor


def is_partial(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page only."""
    return request.headers.get("HX-Request") == "true"


def page_above(address: str) -> str:
    """The page that a form sent to this address stands on: the nearest one above it, or the address itself."""
    steps = address.rstrip("/").split("/")
    while steps:
        above = "/".join(steps) + "/"
        try:
            if "GET" in getattr(resolve(above).func, "answered", ()):
                return above
        except Resolver404:
            pass
        steps.pop()
    return "/"


def _guard(
    view: View,
    *,
    acts: tuple[str, ...],
    answered: list[str],
    keeps_typed: bool,
    hides: bool = False,
    step_up: bool = False,
) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        actor = actor_of(request)
        if actor is None:
            return _sign_in(request, keeps_typed=keeps_typed)
        try:
            for act in acts:
                require(actor, act)
        except Forbidden as error:
            if hides:
                raise Http404 from error
            raise PermissionDenied from error
        if request.method not in answered:
            return redirect(page_above(request.path_info))
        if step_up and request.method == "POST":
            raise_if_reauthentication_required(request, app="vinculum")
        try:
            return view(request, *args, **kwargs)
        except CredentialRefused:
            return _sign_in(request, keeps_typed=keeps_typed)
        except Absent:
            raise Http404 from None
        except psycopg.DataError as error:
            if _holds_nul(request):
                raise BadRequest("A NUL cannot be kept as text.") from error
            raise

    return guarded


def _holds_nul(request: HttpRequest) -> bool:
    """Whether something sent holds the one character that the database keeps in no text; no keyboard types it."""
    return any(
        "\0" in value
        for sent in (request.GET, request.POST)
        for _, values in sent.lists()
        for value in values
    )


def _sign_in(request: HttpRequest, *, keeps_typed: bool) -> HttpResponseBase:
    """To the sign-in page; a part of a page leaves the page as it is and says where to sign in again."""
    if is_partial(request):
        return render(request, "web/signed_out_part.html", status=401)
    if request.method == "GET":
        return redirect_to_login(request.get_full_path())
    kept_at = kept_forms.keep_unsent(request, why="signed_out") if keeps_typed else ""
    terminal: str = getattr(request, "terminal", "")
    if terminal and not kept_at:
        words = "Your sign-in had ended, and what you typed was not taken. Sign in and enter it again."
        messages.warning(request, words)
    return redirect_to_login(kept_at or page_above(request.path_info))

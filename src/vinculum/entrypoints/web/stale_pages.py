"""A form sent from a page that is older than the sign-in: nothing typed is lost, and the page is made good."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve

from vinculum.entrypoints.web import kept_forms
from vinculum.entrypoints.web.doors import actor_of, is_partial


def form_is_stale(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Django's answer to a form without a valid token.

    Signing in changes the token, so a page left open over a sign-in has the old one. Only that case is helped;
    a form from another site (its Origin is checked before the token) or without a cookie is refused.
    """
    if reason.endswith("incorrect.") and request.method == "POST":
        if is_partial(request):
            return _with_fresh_token(request)
        if _keeps_typed(request) and (address := kept_forms.keep_unsent(request, why="stale_page")):
            return redirect(address)
    return render(request, "403_csrf.html", status=403)


def _with_fresh_token(request: HttpRequest) -> HttpResponse:
    """The page takes the new token over and asks once more, as far as it asks by itself."""
    signed_out = actor_of(request) is None
    response = render(request, "web/fresh_token_part.html", {"signed_out": signed_out}, status=403)
    if not signed_out:
        response["HX-Trigger"] = "deal-changed"
    return response


def _keeps_typed(request: HttpRequest) -> bool:
    try:
        return bool(getattr(resolve(request.path_info).func, "keeps_typed", False))
    except Resolver404:
        return False

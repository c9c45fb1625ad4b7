"""Who a request of the pages is from: the person of its session, at a terminal, from an address."""

import secrets
from collections.abc import Callable

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.core import signing
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse

from vinculum.access import sign_in
from vinculum.access.database import Actor
from vinculum.access.sealing import seal

_TERMINAL_DAYS = 400
_TERMINAL_SALT = "vinculum.terminal"
# A name that can be read out over the telephone: no letters that look like digits.
_TERMINAL_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
# What somebody may open who has typed the password but has no second factor yet.
ENROLMENT_PAGES = frozenset(
    {"mfa_activate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes", "account_logout", "account_login"}
)


class ActorMiddleware:
    """Sets `request.actor` (None for the public) and keeps the terminal's name in a cookie of its own.

    Stands behind the session, authentication and account middleware. The session's secret is shown to the
    database at each request, which ends it after idleness, at its absolute end and when it was revoked.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        terminal, is_new = _terminal_of(request)
        request.actor = None  # type: ignore[attr-defined]
        # Only a browser on which somebody has signed in has a name.
        request.terminal = "" if is_new else terminal  # type: ignore[attr-defined]
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            elsewhere = _recognise(request, terminal=terminal)
            if elsewhere is not None:
                return elsewhere
        proofs = _proofs(request)
        response = self.get_response(request)
        if proofs and _proofs(request) > proofs:
            # Stepped up: the session goes on under a new id, the old one is worth nothing.
            request.session.cycle_key()
        if is_new and getattr(request, "actor", None) is not None:
            _keep_terminal(response, terminal)
        return response


def _recognise(request: HttpRequest, *, terminal: str) -> HttpResponseBase | None:
    """Set the actor; answer a redirect when the person must set up a second factor first."""
    secret = sign_in.secret_in(request)
    if not secret and request.session.get(sign_in.ENROLLING):
        if not is_mfa_enabled(request.user, list(sign_in.SECOND_FACTORS)):
            return None if _page_of(request) in ENROLMENT_PAGES else _to_enrolment()
        secret = sign_in.open_for(request, request.user.pk)
        del request.session[sign_in.ENROLLING]
        request.session[sign_in.CREDENTIAL] = seal(secret)
        request.session.cycle_key()
    actor = _actor_of(request, secret=secret, terminal=terminal) if secret else None
    if actor is None or actor.person_id != request.user.pk:
        person = request.user.pk
        logout(request)
        request.session[sign_in.SIGNED_OUT] = str(person)
        return None
    request.actor = actor  # type: ignore[attr-defined]
    return None


def _actor_of(request: HttpRequest, *, secret: str, terminal: str) -> Actor | None:
    return sign_in.actor_of_session(
        secret,
        client_address=str(getattr(request, "client_address", "")),
        terminal=terminal,
        request_id=str(getattr(request, "request_id", "")),
    )


def _page_of(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).url_name or ""
    except Resolver404:
        return ""


def _to_enrolment() -> HttpResponseBase:
    return HttpResponseRedirect(reverse("mfa_activate_totp"))


def _proofs(request: HttpRequest) -> int:
    """How often this session has proved who sits there; it grows with each step-up."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return 0
    return len(get_authentication_records(request, request.user))


def _terminal_of(request: HttpRequest) -> tuple[str, bool]:
    """The name of the workstation (D-205), and whether it was only given now."""
    signed = request.COOKIES.get(terminal_cookie_name(), "")
    try:
        return signing.loads(signed, salt=_TERMINAL_SALT, max_age=_TERMINAL_DAYS * 86_400), False
    except signing.BadSignature:
        return "T-" + "".join(secrets.choice(_TERMINAL_LETTERS) for _ in range(6)), True


def _keep_terminal(response: HttpResponseBase, terminal: str) -> None:
    response.set_cookie(
        terminal_cookie_name(),
        signing.dumps(terminal, salt=_TERMINAL_SALT),
        max_age=_TERMINAL_DAYS * 86_400,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def terminal_cookie_name() -> str:
    """The cookie's name; over HTTPS the browser holds it to this host and to HTTPS."""
    return "__Host-terminal" if settings.SESSION_COOKIE_SECURE else "terminal"

"""The sign-in desk: checks both factors with django-allauth, then opens a session in the database.

What a person may do hangs on the credential that the database knows, not on the cookie's session: the cookie
leads to a session row, the row holds the sealed secret, and every transaction shows the secret to the database.
"""

from dataclasses import replace
from typing import Any
from urllib.parse import quote

import psycopg
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

from vinculum.access import people, service
from vinculum.access.database import Actor, connected
from vinculum.access.recognition import recognise
from vinculum.access.sealing import SealBroken, seal, unseal

CREDENTIAL = "vinculum_credential"
ENROLLING = "vinculum_enrolling"
SIGNED_OUT = "vinculum_signed_out"
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class SignInAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """No sign-up by strangers; a session in the database at sign-in, none after sign-out."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that RequestIdentity established by trusted proxies; limits count by it."""
        return str(getattr(request, "client_address", "") or request.META.get("REMOTE_ADDR", ""))

    def login(self, request: HttpRequest, user: Any) -> None:
        """Both factors have been checked. Without a second one the person may only set one up."""
        enrolled = is_mfa_enabled(user, list(SECOND_FACTORS))
        secret = open_for(request, user.pk) if enrolled else ""
        super().login(request, user)
        request.session.pop(SIGNED_OUT, None)
        if enrolled:
            request.session[CREDENTIAL] = seal(secret)
        else:
            request.session[ENROLLING] = True

    def logout(self, request: HttpRequest) -> None:
        """End the session in the database first, then forget the cookie's."""
        secret = secret_in(request)
        if secret:
            with connected("state") as connection:
                connection.execute("SELECT access.close_session(%s)", (secret,))
        super().logout(request)

    def reauthenticate(self, user: Any, password: str) -> bool:
        from allauth.core import context

        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who has just typed the password to set up a second factor is not asked for it again."""
        from allauth.core import context

        return not context.request.session.get(ENROLLING, False)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The second factor first: whoever found an unlocked terminal may have seen the password typed."""
        methods = super().get_reauthentication_methods(user)
        return sorted(methods, key=lambda method: method["id"] == "reauthenticate")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets are sealed, and the last second factor cannot be taken away."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        return "Vinculum"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        if authenticator.type not in SECOND_FACTORS:
            return True
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=SECOND_FACTORS)
        return bool(others.exclude(pk=authenticator.pk).exists())

    def build_totp_svg(self, url: str) -> str:
        """A QR code as one path; the secret stays on the page and is sent nowhere to be drawn."""
        code = QRCode(None, QRErrorCorrectLevel.M)
        code.addData(url)
        code.make()
        size = code.getModuleCount()
        dark = "".join(
            f"M{x + 4},{y + 4}h1v1h-1z" for y in range(size) for x in range(size) if code.isDark(y, x)
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size + 8} {size + 8}" '
            f'shape-rendering="crispEdges"><path fill="#fff" d="M0,0h{size + 8}v{size + 8}H0z"/>'
            f'<path d="{dark}"/></svg>'
        )

    def build_totp_url(self, user: Any, secret: str) -> str:
        return f"otpauth://totp/{quote('Vinculum:' + user.email)}?secret={secret}&issuer=Vinculum"


def open_for(request: HttpRequest, person_id: Any) -> str:
    """Open the database's session for a person: its secret. Who belongs nowhere is shown the page that says so."""
    desk = service.actor(
        request_id=str(getattr(request, "request_id", "")),
        client_address=str(getattr(request, "client_address", "")),
        terminal="sign-in",
    )
    try:
        return people.open_session(desk, person_id=person_id)
    except psycopg.errors.InvalidAuthorizationSpecification:
        raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_inactive"))) from None


def secret_in(request: HttpRequest) -> str:
    """The secret in the session of this request; empty when there is none or the seal does not hold."""
    try:
        return unseal(request.session.get(CREDENTIAL, "") or "")
    except SealBroken:
        return ""


def actor_of_session(
    secret: str, *, client_address: str = "", terminal: str = "unnamed", request_id: str = ""
) -> Actor | None:
    """Who this session's secret belongs to; None when it has ended, been idle too long or been revoked."""
    found = recognise(secret, kind="session")
    if found is None:
        return None
    return replace(found.actor, terminal=terminal, client_address=client_address, request_id=request_id)

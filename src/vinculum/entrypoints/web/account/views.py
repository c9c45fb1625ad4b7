"""What a person sees of the own sign-in: where one belongs, second factors, sessions and how to end them."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from vinculum.access import people, sessions
from vinculum.entrypoints.web.doors import acting_person


def my_sign_in(request: HttpRequest) -> HttpResponse:
    """The page of one's own sign-in."""
    actor = acting_person(request)
    factors = Authenticator.objects.filter(user_id=actor.person_id).order_by("created_at")
    codes = next((one for one in factors if one.type == Authenticator.Type.RECOVERY_CODES), None)
    return render(
        request,
        "account/my_sign_in.html",
        {
            "actor": actor,
            "app": next((one for one in factors if one.type == Authenticator.Type.TOTP), None),
            "security_keys": [one for one in factors if one.type == Authenticator.Type.WEBAUTHN],
            "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
            "codes_unseen": codes is not None and not codes.wrap().did_view,
            "sessions": sessions.of_person(actor),
        },
    )


class RemoveSecurityKey(RemoveWebAuthnView):  # type: ignore[misc]
    """Takes a security key away, but never the last second factor: the library does not ask for keys."""

    def form_valid(self, form: Any) -> HttpResponse:
        if not get_adapter().can_delete_authenticator(self.object):
            messages.error(
                self.request, "A second factor always stays. Add another before you remove this one."
            )
            return redirect("mfa_list_webauthn")
        removed: HttpResponse = super().form_valid(form)
        return removed


def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of the person, this one included."""
    actor = acting_person(request)
    people.close_sessions(actor, person_id=actor.person_id)
    logout(request)
    messages.success(request, "You are signed out everywhere.")
    return redirect("account_login")

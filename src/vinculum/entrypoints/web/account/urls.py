"""The addresses of signing in. Names are those that django-allauth asks for; what is not here does not exist."""

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as security_key
from django.urls import URLPattern

from vinculum.entrypoints.web.account.views import RemoveSecurityKey, my_sign_in, sign_out_everywhere
from vinculum.entrypoints.web.doors import door

_OWN = "show_my_sign_in"
_BOTH = "GET POST"

urlpatterns: list[URLPattern] = [
    # Before and after a session: open to anybody.
    door("sign-in/", account.login, name="account_login", act=None, methods=_BOTH),
    door("sign-in/second-factor/", factor.authenticate, name="mfa_authenticate", act=None, methods=_BOTH),
    door("sign-in/no-membership/", account.account_inactive, name="account_inactive", act=None),
    door("sign-out/", account.logout, name="account_logout", act=None, methods=_BOTH),
    # Setting up the first second factor comes before there is a session; the views ask for the password.
    door("second-factor/app/", app.activate_totp, name="mfa_activate_totp", act=None, methods=_BOTH),
    door(
        "second-factor/keys/add/", security_key.add_webauthn, name="mfa_add_webauthn", act=None, methods=_BOTH
    ),
    # One's own.
    door("", my_sign_in, name="mfa_index", act=_OWN),
    door("sign-out-everywhere/", sign_out_everywhere, name="sign_out_everywhere", act=_OWN, methods="POST"),
    door("step-up/password/", account.reauthenticate, name="account_reauthenticate", act=_OWN, methods=_BOTH),
    door("step-up/", factor.reauthenticate, name="mfa_reauthenticate", act=_OWN, methods=_BOTH),
    door(
        "step-up/key/",
        security_key.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
        act=_OWN,
        methods=_BOTH,
    ),
    door("password/", account.password_change, name="account_change_password", act=_OWN, methods=_BOTH),
    door(
        "second-factor/app/remove/", app.deactivate_totp, name="mfa_deactivate_totp", act=_OWN, methods=_BOTH
    ),
    door("second-factor/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes", act=_OWN),
    door(
        "second-factor/codes/new/",
        codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
        act=_OWN,
        methods=_BOTH,
    ),
    door("second-factor/keys/", security_key.list_webauthn, name="mfa_list_webauthn", act=_OWN),
    door(
        "second-factor/keys/<int:pk>/",
        security_key.edit_webauthn,
        name="mfa_edit_webauthn",
        act=_OWN,
        methods=_BOTH,
    ),
    door(
        "second-factor/keys/<int:pk>/remove/",
        RemoveSecurityKey.as_view(),
        name="mfa_remove_webauthn",
        act=_OWN,
        methods=_BOTH,
    ),
]

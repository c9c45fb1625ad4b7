"""The forms that ask for a code: each code counts once in all the time that it is valid (NIST SP 800-63B).

The library forgets a used code after one period of thirty seconds, but accepts the period before and the one
after as well, for clocks that are off; ninety seconds have to be remembered.
"""

from typing import Any

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django.core.cache import cache

_VALID_SECONDS = 3 * 30


class CountsOnce:
    """Refuses a code that this person has used before, whichever form it was typed into."""

    user: Any

    def clean_code(self) -> str:
        """The code, when it is right and new."""
        code: str = super().clean_code()  # type: ignore[misc]
        mark = f"vinculum.code.{self.user.pk}.{normalize_user_code(code)}"
        if not cache.add(mark, True, timeout=_VALID_SECONDS):
            raise get_adapter().validation_error("incorrect_code")
        return code


class SignInCodeForm(CountsOnce, AuthenticateForm):  # type: ignore[misc]
    """The code at sign-in."""


class StepUpCodeForm(CountsOnce, ReauthenticateForm):  # type: ignore[misc]
    """The code at step-up."""

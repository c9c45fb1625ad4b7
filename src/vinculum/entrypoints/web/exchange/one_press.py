"""A form whose answer shows a secret once: reloading that answer sends the form again, which then must do nothing.

Each page that holds such a form has a press of its own in it; the browser's session remembers those that were done.
"""

import secrets
from typing import Final

from django.http import HttpRequest

_DONE: Final = "vinculum_presses_done"
_FIELD: Final = "press"
_MOST: Final = 20


def new_press() -> str:
    """What the page puts into its form, under the name `press`."""
    return secrets.token_urlsafe(12)


def was_done(request: HttpRequest) -> bool:
    """Whether this very form was done before; one that names no press is always new."""
    press = request.POST.get(_FIELD, "")
    return press != "" and press in (request.session.get(_DONE) or ())


def note_done(request: HttpRequest) -> None:
    """Remember the form as done."""
    if press := request.POST.get(_FIELD, "")[:40]:
        request.session[_DONE] = [*(request.session.get(_DONE) or ()), press][-_MOST:]

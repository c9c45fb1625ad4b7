"""What somebody had typed when a form could not be taken: kept sealed for a quarter of an hour, shown again as it was.

A form is kept in the browser's own session, readable only to the program, for the person and the terminal that
sent it. The address it is shown at names it by a random token that is worth nothing in another browser.
"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from django.http import HttpRequest, QueryDict

from vinculum.access.database import Actor
from vinculum.access.sealing import SealBroken, seal, unseal
from vinculum.access.sign_in import SIGNED_OUT
from vinculum.kernel.refusal import Refusal

Why = Literal["refused", "signed_out", "stale_page"]

_KEPT: Final = "vinculum_kept_forms"
_HOLDS_FOR: Final = timedelta(minutes=15)
_MOST: Final = 5
# A deal with every extra is under 20 kilobytes.
_LARGEST: Final = 64 * 1024
_PARAMETER: Final = "typed"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptForm:
    """The fields as they were posted, why they were not taken, and the refusals if that was it."""

    typed: QueryDict
    why: Why
    refusals: tuple[Refusal, ...]


def keep(
    request: HttpRequest, *, terminal: str, why: Why, refusals: Sequence[Refusal] = (), at: datetime
) -> str:
    """Keep what was posted; the address that shows it again, or nothing when it is too large for any deal."""
    typed = request.POST.copy()
    typed.pop("csrfmiddlewaretoken", None)
    encoded = typed.urlencode()
    if len(encoded) > _LARGEST:
        return ""
    form = {
        "typed": encoded,
        "why": why,
        "refusals": [_written(refusal) for refusal in refusals],
        "person": _person(request),
        "terminal": terminal,
        "until": (at + _HOLDS_FOR).isoformat(),
    }
    token = secrets.token_urlsafe(18)
    others = list((request.session.get(_KEPT) or {}).items())[1 - _MOST :]
    request.session[_KEPT] = {**dict(others), token: seal(json.dumps(form))}
    return f"{request.path}?{_PARAMETER}={token}"


def asked_for(request: HttpRequest) -> bool:
    """Whether the address names a kept form."""
    return _PARAMETER in request.GET


def kept_form(request: HttpRequest, *, actor: Actor, at: datetime) -> KeptForm | None:
    """The form that the address names; None when it is another's, another terminal's, or kept no longer."""
    sealed = (request.session.get(_KEPT) or {}).get(request.GET.get(_PARAMETER, ""))
    try:
        form: dict[str, Any] = json.loads(unseal(sealed)) if sealed else {}
    except SealBroken:
        return None
    if (
        not form
        or at > datetime.fromisoformat(form["until"])
        or form["terminal"] != actor.terminal
        or form["person"] not in {"", str(actor.person_id)}
    ):
        return None
    return KeptForm(
        typed=QueryDict(form["typed"]),
        why=form["why"],
        refusals=tuple(Refusal(**refusal) for refusal in form["refusals"]),
    )


def forget(request: HttpRequest) -> None:
    """Throw kept forms away: the work is done."""
    request.session.pop(_KEPT, None)


def keep_unsent(request: HttpRequest, *, why: Why) -> str:
    """Keep a form that met the end of its session, if this browser is a terminal where people sign in."""
    terminal = getattr(request, "terminal", "")
    return keep(request, terminal=terminal, why=why, at=datetime.now(UTC)) if terminal else ""


def _person(request: HttpRequest) -> str:
    """Who typed it; empty when the browser forgot that with its session."""
    actor: Actor | None = getattr(request, "actor", None)
    return str(actor.person_id) if actor is not None else str(request.session.get(SIGNED_OUT) or "")


def _written(refusal: Refusal) -> dict[str, Any]:
    return {field.name: getattr(refusal, field.name) for field in fields(refusal)} | {
        "detail": dict(refusal.detail)
    }

"""The help desk's list of reporters: who is late, and registering another (N-801)."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from vinculum.access import service
from vinculum.access.database import acting
from vinculum.access.vouching import find_or_enter
from vinculum.entrypoints.web.exchange.speaking_for import help_desk_only
from vinculum.entrypoints.web.jurisdictions import JURISDICTIONS
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.national.casework import reporters
from vinculum.national.casework.jsi import KINDS

_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{1,19}")


def listed(request: HttpRequest) -> HttpResponse:
    """Every reporter, the late ones first."""
    return _page(request)


def register(request: HttpRequest) -> HttpResponseBase:
    """Register an organisation, by the code under which its people sign in."""
    actor, posted, at = help_desk_only(request), request.POST, datetime.now(UTC)
    code, name = posted.get("code", "").strip().upper()[:60], posted.get("name", "").strip()[:200]
    kind, state = posted.get("kind", ""), posted.get("state", "")[:2]
    faults = (*_check_code(code), *reporters.check(kind=kind, name=name, state=state))
    if faults:
        return _page(request, refusals=faults)
    organisation_id = find_or_enter(service.actor(), kind="reporter", code=code, name=name)
    try:
        reporters.register(
            organisation_id=organisation_id,
            kind=kind,
            name=name,
            state=state,
            actor=actor,
            at=at,
        )
    except Refused as refused:
        return _page(request, refusals=refused.refusals)
    messages.success(
        request,
        f"{name} is registered as {code}. Its months count from now on. Next: issue a key to its program under"
        f" “keys”; who reports by page is entered by the operator, as a person of reporter:{code}.",
    )
    return redirect("exchange_reporters")


def _check_code(code: str) -> Iterator[Refusal]:
    if not _CODE.fullmatch(code):
        yield Refusal(
            code="missing_field",
            message="The code is missing, or is not 2 to 20 letters, digits and hyphens.",
            remedy="Choose one that nobody has yet; its people sign in under it.",
            field="code",
            rule="N-801",
        )


def _page(request: HttpRequest, *, refusals: tuple[Refusal, ...] = ()) -> HttpResponse:
    actor, at = help_desk_only(request), datetime.now(UTC)
    known = reporters.all_reporters(actor=actor, at=at)
    with acting(actor, act="show_reporters", database="national") as connection:
        duty = reporters.duty(connection, at=at)
    context = {
        "reporters": known,
        "late": sum(bool(reporter.late_for) for reporter in known),
        "duty": duty,
        "kinds": KINDS.items(),
        "jurisdictions": JURISDICTIONS,
        "refusals": refusals,
        "posted": request.POST,
    }
    return render(request, "exchange/reporters.html", context, status=422 if refusals else 200)

"""What a jurisdiction's program may look up: which message to send, and the notices that wait for it."""

import json
import re
from datetime import UTC, datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from vinculum.access.database import acting
from vinculum.entrypoints.exchange.door import (
    Misasked,
    at_the_door,
    client_of,
    number_asked,
    problem_document,
    wrong_method,
)
from vinculum.national.law.advise import Advice, Situation, advise
from vinculum.national.queries import notices_for
from vinculum.national.records.roster import Roster, read_roster
from vinculum.national.transactions import acknowledge_notice
from vinculum.protocol.fields import VVHIDN
from vinculum.protocol.json_codec import encode_answer

_TRUTHS = {"true": True, "false": False}
_ADVICE_PARAMETERS = frozenset({"mode", "previous", "document", "vehicle_changes", "reissued_unchanged"})


@never_cache
def advice(request: HttpRequest) -> HttpResponse:
    """GET: the message to send for a title and its requirements (N-304)."""
    if request.method != "GET":
        return wrong_method(allowed="GET", detail="Advice is asked for with GET.")
    return at_the_door(request, lambda key: _advice(request, key=key))


def _advice(request: HttpRequest, *, key: str) -> HttpResponse:
    client = client_of(request, key=key, act="ask_exchange")
    with acting(client, act="ask_exchange", database="national") as connection:
        roster = read_roster(connection)
    given = advise(_situation(request.GET, titling=client.organisation_code, roster=roster))
    return HttpResponse(json.dumps(advice_document(given)), content_type="application/json")


def advice_document(given: Advice) -> dict[str, object]:
    """The advice as JSON has it."""
    return {
        "messages": list(given.messages),
        "published_names": list(given.sends),
        "requires": list(given.requires),
        "citation": given.citation,
    }


def _situation(asked: QueryDict, *, titling: str, roster: Roster) -> Situation:
    """The parameters as a situation; the mode is that of the jurisdiction unless another is named."""
    standing = roster.standings.get(titling)
    mode = asked.get("mode") or str(standing.mode if standing and standing.mode else "")
    faults = [(name, "is not asked here") for name in sorted(set(asked) - _ADVICE_PARAMETERS)]
    if mode not in {"1", "2", "3", "4"}:
        faults.append(("mode", "must be 1, 2, 3 or 4"))
    for name in ("previous", "document"):
        if asked.get(name) and asked[name] not in roster.standings:
            faults.append((name, "is not a D20 jurisdiction code; leave it out when there is none"))
    for name in ("vehicle_changes", "reissued_unchanged"):
        if asked.get(name, "false") not in _TRUTHS:
            faults.append((name, "must be true or false"))
    if faults:
        raise Misasked(*faults)
    return Situation(
        mode=int(mode),
        titling=titling,
        previous=asked.get("previous") or None,
        document=asked.get("document") or None,
        vehicle_changes=_TRUTHS[asked.get("vehicle_changes", "false")],
        reissued_unchanged=_TRUTHS[asked.get("reissued_unchanged", "false")],
    )


@never_cache
def notices(request: HttpRequest) -> HttpResponse:
    """GET: the notices that wait for the jurisdiction, a page at a time (N-310)."""
    if request.method != "GET":
        return wrong_method(allowed="GET", detail="Notices are read with GET.")
    return at_the_door(request, lambda key: _notices(request, key=key))


def _notices(request: HttpRequest, *, key: str) -> HttpResponse:
    after_vin, after_id = request.GET.get("after_vin"), request.GET.get("after_id")
    faults = [("after_vin", "comes with after_id, the last of the page before")] * (
        (after_vin is None) != (after_id is None)
    )
    if after_vin is not None and not _is_a_vin(after_vin):
        faults.append(("after_vin", "is not a VIN"))
    after = None
    if after_vin is not None and after_id is not None:
        try:
            after = (after_vin, UUID(after_id))
        except ValueError:
            faults.append(("after_id", "is not the id of a notice"))
    limit = number_asked(request.GET.get("limit") or "100", least=1, most=notices_for.LONGEST_PAGE)
    if limit is None:
        faults.append(("limit", f"must be 1 to {notices_for.LONGEST_PAGE}"))
    if faults or limit is None:
        raise Misasked(*faults)
    client = client_of(request, key=key, act="ask_exchange")
    with acting(client, act="ask_exchange", database="national") as connection:
        found = notices_for.run(client.organisation_code, connection=connection, after=after, limit=limit)
    body = b'{"notices":[' + b",".join(encode_answer(notice) for notice in found) + b"]}"
    return HttpResponse(body, content_type="application/json")


@csrf_exempt  # no cookie is looked at here: whoever calls shows a key
@never_cache
def acknowledgement(request: HttpRequest, vin: str, notice_id: UUID) -> HttpResponse:
    """PUT: the jurisdiction has taken the notice in; doing it again is fine (N-310)."""
    if request.method != "PUT":
        return wrong_method(allowed="PUT", detail="A notice is acknowledged with PUT.")
    return at_the_door(request, lambda key: _acknowledge(request, key=key, vin=vin, notice_id=notice_id))


def _is_a_vin(text: str) -> bool:
    return len(text) <= VVHIDN.length and re.fullmatch(VVHIDN.pattern, text, flags=re.ASCII) is not None


def _acknowledge(request: HttpRequest, *, key: str, vin: str, notice_id: UUID) -> HttpResponse:
    client = client_of(request, key=key, act="report_to_exchange")
    with acting(client, act="report_to_exchange", database="national") as connection:
        known = _is_a_vin(vin) and acknowledge_notice.run(
            vin=vin,
            notice_id=notice_id,
            sender=client.organisation_code,
            at=datetime.now(UTC),
            connection=connection,
        )
    if not known:
        # Another jurisdiction's notice and one that never was are answered alike.
        return problem_document(
            404, "No such notice", "No notice of that id was written to this jurisdiction."
        )
    return HttpResponse(status=204)

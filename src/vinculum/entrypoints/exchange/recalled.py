"""The register of recalled and fraudulent titles over the wire: one number, or a state's in order (N-303)."""

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.cache import never_cache

from vinculum.access.database import acting
from vinculum.entrypoints.exchange.door import Misasked, at_the_door, client_of, wrong_method
from vinculum.national.records.recalled_titles import (
    THE_BEGINNING,
    Place,
    page_of_recalled,
    recalled_titles,
)
from vinculum.national.records.roster import Roster, read_roster
from vinculum.protocol.fields import VTINUM, VVHIDN

_PARAMETERS = frozenset({"jurisdiction", "title_number", "after_number", "after_vin", "after_id"})
_LONGEST = {"title_number": VTINUM.length, "after_number": VTINUM.length, "after_vin": VVHIDN.length}
_AFTER = ("after_number", "after_vin", "after_id")


@never_cache
def recalled(request: HttpRequest) -> HttpResponse:
    """GET: the titles of a state that it took back; with `title_number` those of that number."""
    if request.method != "GET":
        return wrong_method(allowed="GET", detail="Recalled titles are read with GET.")
    return at_the_door(request, lambda key: _recalled(request, key=key))


def _recalled(request: HttpRequest, *, key: str) -> HttpResponse:
    client = client_of(request, key=key, act="ask_exchange")
    asker, asked = client.organisation_code, request.GET
    with acting(client, act="ask_exchange", database="national") as connection:
        after = _checked(asked, roster=read_roster(connection))
        state, number = asked["jurisdiction"], asked.get("title_number", "").upper()
        if number:
            found, more = (
                recalled_titles(connection, jurisdiction=state, title_number=number, asker=asker),
                None,
            )
        else:
            found, more = page_of_recalled(connection, jurisdiction=state, asker=asker, after=after)
    listed = [
        {
            "jurisdiction": title.jurisdiction,
            "title_number": title.title_number,
            "taken_back_on": title.taken_back_on.isoformat(),
            "reason": title.reason,
        }
        for title in found
    ]
    following = None if more is None else dict(zip(_AFTER, map(str, more), strict=True))
    return HttpResponse(
        json.dumps({"recalled_titles": listed, "next": following}), content_type="application/json"
    )


def _checked(asked: QueryDict, *, roster: Roster) -> Place:
    """The place to go on from; raises Misasked for whatever cannot be answered."""
    faults = [(name[:40], "is not asked here") for name in sorted(set(asked) - _PARAMETERS)]
    if asked.get("jurisdiction") not in roster.standings:
        faults.append(("jurisdiction", "must be a D20 jurisdiction code"))
    faults += [
        (name, f"must be printable, of {longest} characters at most")
        for name, longest in _LONGEST.items()
        if len(asked.get(name, "")) > longest or not asked.get(name, "").isprintable()
    ]
    given = [name for name in _AFTER if name in asked]
    after = THE_BEGINNING
    if given and len(given) != len(_AFTER):
        faults.append((given[0], "comes with the other two of `next`, of the page before"))
    elif given:
        try:
            number, vin, entry = (str(asked[name]) for name in _AFTER)
            after = (number, vin, UUID(entry))
        except ValueError:
            faults.append(("after_id", "is not the id of an entry"))
    if faults:
        raise Misasked(*faults)
    return after

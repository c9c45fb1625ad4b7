"""What waits at a desk of the exchange, of every kind: how much, since when, and where it is worked (N-705).

What only a colleague may do, because the reader proposed it, does not wait for the reader.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.urls import reverse

from vinculum.access.database import Actor, Connection, acting
from vinculum.access.permissions import may
from vinculum.national.batch import notice_files, work_bench
from vinculum.national.casework import clone_cases, data_changes, rescind_brand, vin_corrections
from vinculum.national.casework.cases import Case
from vinculum.national.investigations import findings
from vinculum.national.queries import notices_for

# What waits, and when it began to; the address of its own page, where it has one.
_Found = tuple[datetime, str]
_NOTICES_READ: Final = notices_for.LONGEST_PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One kind of work: how much of it, in words, since when; a single one is linked itself."""

    count: int
    words: str
    since: datetime
    address: str
    or_more: bool = False


def waiting_at(actor: Actor, *, cases: Iterable[Case], at: datetime) -> tuple[Waiting, ...]:
    """Everything that the actor's side can go on with, in the order of the menu. `cases` are its open ones."""
    turn = [(one.moved_at, _page("case", one.vin, case_id=one.case_id)) for one in cases if one.is_ones_turn]
    kinds = [_kind(turn, "discrepancy case", "exchange_cases"), *_clones(actor), *_changes(actor)]
    if actor.organisation_kind == "association":
        kinds += _findings(actor)
    if actor.organisation_kind == "jurisdiction":
        kinds += [*_corrections(actor), *_brands(actor), *_files(actor, at=at)]
    return tuple(kind for kind in kinds if kind is not None)


def _clones(actor: Actor) -> Iterator[Waiting | None]:
    if not may(actor, clone_cases.ACT):
        return
    found = [(one, _page("clone", one.vin, case_id=one.case_id)) for one in clone_cases.unended(actor=actor)]
    accept = [
        (one.drafted_at, page)
        for one, page in found
        if one.waiting_for(actor.organisation_code) and one.drafted_by != actor.person_id
    ]
    yield _kind(
        accept, "shared VIN to accept or refuse", "exchange_clones", "shared VINs to accept or refuse"
    )
    if actor.organisation_kind != "association" or not may(actor, "apply_clone_undo"):
        return
    accepted = [
        (max((item.decided_at for item in one.items if item.decided_at), default=one.drafted_at), page)
        for one, page in found
        if one.standing == "accepted"
    ]
    words = "accepted undo to ask the application of", "accepted undos to ask the application of"
    yield _kind(accepted, words[0], "exchange_clones", words[1])
    apply = [
        (one.requested_at, page)
        for one, page in found
        if one.standing == "requested"
        and one.requested_at is not None
        and actor.person_id not in {one.requested_by, one.drafted_by}
    ]
    words = "undo to apply as the second person", "undos to apply as the second person"
    yield _kind(apply, words[0], "exchange_clones", words[1])


def _changes(actor: Actor) -> Iterator[Waiting | None]:
    if not may(actor, "work_exchange_case"):
        return
    own, is_help_desk = actor.organisation_code, actor.organisation_kind == "association"
    found = [
        (one, _page("change", one.vin, request_id=one.request_id))
        for one in data_changes.unended(actor=actor)
    ]
    decide = [
        (one.opened_at, page)
        for one, page in found
        if one.waits_for(own) and one.opened_by != actor.person_id
    ]
    yield _kind(decide, "data change to decide", "exchange_changes", "data changes to decide")
    carry_out = [
        (max((said.decided_at for said in one.approvals if said.decided_at), default=one.opened_at), page)
        for one, page in found
        if one.standing == "approved"
        and (
            one.asked_by == "help_desk"
            if is_help_desk
            else own in {approval.jurisdiction for approval in one.approvals}
        )
    ]
    words = (
        ("approved data change to follow up", "approved data changes to follow up")
        if is_help_desk
        else ("approved data change to carry out", "approved data changes to carry out")
    )
    yield _kind(carry_out, words[0], "exchange_changes", words[1])


def _findings(actor: Actor) -> Iterator[Waiting | None]:
    """Confirmed ones that nobody has gone on with: neither put to the states nor in a case of two vehicles."""
    if not (may(actor, "decide_finding") and may(actor, "work_exchange_case")):
        return
    in_hand = {one.vin for one in clone_cases.unended(actor=actor)}
    page = findings.listed(actor=actor, state="confirmed")
    found = [
        (one.moved_at, _page("finding", one.vin, finding_id=one.finding_id))
        for one in page.findings
        if one.request_id is None and one.vin not in in_hand
    ]
    words = "confirmed finding to put to the states", "confirmed findings to put to the states"
    kind = _kind(found, words[0], "exchange_findings", words[1], or_more=page.after is not None)
    yield (
        kind if kind is None or kind.count == 1 else replace(kind, address=f"{kind.address}?state=confirmed")
    )


def _corrections(actor: Actor) -> Iterator[Waiting | None]:
    if not may(actor, vin_corrections.ACT):
        return
    found = [
        (one.opened_at, _page("correction", one.vin, correction_id=one.correction_id))
        for one in vin_corrections.standing_with_steps(actor=actor)
        if one.waits_for == actor.organisation_code
    ]
    words = "corrected VIN with a step of yours next", "corrected VINs with a step of yours next"
    yield _kind(found, words[0], "exchange_corrections", words[1])


def _brands(actor: Actor) -> Iterator[Waiting | None]:
    if not may(actor, rescind_brand.ACT):
        return
    address = reverse("exchange_rescissions")
    found = [
        (one.proposed_at, address)
        for one in rescind_brand.undecided(actor=actor)
        if one.proposed_by != actor.person_id
    ]
    words = "brand to confirm that a colleague takes back", "brands to confirm that a colleague takes back"
    yield _kind(found, words[0], "exchange_rescissions", words[1])


def _files(actor: Actor, *, at: datetime) -> Iterator[Waiting | None]:
    if not may(actor, work_bench.ACT):
        return
    own = actor.organisation_code
    with acting(actor, act=work_bench.ACT, database="national") as connection:
        bench = work_bench.read_bench(connection, jurisdiction=own, at=at)
        files = notice_files.newest(connection, jurisdiction=own)
        notices = _notices(connection, own)
    page = reverse("exchange_bench")
    for groups, words in (
        (bench.errors, ("kind of error to correct", "kinds of errors to correct")),
        (bench.warnings, ("kind of warning to look at", "kinds of warnings to look at")),
    ):
        found = [(group.first_said_at, page) for group in groups]
        yield _kind(found, f"{words[0]} in batch files", "exchange_bench", f"{words[1]} in batch files")
    page = reverse("exchange_notices")
    unconfirmed = [(file.made_at, page) for file in files if file.confirmed_at is None]
    words = "file of notices to confirm", "files of notices to confirm"
    yield _kind(unconfirmed, words[0], "exchange_notices", words[1])
    yield notices


def _notices(connection: Connection, jurisdiction: str) -> Waiting | None:
    """Those neither acknowledged nor in a file yet; of very many the first page is counted."""
    found = notices_for.run(jurisdiction, connection=connection, limit=_NOTICES_READ)
    page = reverse("exchange_waiting_notices")
    words = "notice to read on line or in the next file", "notices to read on line or in the next file"
    return _kind(
        [(one.created_at, page) for one in found],
        words[0],
        "exchange_waiting_notices",
        words[1],
        or_more=len(found) == _NOTICES_READ,
    )


def _kind(
    found: list[_Found], words: str, route: str, several: str = "", *, or_more: bool = False
) -> Waiting | None:
    if not found:
        return None
    return Waiting(
        count=len(found),
        words=words if len(found) == 1 else several or f"{words}s",
        since=min(since for since, _ in found),
        address=found[0][1] if len(found) == 1 else reverse(route),
        or_more=or_more,
    )


def _page(what: str, vin: str, **named: UUID) -> str:
    return reverse(f"exchange_{what}", kwargs={"vin": vin, **named})

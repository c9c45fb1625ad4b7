"""Discrepancy cases and data changes by program (N-401, N-704); a case is opened by message."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field, StrictBool

from vinculum.entrypoints.api.bearer import actor_of
from vinculum.entrypoints.exchange.desks.desk_key import ONCE, Body, DeskKey, now
from vinculum.kernel.refusal import Absent
from vinculum.national.casework import cases, data_changes, move_case
from vinculum.national.casework.case_moves import Move

router = Router(tags=["cases", "data changes"])
_ACT = DeskKey("work_exchange_case")


class FactTold(Schema):
    """Something in which paper and record differ."""

    code: str
    on_paper: str
    on_record: str
    words: str
    about: str


class CaseTold(Schema):
    """A case; `side` is the reader's, `moves` what it may do now."""

    vin: str
    case_id: UUID
    number: str
    asking: str
    holding: str
    state: str
    side: str
    is_ones_turn: bool
    moves: list[str]
    facts: list[FactTold]
    opened_at: datetime
    moved_at: datetime
    closed_at: datetime | None
    closed_because: str


class EventTold(Schema):
    """Something said or done in a case."""

    at: datetime
    side: str
    person_name: str
    move: str
    body: str


class ContactTold(Schema):
    """Whom to call on the other side."""

    jurisdiction: str
    name: str
    telephone: str
    mailbox: str
    hours: str


class CaseFileTold(Schema):
    """A case, what was said in it, and whom to call."""

    case: CaseTold
    events: list[EventTold]
    contact: ContactTold | None


class MoveBody(Body):
    """A move with what is said to it; closing gives its reason."""

    move: Move
    body: str = Field(max_length=4000)
    reason: str = Field("", max_length=40)


class CaseMoved(Schema):
    """The state that the move led to."""

    state: str


@router.get("/cases", auth=_ACT, response=list[CaseTold], operation_id="list_cases")
def listed(request: HttpRequest, closed: bool = False) -> list[cases.Case]:
    """The jurisdiction's cases, those longest unmoved first."""
    return list(cases.listed(actor=actor_of(request), closed=closed))


@router.get("/cases/{vin}/{uuid:case_id}", auth=_ACT, response=CaseFileTold, operation_id="show_case")
def one(request: HttpRequest, vin: str, case_id: UUID) -> cases.CaseFile:
    """One case with everything that was said in it."""
    found = cases.show(vin=vin, case_id=case_id, actor=actor_of(request))
    if found is None:
        raise Absent
    return found


@router.post("/cases/{vin}/{uuid:case_id}/moves", auth=_ACT, response=CaseMoved, operation_id="move_case")
def move(
    request: HttpRequest, vin: str, case_id: UUID, said: MoveBody, key: UUID | None = ONCE
) -> dict[str, str]:
    """Answer, ask again, add a message, call the help desk in, or close with a reason."""
    asked = move_case.Request(vin=vin, case_id=case_id, move=said.move, body=said.body, reason=said.reason)
    return {"state": move_case.run(asked, actor=actor_of(request), at=now(), key=key)}


class ApprovalTold(Schema):
    """What one owner said; `approved` is null until it decides."""

    jurisdiction: str
    approved: bool | None
    decided_at: datetime | None
    decided_by_name: str
    words: str


class DataChangeTold(Schema):
    """A request to change data, and where it stands."""

    vin: str
    request_id: UUID
    asked_by: str
    change: str
    evidence: str
    standing: str
    opened_at: datetime
    opened_by_name: str
    withdrawn_at: datetime | None
    carried_out_at: datetime | None
    carried_out_by: str
    message_id: UUID | None
    approvals: list[ApprovalTold]


class DataChangeBody(Body):
    """What is to be changed, on what evidence, and whose data it is."""

    vin: str = Field(max_length=60)
    owners: list[str] = Field(max_length=20)
    change: str = Field(max_length=4000)
    evidence: str = Field(max_length=4000)


class RequestMade(Schema):
    """The request's id."""

    request_id: UUID


class ApprovalBody(Body):
    """Yes or no, and why."""

    approve: StrictBool
    words: str = Field(max_length=4000)


class EffectBody(Body):
    """The accepted message of an owner by which the change was done."""

    origin: str = Field(max_length=2)
    message_id: UUID


@router.get("/data-changes", auth=_ACT, response=list[DataChangeTold], operation_id="list_data_changes")
def changes(request: HttpRequest) -> list[data_changes.DataChange]:
    """The requests that the jurisdiction asked or has to decide, the latest first."""
    return list(data_changes.listed(actor=actor_of(request)))


@router.post("/data-changes", auth=_ACT, response={201: RequestMade}, operation_id="ask_data_change")
def ask(request: HttpRequest, said: DataChangeBody, key: UUID | None = ONCE) -> Status[dict[str, UUID]]:
    """Ask the owners for a change of their data."""
    made = data_changes.propose(
        vin=said.vin,
        owners=tuple(said.owners),
        change=said.change,
        evidence=said.evidence,
        actor=actor_of(request),
        at=now(),
        key=key,
    )
    return Status(201, {"request_id": made})


_CHANGE = "/data-changes/{vin}/{uuid:request_id}"


@router.get(_CHANGE, auth=_ACT, response=DataChangeTold, operation_id="show_data_change")
def change(request: HttpRequest, vin: str, request_id: UUID) -> data_changes.DataChange:
    """One request with its approvals."""
    return data_changes.show(vin=vin, request_id=request_id, actor=actor_of(request))


@router.post(_CHANGE + "/decision", auth=_ACT, response=DataChangeTold, operation_id="decide_data_change")
def decide(request: HttpRequest, vin: str, request_id: UUID, said: ApprovalBody) -> data_changes.DataChange:
    """Approve or decline for one's own jurisdiction, once."""
    actor = actor_of(request)
    data_changes.decide(
        vin=vin, request_id=request_id, approve=said.approve, words=said.words, actor=actor, at=now()
    )
    return change(request, vin, request_id)


@router.post(_CHANGE + "/effect", auth=_ACT, response=DataChangeTold, operation_id="record_data_change")
def effect(request: HttpRequest, vin: str, request_id: UUID, said: EffectBody) -> data_changes.DataChange:
    """Record the message by which an approved change was done (N-104)."""
    actor = actor_of(request)
    data_changes.carry_out(
        vin=vin,
        request_id=request_id,
        origin=said.origin,
        message_id=said.message_id,
        actor=actor,
        at=now(),
    )
    return change(request, vin, request_id)


@router.post(_CHANGE + "/withdrawal", auth=_ACT, response=DataChangeTold, operation_id="withdraw_data_change")
def withdraw(request: HttpRequest, vin: str, request_id: UUID) -> data_changes.DataChange:
    """Take back what the jurisdiction has asked, before it is done."""
    data_changes.withdraw(vin=vin, request_id=request_id, actor=actor_of(request), at=now())
    return change(request, vin, request_id)

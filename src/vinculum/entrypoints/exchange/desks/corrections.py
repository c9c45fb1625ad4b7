"""Corrected VINs step by step, and brands taken back by two, by program (N-307, N-404)."""

from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field, StrictBool

from vinculum.access.database import Connection
from vinculum.entrypoints.api.bearer import actor_of
from vinculum.entrypoints.exchange.desks.desk_key import ONCE, Body, DeskKey, now
from vinculum.entrypoints.exchange.dispatch import apply_message
from vinculum.national.casework import rescind_brand, vin_corrections, withdraw_correction
from vinculum.national.law.standing import Channel
from vinculum.protocol.correct_brand import RemoveBrand
from vinculum.protocol.update_answer import UpdateAnswer

router = Router(tags=["corrected VINs", "brands taken back"])
_CORRECTS = DeskKey("work_vin_correction")
_RESCINDS = DeskKey("rescind_brand")


class VerificationTold(Schema):
    """The VIN as it was read off the vehicle."""

    inspected_on: date
    inspected_by: str
    place: str
    read_vin: str
    recorded_at: datetime
    recorded_by_name: str


class StepDone(Schema):
    """What a step of the procedure is, by the number printed in chapter 19."""

    number: str
    who: str
    what: str
    message: str


class StepTold(Schema):
    """A step, and whether it was seen to be done."""

    step: StepDone
    done: bool
    is_next: bool


class CorrectionListed(Schema):
    """A correction as the list has it; its steps, and whether all are done, are told with the one."""

    vin: str
    correction_id: UUID
    right_vin: str
    jurisdiction: str
    origin: str
    procedure: str
    opened_at: datetime
    opened_by_name: str
    verifications: list[VerificationTold]
    withdrawn_at: datetime | None
    withdrawn_by_name: str
    withdrawn_because: str


class CorrectionTold(CorrectionListed):
    """A correction with the steps of its procedure."""

    steps: list[StepTold]
    is_done: bool


class CorrectionBody(Body):
    """The wrong VIN, the right one, and the state that issued the wrong one."""

    vin: str = Field(max_length=60)
    right_vin: str = Field(max_length=60)
    origin: str = Field(max_length=2)
    enters_both_vins: StrictBool = False


class CorrectionBegun(Schema):
    """The correction's id."""

    correction_id: UUID


class InspectionBody(Body):
    """That the vehicle was looked at: `place` is one of dash_plate, door_label, frame, engine, other."""

    inspected_on: date
    inspected_by: str = Field(max_length=80)
    place: str = Field(max_length=20)
    read_vin: str = Field(max_length=60)


class CorrectionWithdrawalBody(Body):
    """Why the correction was begun by mistake."""

    reason: str = Field(max_length=200)


_CORRECTION = "/vin-corrections/{vin}/{uuid:correction_id}"


@router.get(
    "/vin-corrections", auth=_CORRECTS, response=list[CorrectionListed], operation_id="list_vin_corrections"
)
def corrections(request: HttpRequest) -> list[vin_corrections.Correction]:
    """The corrections of the jurisdiction, and those of its own titles elsewhere."""
    return list(vin_corrections.listed(actor=actor_of(request)))


@router.post(
    "/vin-corrections", auth=_CORRECTS, response={201: CorrectionBegun}, operation_id="begin_vin_correction"
)
def begin(request: HttpRequest, said: CorrectionBody, key: UUID | None = ONCE) -> Status[dict[str, UUID]]:
    """Begin a correction; the procedure follows from the jurisdiction's mode."""
    begun = vin_corrections.begin(
        vin=said.vin,
        right_vin=said.right_vin,
        origin=said.origin,
        enters_both_vins=said.enters_both_vins,
        actor=actor_of(request),
        at=now(),
        key=key,
    )
    return Status(201, {"correction_id": begun})


@router.get(_CORRECTION, auth=_CORRECTS, response=CorrectionTold, operation_id="show_vin_correction")
def correction(request: HttpRequest, vin: str, correction_id: UUID) -> vin_corrections.Correction:
    """One correction with its steps, ticked by what was seen."""
    return vin_corrections.show(vin=vin, correction_id=correction_id, actor=actor_of(request))


@router.post(
    _CORRECTION + "/inspections",
    auth=_CORRECTS,
    response={201: CorrectionTold},
    operation_id="record_inspection",
)
def inspect(
    request: HttpRequest, vin: str, correction_id: UUID, said: InspectionBody, key: UUID | None = ONCE
) -> Status[vin_corrections.Correction]:
    """Record the inspection of the vehicle, as the state to which it was presented."""
    vin_corrections.verify(
        vin=vin,
        correction_id=correction_id,
        inspected_on=said.inspected_on,
        inspected_by=said.inspected_by,
        place=said.place,
        read_vin=said.read_vin,
        actor=actor_of(request),
        at=now(),
        key=key,
    )
    return Status(201, correction(request, vin, correction_id))


@router.post(
    _CORRECTION + "/withdrawal",
    auth=_CORRECTS,
    response=CorrectionTold,
    operation_id="withdraw_vin_correction",
)
def withdraw(
    request: HttpRequest, vin: str, correction_id: UUID, said: CorrectionWithdrawalBody
) -> vin_corrections.Correction:
    """Take back a correction begun by mistake, before a message or an approval has done a step of it."""
    withdraw_correction.withdraw(
        vin=vin, correction_id=correction_id, reason=said.reason, actor=actor_of(request), at=now()
    )
    return correction(request, vin, correction_id)


class RescissionTold(Schema):
    """A brand that is proposed to be taken back, and what became of the proposal."""

    vin: str
    rescission_id: UUID
    brand_code: str
    brand_date: date
    reason: str
    standing: str
    proposed_at: datetime
    proposed_by_name: str
    decided_at: datetime | None
    decided_by_name: str


class RescissionBody(Body):
    """Which brand of the own state should not stand, and why."""

    vin: str = Field(max_length=60)
    brand_code: str = Field(max_length=2)
    brand_date: date
    reason: str = Field(max_length=200)


class RescissionProposed(Schema):
    """The proposal's id, which is that of the message when it is confirmed."""

    rescission_id: UUID


class ConfirmationBody(Body):
    """Confirm, or give the proposal up."""

    confirm: StrictBool


@router.get(
    "/brand-rescissions", auth=_RESCINDS, response=list[RescissionTold], operation_id="list_brand_rescissions"
)
def rescissions(request: HttpRequest) -> list[rescind_brand.Rescission]:
    """The proposals of the jurisdiction: what waits comes first."""
    return list(rescind_brand.listed(actor=actor_of(request)))


@router.post(
    "/brand-rescissions",
    auth=_RESCINDS,
    response={201: RescissionProposed},
    operation_id="propose_brand_rescission",
)
def propose(request: HttpRequest, said: RescissionBody, key: UUID | None = ONCE) -> Status[dict[str, UUID]]:
    """Propose it; the brand stands until somebody else confirms."""
    proposed = rescind_brand.propose(
        vin=said.vin,
        brand_code=said.brand_code,
        brand_date=said.brand_date,
        reason=said.reason,
        actor=actor_of(request),
        at=now(),
        key=key,
    )
    return Status(201, {"rescission_id": proposed})


@router.post(
    "/brand-rescissions/{vin}/{uuid:rescission_id}/decision",
    auth=_RESCINDS,
    response={204: None},
    operation_id="decide_brand_rescission",
)
def decide(request: HttpRequest, vin: str, rescission_id: UUID, said: ConfirmationBody) -> Status[None]:
    """Confirm what a person of the jurisdiction proposed, or give a proposal up."""
    actor, at = actor_of(request), now()

    def apply(connection: Connection, message: RemoveBrand, channel: Channel) -> UpdateAnswer:
        return apply_message(
            message, sender=actor.organisation_code, at=at, connection=connection, channel=channel
        )

    rescind_brand.decide(
        vin=vin, rescission_id=rescission_id, confirm=said.confirm, apply=apply, actor=actor, at=at
    )
    return Status(204, None)

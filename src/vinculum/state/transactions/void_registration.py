"""Void a registration in its window: the effect is taken back, the history stays (D-601, D-602)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID, uuid4

from pydantic import TypeAdapter

from vinculum.access import idempotency
from vinculum.access.database import Actor, Connection, acting, one
from vinculum.access.permissions import require
from vinculum.kernel.business_calendar import local_date
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.protocol.undo_title import UndoTitle
from vinculum.state.casework import applications
from vinculum.state.casework.request_keys import claim_request
from vinculum.state.inventory.plates import call_back_plate
from vinculum.state.law.catalogue import refuse
from vinculum.state.law.void_window import check_void, effect_of_void
from vinculum.state.ledger.funds import refund_fees
from vinculum.state.outbox.messages import enqueue
from vinculum.state.records.entries import open_entry
from vinculum.state.records.registrations import take_back_registration
from vinculum.state.records.titles import take_back_title
from vinculum.state.records.vehicles import lock_vehicle, reopen_vehicle_description
from vinculum.state.reference.publication import tables_in_force

ACT: Final = "void_registration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Which application, why, and the dealer's certification that the vehicle has not left the lot (D-603)."""

    application_id: UUID
    reason: str
    not_left_lot: bool
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidReceipt:
    """What the void gave back; the plate is to be returned to DMV, never to stock (D-602).

    The certificate marked VOID is submitted by `certificate_due` (D-604); `ownership_call` says what DMV must be
    called with to add the ownership back, where there is something to add (D-603).
    """

    application_id: UUID
    voided_at: datetime
    refunded: Decimal
    plate_number: str
    plate_to_return: bool
    certificate_due: date
    ownership_call: str | None
    message_id: UUID | None


_RECEIPT: Final = TypeAdapter(VoidReceipt)


def run(request: Request, *, actor: Actor, at: datetime) -> VoidReceipt:
    """Void the registration; the same request again answers the same receipt. Raises Refused."""
    require(actor, ACT)
    digest = idempotency.request_hash(
        ACT, [str(request.application_id), request.reason, request.not_left_lot]
    )
    with acting(actor, act=ACT) as connection:
        answer = claim_request(
            connection, actor=actor, key=request.idempotency_key, act=ACT, digest=digest, at=at
        )
        if answer is not None:
            return _RECEIPT.validate_python(answer)
        application = applications.lock_application(connection, request.application_id)
        refusals = _refusals(connection, application, request=request, at=at)
        if refusals or application is None:
            raise Refused(refusals)
        receipt = _take_back(connection, application=application, request=request, actor=actor, at=at)
        idempotency.keep_answer(
            connection,
            actor=actor,
            key=request.idempotency_key,
            answer=_RECEIPT.dump_python(receipt, mode="json"),
        )
    return receipt


def _refusals(
    connection: Connection, application: applications.Application | None, *, request: Request, at: datetime
) -> tuple[Refusal, ...]:
    if application is None:
        return (refuse("application_not_found", application=request.application_id),)
    if application.state != "processed" or application.issue_date is None:
        return (refuse("application_not_voidable", state=application.state),)
    return check_void(
        issue_date=application.issue_date,
        at=at,
        not_left_lot=request.not_left_lot,
        tables=tables_in_force(connection, application.issue_date),
    )


def _take_back(
    connection: Connection,
    *,
    application: applications.Application,
    request: Request,
    actor: Actor,
    at: datetime,
) -> VoidReceipt:
    """Close what the deal opened, give back what it closed, refund, call the plate back, owe the undo."""
    found = one(
        connection,
        "SELECT vin, plate_number, effective_date FROM book.registration WHERE id = %s",
        (application.registration_id,),
    )
    assert found is not None, "A processed application has its registration."
    assert application.entry_id is not None, "A processed application has its entry."
    assert application.ledger_transaction_id is not None, "A processed application has its posting."
    vin, plate, issued_on = found
    lock_vehicle(connection, vin)
    entry_id = open_entry(
        connection,
        actor=actor,
        kind="void",
        reason=request.reason,
        effective_date=issued_on,
        at=at,
        application_id=application.application_id,
        reverses=application.entry_id,
    )
    take_back_title(connection, voided_entry=application.entry_id, entry_id=entry_id)
    take_back_registration(
        connection, voided_entry=application.entry_id, entry_id=entry_id, from_day=issued_on
    )
    reopen_vehicle_description(connection, vin=vin, voided_entry=application.entry_id, entry_id=entry_id)
    call_back_plate(connection, number=plate)
    refunded = refund_fees(
        connection,
        posting_id=application.ledger_transaction_id,
        application_id=application.application_id,
        at=at,
    )
    message_id = _owe_undo(connection, application=application, vin=vin, request=request, actor=actor, at=at)
    applications.void(connection, application_id=application.application_id, at=at)
    effect = effect_of_void(
        charged=refunded,
        ownership=application.deal["ownership"]["kind"],
        voided_on=local_date(at),
        tables=tables_in_force(connection, issued_on),
    )
    return VoidReceipt(
        application_id=application.application_id,
        voided_at=at,
        refunded=refunded,
        plate_number=plate,
        plate_to_return=effect.plate_to_return,
        certificate_due=effect.certificate_due,
        ownership_call=effect.ownership_call,
        message_id=message_id,
    )


def _owe_undo(
    connection: Connection,
    *,
    application: applications.Application,
    vin: str,
    request: Request,
    actor: Actor,
    at: datetime,
) -> UUID | None:
    """The undo of the title message, to be delivered after it; None when the deal brought no title."""
    original = (application.receipt or {}).get("message_id")
    if original is None:
        return None
    message = UndoTitle(
        message_id=uuid4(), origin="CT", sent_at=at, vin=vin, undoes=UUID(original), reason=request.reason
    )
    enqueue(connection, actor=actor, application_id=application.application_id, message=message, at=at)
    return message.message_id

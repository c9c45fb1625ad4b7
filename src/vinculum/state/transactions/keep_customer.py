"""DMV opens a customer record or brings it up to date (D-207: nobody else does)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from vinculum.access.database import Actor, Connection, acting
from vinculum.access.idempotency import claim_key, keep_answer, request_hash
from vinculum.access.permissions import require
from vinculum.kernel.business_calendar import local_date
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.state.law.catalogue import refuse
from vinculum.state.records.customer_keeping import (
    CustomerParticulars,
    Identification,
    customer_of_number,
    next_customer_number,
    open_customer,
    write_identifications,
    write_particulars,
)
from vinculum.state.records.entries import open_entry
from vinculum.state.reference.publication import tables_in_force

ACT: Final = "keep_customer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The particulars to be kept; without a number a new record is opened and numbered."""

    particulars: CustomerParticulars
    identifications: tuple[Identification, ...] = ()
    number: str | None = None
    reason: str = "customer record"
    idempotency_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The record and the entry it was written by."""

    customer_id: UUID
    number: str
    entry_id: UUID


def run(request: Request, *, actor: Actor, at: datetime) -> Receipt:
    """Keep the particulars; what was kept before stays on the book, closed."""
    require(actor, ACT)
    with acting(actor, act=ACT) as connection:
        if request.idempotency_key:
            digest = request_hash(
                ACT, (repr(request.particulars), repr(request.identifications), request.number)
            )
            answer = claim_key(
                connection, actor=actor, key=request.idempotency_key, act=ACT, digest=digest, at=at
            )
            if answer is not None:
                return Receipt(
                    customer_id=UUID(answer["customer_id"]),
                    number=answer["number"],
                    entry_id=UUID(answer["entry_id"]),
                )
        receipt = _keep(connection, request, actor=actor, at=at)
        if request.idempotency_key:
            keep_answer(
                connection,
                actor=actor,
                key=request.idempotency_key,
                answer={
                    "customer_id": str(receipt.customer_id),
                    "number": receipt.number,
                    "entry_id": str(receipt.entry_id),
                },
            )
        return receipt


def _keep(connection: Connection, request: Request, *, actor: Actor, at: datetime) -> Receipt:
    on_file = customer_of_number(connection, request.number) if request.number else None
    refusals = _refusals(connection, request, on_file=on_file, at=at)
    if refusals:
        raise Refused(refusals)
    entry_id = open_entry(
        connection,
        actor=actor,
        kind="customer_record",
        reason=request.reason,
        effective_date=local_date(at),
        at=at,
    )
    if on_file is None:
        number = next_customer_number(connection)
        customer_id = open_customer(
            connection, entry_id=entry_id, number=number, kind=request.particulars.kind
        )
    else:
        assert request.number is not None, "A record on file was found by its number."
        number, customer_id = request.number, on_file[0]
    write_particulars(connection, entry_id=entry_id, customer_id=customer_id, particulars=request.particulars)
    write_identifications(
        connection, entry_id=entry_id, customer_id=customer_id, identifications=request.identifications
    )
    return Receipt(customer_id=customer_id, number=number, entry_id=entry_id)


def _refusals(
    connection: Connection, request: Request, *, on_file: tuple[UUID, str] | None, at: datetime
) -> list[Refusal]:
    found = []
    wanted = request.particulars.kind
    if request.number and on_file is None:
        found.append(refuse("customer_number_unknown", field="number", number=request.number))
    if on_file is not None and on_file[1] != wanted:
        found.append(
            refuse(
                "customer_kind_changed", field="kind", number=request.number, kept=on_file[1], wanted=wanted
            )
        )
    for identification in request.identifications:
        number = identification.number
        if not (
            4 <= len(number) <= 20 and number.isascii() and number.isalnum() and number == number.upper()
        ):
            found.append(refuse("invalid_identification", field="identifications", number=number))
    code = request.particulars.tax_town_code
    if code and code not in tables_in_force(connection, local_date(at)).tax_towns:
        found.append(refuse("tax_town_not_listed", field="tax_town_code", town=code))
    return found

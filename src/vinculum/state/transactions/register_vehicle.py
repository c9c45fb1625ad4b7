"""Process a new issue: check everything, take the money, assign the plate, write the book, owe the exchange.

One durable transaction, all or none (D-206). `preview` asks the same rules the same question without lock and
without writing, so that a quote never disagrees with the bill that follows it.
"""

import dataclasses
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid4

import psycopg
from pydantic import TypeAdapter

from vinculum.access import idempotency
from vinculum.access.database import Actor, Connection, acting
from vinculum.access.permissions import require
from vinculum.decoding import DecodedVin, compare_declared, decode_vin
from vinculum.kernel.business_calendar import local_date
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.kernel.vin import normalise_vin
from vinculum.protocol.exchange import Exchange, UpdateMessage
from vinculum.state.casework import applications
from vinculum.state.casework.deal_json import dump_deal
from vinculum.state.casework.request_keys import claim_request
from vinculum.state.casework.take_up import take_up
from vinculum.state.inventory.plates import assign_plate, lock_next_plate, peek_next_plate
from vinculum.state.law.assess_registration import assess
from vinculum.state.law.catalogue import refuse
from vinculum.state.law.checklist import ChecklistItem
from vinculum.state.law.deal import Deal
from vinculum.state.law.on_file import ExchangeFindings, OnFile
from vinculum.state.law.quote import Quote
from vinculum.state.law.tables import Tables
from vinculum.state.law.void_window import void_closes_at
from vinculum.state.ledger.funds import FundsAccount, charge_fees, load_funds
from vinculum.state.outbox.ask_exchange import NOT_ANSWERED, ask_exchange
from vinculum.state.outbox.messages import enqueue
from vinculum.state.outbox.open_title_case import open_title_case
from vinculum.state.outbox.title_messages import messages_of_new_title
from vinculum.state.records.customers import load_owners, lock_owners
from vinculum.state.records.dealers import load_lienholders, load_standing
from vinculum.state.records.entries import open_entry
from vinculum.state.records.new_issue import DecidedDeal, open_registration, write_vehicle_and_title
from vinculum.state.records.titles import IssuedTitle
from vinculum.state.records.vehicles import load_vehicle, lock_vehicle
from vinculum.state.reference.faults import NoScheduleInForce
from vinculum.state.reference.publication import tables_in_force

ACT: Final = "register_vehicle"
FUNDS_FLOOR: Final = "balance_never_below_floor"
# Refusals that say nothing about the deal: the same request is asked again under the same key.
PASSING: Final = frozenset({"exchange_unavailable"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The deal to process; `application_id` names the application it was taken up from, if it was on hold."""

    deal: Deal
    idempotency_key: str
    application_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What came of it. `charged` left the dealer's funds; `message_id` is the update owed to the exchange."""

    application_id: UUID
    registration_id: UUID
    title_id: UUID | None
    title_number: str | None
    plate_number: str
    plate_class: str
    vin: str
    issue_date: date
    expires_on: date
    processed_at: datetime
    void_until: datetime
    quote: Quote
    charged: Decimal
    balance_after: Decimal
    message_id: UUID | None
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What processing would say and cost now; nothing is written and nothing reserved."""

    refusals: tuple[Refusal, ...]
    quote: Quote | None
    checklist: tuple[ChecklistItem, ...]
    expires_on: date | None
    warnings: tuple[str, ...]
    decoded: DecodedVin
    next_plate: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decision(DecidedDeal):
    """The decided deal, and the account that pays for it."""

    funds: FundsAccount | None


RECEIPT: Final = TypeAdapter(Receipt)


def run(request: Request, *, actor: Actor, at: datetime, exchange: Exchange) -> Receipt:
    """Process the deal; the same request again answers the same receipt.

    Raises Refused with every reason at once; then nothing has been taken, assigned or written but the refusal
    itself, which the same key answers again, unless the reason is one that passes by itself. The exchange is
    asked before the transaction begins (D-409), so that a slow answer holds no lock.
    """
    require(actor, ACT)
    deal = _normalised(request.deal)
    digest = idempotency.request_hash(ACT, [dump_deal(deal), str(request.application_id)])
    findings = ask_exchange(exchange, deal=deal, origin="CT", at=at)
    try:
        with acting(actor, act=ACT) as connection:
            answer = claim_request(
                connection, actor=actor, key=request.idempotency_key, act=ACT, digest=digest, at=at
            )
            if answer is None:
                answer = _process(
                    connection, request=request, deal=deal, actor=actor, at=at, findings=findings
                )
                if _is_passing(answer):
                    # Rolls back the claim: the same request may be made again when the cause has passed.
                    _receipt_or_refusal(answer)
                idempotency.keep_answer(connection, actor=actor, key=request.idempotency_key, answer=answer)
    except psycopg.errors.CheckViolation as violation:
        # Another deal of the same dealer took the money between our look and our charge.
        if violation.diag.constraint_name != FUNDS_FLOOR:
            raise
        raise Refused([refuse("funds_taken_meanwhile")]) from violation
    return _receipt_or_refusal(answer)


def preview(deal: Deal, *, actor: Actor, at: datetime, exchange: Exchange | None = None) -> Preview:
    """What `run` would answer now. Without an exchange, its side of the question is left open."""
    require(actor, "quote_registration")
    deal = _normalised(deal)
    findings = ask_exchange(exchange, deal=deal, origin="CT", at=at) if exchange else NOT_ANSWERED
    with acting(actor, act="quote_registration") as connection:
        plate = peek_next_plate(
            connection, dealer_id=actor.organisation_id, plate_class=deal.registration.plate_class
        )
        decision = _decide(connection, deal=deal, actor=actor, at=at, findings=findings, next_plate=plate)
    refusals = decision.assessment.refusals
    if exchange is None:
        refusals = tuple(refusal for refusal in refusals if refusal.code != "exchange_unavailable")
    return Preview(
        refusals=refusals,
        quote=decision.assessment.quote,
        checklist=decision.assessment.checklist,
        expires_on=decision.assessment.expires_on,
        warnings=decision.assessment.warnings,
        decoded=decision.decoded,
        next_plate=plate,
    )


def _normalised(deal: Deal) -> Deal:
    vehicle = dataclasses.replace(deal.vehicle, vin=normalise_vin(deal.vehicle.vin))
    return dataclasses.replace(deal, vehicle=vehicle)


def _is_passing(answer: dict[str, Any]) -> bool:
    return any(refusal["code"] in PASSING for refusal in answer.get("refusals", ()))


def _receipt_or_refusal(answer: dict[str, Any]) -> Receipt:
    if "refusals" in answer:
        raise Refused(Refusal.from_document(document) for document in answer["refusals"])
    return RECEIPT.validate_python(answer["receipt"])


def _process(
    connection: Connection,
    *,
    request: Request,
    deal: Deal,
    actor: Actor,
    at: datetime,
    findings: ExchangeFindings,
) -> dict[str, Any]:
    """Everything inside the transaction: lock, decide, write. Answers the receipt or the refusals as JSON."""
    try:
        begun = _begun(connection, request=request, actor=actor, at=at)
    except Refused as refused:
        return _refused(refused.refusals)
    lock_vehicle(connection, deal.vehicle.vin)
    lock_owners(connection, deal.owners)
    plate = lock_next_plate(
        connection, dealer_id=actor.organisation_id, plate_class=deal.registration.plate_class
    )
    decision = _decide(connection, deal=deal, actor=actor, at=at, findings=findings, next_plate=plate)
    if decision.assessment.refusals:
        refusals = open_title_case(
            connection,
            decision.assessment.refusals,
            deal=decision.deal,
            on_file=decision.on_file,
            tables=decision.tables,
            actor=actor,
            at=at,
        )
        return _refused(refusals)
    assert plate is not None, "no_plate_in_stock would have been a refusal."
    receipt = _write(connection, begun=begun, decision=decision, plate=plate, actor=actor, at=at)
    return {"receipt": RECEIPT.dump_python(receipt, mode="json")}


def _refused(refusals: tuple[Refusal, ...]) -> dict[str, Any]:
    return {"refusals": [refusal.as_document() for refusal in refusals]}


def _begun(connection: Connection, *, request: Request, actor: Actor, at: datetime) -> UUID | None:
    """The application to finish, if the deal was one already, locked and at this terminal. Raises Refused."""
    if request.application_id is None:
        return None
    found = take_up(connection, request.application_id, terminal=actor.terminal)
    if found.state == "held":
        applications.release(connection, application_id=found.application_id, terminal=actor.terminal, at=at)
    return found.application_id


def _decide(
    connection: Connection,
    *,
    deal: Deal,
    actor: Actor,
    at: datetime,
    findings: ExchangeFindings,
    next_plate: str | None,
) -> _Decision:
    """Load what is on file and ask the rules."""
    today = local_date(at)
    tables = _tables_of(connection, deal.issue_date, today=today)
    decoded = decode_vin(deal.vehicle.vin, declared_year=deal.vehicle.model_year)
    funds = load_funds(connection, dealer_id=actor.organisation_id)
    on_file = OnFile(
        owners=load_owners(connection, deal.owners),
        vehicle=load_vehicle(connection, deal.vehicle.vin),
        exchange=findings,
        dealer=load_standing(connection, actor=actor, day=today, funds_account_open=funds is not None),
        lienholders=load_lienholders(connection, [lien.lienholder_code for lien in deal.liens]),
        next_plate=next_plate,
        funds=funds.balance if funds else Decimal("0.00"),
    )
    assessment = assess(deal, on_file=on_file, tables=tables, decoded=decoded, at=at)
    # A make that the VIN does not tell is evidence, shown and never decisive (N-602).
    doubts = tuple(
        doubt.message
        for doubt in compare_declared(decoded, make=deal.vehicle.make, model_year=deal.vehicle.model_year)
        if doubt.about == "make"
    )
    assessment = dataclasses.replace(assessment, warnings=assessment.warnings + doubts)
    vehicle = dataclasses.replace(deal.vehicle, vehicle_type=assessment.vehicle_type)
    return _Decision(
        deal=dataclasses.replace(deal, vehicle=vehicle),
        on_file=on_file,
        tables=tables,
        decoded=decoded,
        assessment=assessment,
        funds=funds,
    )


def _tables_of(connection: Connection, issue_date: date, *, today: date) -> Tables:
    """The law of the issue date; today's where that day has none, for the rules then refuse the date itself."""
    try:
        return tables_in_force(connection, issue_date)
    except NoScheduleInForce:
        return tables_in_force(connection, today)


def _write(
    connection: Connection,
    *,
    begun: UUID | None,
    decision: _Decision,
    plate: str,
    actor: Actor,
    at: datetime,
) -> Receipt:
    """Put the decision on the book, the plate on the vehicle, the money in the ledger and the news in the outbox.

    `begun` is the application that was on the desk already; a deal processed at once becomes one here.
    """
    deal, quote = decision.deal, decision.assessment.quote
    assert quote is not None, "An assessment without refusals has its quote."
    assert decision.funds is not None, "agent_not_in_standing would have been a refusal."
    application_id = begun or uuid4()
    entry_id = open_entry(
        connection,
        actor=actor,
        kind="registration",
        reason=f"New issue from {deal.ownership.kind.replace('_', ' ')} {deal.ownership.number}",
        effective_date=deal.issue_date,
        at=at,
        application_id=application_id,
    )
    title = write_vehicle_and_title(connection, entry_id=entry_id, decided=decision, at=at)
    registration_id = open_registration(
        connection, entry_id=entry_id, decided=decision, plate_number=plate, actor=actor
    )
    assign_plate(connection, number=plate, registration_id=registration_id)
    posting_id = charge_fees(
        connection,
        account_id=decision.funds.account_id,
        application_id=application_id,
        quote=quote,
        at=at,
    )
    messages = _messages(decision, title=title, at=at)
    receipt = _receipt(
        decision,
        application_id=application_id,
        registration_id=registration_id,
        title=title,
        plate=plate,
        message_id=messages[0].message_id if messages else None,
        at=at,
    )
    made = applications.Processing(
        deal=dump_deal(deal),
        vin=deal.vehicle.vin,
        issue_date=deal.issue_date,
        entry_id=entry_id,
        registration_id=registration_id,
        title_id=receipt.title_id,
        ledger_transaction_id=posting_id,
        void_until=receipt.void_until,
        receipt=RECEIPT.dump_python(receipt, mode="json"),
    )
    if begun is None:
        applications.write_processed(connection, actor=actor, application_id=application_id, made=made, at=at)
    else:
        applications.process(connection, application_id=application_id, made=made, at=at)
    for message in messages:
        enqueue(connection, actor=actor, application_id=application_id, message=message, at=at)
    return receipt


def _receipt(
    decision: _Decision,
    *,
    application_id: UUID,
    registration_id: UUID,
    title: IssuedTitle | None,
    plate: str,
    message_id: UUID | None,
    at: datetime,
) -> Receipt:
    deal, quote, expires_on = decision.deal, decision.assessment.quote, decision.assessment.expires_on
    assert quote is not None, "An assessment without refusals has its quote."
    assert expires_on is not None, "An assessment without refusals has its expiry."
    return Receipt(
        application_id=application_id,
        registration_id=registration_id,
        title_id=title.title_id if title else None,
        title_number=title.number if title else None,
        plate_number=plate,
        plate_class=deal.registration.plate_class,
        vin=deal.vehicle.vin,
        issue_date=deal.issue_date,
        expires_on=expires_on,
        processed_at=at,
        void_until=void_closes_at(deal.issue_date, tables=decision.tables),
        quote=quote,
        charged=quote.payable_to_dmv,
        balance_after=decision.on_file.funds - quote.payable_to_dmv,
        message_id=message_id,
        warnings=decision.assessment.warnings,
    )


def _messages(decision: _Decision, *, title: IssuedTitle | None, at: datetime) -> list[UpdateMessage]:
    """What the exchange is owed for this deal: nothing when no title was issued."""
    if title is None:
        return []
    return messages_of_new_title(
        decision.deal,
        title_number=title.number,
        issue_date=title.issue_date,
        exchange=decision.on_file.exchange,
        brands=decision.assessment.brands_carried,
        origin=decision.tables.jurisdiction,
        at=at,
    )

"""What the API answers with: the shapes of its JSON, made from what transactions and queries answer."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from pydantic import TypeAdapter

from vinculum.decoding import DecodedVin
from vinculum.kernel.refusal import Refusal
from vinculum.state.casework.applications import Application
from vinculum.state.law.checklist import ChecklistItem
from vinculum.state.law.quote import Quote, QuoteLine
from vinculum.state.queries.list_applications import Application as ListedApplication
from vinculum.state.queries.stock_summary import ClassStock
from vinculum.state.transactions.register_vehicle import Preview, Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRefusal:
    """One reason: what is wrong and why, what to do about it, and the law behind it."""

    code: str
    message: str
    remedy: str
    field: str | None
    rule: str
    citation: str

    @classmethod
    def of(cls, refusal: Refusal) -> "ListedRefusal":
        return cls(
            code=refusal.code,
            message=refusal.message,
            remedy=refusal.remedy,
            field=refusal.field,
            rule=refusal.rule,
            citation=refusal.citation,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteAnswer:
    """A fee quote with its sums: what the customer pays, and what leaves the dealer's funds of it."""

    lines: tuple[QuoteLine, ...]
    total: Decimal
    payable_to_dmv: Decimal
    as_of: date
    schedule_effective: date
    schedule_hash: str

    @classmethod
    def of(cls, quote: Quote) -> "QuoteAnswer":
        return cls(
            lines=quote.lines,
            total=quote.total,
            payable_to_dmv=quote.payable_to_dmv,
            as_of=quote.as_of,
            schedule_effective=quote.schedule_effective,
            schedule_hash=quote.schedule_hash,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VinAnswer:
    """What a VIN says: evidence to hold against the paper, never a verdict."""

    vin: str
    check_digit_valid: bool
    model_year: int | None
    make: str
    model: str
    manufacturer: str
    vehicle_type: str
    body_class: str
    fuel_type: str
    gvwr_class: str
    plant_country: str
    messages: tuple[str, ...]

    @classmethod
    def of(cls, decoded: DecodedVin) -> "VinAnswer":
        return cls(
            **{
                name: getattr(decoded, name)
                for name in cls.__dataclass_fields__  # each is an attribute of a decode
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewAnswer:
    """What processing would say and cost now; nothing is written and nothing reserved.

    `processable` says that there is no refusal left.
    """

    processable: bool
    refusals: tuple[ListedRefusal, ...]
    quote: QuoteAnswer | None
    checklist: tuple[ChecklistItem, ...]
    expires_on: date | None
    warnings: tuple[str, ...]
    decoded: VinAnswer
    next_plate: str | None

    @classmethod
    def of(cls, preview: Preview, refusals: tuple[Refusal, ...]) -> "PreviewAnswer":
        return cls(
            processable=not refusals,
            refusals=tuple(map(ListedRefusal.of, refusals)),
            quote=QuoteAnswer.of(preview.quote) if preview.quote else None,
            checklist=preview.checklist,
            expires_on=preview.expires_on,
            warnings=preview.warnings,
            decoded=VinAnswer.of(preview.decoded),
            next_plate=preview.next_plate,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptAnswer:
    """A registration as processed. `charged` left the dealer's funds; `message_id` is owed to the exchange."""

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
    quote: QuoteAnswer
    charged: Decimal
    balance_after: Decimal
    message_id: UUID | None
    warnings: tuple[str, ...]

    @classmethod
    def of(cls, receipt: Receipt) -> "ReceiptAnswer":
        held = {name: getattr(receipt, name) for name in cls.__dataclass_fields__}
        return cls(**{**held, "quote": QuoteAnswer.of(receipt.quote)})


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationAnswer:
    """An application after it was taken up or given up."""

    application_id: UUID
    state: str
    terminal: str
    deal: dict[str, Any]

    @classmethod
    def of(cls, application: Application) -> "ApplicationAnswer":
        return cls(
            application_id=application.application_id,
            state=application.state,
            terminal=application.terminal,
            deal=dict(application.deal),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationPage:
    """A page of applications, the latest first; `next` is the cursor of the next page, empty at the end."""

    applications: tuple[ListedApplication, ...]
    counts: dict[str, int]
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StockAnswer:
    """A dealer's plates by class."""

    classes: tuple[ClassStock, ...]


@cache
def adapter_of(shape: Any) -> TypeAdapter[Any]:
    """The reader and writer of a shape, built once."""
    return TypeAdapter(shape)


def _writer_of(held: Any) -> TypeAdapter[Any]:
    shape: Any = type(held)
    return adapter_of(shape)


def answer(held: Any, *, status: int = 200) -> HttpResponse:
    """The object as JSON: money as text, days and instants in ISO 8601."""
    response = HttpResponse(_writer_of(held).dump_json(held), status=status, content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response

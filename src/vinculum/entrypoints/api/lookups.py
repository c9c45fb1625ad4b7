"""Operations that only ask: customers, stock, funds, VINs, vehicle history, and the stories of the book."""

from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from ninja.params.functions import Query
from pydantic import Field

from vinculum.access.database import connected
from vinculum.decoding import decode_vin
from vinculum.entrypoints.api import clock
from vinculum.entrypoints.api.answers import StockAnswer, VinAnswer, answer
from vinculum.entrypoints.api.bearer import Anybody, BearerKey, actor_of
from vinculum.entrypoints.api.bodies import NotFound
from vinculum.entrypoints.api.reading import MalformedRequest
from vinculum.kernel.business_calendar import local_date
from vinculum.kernel.vin import normalise_vin
from vinculum.national.queries import vehicle_history
from vinculum.national.queries.vehicle_history import VehicleHistory
from vinculum.state.queries import (
    customer_story,
    find_customer,
    funds_statement,
    stock_summary,
    title_story,
    vehicle_story,
)
from vinculum.state.queries.find_customer import Customer, NumberKind
from vinculum.state.queries.funds_statement import Statement
from vinculum.state.queries.story import Story, StoryRequest

router = Router(tags=["look-ups"])

_CASE: Final = "which case it is for; kept with the purpose record"


class NoExchangeHere(Exception):
    """This process does not serve the national files."""


@router.get("/customers", auth=BearerKey("find_customer"), response=Customer, operation_id="find_customer")
def customers(
    request: HttpRequest,
    kind: NumberKind,
    number: str = Query(min_length=1, max_length=30),
    case_reference: str = Query(min_length=1, max_length=80, description=_CASE),
    purpose: str = Query("verification_by_business", min_length=1, max_length=40),
) -> HttpResponse:
    """The customer whom a number on a document belongs to, and the stops on it (D-208); never found by name."""
    found = find_customer.run(
        find_customer.Request(kind=kind, number=number, case_reference=case_reference, purpose=purpose),
        actor=actor_of(request),
    )
    return answer(found)


@router.get("/stock", auth=BearerKey("show_stock"), response=StockAnswer, operation_id="show_stock")
def stock(request: HttpRequest, dealer_id: UUID | None = None) -> HttpResponse:
    """Plates by class: how many are left and which comes next; DMV sees all dealers' or one's."""
    return answer(StockAnswer(classes=stock_summary.run(actor=actor_of(request), dealer_id=dealer_id)))


@router.get("/funds", auth=BearerKey("show_funds"), response=Statement, operation_id="show_funds")
def funds(
    request: HttpRequest,
    first_day: date | None = None,
    last_day: date | None = None,
    dealer_id: UUID | None = None,
) -> HttpResponse:
    """The funds account of a dealer over some days, today when none is named; DMV names the dealer."""
    today = local_date(clock.now())
    first, last = first_day or last_day or today, last_day or max(first_day or today, today)
    if not (date(1990, 1, 1) <= first <= last <= date(2200, 1, 1)):
        raise MalformedRequest("first_day and last_day are no span of days of this account.")
    statement = funds_statement.run(
        funds_statement.Request(first_day=first, last_day=last, dealer_id=dealer_id), actor=actor_of(request)
    )
    if statement is None:
        raise NotFound
    return answer(statement)


@router.get("/vins/{vin}", auth=BearerKey("decode_vin"), response=VinAnswer, operation_id="decode_vin")
def decode(request: HttpRequest, vin: str) -> HttpResponse:
    """What the manufacturer meant by the characters of a VIN."""
    return answer(VinAnswer.of(decode_vin(vin[:64])))


@router.get(
    "/vehicles/{vin}/history",
    auth=Anybody("show_vehicle_history"),
    response=VehicleHistory,
    operation_id="show_vehicle_history",
)
def history(request: HttpRequest, vin: str) -> HttpResponse:
    """The national history of a vehicle: titles, brands, odometer, no personal data; open to everybody (N-802)."""
    if "national" not in settings.SYSTEMS:
        raise NoExchangeHere
    normalised = normalise_vin(vin)
    faults = vehicle_history.not_to_be_asked(normalised)
    if faults:
        raise MalformedRequest(" ".join(fault.message for fault in faults[:5]))
    with connected("national") as connection:
        return answer(vehicle_history.run(normalised, at=clock.now(), connection=connection))


class StoryQuery(Schema):
    """Why a story is asked for, and as of when."""

    purpose: str = Field(
        min_length=1, max_length=40, description="a permissible purpose of 18 U.S.C. 2721(b)"
    )
    case_reference: str = Field(min_length=1, max_length=80, description=_CASE)
    as_of: date | None = None
    known_at: datetime | None = None

    def about(self, subject: str) -> StoryRequest:
        """The story of this subject; today's when no day is named."""
        if self.known_at is not None and self.known_at.tzinfo is None:
            raise MalformedRequest(
                "known_at is an instant: say its offset from UTC, e.g. 2026-01-31T12:00:00Z."
            )
        return StoryRequest(
            subject=subject,
            as_of=self.as_of or local_date(clock.now()),
            purpose=self.purpose,
            case_reference=self.case_reference,
            known_at=self.known_at,
        )


WhyAndWhen = Annotated[StoryQuery, Query()]


@router.get(
    "/customers/{number}/story",
    auth=BearerKey("show_customer_story"),
    response=Story,
    operation_id="show_customer_story",
)
def story_of_customer(request: HttpRequest, number: str, asked: WhyAndWhen) -> HttpResponse:
    """A customer as of any legal day, with every entry that touched the record: who, when, why."""
    return _told(customer_story.run(asked.about(number), actor=actor_of(request)))


@router.get(
    "/vehicles/{vin}/story",
    auth=BearerKey("show_vehicle_story"),
    response=Story,
    operation_id="show_vehicle_story",
)
def story_of_vehicle(request: HttpRequest, vin: str, asked: WhyAndWhen) -> HttpResponse:
    """A vehicle as of any legal day, with every entry that touched it: who, when, why."""
    return _told(vehicle_story.run(asked.about(vin), actor=actor_of(request)))


@router.get(
    "/titles/{number}/story",
    auth=BearerKey("show_title_story"),
    response=Story,
    operation_id="show_title_story",
)
def story_of_title(request: HttpRequest, number: str, asked: WhyAndWhen) -> HttpResponse:
    """A title as of any legal day, with every entry that touched it: who, when, why."""
    return _told(title_story.run(asked.about(number), actor=actor_of(request)))


def _told(story: Story | None) -> HttpResponse:
    if story is None:
        raise NotFound
    return answer(story)

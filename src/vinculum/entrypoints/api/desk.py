"""Operations of the dealer's desk: quote, register, hold, release, abandon, void, print."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.params.functions import Header, Query

from vinculum.entrypoints import wired
from vinculum.entrypoints.api import clock
from vinculum.entrypoints.api.answers import (
    ApplicationAnswer,
    ApplicationPage,
    PreviewAnswer,
    ReceiptAnswer,
    adapter_of,
    answer,
)
from vinculum.entrypoints.api.bearer import BearerKey, actor_of
from vinculum.entrypoints.api.bodies import Hold, NotFound, Void, body_of, split_application
from vinculum.entrypoints.api.reading import read_as, read_document
from vinculum.entrypoints.deals import read_deal, read_draft, with_law
from vinculum.kernel.business_calendar import local_date
from vinculum.kernel.refusal import Refused
from vinculum.state.queries import list_applications, print_certificate, show_application
from vinculum.state.queries.list_applications import ApplicationState
from vinculum.state.queries.show_application import ShownApplication
from vinculum.state.transactions import (
    abandon_application,
    hold_application,
    register_vehicle,
    release_application,
    void_registration,
)
from vinculum.state.transactions.hold_application import HeldApplication
from vinculum.state.transactions.void_registration import VoidReceipt

router = Router(tags=["desk"])

_KEY: Any = Header(
    alias="Idempotency-Key",
    min_length=8,
    max_length=200,
    pattern=r"^[\x21-\x7e]+$",
    description="8 to 200 visible characters, new for each deal; the same key again answers the same (D-206).",
)


@router.post(
    "/quotes",
    auth=BearerKey("quote_registration"),
    response=PreviewAnswer,
    operation_id="quote_registration",
    openapi_extra=body_of("DraftDeal"),
)
def quote(request: HttpRequest) -> HttpResponse:
    """What processing this deal would cost and say now: fees line by line, papers, every refusal, next plate.

    The deal may be incomplete; what is missing is listed among the refusals.
    """
    at = clock.now()
    deal, faults = read_draft(read_document(request), today=local_date(at))
    if deal is None:
        raise Refused(faults)
    preview = register_vehicle.preview(deal, actor=actor_of(request), at=at, exchange=wired.exchange())
    return answer(PreviewAnswer.of(preview, with_law(faults, preview.refusals)))


@router.post(
    "/registrations",
    auth=BearerKey("register_vehicle"),
    response={201: ReceiptAnswer},
    operation_id="register_vehicle",
    openapi_extra=body_of("RegistrationOrder"),
)
def register(request: HttpRequest, idempotency_key: str = _KEY) -> HttpResponse:
    """Process a new issue: plate, money, registration, title, exchange, all or none (D-206).

    Answers the same receipt, or the same refusals, to the same key.
    """
    document, application_id = split_application(read_document(request))
    deal, faults = read_deal(document)
    if deal is None:
        raise Refused(faults)
    receipt = register_vehicle.run(
        register_vehicle.Request(deal=deal, idempotency_key=idempotency_key, application_id=application_id),
        actor=actor_of(request),
        at=clock.now(),
        exchange=wired.exchange(),
    )
    return answer(ReceiptAnswer.of(receipt), status=201)


@router.get(
    "/registrations/{uuid:application_id}",
    auth=BearerKey("show_application"),
    response=ShownApplication,
    operation_id="show_registration",
)
def show_registration(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """A processed registration: its deal, its receipt, what was told to the exchange, whether it was voided."""
    shown = show_application.run(application_id, actor=actor_of(request))
    if shown is None or shown.registration_id is None:
        raise NotFound
    return answer(shown)


@router.get(
    "/registrations/{uuid:application_id}/certificate",
    auth=BearerKey("print_certificate"),
    operation_id="print_certificate",
    openapi_extra={
        "responses": {
            200: {
                "description": "The certificate",
                "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
            }
        }
    },
)
def certificate(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """The registration certificate as PDF (D-203); a dealer prints until 18:00 of the next business day (D-215)."""
    printed = print_certificate.run(application_id, actor=actor_of(request), at=clock.now())
    if printed is None:
        raise NotFound
    response = HttpResponse(printed.pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{printed.file_name}"'
    response["Cache-Control"] = "no-store"
    return response


@router.post(
    "/registrations/{uuid:application_id}/void",
    auth=BearerKey("void_registration"),
    response=VoidReceipt,
    operation_id="void_registration",
    openapi_extra=body_of("Void"),
)
def void(request: HttpRequest, application_id: UUID, idempotency_key: str = _KEY) -> HttpResponse:
    """Void a registration in its window (D-601): refund, plate called back, the exchange told to undo."""
    asked: Void = read_as(adapter_of(Void), read_document(request))
    receipt = void_registration.run(
        void_registration.Request(
            application_id=application_id,
            reason=asked.reason,
            not_left_lot=asked.not_left_lot,
            idempotency_key=idempotency_key,
        ),
        actor=actor_of(request),
        at=clock.now(),
    )
    return answer(receipt)


@router.post(
    "/applications",
    auth=BearerKey("hold_application"),
    response={201: HeldApplication},
    operation_id="hold_application",
    openapi_extra=body_of("Hold"),
)
def hold(request: HttpRequest, idempotency_key: str = _KEY) -> HttpResponse:
    """Put a deal on hold with whatever is known of it: no charge, no plate, nothing lost (D-204)."""
    asked: Hold = read_as(adapter_of(Hold), read_document(request))
    held = hold_application.run(
        hold_application.Request(
            draft=asked.deal, idempotency_key=idempotency_key, application_id=asked.application_id
        ),
        actor=actor_of(request),
        at=clock.now(),
    )
    return answer(held, status=201)


@router.get(
    "/applications",
    auth=BearerKey("list_applications"),
    response=ApplicationPage,
    operation_id="list_applications",
)
def applications(
    request: HttpRequest,
    state: list[ApplicationState] = Query([], description="only these states; all when empty"),  # noqa: B008
    vin: str = Query("", max_length=20),
    dealer_id: UUID | None = None,
    after: str = Query("", max_length=200, description="the cursor `next` of the page before"),
    limit: int = Query(25, ge=1, le=list_applications.LARGEST_PAGE),
) -> HttpResponse:
    """Applications, the latest first, page by page: a dealer its own, DMV all or one dealer's (D-105)."""
    page = list_applications.run(
        list_applications.Request(
            states=tuple(state), vin=vin, dealer_id=dealer_id, after=after, limit=limit
        ),
        actor=actor_of(request),
    )
    return answer(ApplicationPage(applications=page.applications, counts=page.counts, next=page.next))


@router.get(
    "/applications/{uuid:application_id}",
    auth=BearerKey("show_application"),
    response=ShownApplication,
    operation_id="show_application",
)
def application(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """One application with its deal, every move it made and what was told to the exchange."""
    shown = show_application.run(application_id, actor=actor_of(request))
    if shown is None:
        raise NotFound
    return answer(shown)


@router.post(
    "/applications/{uuid:application_id}/release",
    auth=BearerKey("release_application"),
    response=ApplicationAnswer,
    operation_id="release_application",
)
def release(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Take a held deal up at this terminal, which from here on is the one to finish it (D-204, D-205)."""
    taken = release_application.run(
        release_application.Request(application_id=application_id), actor=actor_of(request), at=clock.now()
    )
    return answer(ApplicationAnswer.of(taken))


@router.post(
    "/applications/{uuid:application_id}/abandon",
    auth=BearerKey("abandon_application"),
    response=ApplicationAnswer,
    operation_id="abandon_application",
)
def abandon(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Give a deal up: it leaves the worklist, and what was typed stays on record."""
    given_up = abandon_application.run(
        abandon_application.Request(application_id=application_id), actor=actor_of(request), at=clock.now()
    )
    return answer(ApplicationAnswer.of(given_up))

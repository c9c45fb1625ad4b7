"""What the exchange knows of a vehicle, for anybody: titles, brands and odometer, no personal data (N-802)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from vinculum.access.database import connected
from vinculum.decoding import DecodedVin, decode_vin
from vinculum.entrypoints.web.public import shared_link
from vinculum.entrypoints.web.public.pace import Pace
from vinculum.kernel.vin import (
    FIRST_STANDARD_MODEL_YEAR,
    VIN_LENGTH,
    check_digit_valid,
    normalise_vin,
    vin_faults,
)
from vinculum.national.law.odometer import Reading
from vinculum.national.queries import vehicle_history
from vinculum.national.queries.vehicle_history import VehicleHistory
from vinculum.national.reports import consumer_report, consumer_report_pdf, vehicle_chart

# One pace for page, paper and shared links: each of them is a report (N-802).
PACE: Final = Pace(most=20, seconds=60)
_SHORTEST, _LONGEST = 5, 30
_NO_VIN: Final = "A VIN has 17 letters and digits; vehicles built before 1981 may have fewer."


def search(request: HttpRequest) -> HttpResponse:
    """The search box, and the report of the VIN that was asked for."""
    _only_with_the_exchange()
    typed = request.GET.get("vin", "").strip()
    if not typed:
        return render(request, "public/history.html")
    vin = normalise_vin(typed[:60])
    return _no_vin(request, vin, typed=typed) or _too_often(request) or _page(request, vin)


def paper(request: HttpRequest) -> HttpResponse:
    """The same report as a PDF."""
    _only_with_the_exchange()
    typed = request.GET.get("vin", "").strip()
    vin = normalise_vin(typed[:60])
    return _no_vin(request, vin, typed=typed) or _too_often(request) or _pdf(vin)


def shared(request: HttpRequest, token: str) -> HttpResponse:
    """The report behind a link that somebody passed on, while the link lives."""
    _only_with_the_exchange()
    try:
        link = shared_link.open_link(token, at=datetime.now(UTC))
    except shared_link.LinkRefused:
        return render(request, "public/link_not_whole.html", status=404)
    except shared_link.LinkExpired:
        return render(request, "public/link_expired.html", status=410)
    return _too_often(request) or _page(request, link.vin, link=link)


def _page(request: HttpRequest, vin: str, *, link: shared_link.SharedLink | None = None) -> HttpResponse:
    at = datetime.now(UTC)
    report = _report(vin, at=at)
    token = shared_link.make(vin, at=at)
    context = {
        "vin": vin,
        "report": report,
        "decoded": decode_vin(vin),
        "doubts": tuple(_doubts(vin)),
        "glances": consumer_report.at_a_glance(report) if report.located else (),
        "remarks": tuple(consumer_report.remarks(report)),
        "groups": consumer_report.brand_groups(report),
        "chart": vehicle_chart.draw(report) if report.located else None,
        "place": vehicle_chart,
        "readings": tuple(_readings(report)),
        "how_to_read": consumer_report.HOW_TO_READ,
        "cannot_tell": consumer_report.WHAT_IT_CANNOT_TELL,
        "link": link,
        "share_url": request.build_absolute_uri(reverse("history_shared", args=(token,))),
        "share_until": at + shared_link.LIFE,
    }
    return render(request, "public/history.html", context)


def _pdf(vin: str) -> HttpResponse:
    report = _report(vin, at=datetime.now(UTC))
    response = HttpResponse(
        consumer_report_pdf.render(report, vehicle=_said_by(decode_vin(vin)), issued_by=_issued_by()),
        content_type="application/pdf",
    )
    response["Content-Disposition"] = f'attachment; filename="vehicle-history-{vin}.pdf"'
    return response


def _report(vin: str, *, at: datetime) -> VehicleHistory:
    with connected("national") as connection:
        return vehicle_history.run(vin, at=at, connection=connection)


def _readings(report: VehicleHistory) -> Iterator[tuple[Reading, str, bool]]:
    """Each reading, the state in which it was read, and whether it is lower than the one before."""
    states = consumer_report.state_names(report)
    for reading, low in zip(report.odometer, _falls(report), strict=True):
        yield reading, states.get(reading.jurisdiction, reading.jurisdiction), low


def _falls(report: VehicleHistory) -> tuple[bool, ...]:
    return tuple(reversed(vehicle_chart.fallen(tuple(reversed(report.odometer)))))


def _issued_by() -> str:
    """Who stands behind the paper, which leaves the page and its banner."""
    if settings.PRODUCTION:
        return "Vinculum, the national title exchange"
    return "Vinculum, a demonstration of the national title exchange: every vehicle in it is invented"


def _said_by(decoded: DecodedVin) -> str:
    return " ".join(str(part) for part in (decoded.model_year, decoded.make, decoded.model) if part)


def _no_vin(request: HttpRequest, vin: str, *, typed: str) -> HttpResponse | None:
    """What is wrong with a number under which the exchange can hold nothing, beside the search box; else None."""
    faults = [fault.message for fault in vehicle_history.never_on_record(vin)[:3]]
    if not _SHORTEST <= len(vin) <= _LONGEST:
        faults = [_NO_VIN]
    if not faults:
        return None
    told = {"vin": typed[:60], "fault": " ".join(faults)}
    return render(request, "public/history.html", told, status=422)


def _doubts(vin: str) -> Iterator[str]:
    """What a buyer should hold against the vehicle: the number can be on record, and may still be mistyped."""
    yield from (fault.message for fault in vin_faults(vin, model_year=FIRST_STANDARD_MODEL_YEAR))
    if len(vin) == VIN_LENGTH and not check_digit_valid(vin):
        yield "The check digit of this VIN is wrong."


def _only_with_the_exchange() -> None:
    if "national" not in settings.SYSTEMS:
        raise Http404


def _too_often(request: HttpRequest) -> HttpResponse | None:
    """N-802: the answer to an address that asks too often, else None."""
    if PACE.allows(str(getattr(request, "client_address", ""))):
        return None
    response = render(request, "429.html", status=429)
    response["Retry-After"] = "60"
    return response

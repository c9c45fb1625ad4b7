"""What the exchange knows of a vehicle, for anybody: titles, brands and odometer, no personal data (N-802)."""

from datetime import UTC, datetime
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from vinculum.access.database import connected
from vinculum.decoding import decode_vin
from vinculum.entrypoints.web.public.pace import Pace
from vinculum.kernel.vin import normalise_vin
from vinculum.national.queries import vehicle_history

PACE: Final = Pace(most=20, seconds=60)
_SHORTEST, _LONGEST = 5, 30


def search(request: HttpRequest) -> HttpResponse:
    """The search box, and the report of the VIN that was asked for."""
    if "national" not in settings.SYSTEMS:
        raise Http404
    typed = request.GET.get("vin", "").strip()
    if not typed:
        return render(request, "public/history.html")
    vin = normalise_vin(typed[:60])
    if not (_SHORTEST <= len(vin) <= _LONGEST and vin.isascii() and vin.isalnum()):
        fault = "A VIN has 17 letters and digits; vehicles built before 1981 may have fewer."
        return render(request, "public/history.html", {"vin": typed[:60], "fault": fault}, status=422)
    if not PACE.allows(str(getattr(request, "client_address", ""))):
        response = render(request, "429.html", status=429)
        response["Retry-After"] = "60"
        return response
    with connected("national") as connection:
        report = vehicle_history.run(vin, at=datetime.now(UTC), connection=connection)
    context = {"vin": vin, "report": report, "decoded": decode_vin(vin)}
    return render(request, "public/history.html", context)

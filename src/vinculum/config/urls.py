"""Where the doors are: pages at /, the JSON API at /api/v1/, the exchange at /exchange/v1/."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from vinculum.entrypoints.health import healthz, readyz
from vinculum.entrypoints.metrics import metrics


def _doors() -> list[URLPattern | URLResolver]:
    """The doors of the systems that are served here."""
    doors: list[URLPattern | URLResolver] = []
    if "national" in settings.SYSTEMS:
        doors.append(path("exchange/v1/", include("vinculum.entrypoints.exchange.urls")))
    if "state" in settings.SYSTEMS:
        doors.append(path("api/v1/", include("vinculum.entrypoints.api.urls")))
        doors.append(path("", include("vinculum.entrypoints.web.urls")))
    return doors


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    *_doors(),
]

"""Where the doors are: pages at /, the JSON API at /api/v1/, the exchange at /exchange/v1/."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from vinculum.entrypoints.health import healthz, readyz
from vinculum.entrypoints.metrics import metrics


def _doors() -> list[URLPattern | URLResolver]:
    doors: list[URLPattern | URLResolver] = []
    if "national" in settings.SYSTEMS and _exists("vinculum.entrypoints.exchange.urls"):
        doors.append(path("exchange/v1/", include("vinculum.entrypoints.exchange.urls")))
    if "state" in settings.SYSTEMS and _exists("vinculum.entrypoints.api.urls"):
        doors.append(path("api/v1/", include("vinculum.entrypoints.api.urls")))
    if "state" in settings.SYSTEMS and _exists("vinculum.entrypoints.web.urls"):
        doors.append(path("", include("vinculum.entrypoints.web.urls")))
    return doors


def _exists(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    *_doors(),
]

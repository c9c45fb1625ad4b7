"""What the service measures about itself, in Prometheus' text form, summed over all server processes."""

import os
from functools import cache

from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client import REGISTRY as OWN_PROCESS
from prometheus_client.multiprocess import MultiProcessCollector

REQUESTS = Counter(
    "vinculum_requests_total", "Requests answered, by route and status.", ("method", "route", "status")
)
SECONDS = Histogram(
    "vinculum_request_seconds",
    "Time to answer a request.",
    ("route",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10),
)
DELIVERIES = Counter("vinculum_outbox_deliveries_total", "Messages to the exchange that were tried.")
ROUNDS_FAILED = Counter("vinculum_outbox_rounds_failed_total", "Rounds of delivery that could not be done.")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def observe_request(*, method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request; an unknown method must not make a new series each time."""
    requests, duration = _series(method if method in _METHODS else "other", route, status)
    requests.inc()
    duration.observe(seconds)


@cache
def _series(kind: str, route: str, status: int) -> tuple[Counter, Histogram]:
    return REQUESTS.labels(kind, route, str(status)), SECONDS.labels(route)


def metrics(request: HttpRequest) -> HttpResponse:
    """The page that Prometheus reads."""
    registry = OWN_PROCESS
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

"""Alive, ready and measured: what the service says about itself, and the headers on every answer."""

import pytest
from django.test import Client

from vinculum.config.scratch import ScratchDatabases


def test_alive_without_a_database() -> None:
    """/healthz asks nothing of anybody."""
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_every_answer_has_the_headers() -> None:
    """No script or style from elsewhere or inline, no framing, no guessing of types, no caching."""
    headers = Client().get("/healthz").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert len(headers["X-Request-ID"]) == 32


@pytest.mark.database
def test_ready_tells_what_is_missing(databases: ScratchDatabases) -> None:
    """/readyz reaches both databases and finds every migration applied."""
    checks = Client().get("/readyz").json()["checks"]
    assert checks["state database"] == checks["national database"] == "ok"
    assert checks["state migrations"] == checks["national migrations"] == "ok"


def test_metrics_count_requests() -> None:
    """/metrics counts by route and status, never by what was typed into an address."""
    Client().get("/healthz")
    Client().get("/no/such/page/of/Zebulon-Quarterstaff")
    text = Client().get("/metrics").content.decode()
    assert "Quarterstaff" not in text
    assert 'vinculum_requests_total{method="GET",route="/healthz",status="200"}' in text

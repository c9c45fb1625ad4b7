"""The way to the exchange is chosen by configuration, and a careless choice is refused."""

from collections.abc import Iterator

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from vinculum.config import wiring
from vinculum.entrypoints.exchange.in_process import ExchangeInProcess
from vinculum.state.outbox.exchange_over_https import ExchangeOverHttps


@pytest.fixture(autouse=True)
def _chosen_anew() -> Iterator[None]:
    wiring.exchange.cache_clear()
    yield
    wiring.exchange.cache_clear()


def test_together_they_speak_in_process() -> None:
    """Both systems in one process: no wire."""
    assert isinstance(wiring.exchange(), ExchangeInProcess)


def test_apart_they_speak_by_https() -> None:
    """With an address and a key the exchange is at the other end of a wire."""
    with override_settings(EXCHANGE="https://exchange.example/exchange/v1", EXCHANGE_KEY="key"):
        assert isinstance(wiring.exchange(), ExchangeOverHttps)


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"SYSTEMS": frozenset({"state"})}, "does not name national"),
        ({"EXCHANGE": "http://exchange.example/"}, "https"),
        ({"EXCHANGE": "https://exchange.example/", "EXCHANGE_KEY": ""}, "VINCULUM_EXCHANGE_KEY"),
    ],
)
def test_careless_choices_are_refused(settings: dict[str, object], complaint: str) -> None:
    """No exchange beside us, an open wire, no key: said at start, not at the first sale."""
    with override_settings(**settings), pytest.raises(ImproperlyConfigured, match=complaint):
        wiring.exchange()

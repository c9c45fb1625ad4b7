"""The way to the exchange is chosen by configuration, and a careless choice is refused."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from vinculum.config import wiring
from vinculum.entrypoints.exchange.in_process import ExchangeInProcess


@pytest.fixture(autouse=True)
def _chosen_anew() -> None:
    wiring.exchange.cache_clear()


def test_together_they_speak_in_process() -> None:
    """Both systems in one process: no wire."""
    assert isinstance(wiring.exchange(), ExchangeInProcess)


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

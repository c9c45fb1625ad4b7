"""How the state's side reaches the exchange: in this process when both run together, by HTTPS when not."""

from datetime import UTC, datetime
from functools import cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from vinculum.protocol.exchange import Exchange


@cache
def exchange() -> Exchange:
    """The exchange that VINCULUM_EXCHANGE names, made once per process."""
    where = settings.EXCHANGE
    if where == "in-process":
        if "national" not in settings.SYSTEMS:
            raise ImproperlyConfigured(
                "VINCULUM_EXCHANGE is in-process, but VINCULUM_SYSTEMS does not name national: "
                "give the address of the exchange."
            )
        return _in_process()
    if not where.startswith("https://") and not where.startswith("http://127.0.0.1:"):
        raise ImproperlyConfigured("VINCULUM_EXCHANGE: say in-process or an https:// address.")
    if not settings.EXCHANGE_KEY:
        raise ImproperlyConfigured("VINCULUM_EXCHANGE_KEY is not set: the exchange asks for the state's key.")
    return _by_https(where)


def _in_process() -> Exchange:
    from vinculum.entrypoints.exchange.in_process import ExchangeInProcess

    return ExchangeInProcess(jurisdiction=settings.JURISDICTION, clock=lambda: datetime.now(UTC))


def _by_https(where: str) -> Exchange:
    from vinculum.state.outbox.exchange_over_https import ExchangeOverHttps

    return ExchangeOverHttps(where, key=settings.EXCHANGE_KEY)

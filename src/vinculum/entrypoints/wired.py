"""What this process is wired to: the exchange it speaks with. Set once at start by `config`, read by the doors.

Doors (pages, API, command line) may not import `config`, which lies above them; so `config` puts the ports here.
"""

from vinculum.protocol.exchange import Exchange

_exchange: list[Exchange] = []
_owner_urls: list[tuple[str, str]] = []


class NotWired(Exception):
    """Something was not wired at start: a fault of the program's set-up, not of a request."""


def set_exchange(exchange: Exchange) -> None:
    """Connect this process to the national exchange; a later call replaces an earlier one."""
    _exchange[:] = [exchange]


def exchange() -> Exchange:
    """The exchange as this process reaches it."""
    if not _exchange:
        raise NotWired("no exchange is set; call vinculum.entrypoints.wired.set_exchange at start")
    return _exchange[0]


def set_owner_urls(*, state: str, national: str) -> None:
    """Give this process the migration logins of both databases, for loading a demonstration."""
    _owner_urls[:] = [(state, national)]


def owner_urls() -> tuple[str, str]:
    """The migration logins of the state's and the national database; raises NotWired when they are withheld."""
    if not _owner_urls or not all(_owner_urls[0]):
        raise NotWired(
            "this process was not given the migration logins (DATABASE_MIGRATE_URL and its national twin)"
        )
    return _owner_urls[0]

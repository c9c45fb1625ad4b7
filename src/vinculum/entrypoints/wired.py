"""What this process is wired to: the exchange it speaks with. Set once at start by `config`, read by the doors.

Doors (pages, API, command line) may not import `config`, which lies above them; so `config` puts the ports here.
"""

from vinculum.protocol.exchange import Exchange

_exchange: list[Exchange] = []


class NotWired(Exception):
    """`set_exchange` was not called at start: a fault of the program's set-up, not of a request."""


def set_exchange(exchange: Exchange) -> None:
    """Connect this process to the national exchange; a later call replaces an earlier one."""
    _exchange[:] = [exchange]


def exchange() -> Exchange:
    """The exchange as this process reaches it."""
    if not _exchange:
        raise NotWired("no exchange is set; call vinculum.entrypoints.wired.set_exchange at start")
    return _exchange[0]

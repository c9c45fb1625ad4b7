"""The limits of short transactions, lifted for one that applies a batch file."""

from typing import Any, Final

import psycopg

# A file takes as long as it takes; what may not take long is to wait for somebody else's lock.
_LIMITS: Final = (
    ("statement_timeout", "0"),
    ("idle_in_transaction_session_timeout", "0"),
    ("lock_timeout", "60s"),
    ("jit", "off"),
)
_NEWEST_LIMIT: Final = ("transaction_timeout", "0")
_SINCE_VERSION: Final = 170000


def lift_limits(connection: psycopg.Connection[Any]) -> None:
    """For this transaction only: the limits of short transactions do not hold for a file."""
    newest = connection.info.server_version >= _SINCE_VERSION
    for setting, value in (*_LIMITS, *((_NEWEST_LIMIT,) if newest else ())):
        connection.execute("SELECT set_config(%s, %s, true)", (setting, value))

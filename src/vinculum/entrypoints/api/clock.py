"""The clock of the API's desk: transactions are told the time, they never look at it."""

from datetime import UTC, datetime


def now() -> datetime:
    """This instant."""
    return datetime.now(UTC)

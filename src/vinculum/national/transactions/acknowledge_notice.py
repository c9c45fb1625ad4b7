"""A jurisdiction says that it has taken in an unsolicited notice (N-301, N-310)."""

from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg


def run(*, vin: str, notice_id: UUID, sender: str, at: datetime, connection: psycopg.Connection[Any]) -> bool:
    """Whether the notice is the sender's; a second acknowledgement keeps the time of the first."""
    return (
        connection.execute(
            "UPDATE exchange.notice SET acknowledged_at = coalesce(acknowledged_at, %s)"
            " WHERE vin = %s AND notice_id = %s AND to_jurisdiction = %s",
            (at, vin, notice_id, sender),
        ).rowcount
        == 1
    )

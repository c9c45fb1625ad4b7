"""A jurisdiction says that it has taken in an unsolicited notice (N-301)."""

from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg


def run(*, vin: str, notice_id: UUID, sender: str, at: datetime, connection: psycopg.Connection[Any]) -> bool:
    """Whether the notice was waiting for the sender; a second acknowledgement finds nothing to do."""
    return (
        connection.execute(
            "UPDATE exchange.notice SET acknowledged_at = %s"
            " WHERE vin = %s AND notice_id = %s AND to_jurisdiction = %s AND acknowledged_at IS NULL",
            (at, vin, notice_id, sender),
        ).rowcount
        == 1
    )

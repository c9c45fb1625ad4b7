"""A theft report closed by the jurisdiction that made it (N-102)."""

from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from vinculum.national.law.change import Decision
from vinculum.national.law.check_title import is_in_the_future
from vinculum.national.law.standing import Channel
from vinculum.national.law.theft import decide_clearing
from vinculum.national.law.title import VehicleRecord
from vinculum.national.records.apply_update import apply_update
from vinculum.national.records.roster import Roster
from vinculum.protocol.theft import ClearTheft
from vinculum.protocol.update_answer import UpdateAnswer


def run(
    message: ClearTheft,
    *,
    sender: str,
    at: datetime,
    connection: psycopg.Connection[Any],
    channel: Channel = "online",
) -> UpdateAnswer:
    """Close the report; done in the connection's transaction."""

    def decide(record: VehicleRecord, _roster: Roster, _entry_id: UUID) -> Decision:
        return decide_clearing(message, record=record, future=is_in_the_future(message.recovered_on, at=at))

    return apply_update(connection, message, sender=sender, at=at, channel=channel, decide=decide)

"""A record is hidden for an agency's undercover vehicle, or shown again (N-206)."""

from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from vinculum.national.law.change import Decision
from vinculum.national.law.standing import Channel
from vinculum.national.law.title import VehicleRecord
from vinculum.national.law.undercover import decide_lift, decide_mark
from vinculum.national.records.apply_update import apply_update
from vinculum.national.records.roster import Roster
from vinculum.protocol.undercover import LiftUndercover, MarkUndercover
from vinculum.protocol.update_answer import UpdateAnswer


def run(
    message: MarkUndercover | LiftUndercover,
    *,
    sender: str,
    at: datetime,
    connection: psycopg.Connection[Any],
    channel: Channel = "online",
) -> UpdateAnswer:
    """Set the mark or lift it; done in the connection's transaction."""

    def decide(record: VehicleRecord, _roster: Roster, entry_id: UUID) -> Decision:
        if isinstance(message, LiftUndercover):
            return decide_lift(message, record=record)
        return decide_mark(message, record=record, entry_id=entry_id)

    return apply_update(connection, message, sender=sender, at=at, channel=channel, decide=decide)

"""VINADD: a title the exchange did not know, such as the first one of a new vehicle (N-303)."""

from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from vinculum.national.law import add_title
from vinculum.national.law.change import Decision
from vinculum.national.law.standing import Channel
from vinculum.national.law.title import VehicleRecord
from vinculum.national.records.apply_update import apply_update
from vinculum.national.records.roster import Roster
from vinculum.protocol.add_title import AddTitle
from vinculum.protocol.update_answer import UpdateAnswer


def run(
    message: AddTitle,
    *,
    sender: str,
    at: datetime,
    connection: psycopg.Connection[Any],
    channel: Channel = "online",
) -> UpdateAnswer:
    """Add the title; done in the connection's transaction."""

    def decide(record: VehicleRecord, _roster: Roster, entry_id: UUID) -> Decision:
        return add_title.decide(message, record=record, entry_id=entry_id, at=at)

    return apply_update(connection, message, sender=sender, at=at, channel=channel, decide=decide)

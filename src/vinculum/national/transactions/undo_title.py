"""Undo of a just-made update by its own sender: exactly the state before returns (N-104)."""

from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from vinculum.national.law.change import Decision
from vinculum.national.law.standing import Channel
from vinculum.national.law.title import VehicleRecord
from vinculum.national.law.withdraw_title import decide_undo
from vinculum.national.records.apply_update import apply_update
from vinculum.national.records.inbox import entry_made_by
from vinculum.national.records.roster import Roster
from vinculum.protocol.undo_title import UndoTitle
from vinculum.protocol.update_answer import UpdateAnswer


def run(
    message: UndoTitle,
    *,
    sender: str,
    at: datetime,
    connection: psycopg.Connection[Any],
    channel: Channel = "online",
) -> UpdateAnswer:
    """Undo the update; done in the connection's transaction."""

    def decide(record: VehicleRecord, _roster: Roster, entry_id: UUID) -> Decision:
        undone = entry_made_by(connection, vin=message.vin, origin=message.origin, message_id=message.undoes)
        return decide_undo(message, record=record, undone_entry=undone, entry_id=entry_id, at=at)

    return apply_update(connection, message, sender=sender, at=at, channel=channel, decide=decide)

"""Removal of a recalled or fraudulent title by the state that issued it (N-303)."""

from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from vinculum.national.law.change import Decision
from vinculum.national.law.standing import Channel
from vinculum.national.law.title import VehicleRecord
from vinculum.national.law.withdraw_title import decide_removal
from vinculum.national.records.apply_update import apply_update
from vinculum.national.records.roster import Roster
from vinculum.protocol.remove_title import RemoveTitle
from vinculum.protocol.update_answer import UpdateAnswer


def run(
    message: RemoveTitle,
    *,
    sender: str,
    at: datetime,
    connection: psycopg.Connection[Any],
    channel: Channel = "online",
) -> UpdateAnswer:
    """Take the title out, bring the one before back; done in the connection's transaction."""

    def decide(record: VehicleRecord, _roster: Roster, entry_id: UUID) -> Decision:
        return decide_removal(message, record=record, entry_id=entry_id, at=at)

    return apply_update(connection, message, sender=sender, at=at, channel=channel, decide=decide)

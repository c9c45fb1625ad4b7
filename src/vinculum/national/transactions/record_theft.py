"""A vehicle reported stolen by a jurisdiction (N-102)."""

from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from vinculum.national.law.change import Decision
from vinculum.national.law.check_title import is_in_the_future
from vinculum.national.law.standing import Channel
from vinculum.national.law.theft import decide_report
from vinculum.national.law.title import VehicleRecord
from vinculum.national.records.apply_update import apply_update
from vinculum.national.records.roster import Roster
from vinculum.protocol.theft import ReportTheft
from vinculum.protocol.update_answer import UpdateAnswer


def run(
    message: ReportTheft,
    *,
    sender: str,
    at: datetime,
    connection: psycopg.Connection[Any],
    channel: Channel = "online",
) -> UpdateAnswer:
    """Open the report; done in the connection's transaction."""

    def decide(record: VehicleRecord, _roster: Roster, _entry_id: UUID) -> Decision:
        return decide_report(message, record=record, future=is_in_the_future(message.stolen_on, at=at))

    return apply_update(connection, message, sender=sender, at=at, channel=channel, decide=decide)

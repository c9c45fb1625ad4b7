"""A brand corrected or taken back by the jurisdiction that applied it (N-404)."""

from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from vinculum.national.law.change import Decision
from vinculum.national.law.check_title import is_in_the_future
from vinculum.national.law.correct_brand import decide_correction, decide_removal
from vinculum.national.law.standing import Channel
from vinculum.national.law.title import VehicleRecord
from vinculum.national.records.apply_update import apply_update
from vinculum.national.records.roster import Roster
from vinculum.protocol.correct_brand import CorrectBrand, RemoveBrand
from vinculum.protocol.update_answer import UpdateAnswer


def run(
    message: CorrectBrand | RemoveBrand,
    *,
    sender: str,
    at: datetime,
    connection: psycopg.Connection[Any],
    channel: Channel = "online",
) -> UpdateAnswer:
    """Correct the brand or take it back, tell the state of title; done in the connection's transaction."""

    def decide(record: VehicleRecord, roster: Roster, _entry_id: UUID) -> Decision:
        if isinstance(message, RemoveBrand):
            return decide_removal(message, record=record)
        day = message.new_brand_date
        future = day is not None and is_in_the_future(day, at=at)
        return decide_correction(message, record=record, standard=roster.brands, future=future)

    return apply_update(connection, message, sender=sender, at=at, channel=channel, decide=decide)

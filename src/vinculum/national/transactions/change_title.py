"""UT-NM06, UV-NM05, VINMOD: the current title is replaced or says something else (N-301, N-302, N-303, N-307)."""

from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

import psycopg

from vinculum.national.law.change import Decision
from vinculum.national.law.change_title import (
    TitleChange,
    decide_change_of_state,
    decide_in_state,
    decide_modification,
)
from vinculum.national.law.standing import Channel
from vinculum.national.law.title import VehicleRecord
from vinculum.national.records.apply_update import apply_update
from vinculum.national.records.roster import Roster
from vinculum.national.records.vehicle import read_vehicle
from vinculum.protocol.change_of_state_of_title import ChangeOfStateOfTitle
from vinculum.protocol.in_state_change import InStateChange
from vinculum.protocol.modify_title import ModifyTitle
from vinculum.protocol.update_answer import UpdateAnswer


def run(
    message: TitleChange,
    *,
    sender: str,
    at: datetime,
    connection: psycopg.Connection[Any],
    channel: Channel = "online",
) -> UpdateAnswer:
    """Write the pointer, tell the old state, move the history with its VIN; in the connection's transaction."""

    def decide(record: VehicleRecord, _roster: Roster, entry_id: UUID) -> Decision:
        corrected = read_vehicle(connection, message.new_vin) if message.new_vin else None
        return _decide(message, record=record, corrected=corrected, entry_id=entry_id, at=at)

    return apply_update(
        connection,
        message,
        sender=sender,
        at=at,
        channel=channel,
        decide=decide,
        also_lock=message.new_vin,
    )


def _decide(
    message: TitleChange,
    *,
    record: VehicleRecord,
    corrected: VehicleRecord | None,
    entry_id: UUID,
    at: datetime,
) -> Decision:
    match message:
        case ChangeOfStateOfTitle():
            return decide_change_of_state(
                message, record=record, corrected=corrected, entry_id=entry_id, at=at
            )
        case InStateChange():
            return decide_in_state(message, record=record, corrected=corrected, entry_id=entry_id, at=at)
        case ModifyTitle():
            return decide_modification(message, record=record, corrected=corrected, entry_id=entry_id, at=at)
        case _:
            assert_never(message)

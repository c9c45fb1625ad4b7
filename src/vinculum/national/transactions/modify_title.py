"""VINMOD: the state of title changes what its own title says of the vehicle, the VIN included (N-303, N-307)."""

from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from vinculum.national.law.change import Decision
from vinculum.national.law.change_title import decide_modification
from vinculum.national.law.standing import Channel
from vinculum.national.law.title import VehicleRecord
from vinculum.national.records.apply_update import apply_update
from vinculum.national.records.roster import Roster
from vinculum.national.records.vehicle import read_vehicle
from vinculum.protocol.modify_title import ModifyTitle
from vinculum.protocol.update_answer import UpdateAnswer


def run(
    message: ModifyTitle,
    *,
    sender: str,
    at: datetime,
    connection: psycopg.Connection[Any],
    channel: Channel = "online",
) -> UpdateAnswer:
    """Change the title, move its history with its VIN; done in the connection's transaction."""

    def decide(record: VehicleRecord, _roster: Roster, entry_id: UUID) -> Decision:
        corrected = read_vehicle(connection, message.new_vin) if message.new_vin else None
        return decide_modification(message, record=record, corrected=corrected, entry_id=entry_id, at=at)

    return apply_update(
        connection,
        message,
        sender=sender,
        at=at,
        channel=channel,
        decide=decide,
        also_lock=message.new_vin,
    )

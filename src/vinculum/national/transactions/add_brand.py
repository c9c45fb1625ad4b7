"""A brand put on a VIN by a jurisdiction as brander (N-403)."""

from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from vinculum.national.law import brands
from vinculum.national.law.change import Decision
from vinculum.national.law.check_title import is_in_the_future
from vinculum.national.law.makes import correct_make
from vinculum.national.law.standing import Channel
from vinculum.national.law.title import VehicleRecord
from vinculum.national.records.apply_update import apply_update
from vinculum.national.records.roster import Roster
from vinculum.protocol.add_brand import AddBrand
from vinculum.protocol.update_answer import UpdateAnswer


def run(
    message: AddBrand,
    *,
    sender: str,
    at: datetime,
    connection: psycopg.Connection[Any],
    channel: Channel = "online",
) -> UpdateAnswer:
    """Record the brand; done in the connection's transaction."""

    def decide(record: VehicleRecord, roster: Roster, _entry_id: UUID) -> Decision:
        make, corrections = correct_make(message.make, vin=message.vin)
        return brands.decide(
            message,
            record=record,
            standard=roster.brands,
            future=is_in_the_future(message.brand_date, at=at),
            make=make,
            warnings=corrections,
        )

    return apply_update(connection, message, sender=sender, at=at, channel=channel, decide=decide)

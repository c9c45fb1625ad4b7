"""A vehicle looked up at a desk: by whoever reports (N-105), under what can be a VIN (N-601), and logged."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from uuid import uuid4

from vinculum.access.database import Actor, Connection
from vinculum.kernel.refusal import Refusal, RefusalsUnder, Refused
from vinculum.kernel.vin import vin_faults
from vinculum.national.law.standing import check_reporting
from vinculum.national.law.title import VehicleRecord
from vinculum.national.records.roster import Roster, read_roster
from vinculum.national.records.vehicle import read_and_log

_of_vin: Final = RefusalsUnder(rule="N-601", field="vin")
_of_standing: Final = RefusalsUnder(rule="N-105", remedy="Report your updates first.")


def check_vin(vin: str, *, remedy: str) -> Iterator[Refusal]:
    """Every fault in the writing of the VIN; the remedy says what it is to be compared with."""
    for fault in vin_faults(vin):
        yield _of_vin(fault.kind.value, fault.message, remedy)


def check_standing(roster: Roster, *, actor: Actor, at: datetime) -> Iterator[Refusal]:
    """Report to use: a jurisdiction whose updates stay away asks no more."""
    standing = roster.standings.get(actor.organisation_code)
    if actor.organisation_kind == "jurisdiction" and standing is not None:
        for found in check_reporting(standing, at=at):
            if found.severity == "error":
                yield _of_standing("inquiries_closed", found.text)


def look_up(
    connection: Connection, vin: str, *, actor: Actor, asker: str, purpose: str, remedy: str, at: datetime
) -> VehicleRecord:
    """The record as the asker may know it, logged for the purpose (N-207). Raises Refused."""
    refusals = (
        *check_vin(vin, remedy=remedy),
        *check_standing(read_roster(connection), actor=actor, at=at),
    )
    if refusals:
        raise Refused(refusals)
    return read_and_log(
        connection,
        vin,
        inquiry_id=uuid4(),
        asker_kind="jurisdiction",
        asker=asker,
        purpose=purpose,
        message_id=None,
        at=at,
    )

"""The brands of one's own state that stand on a VIN, looked up before one of them is to be taken back (N-404)."""

from datetime import datetime
from typing import Final
from uuid import uuid4

from vinculum.access.database import Actor, acting
from vinculum.access.permissions import require
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.kernel.vin import normalise_vin, vin_faults
from vinculum.national.casework.rescind_brand import ACT
from vinculum.national.law.standing import check_reporting
from vinculum.national.law.title import Brand
from vinculum.national.records.roster import read_roster
from vinculum.national.records.vehicle import read_and_log

_PURPOSE: Final = "brand of one's own to be taken back"


def look_up(vin: str, *, actor: Actor, at: datetime) -> tuple[Brand, ...]:
    """Those that stand, the latest first. It is an inquiry, and logged as one (N-207). Raises Refused."""
    require(actor, ACT)
    vin, own = normalise_vin(vin), actor.organisation_code
    with acting(actor, act=ACT, database="national") as connection:
        faults = [
            Refusal(
                code=fault.kind.value,
                message=fault.message,
                remedy="Compare it with the title.",
                field="vin",
                rule="N-601",
            )
            for fault in vin_faults(vin)
        ]
        standing = read_roster(connection).standings.get(own)
        if standing is not None:
            faults += [
                Refusal(
                    code="inquiries_closed",
                    message=found.text,
                    remedy="Report your updates first.",
                    rule="N-105",
                )
                for found in check_reporting(standing, at=at)
                if found.severity == "error"
            ]
        if faults:
            raise Refused(faults)
        record = read_and_log(
            connection,
            vin,
            inquiry_id=uuid4(),
            asker_kind="jurisdiction",
            asker=own,
            purpose=_PURPOSE,
            message_id=None,
            at=at,
        )
    return tuple(brand for brand in record.brands if brand.brander == own)

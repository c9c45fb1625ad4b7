"""The brands of one's own state that stand on a VIN, looked up before one of them is to be taken back (N-404)."""

from datetime import datetime
from typing import Final

from vinculum.access.database import Actor, acting
from vinculum.access.permissions import require
from vinculum.kernel.vin import normalise_vin
from vinculum.national.casework import desk_inquiry
from vinculum.national.casework.rescind_brand import ACT
from vinculum.national.law.title import Brand

_PURPOSE: Final = "brand of one's own to be taken back"


def look_up(vin: str, *, actor: Actor, at: datetime) -> tuple[Brand, ...]:
    """Those that stand, the latest first. It is an inquiry, and logged as one (N-207). Raises Refused."""
    require(actor, ACT)
    own = actor.organisation_code
    with acting(actor, act=ACT, database="national") as connection:
        record = desk_inquiry.look_up(
            connection,
            normalise_vin(vin),
            actor=actor,
            asker=own,
            purpose=_PURPOSE,
            remedy="Compare it with the title.",
            at=at,
        )
    return tuple(brand for brand in record.brands if brand.brander == own)

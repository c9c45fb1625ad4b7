"""A vehicle with its whole story: what the book says of the VIN as of any day, and every entry that changed it."""

from dataclasses import dataclass
from datetime import date, datetime

from vinculum.access.database import Actor, acting
from vinculum.access.permissions import require
from vinculum.state.queries.purpose import record_purpose
from vinculum.state.queries.story import Story, tell
from vinculum.state.queries.story_facts import vehicle_facts

ACT = "show_vehicle_story"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Which vehicle, as of which legal day, for what purpose and case; `known_at` reads the book as it was then."""

    vin: str
    as_of: date
    purpose: str
    case_reference: str
    known_at: datetime | None = None


def run(request: Request, *, actor: Actor) -> Story | None:
    """The story, or None when the book never heard of it. The look-up is on the audit trail either way."""
    require(actor, ACT)
    vin = request.vin.upper().replace(" ", "")
    ticket = record_purpose(
        actor,
        act=ACT,
        purpose=request.purpose,
        case_reference=request.case_reference,
        subject=f"vehicle {vin}",
    )
    with acting(actor, act=ACT, ticket=ticket) as connection:
        facts = vehicle_facts(connection, vin)
        if not facts:
            return None
        return tell(
            connection,
            facts,
            subject=vin,
            words=f"vehicle {vin}",
            as_of=request.as_of,
            known_at=request.known_at,
        )

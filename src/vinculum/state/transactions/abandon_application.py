"""Give a deal up: it leaves the worklist, and what was typed stays on record."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from vinculum.access.database import Actor, acting
from vinculum.access.permissions import require
from vinculum.state.casework import applications
from vinculum.state.casework.take_up import take_up

ACT: Final = "abandon_application"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Which application; doing it twice does no harm."""

    application_id: UUID


def run(request: Request, *, actor: Actor, at: datetime) -> applications.Application:
    """Give the application up. Raises Refused: `terminal_mismatch` when another terminal has it (D-205)."""
    require(actor, ACT)
    with acting(actor, act=ACT) as connection:
        found = take_up(connection, request.application_id, terminal=actor.terminal)
        applications.abandon(connection, application_id=found.application_id, at=at)
        now = applications.load_application(connection, request.application_id)
        assert now is not None, "An application that was just locked is there."
    return now

"""Take a held deal up again at this terminal; from here on it is finished at this terminal (D-204, D-205)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from vinculum.access.database import Actor, acting
from vinculum.access.permissions import require
from vinculum.state.casework import applications
from vinculum.state.casework.take_up import take_up

ACT: Final = "release_application"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Which application; doing it twice does no harm."""

    application_id: UUID


def run(request: Request, *, actor: Actor, at: datetime) -> applications.Application:
    """Take the application up here. Raises Refused: `terminal_mismatch` when another terminal has it (D-205)."""
    require(actor, ACT)
    with acting(actor, act=ACT) as connection:
        found = take_up(connection, request.application_id, terminal=actor.terminal)
        if found.state == "held":
            applications.release(
                connection, application_id=found.application_id, terminal=actor.terminal, at=at
            )
        now = applications.load_application(connection, request.application_id)
        assert now is not None, "An application that was just locked is there."
    return now

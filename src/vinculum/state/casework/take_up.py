"""The application that a clerk goes on with: one of ours, not finished, and at this terminal (D-205)."""

from uuid import UUID

from vinculum.access.database import Connection
from vinculum.kernel.refusal import Refused
from vinculum.state.casework import applications
from vinculum.state.law.catalogue import refuse


def take_up(connection: Connection, application_id: UUID, *, terminal: str) -> applications.Application:
    """The application, open or held, locked until the end of this transaction. Raises Refused otherwise.

    One that is on hold may be taken up at any terminal; an open one only at its own.
    """
    found = applications.lock_application(connection, application_id)
    if found is None:
        raise Refused([refuse("application_not_found", application=application_id)])
    if found.state not in ("open", "held"):
        raise Refused([refuse("application_finished", state=found.state)])
    if found.state == "open" and found.terminal != terminal:
        raise Refused([refuse("terminal_mismatch", terminal=found.terminal)])
    return found

"""A correction of a VIN that was begun by mistake, taken back by the state that began it (N-307)."""

from datetime import datetime
from typing import Final, LiteralString
from uuid import UUID

from vinculum.access.database import Actor, Connection, acting
from vinculum.access.permissions import require
from vinculum.kernel.refusal import Refusal, RefusalsUnder, Refused
from vinculum.national.casework.vin_corrections import ACT, Correction, hold, read_correction, taken_back
from vinculum.national.records.vehicles import lock_vehicles
from vinculum.protocol.fields import REASON

HOLD_STEPS: LiteralString = "SELECT exchange.hold_steps_at_desks(%s, %s)"
_refusal: Final = RefusalsUnder(rule="N-307")


def withdraw(*, vin: str, correction_id: UUID, reason: str, actor: Actor, at: datetime) -> None:
    """Take it back, while no message or approval has done a step of it; it stays on record. Raises Refused."""
    require(actor, ACT)
    with acting(actor, act=ACT, database="national") as connection:
        found = read_correction(connection, vin, correction_id)
        standing = _check_standing(connection, found, actor=actor)
        faults = [] if standing is None else [standing]
        if not 1 <= len(reason.strip()) <= REASON.length:
            words = f"Why it is taken back is missing or longer than {REASON.length} characters."
            faults.append(_refusal("missing_field", words, "Say it in a sentence.", field="reason"))
        if faults:
            raise Refused(faults)
        connection.execute(
            "UPDATE exchange.vin_correction SET withdrawn_at = %s, withdrawn_by = %s, withdrawn_by_name = %s,"
            " withdrawn_because = %s WHERE vin = %s AND correction_id = %s",
            (at, actor.person_id, actor.person_name, reason.strip(), found.vin, correction_id),
        )


def _check_standing(connection: Connection, found: Correction, *, actor: Actor) -> Refusal | None:
    """Why it cannot be taken back. What does a step of it at this moment is waited for, and seen."""
    if found.jurisdiction != actor.organisation_code:
        words = "The state that began a correction takes it back."
        return _refusal("correction_not_yours", words, "Ask that state.")
    if not hold(connection, found):
        return taken_back()
    lock_vehicles(connection, (found.vin, found.right_vin))
    connection.execute(HOLD_STEPS, (found.vin, found.correction_id))
    if not read_correction(connection, found.vin, found.correction_id).may_be_withdrawn:
        words = "A message or an approval has done a step of this correction; it cannot be taken back."
        return _refusal("correction_not_withdrawn", words, "Follow the steps that are left.")
    return None

"""A stop is taken off a customer; one that other towns put on stays (M-403)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from vinculum.access.database import Actor, acting
from vinculum.access.permissions import require
from vinculum.kernel.business_calendar import local_date
from vinculum.kernel.refusal import Refused
from vinculum.state.law.catalogue import refuse
from vinculum.state.law.check_stop_keeper import check_stop_keeper
from vinculum.state.law.on_file import StopKind
from vinculum.state.records.customer_keeping import customer_of_number
from vinculum.state.records.customers import lock_stops_of
from vinculum.state.records.entries import open_entry
from vinculum.state.records.stops import close_stop, open_stop

ACT: Final = "take_off_stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Which stop of which customer, and why it is taken off."""

    customer_number: str
    kind: StopKind
    reason: str
    town_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The stop and the entry that took it off."""

    stop_id: UUID
    entry_id: UUID


def run(request: Request, *, actor: Actor, at: datetime) -> Receipt:
    """Take the stop off; held deals of the customer can be processed from this moment (M-405)."""
    require(actor, ACT)
    refusals = check_stop_keeper(
        kind=request.kind,
        town_code=request.town_code,
        organisation_kind=actor.organisation_kind,
        organisation_code=actor.organisation_code,
        organisation_name=actor.organisation_name,
    )
    if refusals:
        raise Refused(refusals)
    with acting(actor, act=ACT) as connection:
        lock_stops_of(connection, request.customer_number)
        customer = customer_of_number(connection, request.customer_number)
        if customer is None:
            raise Refused(
                [refuse("customer_number_unknown", field="customer_number", number=request.customer_number)]
            )
        stop_id = open_stop(
            connection, customer_id=customer[0], kind=request.kind, town_code=request.town_code
        )
        if stop_id is None:
            raise Refused([refuse("stop_not_on", field="kind", number=request.customer_number)])
        entry_id = open_entry(
            connection,
            actor=actor,
            kind="stop_taken_off",
            reason=request.reason,
            effective_date=local_date(at),
            at=at,
        )
        if not close_stop(connection, stop_id=stop_id, entry_id=entry_id):
            raise Refused([refuse("stop_not_on", field="kind", number=request.customer_number)])
        return Receipt(stop_id=stop_id, entry_id=entry_id)

"""A stop is put on a customer: dealers and DMV see it at once (D-401). A town stops for its own taxes only (M-401)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from vinculum.access.database import Actor, Connection, acting
from vinculum.access.permissions import require
from vinculum.kernel.business_calendar import local_date
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.state.law.catalogue import refuse
from vinculum.state.law.check_stop_keeper import check_stop_keeper
from vinculum.state.law.on_file import StopKind
from vinculum.state.records.customer_keeping import customer_of_number
from vinculum.state.records.customers import lock_stops_of
from vinculum.state.records.entries import open_entry
from vinculum.state.records.stops import open_stop, write_stop
from vinculum.state.reference.publication import tables_in_force

ACT: Final = "put_on_stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The stop; `town_code` names the town that is owed when the kind is delinquent property tax."""

    customer_number: str
    kind: StopKind
    reason: str
    since: date
    town_code: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The stop and the entry that put it on."""

    stop_id: UUID
    entry_id: UUID


def run(request: Request, *, actor: Actor, at: datetime) -> Receipt:
    """Put the stop on, after the deals of this customer that are being decided at this moment."""
    require(actor, ACT)
    with acting(actor, act=ACT) as connection:
        lock_stops_of(connection, request.customer_number)
        customer = customer_of_number(connection, request.customer_number)
        refusals = _refusals(connection, request, actor=actor, customer=customer, at=at)
        if refusals:
            raise Refused(refusals)
        assert customer is not None, "A customer that is not on file is refused."
        entry_id = open_entry(
            connection,
            actor=actor,
            kind="stop_put_on",
            reason=request.reason,
            effective_date=request.since,
            at=at,
        )
        towns = tables_in_force(connection, local_date(at)).tax_towns
        stop_id = write_stop(
            connection,
            entry_id=entry_id,
            customer_id=customer[0],
            kind=request.kind,
            since=request.since,
            town_code=request.town_code,
            town_name=towns[request.town_code].name if request.town_code else "",
            contact=request.contact,
        )
        return Receipt(stop_id=stop_id, entry_id=entry_id)


def _refusals(
    connection: Connection,
    request: Request,
    *,
    actor: Actor,
    customer: tuple[UUID, str] | None,
    at: datetime,
) -> list[Refusal]:
    found = [
        *check_stop_keeper(
            kind=request.kind,
            town_code=request.town_code,
            organisation_kind=actor.organisation_kind,
            organisation_code=actor.organisation_code,
            organisation_name=actor.organisation_name,
        )
    ]
    town_listed = request.town_code in tables_in_force(connection, local_date(at)).tax_towns
    if (request.kind == "delinquent_tax") != town_listed:
        found.append(refuse("tax_town_not_listed", field="town_code", town=request.town_code or "No town"))
    if customer is None:
        found.append(
            refuse("customer_number_unknown", field="customer_number", number=request.customer_number)
        )
    elif open_stop(connection, customer_id=customer[0], kind=request.kind, town_code=request.town_code):
        found.append(refuse("stop_already_on", field="kind", number=request.customer_number))
    return found

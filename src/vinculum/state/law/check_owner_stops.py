"""What stands against an owner until it is cleared: four stops, each with its own code (D-401)."""

from vinculum.kernel.refusal import Refusal
from vinculum.state.law.catalogue import refuse
from vinculum.state.law.check_owners import numbered_owners
from vinculum.state.law.on_file import CustomerOnFile, CustomerStop, OnFile


def check_owner_stops(on_file: OnFile) -> tuple[Refusal, ...]:
    """D-401: suspension of registration or privilege, insurance compliance, delinquent tax, on any owner."""
    return tuple(
        _refuse_stop(stop, owner=owner, field=field)
        for field, owner in numbered_owners(on_file)
        for stop in owner.stops
    )


def _refuse_stop(stop: CustomerStop, *, owner: CustomerOnFile, field: str) -> Refusal:
    if stop.kind != "delinquent_tax":
        return refuse(stop.kind, field=field, name=owner.name, since=stop.since)
    return refuse(
        "delinquent_tax",
        field=field,
        name=owner.name,
        since=stop.since,
        town=stop.town_name or stop.town_code,
        town_code=stop.town_code,
        contact=f", {stop.contact}" if stop.contact else "",
    )

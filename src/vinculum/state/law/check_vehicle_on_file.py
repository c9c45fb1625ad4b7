"""Is this a new issue at all, or is the vehicle on the road already (D-201)."""

from datetime import date

from vinculum.kernel.refusal import Refusal
from vinculum.state.law.catalogue import refuse
from vinculum.state.law.check_owners import known_owners
from vinculum.state.law.names import name_key
from vinculum.state.law.on_file import OnFile


def check_not_registered(on_file: OnFile, *, issue_date: date) -> tuple[Refusal, ...]:
    """D-201: a vehicle with a registration in force gets no second one by a new issue."""
    registration = on_file.vehicle.registration
    if registration is None or not registration.open or registration.expires_on < issue_date:
        return ()
    registered = {name_key(name) for name in registration.owner_names}
    same_owner = registered == {name_key(owner.name) for owner in known_owners(on_file)}
    route = (
        "The same owner renews it, or transfers the plate to another vehicle."
        if same_owner
        else "The holder of that plate cancels it or moves it to another vehicle first; otherwise call the "
        "DMV Customer Contact Center."
    )
    return (
        refuse(
            "vehicle_already_registered",
            field="vehicle.vin",
            plate=registration.plate_number,
            until=registration.expires_on,
            route=route,
        ),
    )

"""What the vehicle may be registered as: type, usage, plate class, weight, owner and signage (chapter 9)."""

from vinculum.kernel.refusal import Refusal
from vinculum.state.law.catalogue import refuse
from vinculum.state.law.check_owners import numbered_owners
from vinculum.state.law.deal import Deal, PlateClass, Usage, VehicleType
from vinculum.state.law.on_file import OnFile
from vinculum.state.law.tables import ClassOffering, Tables

# Kinds of customer that are a business for the choice of plate; lease companies register for their lessees.
_BUSINESSES = frozenset({"business", "nonprofit"})
# A passenger car is rated far below every limit, so only other types must state their rating.
_RATED_BELOW_LIMITS = frozenset({"passenger", "suv"})


def vehicle_type_registered(deal: Deal) -> VehicleType:
    """D-301: a vehicle that arrives as SUV with regular usage is set to passenger for a standard plate."""
    declared = deal.vehicle.vehicle_type
    return "passenger" if declared == "suv" and deal.registration.usage == "regular" else declared


def gvwr_of(deal: Deal, *, on_file: OnFile) -> int | None:
    """The weight rating that counts: the declared one, else the one on the vehicle's record."""
    declared = deal.vehicle.gvwr_pounds
    return declared if declared is not None else on_file.vehicle.gvwr_pounds


def offering_of(deal: Deal, *, tables: Tables) -> ClassOffering | None:
    """What the plate class offers to this vehicle and usage."""
    sought = deal.registration
    plate_class = tables.plate_classes.get(sought.plate_class)
    if plate_class is None:
        return None
    return plate_class.offering(vehicle_type=vehicle_type_registered(deal), usage=sought.usage)


def check_class(deal: Deal, *, tables: Tables) -> tuple[Refusal, ...]:
    """D-302: only the pairs of type and usage that the manual lists for a class are issued on-line."""
    if offering_of(deal, tables=tables) is not None:
        return ()
    vehicle_type, usage = vehicle_type_registered(deal), deal.registration.usage
    return (
        refuse(
            "class_not_allowed",
            field="registration.plate_class",
            plate_class=_class_name(deal.registration.plate_class, tables=tables),
            vehicle_type=_spoken(vehicle_type),
            usage=usage,
            allowed=_allowed(vehicle_type, tables=tables),
        ),
    )


def check_fuel(deal: Deal, *, tables: Tables) -> tuple[Refusal, ...]:
    """D-307: commercial registrations of electric vehicles are not processed on-line."""
    offering = offering_of(deal, tables=tables)
    if offering is None or deal.vehicle.fuel not in offering.except_fuels:
        return ()
    return (refuse("electric_commercial", field="vehicle.fuel"),)


def check_gvwr(deal: Deal, *, on_file: OnFile, tables: Tables) -> tuple[Refusal, ...]:
    """D-302: the rating does not exceed the limit of the class; the limit itself is allowed.

    The stop in chapter 1 says "less than", chapter 9 "does not exceed", as the statute does; the statute's
    words govern.
    """
    offering = offering_of(deal, tables=tables)
    if offering is None or offering.gvwr_limit_pounds is None:
        return ()
    words = {
        "vehicle_type": _spoken(offering.vehicle_type),
        "plate_class": _class_name(deal.registration.plate_class, tables=tables),
    }
    pounds = gvwr_of(deal, on_file=on_file)
    if pounds is None:
        if offering.vehicle_type in _RATED_BELOW_LIMITS:
            return ()
        return (refuse("gvwr_required", field="vehicle.gvwr_pounds", **words),)
    if pounds <= offering.gvwr_limit_pounds:
        return ()
    return (
        refuse(
            "gvwr_exceeds_class",
            field="vehicle.gvwr_pounds",
            pounds=f"{pounds:,}",
            limit=f"{offering.gvwr_limit_pounds:,}",
            usage=offering.usage,
            **words,
        ),
    )


def check_weight_on_record(deal: Deal, *, on_file: OnFile) -> tuple[Refusal, ...]:
    """D-411: a rating that the record has wrong is corrected by DMV only, on form H-13."""
    declared, recorded = deal.vehicle.gvwr_pounds, on_file.vehicle.gvwr_pounds
    if declared is None or recorded is None or declared == recorded:
        return ()
    return (
        refuse(
            "weight_differs_from_record",
            field="vehicle.gvwr_pounds",
            declared=f"{declared:,}",
            recorded=f"{recorded:,}",
        ),
    )


def check_us_dot(deal: Deal, *, on_file: OnFile, tables: Tables) -> tuple[Refusal, ...]:
    """D-303: a commercial vehicle from 18,001 lb needs a US DOT number on the registrant's record."""
    limit = tables.limit("us_dot_number_from")
    pounds = _heaviest(deal, on_file=on_file)
    if deal.registration.usage != "commercial" or pounds is None or pounds < limit:
        return ()
    if not on_file.owners or (primary := on_file.owners[0]) is None or primary.us_dot_number:
        return ()
    return (
        refuse(
            "us_dot_required", field="owners.0", name=primary.name, pounds=f"{pounds:,}", limit=f"{limit:,}"
        ),
    )


def check_business_owner(deal: Deal, *, on_file: OnFile) -> tuple[Refusal, ...]:
    """D-305: a business registers combination or commercial, unless by an officer's letter."""
    sought = deal.registration
    if sought.usage != "regular" or "officer_letter" in sought.circumstances:
        return ()
    return tuple(
        refuse("business_owner_class", field="registration.usage", name=owner.name)
        for _, owner in numbered_owners(on_file)
        if owner.kind in _BUSINESSES
    )


def check_signage(deal: Deal) -> tuple[Refusal, ...]:
    """D-306: permanent signage means commercial; removable signage allows combination."""
    sought = deal.registration
    if "permanent_signage" in sought.circumstances and sought.usage != "commercial":
        return (refuse("permanent_signage", field="registration.usage", usage=sought.usage),)
    if "removable_signage" in sought.circumstances and sought.usage == "regular":
        return (refuse("removable_signage", field="registration.usage", usage=sought.usage),)
    return ()


def check_nonprofit(deal: Deal, *, on_file: OnFile) -> tuple[Refusal, ...]:
    """D-306, D-307: no combination registration for a non-profit organisation."""
    if deal.registration.usage != "combination":
        return ()
    return tuple(
        refuse("nonprofit_combination", field=field, name=owner.name)
        for field, owner in numbered_owners(on_file)
        if owner.kind == "nonprofit"
    )


def class_warnings(deal: Deal, *, on_file: OnFile, tables: Tables) -> tuple[str, ...]:
    """D-301, D-304: what the clerk must tell the customer about type and weight."""
    warnings = []
    if vehicle_type_registered(deal) != deal.vehicle.vehicle_type:
        warnings.append("The SUV is registered as type passenger for a standard plate (D-301).")
    above = tables.limit("parkway_prohibition_above")
    pounds = _heaviest(deal, on_file=on_file)
    if pounds is not None and pounds > above:
        warnings.append(
            f"At {pounds:,} lb, over {above:,} lb, the vehicle is prohibited on parkways such as the Merritt "
            "and the Wilbur Cross (D-304)."
        )
    return tuple(warnings)


def _heaviest(deal: Deal, *, on_file: OnFile) -> int | None:
    """The heavier of rating and declared weight: either may be the registered gross weight."""
    weights = (gvwr_of(deal, on_file=on_file), deal.vehicle.declared_weight_pounds)
    return max((pounds for pounds in weights if pounds is not None), default=None)


def _allowed(vehicle_type: VehicleType, *, tables: Tables) -> str:
    offered = [
        f"a {rule.name.lower()} plate with {usage} usage"
        for rule in tables.plate_classes.values()
        for usage in _usages(rule.offerings, vehicle_type)
    ]
    return " or ".join(offered) or "nothing on-line"


def _usages(offerings: tuple[ClassOffering, ...], vehicle_type: VehicleType) -> list[Usage]:
    return [offering.usage for offering in offerings if offering.vehicle_type == vehicle_type]


def _class_name(code: PlateClass, *, tables: Tables) -> str:
    rule = tables.plate_classes.get(code)
    return rule.name.lower() if rule is not None else _spoken(code)


def _spoken(code: str) -> str:
    return code.replace("_", " ")

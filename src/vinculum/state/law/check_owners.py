"""Who is to be the owner: known to the book, named alike on paper and registration, old enough, resident."""

import re
from collections import Counter
from collections.abc import Iterator

from vinculum.kernel.refusal import Refusal
from vinculum.state.law.anniversaries import years_reached
from vinculum.state.law.catalogue import refuse
from vinculum.state.law.deal import Deal
from vinculum.state.law.names import name_key
from vinculum.state.law.on_file import CustomerOnFile, OnFile
from vinculum.state.law.tables import Tables

_POST_OFFICE_BOX = re.compile(r"\bP\W*O\W*BOX\b|\bPOST\W*OFFICE\W*BOX\b", re.IGNORECASE)
# A minor needs the special insurance certificate besides the consent for these (manual chapter 1).
_SPECIAL_INSURANCE_CLASSES = frozenset({"motorcycle", "combination", "commercial"})
_MAY_BE_UNDER_AGE = frozenset({"person"})


def known_owners(on_file: OnFile) -> tuple[CustomerOnFile, ...]:
    """The owners that are on file, primary first."""
    return tuple(owner for owner in on_file.owners if owner is not None)


def numbered_owners(on_file: OnFile) -> Iterator[tuple[str, CustomerOnFile]]:
    """Each owner on file with the field it was entered in."""
    for index, owner in enumerate(on_file.owners):
        if owner is not None:
            yield f"owners.{index}", owner


def check_owners_named(deal: Deal, *, tables: Tables) -> tuple[Refusal, ...]:
    """D-209: a registration names one owner or two, each once."""
    refusals = []
    most = tables.limit("owners_on_registration")
    if not deal.owners:
        refusals.append(refuse("owner_missing", field="owners"))
    if len(deal.owners) > most:
        refusals.append(refuse("too_many_owners", field="owners", count=len(deal.owners), most=most))
    repeated = [number for number, count in Counter(deal.owners).items() if count > 1]
    refusals.extend(refuse("owner_repeated", field="owners", number=number) for number in repeated)
    return tuple(refusals)


def check_conjunction(deal: Deal) -> tuple[Refusal, ...]:
    """D-707: two owners hold by AND or by OR; one owner holds alone."""
    if len(deal.owners) > 1 and deal.conjunction is None:
        return (refuse("conjunction_missing", field="conjunction"),)
    if len(deal.owners) == 1 and deal.conjunction is not None:
        return (
            refuse(
                "conjunction_without_second_owner", field="conjunction", conjunction=deal.conjunction.upper()
            ),
        )
    return ()


def check_customers_on_file(deal: Deal, *, on_file: OnFile) -> tuple[Refusal, ...]:
    """D-208: each owner has one customer record, and only one."""
    refusals = []
    for index, number in enumerate(deal.owners):
        owner = on_file.owners[index] if index < len(on_file.owners) else None
        field = f"owners.{index}"
        if owner is None:
            refusals.append(refuse("customer_not_on_file", field=field, number=number))
        elif owner.other_records > 0:
            refusals.append(
                refuse("multiple_customer_records", field=field, number=number, count=owner.other_records + 1)
            )
    return tuple(refusals)


def check_customer_records_complete(on_file: OnFile) -> tuple[Refusal, ...]:
    """D-207: what a registration needs stands on the record of a person, where only DMV may add it."""
    return tuple(
        refuse("customer_record_incomplete", field=field, name=owner.name, what="date of birth")
        for field, owner in numbered_owners(on_file)
        if owner.kind in _MAY_BE_UNDER_AGE and owner.date_of_birth is None
    )


def check_assignment(deal: Deal, *, on_file: OnFile) -> tuple[Refusal, ...]:
    """D-209: as many owners on the assignment as on the registration, with the same names.

    A lease company is held to its lease file letter by letter (D-404), so it is not asked here again.
    """
    owners = known_owners(on_file)
    if not deal.owners or len(owners) < len(deal.owners):
        return ()
    assigned = Counter(map(name_key, deal.ownership.assigned_to))
    registered = Counter(name_key(owner.name) for owner in owners)
    if assigned == registered:
        return ()
    if any(owner.kind == "lessor" for owner in owners) and assigned.total() == registered.total():
        return ()
    return (
        refuse(
            "ownership_mismatch",
            field="ownership.assigned_to",
            assigned=" and ".join(deal.ownership.assigned_to) or "nobody",
            registered=" and ".join(owner.name for owner in owners),
        ),
    )


def check_lessor(deal: Deal, *, on_file: OnFile) -> tuple[Refusal, ...]:
    """D-404: the name of a lease company on the paper is exactly the name on the lease file."""
    return tuple(
        refuse(
            "lessor_mismatch",
            field="ownership.assigned_to",
            assigned=" and ".join(deal.ownership.assigned_to) or "nobody",
            registered=owner.name,
        )
        for _, owner in numbered_owners(on_file)
        if owner.kind == "lessor" and owner.name not in deal.ownership.assigned_to
    )


def check_minor(deal: Deal, *, on_file: OnFile, tables: Tables) -> tuple[Refusal, ...]:
    """D-307: nobody under eighteen on the date of issue registers on-line, co-owner or not."""
    age = tables.limit("minor_under_age")
    special = deal.registration.plate_class in _SPECIAL_INSURANCE_CLASSES
    forms = "forms 2-D and R-1325-C (special insurance certificate)" if special else "form 2-D"
    return tuple(
        refuse("minor_owner", field=field, name=owner.name, age=age, forms=forms)
        for field, owner in numbered_owners(on_file)
        if owner.kind in _MAY_BE_UNDER_AGE
        and owner.date_of_birth is not None
        and not years_reached(owner.date_of_birth, deal.issue_date, years=age)
    )


def check_military(deal: Deal, *, on_file: OnFile) -> tuple[Refusal, ...]:
    """D-307: a military owner, by the record or by what the clerk was told, goes to an office."""
    told = "military_owner" in deal.registration.circumstances
    recorded = [(field, owner.name) for field, owner in numbered_owners(on_file) if owner.military]
    if not recorded and told:
        return (refuse("military_owner", field="registration.circumstances", who="The owner"),)
    return tuple(refuse("military_owner", field=field, who=name) for field, name in recorded)


def check_government(deal: Deal, *, on_file: OnFile) -> tuple[Refusal, ...]:
    """D-307: municipal and other no-fee registrations are not processed on-line."""
    recorded = [
        (field, owner.name) for field, owner in numbered_owners(on_file) if owner.kind == "government"
    ]
    if not recorded and "municipal_or_no_fee" in deal.registration.circumstances:
        return (
            refuse("municipal_or_no_fee", field="registration.circumstances", who="The registration sought"),
        )
    return tuple(refuse("municipal_or_no_fee", field=field, who=name) for field, name in recorded)


def check_residence(deal: Deal, *, on_file: OnFile, tables: Tables) -> tuple[Refusal, ...]:
    """D-412: the registrant resides in the state; a lease company may have its seat elsewhere."""
    if not on_file.owners or (primary := on_file.owners[0]) is None:
        return ()
    refusals = []
    if primary.kind != "lessor" and primary.residence_state != tables.jurisdiction:
        refusals.append(
            refuse(
                "residence_not_in_state",
                field="owners.0",
                name=primary.name,
                state=primary.residence_state or "no state on record",
                home=tables.jurisdiction,
            )
        )
    if _POST_OFFICE_BOX.search(primary.residence_town):
        refusals.append(refuse("post_office_box_residence", field="owners.0", where=primary.residence_town))
    return tuple(refusals)


def check_tax_town(deal: Deal, *, tables: Tables) -> tuple[Refusal, ...]:
    """D-412: the town where the vehicle is garaged overnight is one that can tax it."""
    town = deal.registration.garaging_town
    field = "registration.garaging_town"
    if _POST_OFFICE_BOX.search(town):
        return (refuse("post_office_box_residence", field=field, where=town),)
    if tables.tax_town_of(town) is None:
        return (refuse("tax_town_unknown", field=field, town=town or "An empty entry"),)
    return ()


def garaging_warnings(deal: Deal, *, on_file: OnFile, tables: Tables) -> tuple[str, ...]:
    """D-412: a vehicle garaged elsewhere than at home is taxed elsewhere, which is lawful but often an error."""
    town = tables.tax_town_of(deal.registration.garaging_town)
    if town is None or not on_file.owners or (primary := on_file.owners[0]) is None:
        return ()
    if not primary.tax_town_code or primary.tax_town_code == town.code:
        return ()
    return (
        f"The vehicle will be taxed in {town.name.title()} ({town.code}), not where the owner resides; "
        "make sure that it is garaged there overnight (D-412).",
    )

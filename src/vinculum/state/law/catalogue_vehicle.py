"""Refusals about the vehicle and what it may be registered as."""

from typing import Final

from vinculum.state.law.refusal_entry import RefusalEntry

ENTRIES: Final[tuple[RefusalEntry, ...]] = (
    RefusalEntry(
        code="vin_under_17",
        title="VIN too short",
        message=(
            "The VIN {vin} is too short ({count} of {least} characters); such vehicles are not processed"
            " on-line."
        ),
        remedy="Compare the VIN with the vehicle; if it is right, register at a DMV office.",
        rule="D-307",
        citation=(
            "Dealer manual, chapter 1, Vehicles with less than 17 characters in the identification number"
        ),
    ),
    RefusalEntry(
        code="vin_characters",
        title="VIN wrongly written",
        message="The VIN cannot be right: {faults}",
        remedy=(
            "Read the VIN again from the vehicle and the ownership paper, and enter it as it stands there."
        ),
        rule="N-601",
        citation="49 CFR 565.15",
    ),
    RefusalEntry(
        code="class_not_allowed",
        title="Plate class not issued for this vehicle",
        message="A {plate_class} plate is not issued on-line for a {vehicle_type} with {usage} usage.",
        remedy="Choose {allowed}; other registrations are issued at a DMV office.",
        rule="D-302",
        citation="Dealer manual, chapter 1, Plate and vehicle usage types that may be processed; chapter 9",
    ),
    RefusalEntry(
        code="gvwr_exceeds_class",
        title="Too heavy for this class",
        message=(
            "The GVWR of {pounds} lb exceeds {limit} lb, the limit for a {vehicle_type} with {usage} "
            "usage on a {plate_class} plate."
        ),
        remedy=(
            "Choose a class for heavier vehicles, or register at a DMV office. A weight filled in "
            "wrongly by the record is corrected by DMV (form H-13)."
        ),
        rule="D-302",
        citation=(
            "Dealer manual, chapter 9, Standard (passenger) plate; chapter 10, combination and "
            "commercial registration information"
        ),
    ),
    RefusalEntry(
        code="gvwr_required",
        title="GVWR missing",
        message=(
            "The gross vehicle weight rating is needed: it decides whether a {vehicle_type} may have "
            "a {plate_class} plate."
        ),
        remedy="Enter the GVWR from the certification label on the driver's door frame.",
        rule="D-302",
        citation="Dealer manual, chapter 10, Registration information",
    ),
    RefusalEntry(
        code="weight_differs_from_record",
        title="Weight differs from the record",
        message=(
            "The GVWR entered is {declared} lb, but the record says {recorded} lb. A dealer cannot "
            "change the weight on the record."
        ),
        remedy=(
            "Fax form H-13 with the right weights to the DMV Customer Contact Center; when the record"
            " is corrected, go on."
        ),
        rule="D-411",
        citation="Dealer manual, chapter 1, To fix the LW and GVWR on a vehicle",
    ),
    RefusalEntry(
        code="us_dot_required",
        title="US DOT number missing",
        message=(
            "A commercial vehicle of {pounds} lb needs a US DOT number on the customer record of "
            "{name}; it is needed from {limit} lb."
        ),
        remedy=(
            "Call the DMV Customer Contact Center with the US DOT number; it is added to the customer record."
        ),
        rule="D-303",
        citation="Dealer manual, chapter 1, To add a US DOT number; chapter 10, DOT numbers required",
    ),
    RefusalEntry(
        code="business_owner_class",
        title="Business with a standard plate",
        message=(
            "{name} is a business: its vehicles are registered combination or commercial, unless an "
            "officer drives the vehicle for personal use only."
        ),
        remedy="Choose combination or commercial, or bring the letter of an officer and mark it.",
        rule="D-305",
        citation="Dealer manual, chapter 3, Business/company names",
    ),
    RefusalEntry(
        code="permanent_signage",
        title="Permanent signage",
        message="A vehicle with permanent signage is registered commercial, not {usage}.",
        remedy="Choose commercial usage and a commercial plate.",
        rule="D-306",
        citation="Dealer manual, chapter 1, Commercial - Regular",
    ),
    RefusalEntry(
        code="removable_signage",
        title="Removable signage with regular usage",
        message=(
            "A vehicle with removable signage is used for business; combination or commercial is "
            "allowed, {usage} is not."
        ),
        remedy="Choose combination usage and a combination plate, or commercial.",
        rule="D-306",
        citation="Dealer manual, chapter 1, Commercial - Regular",
    ),
    RefusalEntry(
        code="nonprofit_combination",
        title="Combination for a non-profit",
        message=(
            "{name} is a non-profit organisation; combination registrations for non-profits are not "
            "processed on-line."
        ),
        remedy="Register at a DMV office.",
        rule="D-306, D-307",
        citation="Dealer manual, chapter 1, Transactions which cannot be processed",
    ),
    RefusalEntry(
        code="electric_commercial",
        title="Commercial electric vehicle",
        message="Electric vehicles are not registered commercial on-line.",
        remedy="Register at a DMV office.",
        rule="D-307",
        citation="Dealer manual, chapter 9, Commercial",
    ),
    RefusalEntry(
        code="class_transfer",
        title="Class transfer",
        message=(
            "A change from one class of registration to another is not processed on-line, because the"
            " remaining equity is credited."
        ),
        remedy="Go to a DMV office.",
        rule="D-307",
        citation="Dealer manual, chapter 1, Transactions which cannot be processed: class transfer",
    ),
    RefusalEntry(
        code="one_year_passenger_renewal",
        title="One-year passenger renewal",
        message="A passenger renewal for one year is not processed on-line.",
        remedy="Go to a DMV office.",
        rule="D-307",
        citation="Dealer manual, chapter 1, Transactions which cannot be processed",
    ),
    RefusalEntry(
        code="seasonal_commercial",
        title="Seasonal commercial registration",
        message="A commercial registration of less than one year is not processed on-line.",
        remedy="Register at a DMV office.",
        rule="D-307",
        citation=(
            "Dealer manual, chapter 1, Transactions which cannot be processed: seasonal commercial "
            "registrations"
        ),
    ),
    RefusalEntry(
        code="title_only",
        title="Title only",
        message="{what}: a title without a registration is not processed on-line.",
        remedy="Apply for the title at DMV.",
        rule="D-307",
        citation=(
            "Dealer manual, chapter 1, Transactions which cannot be processed: title only; chapter 4,"
            " Title legends"
        ),
    ),
    RefusalEntry(
        code="school_children_sign",
        title="Carrying school children",
        message='A vehicle that will show the sign "carrying school children" is not processed on-line.',
        remedy="Register at a DMV office.",
        rule="D-307",
        citation="Dealer manual, chapter 1, Transactions which cannot be processed",
    ),
    RefusalEntry(
        code="legislative_supplemental",
        title="Legislative or supplemental registration",
        message="Legislative and supplemental registrations are not processed on-line.",
        remedy="Register at a DMV office.",
        rule="D-307",
        citation="Dealer manual, chapter 1, Types of registrations which cannot be done on-line",
    ),
    RefusalEntry(
        code="special_plate",
        title="Special plate",
        message="MD, farm and other plates with their own fee or application are not processed on-line.",
        remedy="Apply at a DMV office.",
        rule="D-307",
        citation="Dealer manual, chapter 1, Types of registrations which cannot be done on-line",
    ),
    RefusalEntry(
        code="kit_or_out_of_country",
        title="Kit car or vehicle from abroad",
        message="A kit car or a vehicle from another country is not processed on-line.",
        remedy="The vehicle is inspected and registered at a DMV office.",
        rule="D-307",
        citation="Dealer manual, chapter 1, Ownership documents, Title",
    ),
    RefusalEntry(
        code="glider_kit",
        title="Glider kit",
        message="{what}: a vehicle built from a kit is not processed on-line.",
        remedy="The vehicle is inspected and registered at a DMV office.",
        rule="D-307, D-308",
        citation="Dealer manual, chapter 4, Title legends",
    ),
    RefusalEntry(
        code="name_change",
        title="Change of name",
        message="A change of name by marriage or divorce is not processed on-line.",
        remedy=(
            "The customer first has the licence changed at DMV; then the registration goes on in the "
            "new name."
        ),
        rule="D-307",
        citation="Dealer manual, chapter 9, Change of name by marriage/divorce",
    ),
    RefusalEntry(
        code="us_military_registration",
        title="US military registration",
        message="A US military registration cannot be registered on-line.",
        remedy="Walk the transaction into a DMV office.",
        rule="D-307",
        citation="Dealer manual, chapter 3, Proof of identification",
    ),
    RefusalEntry(
        code="vehicle_already_registered",
        title="Already registered",
        message=(
            "The vehicle is registered on plate {plate}, valid to {until}. One vehicle has one registration."
        ),
        remedy="{route}",
        rule="D-201",
        citation="Dealer manual, chapter 3, Transfer information",
    ),
    RefusalEntry(
        code="odometer_lower_than_last_known",
        title="Odometer lower than before",
        message="The reading of {reading} miles is lower than {last} miles, {known}.",
        remedy=(
            "Read the odometer again; if it is right, choose the odometer brand that explains it, or "
            "have the earlier reading corrected by DMV."
        ),
        rule="D-413",
        citation="Dealer manual, chapter 3, Federal odometer disclosure",
    ),
    RefusalEntry(
        code="odometer_impossible",
        title="Odometer impossible",
        message="The odometer reading {reading} is not possible: a reading is whole miles, zero or more.",
        remedy="Enter the whole miles shown, without tenths.",
        rule="D-413",
        citation="Dealer manual, chapter 3, Federal odometer disclosure: do not include tenths",
    ),
    RefusalEntry(
        code="odometer_tenths",
        title="Odometer with tenths",
        message="The odometer reading {reading} has tenths; a disclosure is whole miles.",
        remedy="Leave out the tenths: enter {whole}.",
        rule="D-413",
        citation="Dealer manual, chapter 3, Federal odometer disclosure: do not include tenths",
    ),
)

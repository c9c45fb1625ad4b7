"""Refusals about people: the dealer at the keyboard, the owners, and what stands against them."""

from typing import Final

from vinculum.state.law.refusal_entry import RefusalEntry

ENTRIES: Final[tuple[RefusalEntry, ...]] = (
    RefusalEntry(
        code="agent_not_in_standing",
        title="Dealer not in standing",
        message=(
            "The dealer may not process on-line: {what}. Processing closes at once when a paper of "
            "the on-line agreement lapses; held work is kept."
        ),
        remedy="Settle it with the DMV dealer unit, then go on with the held application; {settle}.",
        rule="D-101, D-103",
        citation=(
            "Dealer manual, chapter 1, To become an on-line dealer agent; chapter 8, Policy of violations"
        ),
    ),
    RefusalEntry(
        code="clerk_not_certified",
        title="Clerk without a training certificate",
        message=(
            "The person at the keyboard has no training certificate that is valid on {day}; without "
            "one work can be looked at but not processed."
        ),
        remedy="Let a certified colleague process it, or have the training certificate recorded by DMV.",
        rule="D-104",
        citation="Dealer manual, chapter 1, To become an on-line dealer agent",
    ),
    RefusalEntry(
        code="owner_missing",
        title="No owner",
        message="No owner is named, so there is nobody to register the vehicle to.",
        remedy="Look the customer up and enter the customer number.",
        rule="D-208",
        citation="Dealer manual, chapter 3, Registering a vehicle on-line",
    ),
    RefusalEntry(
        code="too_many_owners",
        title="More owners than a registration names",
        message="{count} owners are named; a registration names at most {most}, primary and secondary.",
        remedy="Register at a DMV office.",
        rule="D-209",
        citation="Dealer manual, chapter 3, Assignment of ownership must match registration",
    ),
    RefusalEntry(
        code="owner_repeated",
        title="The same owner twice",
        message="Customer {number} is named twice as owner.",
        remedy="Remove one, or enter the customer number of the second owner.",
        rule="D-209",
        citation="Dealer manual, chapter 3, Assignment of ownership must match registration",
    ),
    RefusalEntry(
        code="conjunction_missing",
        title="AND or OR not said",
        message=(
            "There are two owners, and the deal does not say whether both must sign (AND) or either may (OR)."
        ),
        remedy="Choose AND or OR as it stands on the assignment.",
        rule="D-707",
        citation="Dealer manual, chapter 4, Title inquiry, conjunctions",
    ),
    RefusalEntry(
        code="conjunction_without_second_owner",
        title="AND or OR with one owner",
        message="The deal says {conjunction}, but only one owner is named.",
        remedy="Remove the conjunction, or enter the second owner.",
        rule="D-707",
        citation="Dealer manual, chapter 4, Title inquiry, conjunctions",
    ),
    RefusalEntry(
        code="customer_not_on_file",
        title="Customer not on file",
        message=(
            "No customer record has the number {number}. A dealer cannot create or change customer records."
        ),
        remedy=(
            "Fax the licence to Records Update; an out-of-state licence needs form H-13 with the "
            "Connecticut address and signature. The new customer number is given to the dealer."
        ),
        rule="D-208",
        citation="Dealer manual, chapter 1, Required dealer calls to DMV",
    ),
    RefusalEntry(
        code="multiple_customer_records",
        title="Several customer records",
        message=(
            "{count} customer records answer to {number}, and only DMV can tell which is the right one."
        ),
        remedy="Call the DMV Customer Contact Center for the right customer number and enter that.",
        rule="D-208",
        citation="Dealer manual, chapter 1, Plate transfer with multiple customer records",
    ),
    RefusalEntry(
        code="customer_record_incomplete",
        title="Customer record incomplete",
        message="The record of {name} has no {what}, which this registration cannot do without.",
        remedy=(
            "Call the DMV Customer Contact Center to complete the customer record; a dealer cannot change it."
        ),
        rule="D-207",
        citation="Dealer manual, chapter 1, Any change or missing information on a customer record",
    ),
    RefusalEntry(
        code="ownership_mismatch",
        title="Assignment and registration differ",
        message=(
            "The ownership paper is assigned to {assigned}, but the registration is for {registered}."
            " There must be as many owners on one as on the other, with the same names."
        ),
        remedy=(
            "Correct the owners entered, or have the paper assigned correctly; a changed name goes "
            "through DMV first."
        ),
        rule="D-209",
        citation="Dealer manual, chapter 3, Assignment of ownership must match registration",
    ),
    RefusalEntry(
        code="lessor_mismatch",
        title="Lease company does not match the lease file",
        message=(
            "The paper names {assigned}, but the lease file names {registered}. Name and address of a"
            " lease company match the lease file exactly."
        ),
        remedy=(
            "Check the lease company with the DMV leasing unit; have the paper assigned to the name "
            "on the lease file."
        ),
        rule="D-404",
        citation="Dealer manual, chapter 5, Vehicle transfers on lease companies",
    ),
    RefusalEntry(
        code="minor_owner",
        title="Owner under age",
        message=(
            "{name} is under {age} on the date of issue. Parental consent cannot be taken on-line, "
            "with or without a parent as co-owner."
        ),
        remedy="Walk the transaction into a DMV office with {forms}.",
        rule="D-307",
        citation=(
            "Dealer manual, chapter 1, Parental consent for a minor; chapter 9, Registration to a minor"
        ),
    ),
    RefusalEntry(
        code="military_owner",
        title="Military owner",
        message=("{who} is registered as military personnel, whose registrations are not processed on-line."),
        remedy="Walk the transaction into a DMV office.",
        rule="D-307",
        citation="Dealer manual, chapter 3, Proof of identification",
    ),
    RefusalEntry(
        code="municipal_or_no_fee",
        title="Municipal or no-fee registration",
        message="{who}: municipal and other no-fee registrations are not processed on-line.",
        remedy="Register at a DMV office.",
        rule="D-307",
        citation="Dealer manual, chapter 1, Types of registrations which cannot be done on-line",
    ),
    RefusalEntry(
        code="residence_not_in_state",
        title="No residence in the state",
        message="{name} has a residence in {state}; the registrant's residence address must be in {home}.",
        remedy=(
            "A customer with two residences faxes form H-13 with the Connecticut address to Records Update."
        ),
        rule="D-412",
        citation="Dealer manual, chapter 9, Applicant address",
    ),
    RefusalEntry(
        code="tax_town_unknown",
        title="Tax town unknown",
        message=(
            "{town} is not a town of the state's list, so the vehicle cannot be put on a town's tax list."
        ),
        remedy="Enter the town in which the vehicle is garaged overnight, as the town list spells it.",
        rule="D-412",
        citation="Dealer manual, chapter 9, Applicant address, Tax town codes",
    ),
    RefusalEntry(
        code="post_office_box_residence",
        title="Post-office box as residence",
        message="{where} is a post-office box. A box is a mailing address only.",
        remedy=(
            "Enter the town where the vehicle is garaged overnight; for the residence on file call "
            "the DMV Customer Contact Center."
        ),
        rule="D-412",
        citation="Dealer manual, chapter 9, Applicant address",
    ),
    RefusalEntry(
        code="registration_suspension",
        title="Registration suspension",
        message="The registration rights of {name} are suspended since {since}.",
        remedy=(
            "The customer settles the suspension with DMV; then the same application goes on without "
            "re-entry."
        ),
        rule="D-401",
        citation="Dealer manual, chapter 3, Property tax and suspension",
    ),
    RefusalEntry(
        code="privilege_suspension",
        title="Registration-privilege suspension",
        message="{name} has lost the privilege to register vehicles since {since}.",
        remedy=(
            "The customer settles the suspension with DMV; then the same application goes on without "
            "re-entry."
        ),
        rule="D-401",
        citation="Dealer manual, chapter 3, Property tax and suspension",
    ),
    RefusalEntry(
        code="insurance_compliance",
        title="Insurance-compliance case",
        message="{name} has an open insurance-compliance case since {since}.",
        remedy=(
            "The customer closes the case with the DMV insurance-compliance unit; then the same "
            "application goes on without re-entry."
        ),
        rule="D-401",
        citation="Dealer manual, chapter 3, Property tax and suspension",
    ),
    RefusalEntry(
        code="delinquent_tax",
        title="Delinquent property tax",
        message="{name} owes property tax to {town} (town {town_code}), reported {since}.",
        remedy=(
            "The customer pays the tax collector of {town}{contact}. As soon as the collector takes "
            "the report off, the same application goes on without re-entry."
        ),
        rule="D-401",
        citation="Dealer manual, chapter 3, Property tax and suspension",
    ),
)

"""Refusals about papers: the ownership paper, legends, liens, insurance, documents, dates."""

from typing import Final

from vinculum.state.law.refusal_entry import RefusalEntry

ENTRIES: Final[tuple[RefusalEntry, ...]] = (
    RefusalEntry(
        code="issue_date_in_future",
        title="Issue date in the future",
        message=(
            "The date of issue {issue_date} lies after today, {today}; a registration is not issued ahead."
        ),
        remedy="Hold the application and process it on the day, or correct the date.",
        rule="D-202",
        citation="Dealer manual, chapter 3, Registering a vehicle on-line",
    ),
    RefusalEntry(
        code="issue_date_too_old",
        title="Issue date too old",
        message=(
            "The date of issue {issue_date} lies before {earliest}: the work of that day had to be "
            "submitted within {days} business days."
        ),
        remedy="Correct the date, or take the transaction to a DMV office.",
        rule="D-202, D-504",
        citation="Dealer manual, chapter 8, Ten day statutory requirement (14-63-32)",
    ),
    RefusalEntry(
        code="schedule_not_in_force",
        title="No fees for this date",
        message="There is no schedule of fees for the date of issue {issue_date}.",
        remedy="Correct the date of issue.",
        rule="D-202",
        citation="Dealer manual, chapter 9, Plate types and fees",
    ),
    RefusalEntry(
        code="title_date_in_future",
        title="Paper dated in the future",
        message="The ownership paper is dated {paper_date}, after the date of issue {issue_date}.",
        remedy=("Correct the date as it stands on the paper; if it stands there so, the paper goes to DMV."),
        rule="N-305",
        citation="National best practices, chapter 7, Title issue date",
    ),
    RefusalEntry(
        code="paper_issuer_mismatch",
        title="Paper and issuer do not fit",
        message="The paper is entered as {kind} but its issuer is {issuer}.",
        remedy="Correct the kind of paper or its state.",
        rule="D-501",
        citation="Dealer manual, chapter 3, Documents submitted",
    ),
    RefusalEntry(
        code="used_certificate_of_origin",
        title="Certificate of origin marked used",
        message="The certificate of origin is marked used; only a clean certificate is processed on-line.",
        remedy="Register at a DMV office.",
        rule="D-307",
        citation="Dealer manual, chapter 1, Ownership documents, Certificate of Origin",
    ),
    RefusalEntry(
        code="damaged_certificate_of_origin",
        title="Certificate of origin with a damage mark",
        message=(
            'The certificate of origin is marked "{mark}"; only a clean certificate is processed on-line.'
        ),
        remedy="Register at a DMV office.",
        rule="D-307",
        citation="Dealer manual, chapter 1, Ownership documents, Certificate of Origin",
    ),
    RefusalEntry(
        code="branded_title",
        title="Branded title",
        message=(
            "The vehicle is branded {brand} ({source}). Vehicles with this brand are not processed on-line."
        ),
        remedy=(
            "Take the papers to DMV; the vehicle is inspected at a DMV lane where the brand asks for it."
        ),
        rule="D-307, D-308",
        citation="Dealer manual, chapter 1, Ownership documents, Title; chapter 4, Title legends",
    ),
    RefusalEntry(
        code="legend_not_listed",
        title="Legend not on the list",
        message=(
            'The paper bears the legend "{legend}", which is not on the list of this state, so it '
            "cannot be judged on-line."
        ),
        remedy="Check the wording; if it stands there so, take the paper to DMV.",
        rule="D-308",
        citation="Dealer manual, chapter 4, Title legends",
    ),
    RefusalEntry(
        code="record_not_converted",
        title="Record not converted",
        message="{what}. Such records were not carried over and must be recreated first.",
        remedy=(
            "Call the DMV Customer Contact Center: an examiner recreates the record; then the "
            "application goes on."
        ),
        rule="D-309",
        citation="Dealer manual, chapter 1, Data that was not converted to the new system",
    ),
    RefusalEntry(
        code="title_not_current",
        title="Title is not the current one",
        message="The paper is {paper}, but the book's current title of this vehicle is {current}.",
        remedy="Ask the seller for the current title; otherwise the papers go to DMV.",
        rule="D-209",
        citation="Dealer manual, chapter 4, Title documents must show a chain of ownership",
    ),
    RefusalEntry(
        code="title_not_on_file",
        title="Title not on file",
        message="The book has no current title {number} for this VIN.",
        remedy="Check title number and VIN; if both are right, call the DMV Customer Contact Center.",
        rule="D-309",
        citation="Dealer manual, chapter 4, Title inquiry",
    ),
    RefusalEntry(
        code="lien_release_needed",
        title="Lien not released",
        message="Title {number} carries the lien of {holder} of {lien_date}, and no release is marked.",
        remedy="Get the lien release, on the title or on the lienholder's letterhead, and mark it.",
        rule="D-410",
        citation="Dealer manual, chapter 1, Ownership documents, Title",
    ),
    RefusalEntry(
        code="lienholder_not_listed",
        title="Lienholder not listed",
        message="Lienholder {code} is not on the approved list.",
        remedy="Call the DMV Customer Contact Center to have the lienholder added, then go on.",
        rule="D-410",
        citation="Dealer manual, chapter 1, To add a security interest",
    ),
    RefusalEntry(
        code="lienholder_mismatch",
        title="Lienholder differs from the paper",
        message="The paper names {on_paper} as lienholder, the deal {entered}.",
        remedy="Correct the entry, or have the wrong lienholder on the paper released.",
        rule="D-410",
        citation="Dealer manual, chapter 4, Lien holders",
    ),
    RefusalEntry(
        code="lienholder_repeated",
        title="The same lienholder twice",
        message="Lienholder {code} is entered twice.",
        remedy="Remove one of the two entries.",
        rule="D-410",
        citation="Dealer manual, chapter 4, Lien holders",
    ),
    RefusalEntry(
        code="insurance_missing",
        title="No insurance card",
        message="No insurance card is entered; a registered vehicle must be insured.",
        remedy="Enter a new Connecticut insurance identification card in the registrant's name.",
        rule="D-402",
        citation="Dealer manual, chapter 9, Connecticut insurance card (C.G.S. 14-12b)",
    ),
    RefusalEntry(
        code="insurance_not_connecticut",
        title="Not a Connecticut insurance card",
        message='It is not marked that the card says "issued pursuant to Connecticut law".',
        remedy="If the card says so, mark it; if not, ask the insurer for a Connecticut insurance identification card.",
        rule="D-402",
        citation="Dealer manual, chapter 9, Connecticut insurance card (C.G.S. 14-12b)",
    ),
    RefusalEntry(
        code="insurance_incomplete",
        title="Insurance card incomplete",
        message="The card lacks {what}.",
        remedy="Enter it as it stands on the card; a card without it is not accepted.",
        rule="D-402",
        citation="Dealer manual, chapter 9, Connecticut insurance card (C.G.S. 14-12b)",
    ),
    RefusalEntry(
        code="insurance_not_effective",
        title="Insurance not yet effective",
        message="The insurance takes effect on {effective}, after the date of issue {issue_date}.",
        remedy=(
            "Have the insurance take effect on the date of issue or before, or issue the registration later."
        ),
        rule="D-402",
        citation="Dealer manual, chapter 9, Connecticut insurance card (C.G.S. 14-12b)",
    ),
    RefusalEntry(
        code="insurance_card_expired",
        title="Insurance card expired",
        message=(
            "The {kind} card is effective {effective} and good for {length}; it ended before the date"
            " of issue {issue_date}."
        ),
        remedy="Ask for a new insurance identification card.",
        rule="D-402",
        citation="Dealer manual, chapter 9, Connecticut insurance card (C.G.S. 14-12b)",
    ),
    RefusalEntry(
        code="insurance_name_mismatch",
        title="Insurance in another name",
        message="The card is in the name of {named}{relation}, but the registrant is {registered}.",
        remedy=(
            "The card must be in the registrant's name; for a person the name of the spouse, a parent"
            " or child, or the civil-union partner suffices; for a business or trust its own name."
        ),
        rule="D-402",
        citation=(
            "Dealer manual, chapter 9, Connecticut insurance card; chapter 3, Registering a vehicle "
            "in the name of a trust"
        ),
    ),
    RefusalEntry(
        code="document_missing",
        title="Document missing",
        message="The checklist asks for: {title}. {why}",
        remedy="Get the paper, then mark it or upload it.",
        rule="D-501",
        citation="Dealer manual, chapter 3, Documents submitted",
    ),
    RefusalEntry(
        code="document_unknown",
        title="Unknown document",
        message='"{document}" is not a paper of the checklist.',
        remedy="Mark papers by the codes of the checklist.",
        rule="D-501",
        citation="Dealer manual, chapter 3, Documents submitted",
    ),
    RefusalEntry(
        code="tax_treatment_not_met",
        title="Tax exemption not met",
        message="The tax treatment chosen does not apply: {what}.",
        remedy="Choose the standard tax, or take the transaction to DMV.",
        rule="D-803",
        citation="Dealer manual, chapter 9, Sales tax information",
    ),
    RefusalEntry(
        code="insufficient_funds",
        title="Not enough money in the account",
        message="The fees are ${needed}, but the funds account holds ${held}.",
        remedy=(
            "Deposit at least ${short} with the dealer association; the application can be held meanwhile."
        ),
        rule="F-115",
        citation="Dealer manual, chapter 1, To become an on-line dealer agent, funds account",
    ),
    RefusalEntry(
        code="no_plate_in_stock",
        title="No plate in stock",
        message="There is no {plate_class} plate in the dealer's stock.",
        remedy="Order plates and confirm their receipt; the application can be held meanwhile.",
        rule="D-203",
        citation="Dealer manual, chapter 2, Ordering inventory",
    ),
    RefusalEntry(
        code="class_not_offered",
        title="No fee for this class",
        message=(
            "A {plate_class} plate is not issued for a {vehicle_type} with {usage} usage, so there is"
            " no fee for it."
        ),
        remedy="Choose a plate class and usage the vehicle may have; others are issued at a DMV office.",
        rule="F-102",
        citation="Dealer manual, chapter 9, Registration plate types and fees",
    ),
    RefusalEntry(
        code="weight_required",
        title="Weight missing",
        message="The registration fee goes by declared weight, and neither it nor the GVWR is known.",
        remedy="Enter the declared weight from the application.",
        rule="F-102",
        citation="Dealer manual, chapter 10, Combination and commercial fee charts",
    ),
    RefusalEntry(
        code="weight_outside_fee_chart",
        title="Weight outside the fee chart",
        message="The fee chart has no fee for {pounds} lb; it runs from 1 to {heaviest_pounds} lb.",
        remedy="Correct the declared weight, or register the vehicle at a DMV office.",
        rule="F-102",
        citation="Dealer manual, chapter 10, Combination and commercial fee charts",
    ),
)

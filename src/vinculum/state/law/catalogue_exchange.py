"""Refusals from the national title check, about voids, and of forms that cannot be read."""

from typing import Final

from vinculum.state.law.refusal_entry import RefusalEntry

ENTRIES: Final[tuple[RefusalEntry, ...]] = (
    RefusalEntry(
        code="exchange_unavailable",
        title="National exchange did not answer",
        message="The national title exchange did not answer, and no title is issued without its answer.",
        remedy="Hold the application and process it when the exchange answers.",
        rule="D-409, N-401",
        citation="National best practices, chapter 4, Issue or delay issuance of title",
    ),
    RefusalEntry(
        code="vehicle_reported_stolen",
        title="Vehicle reported stolen",
        message="The exchange has an open theft report on VIN {vin}.",
        remedy="Do not hand the vehicle over; call the police and the DMV title section.",
        rule="N-401",
        citation="National best practices, chapter 4, Issue or delay issuance of title",
    ),
    RefusalEntry(
        code="vehicle_reported_destroyed",
        title="Vehicle reported destroyed",
        message=(
            "On {obtained_on} {reporter} reported that it had obtained the vehicle with VIN {vin}, and that it was "
            "{disposition}."
        ),
        remedy=(
            "Compare the VIN with the vehicle. If they agree, issuance waits until the title section has settled "
            "it with the reporter."
        ),
        rule="N-201, N-401",
        citation="National best practices, chapter 4, Issue or delay issuance of title",
    ),
    RefusalEntry(
        code="title_stock_missing",
        title="Title stock stolen or missing",
        message="The paper has control number {control_number}. {explanation}",
        remedy=(
            "Compare the control number with the paper. If it is as entered, keep the paper and call the DMV title "
            "section; no title is issued on it."
        ),
        rule="N-701",
        citation="National best practices, chapter 23, Stolen blank title documents",
    ),
    RefusalEntry(
        code="title_taken_back",
        title="Recalled or fraudulent title",
        message="The paper is a title that its state has taken back. {explanation}",
        remedy="Keep the paper and call the DMV title section; no title is issued on it.",
        rule="N-303, N-401",
        citation="National best practices, chapter 3, Fraudulent or recalled title transactions",
    ),
    RefusalEntry(
        code="control_number_unreadable",
        title="Control number cannot be read",
        message=(
            "“{control_number}” is no control number: up to six letters and then digits, 20 characters at most."
        ),
        remedy="Copy it from the paper, where it is printed apart from the title number, or leave it out.",
        rule="N-701",
        citation="National best practices, chapter 23, Stolen blank title documents",
    ),
    RefusalEntry(
        code="vehicle_not_for_road",
        title="Vehicle not for the road",
        message=(
            "The vehicle is branded {brand} ({source}); such a vehicle gets no title or registration "
            "for the road anywhere."
        ),
        remedy=(
            "It cannot be registered. A brand put on by mistake is corrected by {brander}, who put it on."
        ),
        rule="N-402",
        citation="National best practices, chapter 12, Junk vehicles",
    ),
    RefusalEntry(
        code="brand_missing_on_paper",
        title="Brand missing on the paper",
        message=(
            "The exchange knows brand {brand} of {brand_date} from {brander}, but the paper does not "
            "show it: the brand may have been washed off."
        ),
        remedy="Issuance waits until the title section has closed the discrepancy with {brander}.",
        rule="N-401, N-405",
        citation="National best practices, chapter 4, Issue or delay issuance of title",
    ),
    RefusalEntry(
        code="title_state_mismatch",
        title="State of title differs",
        message=("The paper is a title of {paper}, but the exchange points to {exchange} as state of title."),
        remedy=(
            "Check the paper; if it is entered as it stands, issuance waits until the title section "
            "has closed the discrepancy with {exchange}."
        ),
        rule="N-401",
        citation="National best practices, chapter 4, Issue or delay issuance of title",
    ),
    RefusalEntry(
        code="title_number_mismatch",
        title="Title number differs",
        message="The paper has title number {paper}, the exchange {exchange}.",
        remedy=(
            "Check the number; a reassignment number is never the title number. Otherwise issuance "
            "waits until the title section has closed the discrepancy."
        ),
        rule="N-401",
        citation="National best practices, chapter 4, Issue or delay issuance of title",
    ),
    RefusalEntry(
        code="title_date_mismatch",
        title="Title issue date differs",
        message=(
            "The paper was issued {paper}, the exchange's title {exchange}; one of the two is not the"
            " current title."
        ),
        remedy=(
            "Check the date; otherwise issuance waits until the title section has closed the discrepancy."
        ),
        rule="N-401",
        citation="National best practices, chapter 4, Issue or delay issuance of title",
    ),
    RefusalEntry(
        code="several_titles_in_exchange",
        title="Several current titles",
        message=(
            "The exchange has {count} current titles on this VIN ({states}), so it cannot be said "
            "whose vehicle this is."
        ),
        remedy=("Issuance waits until the title section has settled with these states which title is good."),
        rule="N-201, N-401",
        citation="National best practices, chapter 5, Resolving vehicles with the same VIN",
    ),
    RefusalEntry(
        code="certificate_with_existing_title",
        title="Certificate of origin for a titled vehicle",
        message=(
            "The paper is a certificate of origin, but {exchange} has titled this VIN already (title "
            "of {issue_date})."
        ),
        remedy=(
            "Check the VIN; otherwise issuance waits until the title section has closed the "
            "discrepancy with {exchange}."
        ),
        rule="N-203",
        citation="National best practices, chapter 4, Issue or delay issuance of title",
    ),
    RefusalEntry(
        code="void_window_closed",
        title="Void window closed",
        message="The time to void ended {closed_at}: a void is counted from the issue date {issue_date}.",
        remedy=(
            "There is no refund; if the vehicle has not left the lot, ask for a withdrawal (form "
            "H-71) within {withdrawal_days} days of processing."
        ),
        rule="D-601",
        citation="Dealer manual, chapter 1, Void schedule; chapter 3, Void",
    ),
    RefusalEntry(
        code="left_the_lot",
        title="Vehicle has left the lot",
        message=(
            "The dealer does not certify that the vehicle has not left the lot with its plate; such a"
            " registration cannot be voided."
        ),
        remedy="The registration stands; a correction is a title correction at DMV.",
        rule="D-603",
        citation="Dealer manual, chapter 3, Void",
    ),
    RefusalEntry(
        code="already_voided",
        title="Already voided",
        message="This registration was voided {voided_at}.",
        remedy="Nothing more is to be done; submit the certificate marked VOID with that day's work.",
        rule="D-602",
        citation="Dealer manual, chapter 3, Void",
    ),
    RefusalEntry(
        code="terminal_mismatch",
        title="Started on another terminal",
        message="The application was started on terminal {terminal} and is finished there.",
        remedy="Go on at terminal {terminal}, or give the deal up and start again.",
        rule="D-205",
        citation="Dealer manual, chapter 3, Option 2 pre-processing",
    ),
    RefusalEntry(
        code="missing_field",
        title="Entry missing",
        message="{label} is missing.",
        remedy="Fill it in.",
        rule="D-203",
        citation="Dealer manual, chapter 3, Option 1 immediate processing",
    ),
    RefusalEntry(
        code="invalid_field",
        title="Entry cannot be read",
        message="{label} cannot be read: {message}.",
        remedy="Correct it.",
        rule="D-203",
        citation="Dealer manual, chapter 3, Option 1 immediate processing",
    ),
)

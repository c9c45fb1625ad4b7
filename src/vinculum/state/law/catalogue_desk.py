"""Refusals of the clerk's desk: what cannot be done with an application as it stands."""

from typing import Final

from vinculum.state.law.refusal_entry import RefusalEntry

ENTRIES: Final = (
    RefusalEntry(
        code="idempotency_key_reused",
        title="Key used for another request",
        message="This idempotency key was used before for a different request.",
        remedy="Send the request with a key of its own; repeat a key only to repeat the very same request.",
        rule="D-206",
        citation="",
    ),
    RefusalEntry(
        code="application_not_found",
        title="No such application",
        message="There is no application {application} among yours.",
        remedy="Look the application up in your worklist.",
        rule="D-105",
        citation="",
    ),
    RefusalEntry(
        code="application_finished",
        title="Application finished",
        message="The application is {state} already, so it cannot be taken up again.",
        remedy="Open it from the worklist to see what became of it; a new deal starts a new application.",
        rule="D-204",
        citation="Dealer manual, chapter 3, pre-processing",
    ),
    RefusalEntry(
        code="application_not_voidable",
        title="Nothing to void",
        message="The application is {state}; only a processed registration can be voided.",
        remedy="Open the application from the worklist to see what became of it.",
        rule="D-601",
        citation="Dealer manual, chapter 3, void function",
    ),
    RefusalEntry(
        code="reprint_window_closed",
        title="Reprint window closed",
        message="A document that did not print could be printed again until {until}.",
        remedy="Ask DMV for a duplicate registration; never register the vehicle a second time.",
        rule="D-215",
        citation="Dealer manual, chapter 3, reprints",
    ),
    RefusalEntry(
        code="funds_taken_meanwhile",
        title="Not enough money in the account any more",
        message="Another deal of yours was charged at the same moment; the funds account no longer covers this one.",
        remedy="Deposit with the dealer association and process again; nothing was taken for this deal.",
        rule="F-115",
        citation="Dealer manual, chapter 1, To become an on-line dealer agent, funds account",
    ),
)

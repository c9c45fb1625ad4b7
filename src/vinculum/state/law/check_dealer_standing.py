"""May this dealer, and this clerk, transact at all today (D-101, D-103, D-104)."""

from collections.abc import Iterator
from datetime import date

from vinculum.kernel.refusal import Refusal
from vinculum.state.law.catalogue import refuse
from vinculum.state.law.on_file import DealerStanding
from vinculum.state.law.tables import Tables


def check_agent_in_standing(dealer: DealerStanding, *, today: date, tables: Tables) -> tuple[Refusal, ...]:
    """D-101, D-103: every paper of the on-line agreement is on file and current on the day of processing.

    The day of processing counts, not the date of issue: a lapse closes processing at once.
    """
    return tuple(
        refuse("agent_not_in_standing", paper=paper, what=what, settle=settle)
        for paper, what, settle in _lapses(dealer, today=today, bond=tables.limit("issuance_bond"))
    )


def check_clerk_certified(dealer: DealerStanding, *, today: date) -> tuple[Refusal, ...]:
    """D-104: the person at the keyboard holds a training certificate valid today."""
    until = dealer.clerk_certified_until
    if until is not None and today <= until:
        return ()
    return (refuse("clerk_not_certified", day=today),)


def _lapses(dealer: DealerStanding, *, today: date, bond: int) -> Iterator[tuple[str, str, str]]:
    if dealer.letter_of_intent_on is None or dealer.letter_of_intent_on > today:
        yield "letter_of_intent", "no letter of intent is on file", "file a letter of intent"
    if dealer.bond_expires_on is None:
        yield "bond", "no registration issuance bond is on file", f"file a bond of ${bond:,}"
    elif dealer.bond_expires_on < today:
        yield (
            "bond",
            f"the registration issuance bond expired on {dealer.bond_expires_on}",
            "file the renewed bond",
        )
    elif dealer.bond_amount < bond:
        yield (
            "bond",
            f"the registration issuance bond is ${dealer.bond_amount:,}, less than ${bond:,}",
            f"file a bond of ${bond:,}",
        )
    if dealer.agreement_signed_on is None or dealer.agreement_signed_on > today:
        yield (
            "agreement",
            "no program agreement signed by the principal is in force",
            "have the principal sign the program agreement",
        )
    if dealer.licence_expires_on is None:
        yield "licence", "no active dealer licence is on file", "file the dealer licence"
    elif dealer.licence_expires_on < today:
        yield "licence", f"the dealer licence expired on {dealer.licence_expires_on}", "renew the licence"
    if not dealer.funds_account_open:
        yield (
            "funds_account",
            "the funds account with the dealer association is not open",
            "open the account with the association",
        )
    if dealer.suspended_since is not None and dealer.suspended_since <= today:
        yield (
            "suspension",
            f"on-line access is suspended since {dealer.suspended_since}",
            "ask for restoration once the violation is answered",
        )

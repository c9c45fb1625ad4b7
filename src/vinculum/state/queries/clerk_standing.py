"""Whether the person at the desk may process today, told before a deal is typed and not at its end (D-104)."""

from datetime import date

from vinculum.access.database import Actor, acting
from vinculum.access.permissions import require
from vinculum.kernel.refusal import Refusal
from vinculum.state.law.check_dealer_standing import check_clerk_certified
from vinculum.state.records.dealers import load_standing

ACT = "list_applications"


def run(today: date, *, actor: Actor) -> tuple[Refusal, ...]:
    """The refusal that Process would meet for want of the clerk's own certificate; none for other offices."""
    require(actor, ACT)
    if actor.organisation_kind != "dealer":
        return ()
    with acting(actor, act=ACT) as connection:
        # Of the dealer's papers only the person's own certificate is looked at here.
        standing = load_standing(connection, actor=actor, day=today, funds_account_open=True)
    return check_clerk_certified(standing, today=today)

"""Has the dealer what processing takes: money in the funds account and a plate in stock."""

from vinculum.kernel.refusal import Refusal
from vinculum.state.law.catalogue import refuse
from vinculum.state.law.deal import Deal
from vinculum.state.law.on_file import OnFile
from vinculum.state.law.quote import Quote


def check_funds(on_file: OnFile, *, quote: Quote | None) -> tuple[Refusal, ...]:
    """F-115: what is owed to DMV is in the account before a plate leaves stock; sales tax is not part of it."""
    if quote is None or on_file.funds >= quote.payable_to_dmv:
        return ()
    needed = quote.payable_to_dmv
    return (
        refuse(
            "insufficient_funds",
            needed=f"{needed:,.2f}",
            held=f"{on_file.funds:,.2f}",
            short=f"{needed - on_file.funds:,.2f}",
        ),
    )


def check_plate_stock(deal: Deal, *, on_file: OnFile) -> tuple[Refusal, ...]:
    """D-203: the next plate of the class in the dealer's sequence is assigned; without one nothing can be."""
    if on_file.next_plate is not None:
        return ()
    plate_class = deal.registration.plate_class
    return (
        refuse(
            "no_plate_in_stock", field="registration.plate_class", plate_class=plate_class.replace("_", " ")
        ),
    )

"""What a new title is told as: the title itself, then every brand of its paper that the exchange does not know."""

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from uuid import uuid4

from vinculum.protocol.add_brand import AddBrand
from vinculum.protocol.add_title import AddTitle
from vinculum.protocol.change_of_state_of_title import ChangeOfStateOfTitle
from vinculum.protocol.exchange import UpdateMessage
from vinculum.protocol.fields import NationalField
from vinculum.protocol.in_state_change import InStateChange
from vinculum.protocol.reassignment import DEALER, DOCUMENT, MOST_REASSIGNMENTS, Reassignment
from vinculum.state.law.deal import Deal, OwnershipDocument
from vinculum.state.law.on_file import ExchangeFindings, ExchangePointer
from vinculum.state.law.title_case import issuer_of, paper_confirmed, title_number_key
from vinculum.state.law.title_check import BrandCarried


def messages_of_new_title(
    deal: Deal,
    *,
    title_number: str,
    issue_date: date,
    exchange: ExchangeFindings,
    brands: Sequence[BrandCarried],
    origin: str,
    at: datetime,
) -> list[UpdateMessage]:
    """The messages in the order they are to be delivered; the first is the one a void undoes (N-403, D-602)."""
    vehicle = deal.vehicle
    messages: list[UpdateMessage] = [
        _title_message(
            deal, title_number=title_number, issue_date=issue_date, exchange=exchange, origin=origin, at=at
        )
    ]
    messages += [
        AddBrand(
            message_id=uuid4(),
            origin=origin,
            sent_at=at,
            vin=vehicle.vin,
            brand_code=brand.code,
            brand_date=brand.brand_date,
            make=vehicle.make,
            model_year=vehicle.model_year,
        )
        for brand in brands
        if brand.add_to_exchange
    ]
    return messages


def _title_message(
    deal: Deal,
    *,
    title_number: str,
    issue_date: date,
    exchange: ExchangeFindings,
    origin: str,
    at: datetime,
) -> UpdateMessage:
    """VINADD from a certificate of origin, in-state change from our own title, change of state from another's.

    Our own title that the exchange has never heard of (a record older than the exchange) is added as well.
    """
    vehicle, paper = deal.vehicle, deal.ownership
    pointer = _pointer_replaced(deal, exchange=exchange, origin=origin)
    if paper.kind == "certificate_of_origin" or pointer is None:
        return AddTitle(
            message_id=uuid4(),
            origin=origin,
            sent_at=at,
            vin=vehicle.vin,
            title_number=title_number,
            issue_date=issue_date,
            make=vehicle.make,
            model_year=vehicle.model_year,
            odometer=deal.odometer.reading,
            reassignments=_reassignments(paper),
        )
    make = vehicle.make if vehicle.make != pointer.make else None
    model_year = vehicle.model_year if vehicle.model_year != pointer.model_year else None
    if pointer.jurisdiction == origin:
        return InStateChange(
            message_id=uuid4(),
            origin=origin,
            sent_at=at,
            vin=vehicle.vin,
            old_title_number=pointer.title_number,
            title_number=title_number,
            issue_date=issue_date,
            odometer=deal.odometer.reading,
            make=make,
            model_year=model_year,
            reassignments=_reassignments(paper),
        )
    return ChangeOfStateOfTitle(
        message_id=uuid4(),
        origin=origin,
        sent_at=at,
        vin=vehicle.vin,
        old_jurisdiction=pointer.jurisdiction,
        old_title_number=pointer.title_number,
        title_number=title_number,
        issue_date=issue_date,
        odometer=deal.odometer.reading,
        make=make,
        model_year=model_year,
        reassignments=_reassignments(paper),
    )


def _reassignments(paper: OwnershipDocument) -> tuple[Reassignment, ...]:
    """The dealers of the paper's chain (N-306), in the letters and lengths of the exchange: a name is no key there."""
    return tuple(
        Reassignment(
            dealer=_fitted(step.dealer_name, DEALER) or "NOT NAMED",
            reassigned_on=step.assigned_on,
            document_number=_fitted(step.document_number, DOCUMENT),
        )
        for step in paper.reassignments[:MOST_REASSIGNMENTS]
    )


def _fitted(text: str, ruler: NationalField) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "".join(letter for letter in plain if letter.isprintable()).strip()[: ruler.length]


def _pointer_replaced(deal: Deal, *, exchange: ExchangeFindings, origin: str) -> ExchangePointer | None:
    """The current title that the paper stands for; another one when the states have settled that the paper is good."""
    paper = deal.ownership
    shown = (issuer_of(paper, home=origin), title_number_key(paper.number))
    for held in exchange.pointers:
        if (held.jurisdiction, title_number_key(held.title_number)) == shown:
            return held
    settled = len(exchange.pointers) == 1 and paper_confirmed(deal, exchange=exchange, home=origin)
    return exchange.pointers[0] if settled else None

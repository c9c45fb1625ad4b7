"""The inquiry before any title is issued (D-409): what the exchange knows, in the words of the state's rules."""

import re
from datetime import datetime
from typing import Final
from uuid import uuid4

from vinculum.protocol.exchange import Exchange, ExchangeUnavailable
from vinculum.protocol.fields import VTIJUR, VTINUM
from vinculum.protocol.inquiry import InquiryAnswer, UsedVehicleInquiry
from vinculum.state.law.check_ownership_paper import check_control_number
from vinculum.state.law.deal import Deal
from vinculum.state.law.on_file import ExchangeBrand, ExchangeFindings, ExchangePointer, ExchangeYardReport
from vinculum.state.law.title_check import control_number_key

STOCK_MISSING: Final = "V41"
TAKEN_BACK: Final = "V45"
NOT_ANSWERED = ExchangeFindings(answered=False)


def ask_exchange(exchange: Exchange, *, deal: Deal, origin: str, at: datetime) -> ExchangeFindings:
    """Ask about a deal's VIN with theft, about its title and the stock that it is printed on (N-303, N-701).

    An exchange that gives no usable answer is `answered=False`, never an error.
    """
    paper = deal.ownership
    issuer = origin if paper.kind == "connecticut_title" else paper.jurisdiction
    # What cannot be a control number is refused for itself; sent, it would have the whole inquiry refused.
    on_stock = paper.kind != "certificate_of_origin" and bool(paper.control_number)
    asks_stock = on_stock and not check_control_number(deal)
    known_issuer = paper.kind != "certificate_of_origin" and re.fullmatch(VTIJUR.pattern, issuer) is not None
    number = paper.number.strip().upper()
    asks_number = known_issuer and len(number) <= VTINUM.length and re.fullmatch(VTINUM.pattern, number)
    try:
        answer = exchange.inquire(
            UsedVehicleInquiry(
                message_id=uuid4(),
                origin=origin,
                sent_at=at,
                vin=deal.vehicle.vin,
                purpose="title",
                title_jurisdiction=issuer if known_issuer else None,
                title_number=number if asks_number else None,
                with_theft=True,
                control_number=control_number_key(paper.control_number) if asks_stock else None,
            )
        )
    except ExchangeUnavailable:
        return NOT_ANSWERED
    return findings_of(answer) if answer.answered else NOT_ANSWERED


def findings_of(answer: InquiryAnswer) -> ExchangeFindings:
    """The answer reduced to what the rules of a new issue look at."""
    miles = [reading.reading for reading in answer.odometer if reading.unit == "M"]
    return ExchangeFindings(
        answered=True,
        pointers=tuple(
            ExchangePointer(
                jurisdiction=title.jurisdiction,
                title_number=title.title_number,
                issue_date=title.issue_date,
                make=title.make,
                model_year=title.model_year,
            )
            for title in answer.pointers
        ),
        brands=tuple(
            ExchangeBrand(code=brand.code, brander=brand.brander, brand_date=brand.brand_date)
            for brand in answer.brands
        ),
        stolen=bool(answer.theft),
        last_odometer=miles[0] if miles else None,
        missing_stock=tuple(problem.text for problem in answer.problems if problem.code == STOCK_MISSING),
        taken_back=tuple(problem.text for problem in answer.problems if problem.code == TAKEN_BACK),
        yard_reports=tuple(
            ExchangeYardReport(
                reporter=f"{report.reporter_name} ({report.reporter_kind.replace('_', ' ')}, {report.reporter_state})",
                obtained_on=report.obtained_on,
                disposition=report.disposition,
            )
            for report in answer.jsi
        ),
    )

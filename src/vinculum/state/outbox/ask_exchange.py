"""The inquiry before any title is issued (D-409): what the exchange knows, in the words of the state's rules."""

from datetime import datetime
from uuid import uuid4

from vinculum.protocol.exchange import Exchange, ExchangeUnavailable
from vinculum.protocol.inquiry import InquiryAnswer, UsedVehicleInquiry
from vinculum.state.law.on_file import ExchangeBrand, ExchangeFindings, ExchangePointer, ExchangeYardReport

NOT_ANSWERED = ExchangeFindings(answered=False)


def ask_exchange(exchange: Exchange, *, vin: str, origin: str, at: datetime) -> ExchangeFindings:
    """Ask about a VIN with theft; an exchange that gives no usable answer is `answered=False`, never an error."""
    try:
        answer = exchange.inquire(
            UsedVehicleInquiry(
                message_id=uuid4(), origin=origin, sent_at=at, vin=vin, purpose="title", with_theft=True
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
        yard_reports=tuple(
            ExchangeYardReport(
                reporter=f"{report.reporter_name} ({report.reporter_kind.replace('_', ' ')}, {report.reporter_state})",
                obtained_on=report.obtained_on,
                disposition=report.disposition,
            )
            for report in answer.jsi
        ),
    )

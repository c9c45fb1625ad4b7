"""The inquiry before any title is issued (D-409): what the exchange knows, in the words of the state's rules."""

import dataclasses
import re
from datetime import datetime
from typing import Final
from uuid import uuid4

from vinculum.protocol.case_inquiry import CaseInquiry, HelpDesk, case_number
from vinculum.protocol.exchange import Exchange, ExchangeUnavailable
from vinculum.protocol.fields import VTIJUR, VTINUM
from vinculum.protocol.inquiry import InquiryAnswer, UsedVehicleInquiry
from vinculum.state.law.check_ownership_paper import check_control_number
from vinculum.state.law.deal import Deal
from vinculum.state.law.on_file import (
    ExchangeBrand,
    ExchangeCase,
    ExchangeCaseFinding,
    ExchangeFindings,
    ExchangePointer,
    ExchangeYardReport,
)
from vinculum.state.law.title_case import issuer_of, may_disagree, state_to_ask
from vinculum.state.law.title_check import control_number_key

STOCK_MISSING: Final = "V41"
TAKEN_BACK: Final = "V45"
NOT_ANSWERED = ExchangeFindings(answered=False)


def ask_exchange(exchange: Exchange, *, deal: Deal, origin: str, at: datetime) -> ExchangeFindings:
    """Ask about a deal's VIN with theft, about its title and the stock that it is printed on (N-303, N-701).

    An exchange that gives no usable answer is `answered=False`, never an error.
    """
    paper = deal.ownership
    issuer = issuer_of(paper, home=origin)
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
        if not answer.answered:
            return NOT_ANSWERED
        findings = findings_of(answer)
        if may_disagree(deal, exchange=findings, home=origin):
            return _with_cases(exchange, findings, deal=deal, origin=origin, at=at)
    except ExchangeUnavailable:
        return NOT_ANSWERED
    return findings


def _with_cases(
    exchange: Exchange, findings: ExchangeFindings, *, deal: Deal, origin: str, at: datetime
) -> ExchangeFindings:
    """N-401: what was settled about this paper before, and whom to call about it. Raises ExchangeUnavailable."""
    asked = state_to_ask(deal.ownership, exchange=findings, home=origin)
    answer = exchange.cases(
        CaseInquiry(
            message_id=uuid4(),
            origin=origin,
            sent_at=at,
            vin=deal.vehicle.vin,
            contact_of=asked if re.fullmatch(VTIJUR.pattern, asked) else None,
        )
    )
    if not answer.answered:
        return NOT_ANSWERED
    return dataclasses.replace(
        findings,
        cases=tuple(
            ExchangeCase(
                number=case_number(case.case_id),
                holding=case.holding,
                closed_because=case.closed_because,
                paper_jurisdiction=case.paper_jurisdiction or "",
                paper_number=case.paper_number,
                paper_date=case.paper_date,
                findings=tuple(
                    ExchangeCaseFinding(code=found.code, on_record=found.on_record, about=found.about)
                    for found in case.findings
                ),
            )
            for case in answer.cases
        ),
        help_desk=_reached(answer.help_desk) if answer.help_desk else "",
    )


def _reached(desk: HelpDesk) -> str:
    """How a help desk is reached, in one line; empty when nothing is on record."""
    ways = [way for way in (desk.telephone, desk.mailbox, desk.hours) if way]
    return f"{desk.name}, {', '.join(ways)}" if ways else ""


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

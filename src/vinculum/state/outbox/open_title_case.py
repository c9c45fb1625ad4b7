"""The case that a refused title check opens by itself, owed to the exchange like any report (N-401)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from vinculum.access.database import Actor, Connection
from vinculum.kernel.refusal import Refusal
from vinculum.protocol.case_inquiry import case_number
from vinculum.protocol.fields import field_problems
from vinculum.protocol.open_discrepancy import OpenDiscrepancy
from vinculum.state.law.check_ownership_paper import check_control_number
from vinculum.state.law.deal import Deal
from vinculum.state.law.on_file import OnFile
from vinculum.state.law.tables import Tables
from vinculum.state.law.title_case import issuer_of, naming_case, settled_with_a_state, wants_case
from vinculum.state.law.title_check import control_number_key, paper_brand_codes
from vinculum.state.outbox.messages import enqueue, waiting_case

_ASKED = "A title check failed when a vehicle was to be titled here. Please look at your record and say which is right."


def open_title_case(
    connection: Connection,
    refusals: Sequence[Refusal],
    *,
    deal: Deal,
    on_file: OnFile,
    tables: Tables,
    actor: Actor,
    at: datetime,
) -> tuple[Refusal, ...]:
    """The refusals with the number of the case they wait for; owes the exchange the case when there is none yet.

    The vehicle is locked: of two deals on one VIN the later one finds the case of the earlier.
    """
    exchange, home = on_file.exchange, on_file.in_jurisdiction
    if not wants_case(refusals, deal, exchange=exchange, home=home):
        return tuple(refusals)
    case_id = waiting_case(connection, vin=deal.vehicle.vin)
    if case_id is None:
        message = _message(refusals, deal=deal, on_file=on_file, tables=tables, at=at)
        if field_problems(message):
            # What stands in the form cannot be what is printed: nothing to ask another state about.
            return tuple(refusals)
        enqueue(connection, actor=actor, application_id=None, message=message, at=at)
        case_id = message.message_id
    return tuple(naming_case(refusal, number=case_number(case_id), exchange=exchange) for refusal in refusals)


def _message(
    refusals: Sequence[Refusal], *, deal: Deal, on_file: OnFile, tables: Tables, at: datetime
) -> OpenDiscrepancy:
    paper, home = deal.ownership, on_file.in_jurisdiction
    found = " ".join(refusal.message for refusal in refusals if settled_with_a_state(refusal))
    number = control_number_key(paper.control_number) if not check_control_number(deal) else ""
    return OpenDiscrepancy(
        message_id=uuid4(),
        origin=home,
        sent_at=at,
        vin=deal.vehicle.vin,
        paper_jurisdiction=issuer_of(paper, home=home) or None,
        paper_number=paper.number.strip().upper(),
        paper_date=paper.issue_date,
        paper_brands=paper_brand_codes(deal, on_file=on_file, tables=tables),
        control_number=number or None,
        question=f"{_ASKED} {found}"[:4000],
    )

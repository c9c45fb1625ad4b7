"""How it stands with the cases that a state has opened about a vehicle, and whom to call (N-401, N-702)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from vinculum.protocol.fields import JurisdictionCode, Vin
from vinculum.protocol.problem import Problem

CaseState = Literal["open", "answered", "escalated", "closed"]
CaseReason = Literal[
    "", "record_corrected", "paper_corrected", "paper_confirmed", "paper_refused", "opened_in_error"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseInquiry:
    """Which cases about this VIN did the origin open; and how is the help desk of `contact_of` reached?"""

    message_id: UUID
    origin: JurisdictionCode
    sent_at: datetime
    vin: Vin
    contact_of: JurisdictionCode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFinding:
    """One thing that did not agree when the case was opened; `about` is the brand code of a brand."""

    code: str
    on_paper: str
    on_record: str
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStanding:
    """A case of the origin's; `closed_because` is empty until it is closed."""

    case_id: UUID
    holding: JurisdictionCode
    state: CaseState
    opened_at: datetime
    paper_jurisdiction: JurisdictionCode | None
    paper_number: str
    paper_date: date
    findings: tuple[CaseFinding, ...]
    closed_because: CaseReason = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpDesk:
    """Whom to call in a jurisdiction; empty where it has entered nothing."""

    jurisdiction: JurisdictionCode
    name: str
    telephone: str = ""
    mailbox: str = ""
    hours: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAnswer:
    """The origin's cases about the VIN, newest first; `answered` is false when the inquiry was refused."""

    message_id: UUID
    vin: Vin
    answered: bool
    answered_at: datetime
    problems: tuple[Problem, ...] = ()
    cases: tuple[CaseStanding, ...] = ()
    help_desk: HelpDesk | None = None


def case_number(case_id: UUID) -> str:
    """A case as people name it on the telephone: the first eight digits of its id."""
    digits = case_id.hex[:8].upper()
    return f"{digits[:4]}-{digits[4:]}"

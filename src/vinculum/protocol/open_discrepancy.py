"""A title check that failed opens a case between two states: what was presented, and what is asked (N-401)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from vinculum.protocol.fields import (
    BrandCode,
    ControlNumber,
    JurisdictionCode,
    NationalField,
    TitleNumber,
    Vin,
)

_PLAIN = r"[^\x00-\x08\x0B-\x1F\x7F]"
_QUESTION = NationalField(
    mnemonic="",
    meaning="question",
    length=4000,
    pattern=rf"{_PLAIN}*",
    alphabet=_PLAIN,
    may_stand="all characters but control characters other than tab and new line",
)
Question = Annotated[str, _QUESTION]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDiscrepancy:
    """The origin will not issue on this paper before it is settled; the id of the message becomes the case's.

    Without `paper_jurisdiction` the paper is a certificate of origin.
    """

    message_id: UUID
    origin: JurisdictionCode
    sent_at: datetime
    vin: Vin
    paper_number: TitleNumber
    paper_date: date
    question: Question
    paper_jurisdiction: JurisdictionCode | None = None
    paper_brands: tuple[BrandCode, ...] = ()
    control_number: ControlNumber | None = None

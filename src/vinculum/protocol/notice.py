"""An unsolicited notice: what the exchange tells a state that did not ask (N-301)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from vinculum.protocol.fields import JurisdictionCode, TitleNumber, Vin

NoticeKind = Literal["title_left", "title_returned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """To the old state: another state's title took the place of its own, or its own is current again."""

    notice_id: UUID
    to: JurisdictionCode
    kind: NoticeKind
    vin: Vin
    title_number: TitleNumber
    by: JurisdictionCode
    issue_date: date
    created_at: datetime

"""An unsolicited notice: what the exchange tells a state that did not ask (N-301)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from vinculum.protocol.fields import JurisdictionCode, TitleNumber, Vin

NoticeKind = Literal["title_left", "title_returned", "brand_corrected", "brand_removed", "vehicles_separated"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """To a state about its title: another state's took its place, it is current again, or a brand changed.

    `title_number` is the title of the state that is told; `by` the state whose message was the cause. When two vehicles
    that shared a VIN were separated, `by` is the state whose title was taken off, and a state without a title of its
    own is told the number of the current one.
    """

    notice_id: UUID
    to: JurisdictionCode
    kind: NoticeKind
    vin: Vin
    title_number: TitleNumber
    by: JurisdictionCode
    issue_date: date
    created_at: datetime

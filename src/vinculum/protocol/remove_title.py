"""Removal: a recalled or fraudulent title leaves the national files; the one before comes back (N-303)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from vinculum.protocol.fields import JurisdictionCode, Reason, TitleNumber, Vin


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveTitle:
    """The origin takes back one of its own titles, and says why."""

    message_id: UUID
    origin: JurisdictionCode
    sent_at: datetime
    vin: Vin
    title_number: TitleNumber
    reason: Reason

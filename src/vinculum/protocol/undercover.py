"""Undercover vehicles: a record shown to nobody but those whom the agency names (N-206)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from vinculum.protocol.fields import Agency, JurisdictionCode, Reason, Vin


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkUndercover:
    """The origin, a state of title, hides the record from all but itself and those named for the agency."""

    message_id: UUID
    origin: JurisdictionCode
    sent_at: datetime
    vin: Vin
    agency: Agency
    visible_to: tuple[JurisdictionCode, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftUndercover:
    """The origin takes its mark away: the record is shown as any other."""

    message_id: UUID
    origin: JurisdictionCode
    sent_at: datetime
    vin: Vin
    reason: Reason

"""Undo: the sender of a just-made update takes it back; exactly the state before returns (N-104)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from vinculum.protocol.fields import JurisdictionCode, Reason, Vin


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoTitle:
    """Take back the update that `undoes` (its message id) made; `vin` is the VIN that update named."""

    message_id: UUID
    origin: JurisdictionCode
    sent_at: datetime
    vin: Vin
    undoes: UUID
    reason: Reason

"""Theft file: a vehicle reported stolen, and the report closed when it is recovered (N-102)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from vinculum.protocol.fields import JurisdictionCode, Vin


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTheft:
    """The origin reports the vehicle stolen."""

    message_id: UUID
    origin: JurisdictionCode
    sent_at: datetime
    vin: Vin
    stolen_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearTheft:
    """The origin closes its own theft report: the vehicle was recovered."""

    message_id: UUID
    origin: JurisdictionCode
    sent_at: datetime
    vin: Vin
    recovered_on: date

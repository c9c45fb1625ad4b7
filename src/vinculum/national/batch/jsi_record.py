"""A record of a JSIREP file: a vehicle that a yard or an insurer obtained, as the file says it (N-801)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from vinculum.national.casework import report_jsi
from vinculum.protocol.fields import Vin


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleObtained:
    """One vehicle; `origin` is the organisation of the reporter, `message_id` becomes the number of the report."""

    message_id: UUID
    origin: str
    sent_at: datetime
    vin: Vin
    obtained_on: date
    obtained_from: str
    disposition: str
    for_export: bool
    supplements: str | None = None

    def as_request(self) -> report_jsi.Request:
        """The report as every other way in makes it; ValueError when the number of the one before is none."""
        supplements = UUID(self.supplements) if self.supplements is not None else None
        return report_jsi.Request(
            vin=self.vin,
            obtained_on=self.obtained_on,
            obtained_from=self.obtained_from,
            disposition=self.disposition,
            for_export=self.for_export,
            supplements=supplements,
        )

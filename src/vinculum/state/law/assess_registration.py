"""May this deal be registered on-line, on which papers, and for how much: the whole answer at once.

The desk, the quote page and the transaction all ask here, so that what is shown is what is done.
"""

from dataclasses import dataclass
from datetime import date, datetime

from vinculum.kernel.refusal import Refusal
from vinculum.state.law.checklist import ChecklistItem
from vinculum.state.law.deal import Deal, VehicleType
from vinculum.state.law.on_file import OnFile
from vinculum.state.law.quote import Quote
from vinculum.state.law.tables import Tables
from vinculum.state.law.title_check import BrandCarried


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The answer. Only an assessment without refusals may be processed.

    `quote` is None when no published fee fits; `expires_on` is None when the issue date has no schedule.
    `vehicle_type` is the type as it will be registered (D-301); `brands_carried` go onto the new title, and
    those with `add_to_exchange` are reported with the title (N-403).
    """

    refusals: tuple[Refusal, ...]
    checklist: tuple[ChecklistItem, ...]
    quote: Quote | None
    expires_on: date | None
    warnings: tuple[str, ...]
    brands_carried: tuple[BrandCarried, ...]
    vehicle_type: VehicleType


def assess(
    deal: Deal, *, on_file: OnFile, tables: Tables, decoded: object, at: datetime
) -> Assessment:
    """Hold the deal against every rule of a new issue; `at` is the instant of the transaction (D-202)."""
    raise NotImplementedError

"""The exchange's answer to an update: whether it was applied, with what effect, and every problem (N-309)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from vinculum.protocol.fields import Vin
from vinculum.protocol.problem import Problem

Effect = Literal[
    "pointer_moved",
    "title_changed",
    "title_added",
    "title_joined_history",
    "title_removed",
    "update_undone",
    "brand_added",
    "brand_corrected",
    "brand_removed",
    "theft_reported",
    "theft_cleared",
    "marked_undercover",
    "undercover_lifted",
    "case_opened",
    "case_joined",
    "nothing_changed",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateAnswer:
    """`accepted` with its effect (warnings may stand in `problems`), or refused with at least one error."""

    message_id: UUID
    vin: Vin
    accepted: bool
    answered_at: datetime
    effect: Effect | None = None
    problems: tuple[Problem, ...] = ()

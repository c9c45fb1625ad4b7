"""The check before a title is issued: paper against the national exchange (D-409, N-401 to N-403)."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandCarried:
    """A brand that the new title carries; `add_to_exchange` when the exchange does not know it yet (N-403)."""

    code: str
    brander: str
    brand_date: date
    add_to_exchange: bool

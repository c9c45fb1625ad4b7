"""Who sees what of a vehicle's record: one table, asked cell by cell (N-205).

The national files hold no personal data at all (N-101), so no cell of this table can release any.
"""

from typing import Literal

AskerKind = Literal["jurisdiction", "consumer"]
Part = Literal[
    "current_title", "title_history", "title_number", "brands", "odometer", "theft", "jsi", "transaction_date"
]

VISIBLE: dict[AskerKind, frozenset[Part]] = {
    "jurisdiction": frozenset(
        {
            "current_title",
            "title_history",
            "title_number",
            "brands",
            "odometer",
            "theft",
            "jsi",
            "transaction_date",
        }
    ),
    "consumer": frozenset({"current_title", "title_history", "brands", "odometer", "jsi"}),
}


def may_see(asker: AskerKind, part: Part) -> bool:
    """Whether that kind of asker is shown that part."""
    return part in VISIBLE[asker]

"""A finding: what of a vehicle's record cannot be true together with the rest, and the entries that show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal
from uuid import UUID, uuid5

Kind = Literal[
    "two_places",
    "far_apart",
    "odometer_falls",
    "odometer_leaps",
    "before_built",
    "washed_brand",
    "junk_titled",
    "look_alike",
    "number_twice",
]
_NAMESPACE: Final = UUID("5b1f9f6e-58c5-4b53-9a8e-2d9a0c2f7e11")
KINDS: Final[Mapping[Kind, str]] = {
    "two_places": "Current titles in two states",
    "far_apart": "Two far states in too few days",
    "odometer_falls": "Odometer falls",
    "odometer_leaps": "Odometer leaps",
    "before_built": "Titled before it was built",
    "washed_brand": "Washed brand",
    "junk_titled": "Titled after its end",
    "look_alike": "Look-alike VIN",
    "number_twice": "Title number used twice",
}
RULES: Final[Mapping[Kind, str]] = {
    "two_places": "A vehicle is titled in one state at a time. Two states each hold a current title under this VIN: "
    "one of two vehicles may bear a copied number.",
    "far_apart": "A vehicle cannot be brought from one of these states to the other in the days between the two "
    "titles, at 500 miles a day. Two vehicles may share the number.",
    "odometer_falls": "An odometer does not run backwards. A later title shows fewer miles than an earlier one, and no "
    "state has recorded a brand that explains it.",
    "odometer_leaps": "Nobody drives 1,000 miles every day. Between two titles the odometer grew by more than that.",
    "before_built": "A model year begins at most one calendar year early. The title was issued before vehicles of this "
    "model year were made.",
    "washed_brand": "A brand stays with the vehicle. A state recorded one that the state of the current title, titling "
    "later, does not carry.",
    "junk_titled": "A vehicle that was crushed, dismantled, branded as junk or exported does not come back to the "
    "road. It was titled again afterwards.",
    "look_alike": "A VIN whose check digit fails is one slip away from a sound one of the same make, and both hold "
    "current titles. It may be a copied or mistyped number.",
    "number_twice": "A state gives a title number once. Here it stands on the titles of two VINs.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing on record that the finding rests on, as it was reported."""

    what: Literal["title", "brand", "report"]
    vin: str
    jurisdiction: str
    day: date
    number: str = ""
    reading: int | None = None
    unit: str = ""
    said: str = ""
    current: bool = False

    def document(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "what": self.what,
            "vin": self.vin,
            "jurisdiction": self.jurisdiction,
            "day": self.day.isoformat(),
            "number": self.number,
            "reading": self.reading,
            "unit": self.unit,
            "said": self.said,
            "current": self.current,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a watch says: its key makes it the same finding whenever it is found again."""

    kind: Kind
    vin: str
    key: str
    score: int
    summary: str
    entries: tuple[Entry, ...]
    other_vin: str | None = None

    @property
    def finding_id(self) -> UUID:
        """The same for the same fact, however often a scan meets it."""
        return uuid5(_NAMESPACE, f"{self.vin} {self.kind} {self.key}")

    @property
    def jurisdictions(self) -> list[str]:
        """Whom it concerns: every state whose entry it rests on."""
        return sorted({entry.jurisdiction for entry in self.entries})

    def evidence(self) -> dict[str, Any]:
        """As it is kept beside the finding."""
        return {"summary": self.summary, "entries": [entry.document() for entry in self.entries]}


def entry_of(document: Mapping[str, Any]) -> Entry:
    """As it was kept."""
    return Entry(**{**document, "day": date.fromisoformat(document["day"])})

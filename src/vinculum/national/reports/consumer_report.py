"""The consumer report in words: what was found at a glance, how to read it, what it cannot tell (N-802).

The page and the PDF both say what stands here. The last part has the content that 28 CFR Part 25 wants every
purchaser to know, in our words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from vinculum.kernel.spoken_day import spoken_day
from vinculum.national.queries.vehicle_history import BrandChecked, VehicleHistory

# On record without saying anything bad: a clear title, an odometer that shows the actual mileage.
_HARMLESS = frozenset({"00", "68"})
_BRAND_BY_CODE = re.compile(r"^Brand ([0-9]{2})\b")
_STATE_BY_CODE = re.compile(r"\b[A-Z]{2}\b")
CATEGORIES: Final[dict[str, str]] = {
    "end_of_life": "Junk, dismantled, not to return to the road",
    "salvage": "Salvage and total loss",
    "damage": "Damage",
    "theft": "Recovered after a theft",
    "odometer": "Odometer",
    "rebuild": "Rebuilt or reconstructed",
    "vin": "Identification number",
    "manufacturer": "Manufacturer's return or defect",
    "use": "Former use",
    "build": "How it was built",
    "import": "Import",
    "class": "Kind of vehicle",
    "admin": "Papers",
    "cars_2009": "Federal exchange programme of 2009",
}
HOW_TO_READ: Final = (
    (
        "Title",
        "A state's paper of ownership. Each line is a title that a state says it issued; numbers and "
        "names are not shown.",
    ),
    (
        "Brand",
        "A word that a state puts on a title for good, such as flood damage or salvage. A later state may "
        "use another word, or none.",
    ),
    (
        "Junk and salvage report",
        "A yard or an insurer told the exchange that it took the vehicle over. That is no brand: a state "
        "decides on brands.",
    ),
    (
        "Odometer",
        "What the odometer showed when a title was issued. Readings in kilometres are drawn in miles.",
    ),
    (
        "Data date",
        "The day up to which a state had reported when this was printed. What happened later is not in it.",
    ),
)
WHAT_IT_CANNOT_TELL: Final = (
    "This report holds what states, insurers and yards have told the exchange, and nothing else. It names "
    "no owner and no lienholder.",
    "Not every state reports everything, and some report late. No brand on record does not mean that "
    "nothing happened to the vehicle.",
    "It does not say whether the vehicle is reported stolen: theft reports are shown to states, not to "
    "the public. Ask the police, or the National Insurance Crime Bureau.",
    "It is not a full vehicle history: repairs, recalls, most accidents and open loans are not reported "
    "to the exchange.",
    "Insurers, and yards that handle junk or salvage vehicles, must report them under 28 CFR Part 25. A "
    "vehicle that never reached one of them is not in their reports.",
    "An old brand may have been put on under another state's law, with another meaning. Ask the state "
    "that put it on.",
    "Before you buy, have an independent mechanic inspect the vehicle, and compare this report with the "
    "paper title and with other sources.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandGroup:
    """The standard brands of one kind, each found or not."""

    heading: str
    brands: tuple[BrandChecked, ...]

    @property
    def found(self) -> int:
        """How many of them are on record."""
        return sum(bool(brand.records) for brand in self.brands)


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """One answer of the summary: a short word, a sentence, and whether it warns."""

    heading: str
    answer: str
    words: str
    warns: bool = False


def brand_groups(history: VehicleHistory) -> tuple[BrandGroup, ...]:
    """The checklist: every standard brand, by kind, the gravest kinds first."""
    kinds = dict.fromkeys((*CATEGORIES, *(brand.category for brand in history.brands)))
    groups = (
        BrandGroup(
            heading=CATEGORIES.get(kind, kind),
            brands=tuple(brand for brand in history.brands if brand.category == kind),
        )
        for kind in kinds
    )
    return tuple(group for group in groups if group.brands)


def at_a_glance(history: VehicleHistory) -> tuple[Glance, ...]:
    """The answers that a buyer looks for first."""
    return (_titled(history), _branded(history), _odometer(history), _junk_and_salvage(history))


def is_grave(brand: BrandChecked) -> bool:
    """Whether a brand on record is one that a buyer should ask about."""
    return bool(brand.records) and brand.code not in _HARMLESS


def remarks(history: VehicleHistory) -> Iterator[str]:
    """What does not fit together, in sentences; several current titles are said too (N-103)."""
    if len(history.current) > 1:
        holders = ", ".join(title.jurisdiction_name for title in history.current)
        yield f"Several states hold a current title of this vehicle: {holders}. Two vehicles may share one number."
    names = {brand.code: f"The brand “{brand.name}”" for brand in history.brands}
    states = state_names(history)
    for remark in history.remarks:
        if remark.code == "V64":
            words = f"The odometer cannot have shown this in this order. {remark.text}"
        else:
            words = _BRAND_BY_CODE.sub(lambda found: names.get(found[1], found[0]), remark.text)
        yield _STATE_BY_CODE.sub(lambda found: states.get(found[0], found[0]), words)


def state_names(history: VehicleHistory) -> dict[str, str]:
    """The states that the report speaks of by code: those of its titles and of its brands."""
    named = {title.jurisdiction: title.jurisdiction_name for title in history.titles}
    branders = (record for brand in history.brands for record in brand.records)
    return named | {record.brander: record.brander_name for record in branders}


def _titled(history: VehicleHistory) -> Glance:
    if not history.current:
        return Glance(
            heading="Current title",
            answer="None on record",
            words="No state reports a current title.",
            warns=True,
        )
    names = ", ".join(title.jurisdiction_name for title in history.current)
    latest = max(title.issue_date for title in history.current)
    titles, states = len(history.titles), len({title.jurisdiction for title in history.titles})
    counted = f"{titles} title{'s' * (titles != 1)} in {states} state{'s' * (states != 1)}."
    return Glance(
        heading="Current title",
        answer=names,
        words=f"Last title issued {spoken_day(latest)}. {counted}",
        warns=len(history.current) > 1,
    )


def _branded(history: VehicleHistory) -> Glance:
    grave = [brand.name for brand in history.brands if is_grave(brand)]
    checked = f"All {len(history.brands)} standard brands were checked."
    if not grave:
        return Glance(heading="Brands", answer="None found", words=checked)
    named = ", ".join(grave[:4]) + " and more" * (len(grave) > 4)
    return Glance(heading="Brands", answer=f"{len(grave)} found", words=f"{named}. {checked}", warns=True)


def _odometer(history: VehicleHistory) -> Glance:
    if not history.odometer:
        return Glance(heading="Odometer", answer="No reading", words="No title came with a reading.")
    last = history.odometer[0]
    unit = "miles" if last.unit == "M" else "km"
    answer = f"{last.reading:,} {unit}"
    if any(remark.code == "V64" for remark in history.remarks):
        return Glance(
            heading="Odometer",
            answer=answer,
            words="The readings are impossible: one is lower than one before.",
            warns=True,
        )
    count = len(history.odometer)
    in_order = ", each at least as high as the one before" * (count > 1)
    words = f"Last reading. {count} reading{'s' * (count != 1)}{in_order}."
    return Glance(heading="Odometer", answer=answer, words=words)


def _junk_and_salvage(history: VehicleHistory) -> Glance:
    if not history.jsi:
        return Glance(
            heading="Junk and salvage",
            answer="No report",
            words="No yard and no insurer has reported taking this vehicle over.",
        )
    latest = history.jsi[0]
    day = spoken_day(latest.obtained_on)
    return Glance(
        heading="Junk and salvage",
        answer=f"{len(history.jsi)} report{'s' * (len(history.jsi) != 1)}",
        words=f"The latest: obtained {day} by {latest.reporter_name}, {latest.disposition}.",
        warns=True,
    )

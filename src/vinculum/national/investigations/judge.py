"""Judging one vehicle's record, exactly: which of the watches it sets off, and by which entries. Pure.

The database only sieves: it says which vehicles may set off a watch. What is a finding is decided here, by the same
law that inquiries are answered by.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise
from typing import Final

from vinculum.national.investigations.finding import Entry, Found
from vinculum.national.investigations.look_alikes import slip
from vinculum.national.investigations.places import far_pairs
from vinculum.national.investigations.thresholds import (
    MODEL_YEAR_LEAD,
    MOST_MILES_PER_DAY,
    PRINTING,
    QUICK_PASSAGE,
    QUICK_STATES,
    ROUNDING_MILES,
)
from vinculum.national.law.brands import StandardBrand, brands_lost, end_of_road_life
from vinculum.national.law.odometer import Reading
from vinculum.national.law.title import Brand, Title, VehicleRecord

# 68 says that the mileage is actual and 75 that it was read at a renewal: neither explains a fall.
_EXPLAINS_NO_FALL: Final = frozenset({"68", "75"})
_GRAVE: Final = frozenset({"end_of_life", "salvage", "damage"})
ENDS: Final = frozenset({"crushed", "dismantled", "scrapped"})


@dataclass(frozen=True, slots=True, kw_only=True)
class YardReport:
    """What a yard or an insurer said last of a vehicle; `state` is where the reporter is."""

    reporter: str
    state: str
    obtained_on: date
    disposition: str
    for_export: bool

    @property
    def ends_it(self) -> bool:
        """Whether the vehicle does not come back to a road of this country."""
        return self.for_export or self.disposition in ENDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """A vehicle's record with what yards reported, as the watches need them."""

    record: VehicleRecord
    yards: tuple[YardReport, ...] = ()

    @property
    def titles(self) -> list[Title]:
        """Its standing titles, oldest first."""
        titles = [entry.title for entry in self.record.standing_titles()]
        return sorted(titles, key=lambda title: (title.issue_date, _miles(title), title.entry_id))

    @property
    def brands(self) -> tuple[Brand, ...]:
        """Its brands that stand."""
        return self.record.brands


def judge(dossier: Dossier, *, standard: Mapping[str, StandardBrand]) -> Iterator[Found]:
    """Every finding about one vehicle by itself."""
    titles = dossier.titles
    yield from _two_places(dossier)
    yield from _far_apart(dossier, titles)
    yield from _odometer(dossier, titles, standard=standard)
    yield from _before_built(dossier, titles)
    yield from _washed(dossier, titles, standard=standard)
    yield from _after_its_end(dossier, titles, standard=standard)


def _two_places(dossier: Dossier) -> Iterator[Found]:
    for one, other in combinations(sorted(dossier.record.pointers, key=lambda p: p.title.entry_id), 2):
        here, there = one.title, other.title
        if here.jurisdiction == there.jurisdiction:
            continue
        yield Found(
            kind="two_places",
            vin=dossier.record.vin,
            key=f"{here.entry_id} {there.entry_id}",
            score=90,
            summary=f"{here.jurisdiction} and {there.jurisdiction} each hold a current title.",
            entries=_by_day((_title(dossier, here), _title(dossier, there))),
        )


def _far_apart(dossier: Dossier, titles: Sequence[Title]) -> Iterator[Found]:
    for before, after in pairwise(titles):
        pair = far_pairs().get((before.jurisdiction, after.jurisdiction))
        days = (after.issue_date - before.issue_date).days
        if pair is None or days >= pair.days:
            continue
        yield Found(
            kind="far_apart",
            vin=dossier.record.vin,
            key=f"{before.entry_id} {after.entry_id}",
            score=80,
            summary=f"{before.jurisdiction} and {after.jurisdiction}, some {pair.miles:,} miles apart, titled it "
            f"{_days(days)}; the way takes {pair.days} days.",
            entries=(_title(dossier, before), _title(dossier, after)),
        )


def _odometer(
    dossier: Dossier, titles: Sequence[Title], *, standard: Mapping[str, StandardBrand]
) -> Iterator[Found]:
    highest: Title | None = None
    for place, title in enumerate(titles):
        if highest is not None and _miles(title) < _miles(highest) - ROUNDING_MILES:
            if not _explained(dossier, title, standard=standard):
                yield _fall(dossier, highest, title)
        elif place and _leaps(titles[place - 1], title):
            yield _leap(dossier, titles[place - 1], title)
        if highest is None or _miles(title) > _miles(highest):
            highest = title


def _fall(dossier: Dossier, highest: Title, title: Title) -> Found:
    fewer = round(_miles(highest) - _miles(title))
    return Found(
        kind="odometer_falls",
        vin=dossier.record.vin,
        key=f"{highest.entry_id} {title.entry_id}",
        score=85 if fewer >= 50_000 else 70 if fewer >= 10_000 else 50,
        summary=f"The reading is {fewer:,} miles lower than one before it.",
        entries=(_title(dossier, highest), _title(dossier, title)),
    )


def _leaps(before: Title, after: Title) -> bool:
    days = max((after.issue_date - before.issue_date).days, 1)
    return _miles(after) - _miles(before) > MOST_MILES_PER_DAY * days


def _leap(dossier: Dossier, before: Title, after: Title) -> Found:
    days = (after.issue_date - before.issue_date).days
    more = round(_miles(after) - _miles(before))
    return Found(
        kind="odometer_leaps",
        vin=dossier.record.vin,
        key=f"{before.entry_id} {after.entry_id}",
        score=60,
        summary=f"The reading grew by {more:,} miles {_days(days)}.",
        entries=(_title(dossier, before), _title(dossier, after)),
    )


def _explained(dossier: Dossier, title: Title, *, standard: Mapping[str, StandardBrand]) -> bool:
    """Whether a state has said by then why the odometer shows less: replaced, over its limit, not actual."""
    return any(
        standard[brand.code].category == "odometer"
        and brand.code not in _EXPLAINS_NO_FALL
        and brand.brand_date <= title.issue_date
        for brand in dossier.brands
    )


def _before_built(dossier: Dossier, titles: Sequence[Title]) -> Iterator[Found]:
    for title in titles:
        if title.issue_date.year < title.model_year - MODEL_YEAR_LEAD:
            yield Found(
                kind="before_built",
                vin=dossier.record.vin,
                key=str(title.entry_id),
                score=60,
                summary=f"Titled in {title.issue_date.year} as of model year {title.model_year}.",
                entries=(_title(dossier, title),),
            )


def _washed(
    dossier: Dossier, titles: Sequence[Title], *, standard: Mapping[str, StandardBrand]
) -> Iterator[Found]:
    """N-405, by the law that inquiries go by; here with the way that the vehicle took since."""
    for brand, title in brands_lost(dossier.record, standard=standard):
        since = [one for one in titles if brand.brand_date <= one.issue_date <= title.issue_date]
        states = list(dict.fromkeys(one.jurisdiction for one in since if one.jurisdiction != brand.brander))
        quick = len(states) >= QUICK_STATES and title.issue_date - brand.brand_date <= QUICK_PASSAGE
        name = standard[brand.code].name
        way = f", after {_days((title.issue_date - brand.brand_date).days, within=True)} and {len(states)} states"
        yield Found(
            kind="washed_brand",
            vin=dossier.record.vin,
            key=f"{brand.code} {brand.brander} {brand.brand_date} {title.jurisdiction}",
            score=60 + 20 * (standard[brand.code].category in _GRAVE) + 15 * quick,
            summary=f"{brand.brander} recorded the brand “{name}”; {title.jurisdiction}'s title does not carry it"
            f"{way if quick else ''}.",
            entries=(_brand(dossier, brand, standard=standard), *(_title(dossier, one) for one in since)),
        )


def _after_its_end(
    dossier: Dossier, titles: Sequence[Title], *, standard: Mapping[str, StandardBrand]
) -> Iterator[Found]:
    for brand in end_of_road_life(dossier.brands):
        # The brander's own later papers are those that say so; another state's are not.
        later = [
            one for one in titles if one.issue_date > brand.brand_date and one.jurisdiction != brand.brander
        ]
        if later:
            yield Found(
                kind="junk_titled",
                vin=dossier.record.vin,
                key=f"{brand.code} {brand.brander} {brand.brand_date}",
                score=85,
                summary=f"{brand.brander} recorded “{standard[brand.code].name}”; {later[0].jurisdiction} titled it "
                "afterwards.",
                entries=(
                    _brand(dossier, brand, standard=standard),
                    *(_title(dossier, one) for one in later),
                ),
            )
    for yard in dossier.yards:
        again = [one for one in titles if one.issue_date > yard.obtained_on + PRINTING]
        if yard.ends_it and again:
            what = "for export" if yard.for_export else yard.disposition
            yield Found(
                kind="junk_titled",
                vin=dossier.record.vin,
                key=f"{yard.reporter} {yard.obtained_on}",
                score=95,
                summary=f"Reported {what} by {yard.reporter}; {again[0].jurisdiction} titled it afterwards.",
                entries=(_yard(dossier, yard, what), *(_title(dossier, one) for one in again)),
            )


def judge_look_alike(doubtful: Dossier, sound: Iterable[Dossier]) -> Iterator[Found]:
    """The sound VIN that is most like a doubtful one, if both hold current titles as one make.

    Among vehicles of one fleet several are a slip away; the others add nothing.
    """
    found = [alike for one in sound if (alike := _alike(doubtful, one)) is not None]
    if found:
        yield max(found, key=lambda alike: (alike.score, alike.other_vin))


def _alike(doubtful: Dossier, sound: Dossier) -> Found | None:
    how = slip(doubtful.record.vin, sound.record.vin)
    pairs = [
        (one.title, other.title)
        for one in doubtful.record.pointers
        for other in sound.record.pointers
        if one.title.make == other.title.make
    ]
    if not how or not pairs:
        return None
    one, other = max(pairs, key=lambda pair: _likeness(*pair))
    return Found(
        kind="look_alike",
        vin=doubtful.record.vin,
        other_vin=sound.record.vin,
        key=sound.record.vin,
        score=min(50 + _likeness(one, other) + 10 * ("look alike" in how or "swapped" in how), 100),
        summary=f"Against {sound.record.vin}, {how}.",
        entries=_by_day((_title(doubtful, one), _title(sound, other))),
    )


def _likeness(one: Title, other: Title) -> int:
    return (
        15 * (one.model_year == other.model_year)
        + 10 * (one.jurisdiction == other.jurisdiction)
        + 25 * (one.title_number == other.title_number)
    )


def judge_number_twice(one: Dossier, other: Dossier) -> Iterator[Found]:
    """The title numbers that one state gave to both vehicles."""
    first, second = sorted((one, other), key=lambda dossier: dossier.record.vin)
    held = {(title.jurisdiction, title.title_number): title for title in second.titles}
    for title in first.titles:
        again = held.get((title.jurisdiction, title.title_number))
        if again is None:
            continue
        alike = slip(first.record.vin, second.record.vin) or slip(second.record.vin, first.record.vin)
        yield Found(
            kind="number_twice",
            vin=first.record.vin,
            other_vin=second.record.vin,
            key=f"{second.record.vin} {title.jurisdiction} {title.title_number}",
            score=90 if alike else 70,
            summary=f"{title.jurisdiction} has {title.title_number} on {first.record.vin} and on {second.record.vin}.",
            entries=_by_day((_title(first, title), _title(second, again))),
        )


def _title(dossier: Dossier, title: Title) -> Entry:
    return Entry(
        what="title",
        vin=dossier.record.vin,
        jurisdiction=title.jurisdiction,
        day=title.issue_date,
        number=title.title_number,
        reading=title.odometer,
        unit=title.odometer_unit,
        said=f"{title.model_year} {title.make}",
        current=any(pointer.title.entry_id == title.entry_id for pointer in dossier.record.pointers),
    )


def _brand(dossier: Dossier, brand: Brand, *, standard: Mapping[str, StandardBrand]) -> Entry:
    return Entry(
        what="brand",
        vin=dossier.record.vin,
        jurisdiction=brand.brander,
        day=brand.brand_date,
        number=brand.code,
        said=standard[brand.code].name,
    )


def _yard(dossier: Dossier, yard: YardReport, what: str) -> Entry:
    return Entry(
        what="report",
        vin=dossier.record.vin,
        jurisdiction=yard.state,
        day=yard.obtained_on,
        said=f"{yard.reporter}: {what}",
    )


def _by_day(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: (entry.day, entry.vin)))


def _miles(title: Title) -> float:
    return Reading(
        reading=title.odometer,
        unit=title.odometer_unit,
        read_on=title.issue_date,
        jurisdiction=title.jurisdiction,
    ).miles


def _days(days: int, *, within: bool = False) -> str:
    if within:
        return f"{days} days"
    return "on one day" if days == 0 else f"within {days} day{'s' * (days != 1)}"

"""Brands: standard codes (N-107), the end of a life on the road (N-402), brands washed away (N-405)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from vinculum.national.law.change import Change, Decision, Declined
from vinculum.national.law.title import Brand, Title, VehicleRecord
from vinculum.protocol.add_brand import AddBrand
from vinculum.protocol.problem import Problem, problem
from vinculum.protocol.title_type import TitleType

# Junk or non-repairable: dismantled, junk, crushed, export only.
END_OF_ROAD_LIFE = frozenset({"07", "08", "53", "56"})
# Once non-repairable, since repaired and titled under the law of a state: lifts what was dated before it.
PRIOR_NON_REPAIRABLE_REPAIRED = "52"


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardBrand:
    """One of the 68 codes; a retired or historic one names its successor."""

    code: str
    name: str
    category: str
    status: Literal["active", "retired", "historic"]
    meaning: str
    successor: str = ""


def end_of_road_life(brands: Iterable[Brand]) -> tuple[Brand, ...]:
    """The brands that end a vehicle's life on the road and were not lifted by a later repair."""
    brands = tuple(brands)
    repaired_on = max((b.brand_date for b in brands if b.code == PRIOR_NON_REPAIRABLE_REPAIRED), default=None)
    return tuple(
        brand
        for brand in brands
        if brand.code in END_OF_ROAD_LIFE and (repaired_on is None or brand.brand_date > repaired_on)
    )


def check_road_use(brands: Iterable[Brand], *, title_type: TitleType) -> Iterator[Problem]:
    """N-402: no title for road use anywhere once a vehicle is junk; a salvage or junk title may be issued."""
    if title_type != "road":
        return
    for code in sorted({brand.code for brand in end_of_road_life(brands)}):
        yield problem("V40", field="title_type", given=code)


def washed_brands(record: VehicleRecord, *, standard: Mapping[str, StandardBrand]) -> Iterator[Problem]:
    """N-405: a brand one state recorded that a state titling the vehicle later does not carry."""
    for brand, title in brands_lost(record, standard=standard):
        yield problem("V63", field="brands", given=brand.code, brander=brand.brander, held=title.jurisdiction)


def brands_lost(
    record: VehicleRecord, *, standard: Mapping[str, StandardBrand]
) -> Iterator[tuple[Brand, Title]]:
    """Each brand with the current title that should carry it and does not.

    A state carries a brand by recording it itself, under the same code or one of the same category: each
    state has its own legends. Brands of the odometer belong to a reading and clear ones say nothing, so
    neither is expected to travel.
    """
    for brand in record.brands:
        if standard[brand.code].category in {"odometer", "admin"}:
            continue
        for pointer in record.pointers:
            title = pointer.title
            later = title.issue_date > brand.brand_date and title.jurisdiction != brand.brander
            if later and not _carried(brand, by=title.jurisdiction, record=record, standard=standard):
                yield brand, title


def _carried(brand: Brand, *, by: str, record: VehicleRecord, standard: Mapping[str, StandardBrand]) -> bool:
    category = standard[brand.code].category
    return any(
        other.brander == by and (other.code == brand.code or standard[other.code].category == category)
        for other in record.brands
    )


def decide(
    message: AddBrand,
    *,
    record: VehicleRecord,
    standard: Mapping[str, StandardBrand],
    future: bool,
    make: str,
    warnings: tuple[Problem, ...] = (),
) -> Decision:
    """N-403: a brand goes on record by VIN, titled or not; one already there changes nothing."""
    problems = [*check_code(message.brand_code, standard=standard)]
    if future:
        problems.append(problem("V32", field="brand_date", given=message.brand_date.isoformat()))
    if problems:
        return Declined(problems=tuple(problems))
    brand = Brand(
        code=message.brand_code,
        brander=message.origin,
        brand_date=message.brand_date,
        make=make,
        model_year=message.model_year,
        percent_of_damage=message.percent_of_damage,
    )
    key = (brand.code, brand.brander, brand.brand_date)
    if any((held.code, held.brander, held.brand_date) == key for held in record.brands):
        return Change(effect="nothing_changed", warnings=(*warnings, problem("V62", field="brand_code")))
    return Change(effect="brand_added", brands=((message.vin, brand),), warnings=warnings)


def check_code(code: str, *, standard: Mapping[str, StandardBrand]) -> Iterator[Problem]:
    """N-107: one of the 68; retired codes stand in old records but are not given any more."""
    known = standard.get(code)
    if known is None:
        yield problem("V30", field="brand_code", given=code)
    elif known.status != "active":
        yield problem("V31", field="brand_code", given=code, successor=known.successor)

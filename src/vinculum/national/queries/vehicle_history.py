"""The vehicle history report for consumers: titles, brands and odometer by VIN, no personal data (N-802)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import psycopg

from vinculum.kernel.vin import FIRST_STANDARD_MODEL_YEAR, VinFault, vin_faults
from vinculum.national.casework.jsi import JsiReport, in_words
from vinculum.national.law.brands import StandardBrand, washed_brands
from vinculum.national.law.odometer import Reading, check_sequence, readings
from vinculum.national.law.title import Title, VehicleRecord
from vinculum.national.law.visibility import AskerKind, may_see
from vinculum.national.records.roster import Roster, read_roster
from vinculum.national.records.vehicle import read_and_log
from vinculum.protocol.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class TitledIn:
    """A title of the vehicle as consumers see it: which state and when, never its number (N-205)."""

    jurisdiction: str
    jurisdiction_name: str
    issue_date: date
    make: str
    model_year: int
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandRecorded:
    """When and by whom a brand was put on the vehicle."""

    brander: str
    brander_name: str
    brand_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandChecked:
    """One of the standard brands, what it means, and the records of it; none means not on record."""

    code: str
    name: str
    category: str
    meaning: str
    status: str
    records: tuple[BrandRecorded, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataDate:
    """Up to when a state that titled the vehicle has reported."""

    jurisdiction: str
    jurisdiction_name: str
    last_update_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleHistory:
    """The report. `located` is false when the national files hold nothing about the VIN.

    `current` are the current titles, usually one; `titles` all of them, newest first; `brands` all standard
    brands; `jsi` what yards and insurers reported; `remarks` say what does not fit together
    (odometer, brands missing on later titles).
    """

    vin: str
    located: bool
    reported_at: datetime
    current: tuple[TitledIn, ...] = ()
    titles: tuple[TitledIn, ...] = ()
    brands: tuple[BrandChecked, ...] = ()
    odometer: tuple[Reading, ...] = ()
    remarks: tuple[Problem, ...] = ()
    data_dates: tuple[DataDate, ...] = ()
    jsi: tuple[JsiReport, ...] = ()

    @property
    def brands_on_record(self) -> tuple[BrandChecked, ...]:
        """The brands that are on the vehicle."""
        return tuple(brand for brand in self.brands if brand.records)


def never_on_record(vin: str) -> tuple[VinFault, ...]:
    """The characters that stand in no number on record, be it of before 1981: a slip of the keyboard (N-601)."""
    faults = vin_faults(vin, model_year=FIRST_STANDARD_MODEL_YEAR)
    return tuple(fault for fault in faults if fault.position is not None)


def not_to_be_asked(vin: str) -> tuple[VinFault, ...]:
    """The same for programs: a number of more than 17 characters is a slip too, for nobody reads a doubt beside it."""
    return vin_faults(vin) or never_on_record(vin)


def run(
    vin: str,
    *,
    at: datetime,
    connection: psycopg.Connection[Any],
    asker_kind: AskerKind = "consumer",
    asker: str = "public",
    purpose: str = "consumer report",
) -> VehicleHistory:
    """The report of a VIN (already normalised); the asking is logged as any inquiry is (N-207).

    A jurisdiction's investigators read the same report, of undercover records too that name it (N-206).
    """
    assert may_see("consumer", "title_history")
    assert not may_see("consumer", "title_number")
    roster = read_roster(connection)
    record = read_and_log(
        connection,
        vin,
        inquiry_id=uuid4(),
        asker_kind=asker_kind,
        asker=asker,
        purpose=purpose,
        message_id=None,
        at=at,
    )
    if not (record.pointers or record.history or record.brands or record.jsi):
        return VehicleHistory(vin=vin, located=False, reported_at=at)
    titles = tuple(_titles(record, roster))
    oldest_first = readings(record)
    return VehicleHistory(
        vin=vin,
        located=True,
        reported_at=at,
        current=tuple(title for title in titles if title.current),
        titles=titles,
        brands=tuple(_checked(brand, record, roster) for brand in roster.brands.values()),
        odometer=tuple(reversed(oldest_first)),
        remarks=(*check_sequence(oldest_first), *washed_brands(record, standard=roster.brands)),
        data_dates=tuple(_data_dates(titles, roster)),
        jsi=in_words(record.jsi),
    )


def _titles(record: VehicleRecord, roster: Roster) -> Iterator[TitledIn]:
    """Standing titles only: what was undone or removed was never a legitimate title of this vehicle."""
    current = {pointer.title.entry_id for pointer in record.pointers}
    in_history = {entry.title.entry_id for entry in record.history}
    for pointer in record.pointers:
        if pointer.title.entry_id not in in_history:
            yield _titled_in(pointer.title, roster, current=True)
    for entry in record.standing_titles():
        yield _titled_in(entry.title, roster, current=entry.title.entry_id in current)


def _titled_in(title: Title, roster: Roster, *, current: bool) -> TitledIn:
    return TitledIn(
        jurisdiction=title.jurisdiction,
        jurisdiction_name=roster.names.get(title.jurisdiction, title.jurisdiction),
        issue_date=title.issue_date,
        make=title.make,
        model_year=title.model_year,
        current=current,
    )


def _checked(brand: StandardBrand, record: VehicleRecord, roster: Roster) -> BrandChecked:
    return BrandChecked(
        code=brand.code,
        name=brand.name,
        category=brand.category,
        # The published table names a second label by the standard it is from, which tells a buyer nothing.
        meaning=brand.meaning.replace("NIEM label:", "also called"),
        status=brand.status,
        records=tuple(
            BrandRecorded(
                brander=held.brander,
                brander_name=roster.names.get(held.brander, held.brander),
                brand_date=held.brand_date,
            )
            for held in record.brands
            if held.code == brand.code
        ),
    )


def _data_dates(titles: tuple[TitledIn, ...], roster: Roster) -> Iterator[DataDate]:
    for code in dict.fromkeys(title.jurisdiction for title in titles):
        standing = roster.standings.get(code)
        yield DataDate(
            jurisdiction=code,
            jurisdiction_name=roster.names.get(code, code),
            last_update_at=None if standing is None else standing.last_accepted_update_at,
        )

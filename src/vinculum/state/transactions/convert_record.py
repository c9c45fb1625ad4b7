"""A vehicle comes over from the older system with its title, registration, brands and reading (D-309)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from vinculum.access.database import Actor, Connection, acting
from vinculum.access.permissions import require
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.kernel.vin import normalise_vin
from vinculum.state.law.catalogue import refuse
from vinculum.state.law.deal import DeclaredVehicle, OdometerDisclosure
from vinculum.state.records.conversion import (
    ConvertedOwner,
    ConvertedRegistration,
    ConvertedTitle,
    load_owner_names,
    number_stands_open,
    stands_open,
    write_converted_registration,
    write_converted_title,
)
from vinculum.state.records.entries import open_entry
from vinculum.state.records.registrations import close_open_registration
from vinculum.state.records.vehicles import lock_vehicle, write_brand, write_odometer, write_vehicle

ACT: Final = "convert_record"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertedBrand:
    """A brand that stood on the older record."""

    code: str
    brander: str
    brand_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One vehicle of the older system. `owners` are customer numbers, primary first, of title and registration.

    `registration_ended_on` closes the registration again: it comes over as the last one the vehicle had.
    """

    vehicle: DeclaredVehicle
    owners: tuple[str, ...]
    title: ConvertedTitle | None = None
    registration: ConvertedRegistration | None = None
    registration_ended_on: date | None = None
    brands: tuple[ConvertedBrand, ...] = ()
    reason: str = "converted from the older system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What came onto the book."""

    vin: str
    title_id: UUID | None
    registration_id: UUID | None


def run(request: Request, *, actor: Actor, at: datetime) -> Receipt:
    """Put the record on the book, each fact as of its own legal day."""
    require(actor, ACT)
    vin = normalise_vin(request.vehicle.vin)
    with acting(actor, act=ACT) as connection:
        lock_vehicle(connection, vin)
        named = load_owner_names(connection, request.owners)
        refusals = _refusals(connection, request, vin=vin, named=named)
        if refusals:
            raise Refused(refusals)
        owners = [named[number] for number in request.owners]
        title_id = _title(connection, request, vin=vin, owners=owners, actor=actor, at=at)
        registration_id = _registration(connection, request, vin=vin, owners=owners, actor=actor, at=at)
        _brands(connection, request, vin=vin, actor=actor, at=at)
        return Receipt(vin=vin, title_id=title_id, registration_id=registration_id)


def _refusals(
    connection: Connection, request: Request, *, vin: str, named: dict[str, ConvertedOwner]
) -> list[Refusal]:
    found = [
        refuse("customer_number_unknown", field="owners", number=number)
        for number in request.owners
        if number not in named
    ]
    if stands_open(connection, vin=vin):
        found.append(refuse("record_on_book_already", field="vehicle.vin", vin=vin))
    if request.title and number_stands_open(connection, title_number=request.title.number):
        found.append(refuse("number_on_book_already", field="title.number", number=request.title.number))
    plate = request.registration.plate_number if request.registration else ""
    if plate and not request.registration_ended_on and number_stands_open(connection, plate_number=plate):
        found.append(refuse("number_on_book_already", field="registration.plate_number", number=plate))
    return found


def _entry(connection: Connection, request: Request, *, actor: Actor, at: datetime, day: date) -> UUID:
    return open_entry(
        connection, actor=actor, kind="conversion", reason=request.reason, effective_date=day, at=at
    )


def _title(
    connection: Connection,
    request: Request,
    *,
    vin: str,
    owners: list[ConvertedOwner],
    actor: Actor,
    at: datetime,
) -> UUID | None:
    title = request.title
    if title is not None:
        day = title.issue_date
    elif request.registration is not None:
        day = request.registration.effective_date
    else:
        day = min((brand.brand_date for brand in request.brands), default=at.date())
    entry_id = _entry(connection, request, actor=actor, at=at, day=day)
    write_vehicle(connection, entry_id=entry_id, vin=vin, vehicle=request.vehicle, decoded=None)
    if title is None:
        return None
    if title.odometer is not None:
        disclosure = OdometerDisclosure(reading=title.odometer, brand=title.odometer_brand or "actual")
        write_odometer(connection, entry_id=entry_id, vin=vin, odometer=disclosure, read_on=title.issue_date)
    return write_converted_title(connection, entry_id=entry_id, vin=vin, title=title, owners=owners)


def _registration(
    connection: Connection,
    request: Request,
    *,
    vin: str,
    owners: list[ConvertedOwner],
    actor: Actor,
    at: datetime,
) -> UUID | None:
    registration = request.registration
    if registration is None:
        return None
    entry_id = _entry(connection, request, actor=actor, at=at, day=registration.effective_date)
    registration_id = write_converted_registration(
        connection, entry_id=entry_id, vin=vin, registration=registration, owners=owners
    )
    if request.registration_ended_on is not None:
        ended = _entry(connection, request, actor=actor, at=at, day=request.registration_ended_on)
        close_open_registration(connection, vin=vin, entry_id=ended)
    return registration_id


def _brands(connection: Connection, request: Request, *, vin: str, actor: Actor, at: datetime) -> None:
    for brand in request.brands:
        entry_id = open_entry(
            connection,
            actor=actor,
            kind="brand",
            reason=request.reason,
            effective_date=brand.brand_date,
            at=at,
        )
        write_brand(
            connection,
            entry_id=entry_id,
            vin=vin,
            code=brand.code,
            brander=brand.brander,
            brand_date=brand.brand_date,
        )

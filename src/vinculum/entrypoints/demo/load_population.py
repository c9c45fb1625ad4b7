"""The population written into both databases: customers and vehicles into the book, titles into the exchange."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from random import Random
from typing import TypeVar
from uuid import UUID

import psycopg
from psycopg import sql

from vinculum.access.identity import SYSTEM_ORGANISATION, SYSTEM_PERSON
from vinculum.entrypoints.demo.copying import Row, copy_rows, lowered_walls
from vinculum.entrypoints.demo.population import MadeAbroad, MadeVehicle, Population

_CUSTOMERS_SINCE = date(2015, 1, 1)
_BLOCK = 100_000
_MOST_MILES_PER_DAY = 150
Made = TypeVar("Made")
_BOOK = (
    "book.entry",
    "book.customer",
    "book.customer_detail",
    "book.customer_identification",
    "book.vehicle",
    "book.vehicle_detail",
    "book.odometer_reading",
    "book.title",
    "book.title_owner",
    "book.registration",
    "book.registration_owner",
)
_POINTER = (
    "vin pointer_number entry_id transaction_type transaction_at jurisdiction title_number issue_date make"
    " model_year odometer odometer_unit"
)
_HISTORY = (
    "vin entry_id transaction_type transaction_at jurisdiction title_number issue_date make model_year odometer"
    " odometer_unit replaces"
)


class _Ids:
    """Row ids from the seed: the same world has the same ids."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)  # noqa: S311 - ids of a made-up world, not secrets

    def __call__(self) -> UUID:
        return UUID(int=self._random.getrandbits(128), version=4)


def load_book(connection: psycopg.Connection, population: Population, *, at: datetime) -> None:
    """Write customers, vehicles, titles and registrations in the connection's transaction (migration login)."""
    ids = _Ids(f"{population.seed} book")
    customers_entry = ids()
    entries: dict[date, UUID] = {}
    people: list[tuple[UUID, str, str]] = []
    with lowered_walls(connection, _BOOK):
        _copy_entries(connection, {customers_entry: _CUSTOMERS_SINCE}, at=at)
        _copy_customers(connection, population, ids=ids, entry=customers_entry, people=people)
        for vehicles in _blocks(population.make_vehicles()):
            days = {day for v in vehicles for day in (v.title_date, v.effective_date)}
            new = {ids(): day for day in sorted(days - entries.keys())}
            entries |= {day: entry_id for entry_id, day in new.items()}
            _copy_entries(connection, new, at=at)
            _copy_vehicles(connection, vehicles, ids=ids, entries=entries)
            _copy_titles(connection, vehicles, ids=ids, entries=entries, people=people)
            _copy_registrations(connection, vehicles, ids=ids, entries=entries, people=people)
        for table in _BOOK:
            connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(*table.split("."))))


def _blocks(made: Iterator[Made]) -> Iterator[list[Made]]:
    """So many at a time that a world of millions fits into memory."""
    while block := list(islice(made, _BLOCK)):
        yield block


def _copy_entries(connection: psycopg.Connection, days: dict[UUID, date], *, at: datetime) -> None:
    copy_rows(
        connection,
        "book.entry",
        "id kind reason effective_date recorded_at person_id person_name organisation_id",
        _entry_rows(days, at=at),
    )


def _entry_rows(days: dict[UUID, date], *, at: datetime) -> Iterator[Row]:
    for entry_id, day in days.items():
        yield (
            *(entry_id, "conversion", "converted from the older system", day, at),
            *(SYSTEM_PERSON, "Vinculum", SYSTEM_ORGANISATION),
        )


def _copy_customers(
    connection: psycopg.Connection,
    population: Population,
    *,
    ids: _Ids,
    entry: UUID,
    people: list[tuple[UUID, str, str]],
) -> None:
    made = list(population.make_customers())
    people.extend((ids(), customer.name, customer.tax_town_code) for customer in made)
    copy_rows(
        connection,
        "book.customer",
        "id number kind opened_by",
        ((who[0], customer.number, "person", entry) for who, customer in zip(people, made, strict=True)),
    )
    copy_rows(
        connection,
        "book.customer_detail",
        "id customer_id name last_name date_of_birth residence_street residence_town residence_state"
        " residence_zip tax_town_code opened_by",
        (
            (
                *(ids(), who[0], customer.name, customer.last_name, customer.date_of_birth, customer.street),
                *(customer.town.title(), "CT", f"06{customer.tax_town_code}", customer.tax_town_code, entry),
            )
            for who, customer in zip(people, made, strict=True)
        ),
    )
    copy_rows(
        connection,
        "book.customer_identification",
        "id customer_id kind number opened_by",
        (
            (ids(), who[0], "ct_licence", customer.licence, entry)
            for who, customer in zip(people, made, strict=True)
        ),
    )


def _copy_vehicles(
    connection: psycopg.Connection, vehicles: list[MadeVehicle], *, ids: _Ids, entries: dict[date, UUID]
) -> None:
    copy_rows(connection, "book.vehicle", "vin opened_by", ((v.vin, entries[v.title_date]) for v in vehicles))
    copy_rows(
        connection,
        "book.vehicle_detail",
        "id vin model_year make model body_style vehicle_type fuel colour gvwr_pounds light_weight_pounds opened_by",
        (
            (
                *(ids(), v.vin, v.pattern.model_year, v.pattern.make, v.pattern.model, v.pattern.body_style),
                *(v.pattern.vehicle_type, v.pattern.fuel, v.colour, v.pattern.gvwr_pounds),
                *(v.pattern.light_weight_pounds, entries[v.title_date]),
            )
            for v in vehicles
        ),
    )
    copy_rows(
        connection,
        "book.odometer_reading",
        "id vin reading brand read_on opened_by",
        ((ids(), v.vin, v.odometer, "actual", v.title_date, entries[v.title_date]) for v in vehicles),
    )


def _copy_titles(
    connection: psycopg.Connection,
    vehicles: list[MadeVehicle],
    *,
    ids: _Ids,
    entries: dict[date, UUID],
    people: list[tuple[UUID, str, str]],
) -> None:
    titled = [(ids(), vehicle) for vehicle in vehicles]
    copy_rows(
        connection,
        "book.title",
        "id vin number issue_date odometer odometer_brand opened_by",
        (
            (i, v.vin, v.title_number, v.title_date, v.odometer, "actual", entries[v.title_date])
            for i, v in titled
        ),
    )
    copy_rows(
        connection,
        "book.title_owner",
        "title_id line customer_id name",
        ((i, 1, *people[v.owner][:2]) for i, v in titled),
    )


def _copy_registrations(
    connection: psycopg.Connection,
    vehicles: list[MadeVehicle],
    *,
    ids: _Ids,
    entries: dict[date, UUID],
    people: list[tuple[UUID, str, str]],
) -> None:
    registered = [(ids(), vehicle) for vehicle in vehicles]
    copy_rows(
        connection,
        "book.registration",
        "id vin plate_number plate_class usage declared_weight_pounds tax_town_code effective_date expires_on"
        " registration_fee_cents opened_by",
        (
            (
                *(i, v.vin, v.plate_number, v.plate_class),
                *(
                    ("combination", v.pattern.gvwr_pounds)
                    if v.plate_class == "combination"
                    else ("regular", None)
                ),
                *(people[v.owner][2], v.effective_date, v.expires_on, v.fee_cents, entries[v.effective_date]),
            )
            for i, v in registered
        ),
    )
    copy_rows(
        connection,
        "book.registration_owner",
        "registration_id line customer_id name",
        ((i, 1, *people[v.owner][:2]) for i, v in registered),
    )


def load_exchange(connection: psycopg.Connection, population: Population, *, at: datetime) -> None:
    """Write what the exchange knows of the same vehicles and of those elsewhere (migration login)."""
    ids = _Ids(f"{population.seed} exchange")
    connection.execute("SET LOCAL ROLE vinculum_owner")
    for vehicles in _blocks(population.make_vehicles()):
        rows = []
        for v in vehicles:
            title = (
                "CT",
                v.title_number,
                v.title_date,
                v.pattern.make,
                v.pattern.model_year,
                v.odometer,
                "M",
            )
            rows.append((v.vin, ids(), "AD", at, *title))
        copy_rows(connection, "exchange.title_history", _HISTORY, ((*row, None) for row in rows))
        copy_rows(connection, "exchange.pointer", _POINTER, ((row[0], 1, *row[1:]) for row in rows))
    for abroad in _blocks(population.make_abroad()):
        _copy_abroad(connection, abroad, ids=ids, at=at)
    for table in ("title_history", "pointer", "brand_history"):
        connection.execute(sql.SQL("ANALYZE exchange.{}").format(sql.Identifier(table)))


def _copy_abroad(
    connection: psycopg.Connection, abroad: list[MadeAbroad], *, ids: _Ids, at: datetime
) -> None:
    pointers: list[Row] = []
    history: list[Row] = []
    brands: list[Row] = []
    for a in abroad:
        shape = (a.pattern.make, a.pattern.model_year)
        before = None
        if a.before is not None:
            before = ids()
            driven = min(a.odometer // 2, _MOST_MILES_PER_DAY * (a.title_date - a.before[2]).days)
            history.append((a.vin, before, "AD", at, *a.before, *shape, a.odometer - driven, "M", None))
        entry, kind = ids(), "CS" if before else "AD"
        title = (a.jurisdiction, a.title_number, a.title_date, *shape, a.odometer, "M")
        pointers.append((a.vin, 1, entry, kind, at, *title))
        history.append((a.vin, entry, kind, at, *title, before))
        if a.brand is not None:
            brands.append((a.vin, *a.brand, *shape, "BA", at))
    copy_rows(connection, "exchange.title_history", _HISTORY, history)
    copy_rows(connection, "exchange.pointer", _POINTER, pointers)
    copy_rows(
        connection,
        "exchange.brand_history",
        "vin brand_code brander brand_date make model_year transaction_type transaction_at",
        brands,
    )

"""Making the demonstration world: a population of any size, the people who sign in, and the documented cases."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import psycopg

from vinculum.access import people, service
from vinculum.access.database import Actor, acting, connected
from vinculum.entrypoints import wired
from vinculum.entrypoints.demo import cases, cast, exchange_cases
from vinculum.entrypoints.demo.load_cases import load_case_customers, load_case_vehicles, load_cases_abroad
from vinculum.entrypoints.demo.load_cast import load_cast, load_dealers, load_people
from vinculum.entrypoints.demo.load_exchange import load_exchange_at_work
from vinculum.entrypoints.demo.load_population import load_book, load_exchange
from vinculum.entrypoints.demo.population import Population
from vinculum.kernel.business_calendar import local_date
from vinculum.national.transactions import admit_jurisdiction
from vinculum.state.ledger.accounts import find_deposit
from vinculum.state.reference.publication import tables_in_force

SIZES = {"small": 300, "medium": 20_000, "large": 100_000, "state": 3_000_000}
JURISDICTIONS = ("CT", "NY", "MA", "RI", "NJ", "NH", "VT", "ME", "PA", "FL")
# A demonstration stands unused for weeks; the exchange would close to a state that reports nothing (N-105).
_GRACE_DAYS = 3650
_ADMITTED_BEFORE = timedelta(days=400)
# New York inquires on line and reports by file, Rhode Island does both by file: their clerks can send one.
_BY_FILE = {"NY": 2, "RI": 3}
LAST_DEPOSIT = "demonstration complete"
_FIRST_PLATES = {"passenger": "AA10001", "combination": "1AA100"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerAddresses:
    """The migration logins of both databases: a population is loaded as the owner of the tables."""

    state: str
    national: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What there is now; `made` is false when the world was there already."""

    made: bool
    customers: int
    vehicles: int
    abroad: int
    password: str
    sign_ins: tuple[cast.SignIn, ...]

    def words(self) -> str:
        """What is printed under the address: how to sign in, and what to try."""
        width = max(len(sign_in.email) for sign_in in self.sign_ins)
        lines = [
            f"{self.vehicles:,} made-up vehicles of {self.customers:,} made-up customers, {self.abroad:,} elsewhere.",
            f"Sign in with the password  {self.password}  and the code of `bin/vinculum demo code EMAIL`:",
            *(f"  {s.email.ljust(width)}  {s.role.replace('_', ' ')}, {s.name}" for s in self.sign_ins),
            "Try the vehicles and customers of `bin/vinculum demo cases` (docs/demonstration.md).",
        ]
        return "\n".join(lines)


class WorldHalfMade(Exception):
    """An earlier load did not finish: the databases hold half a world and must be started over."""


def load(size: str | int, seed: int, at: datetime, *, owners: OwnerAddresses | None = None) -> Summary:
    """Make the world once; a second call finds it and changes nothing.

    `size` is a name of `SIZES` or a number of vehicles; `owners` defaults to the logins the process is wired to.
    """
    if owners is None:
        state_url, national_url = wired.owner_urls()
        owners = OwnerAddresses(state=state_url, national=national_url)
    system = service.actor(terminal="demonstration")
    vehicles = SIZES[size] if isinstance(size, str) and size in SIZES else int(size)
    population = _population(system, vehicles=vehicles, seed=seed, day=local_date(at))
    if _complete(system):
        return _summary(system, made=False)
    if people.find_organisation(system, kind="dealer", code=cast.DEALERS[0].code):
        raise WorldHalfMade(
            "The demonstration world was begun and not finished; start over with bin/demo --reset."
        )
    with connected("national") as connection:
        for code in JURISDICTIONS:
            admit_jurisdiction.run(
                code,
                mode=_BY_FILE.get(code, 1),
                at=at - _ADMITTED_BEFORE,
                connection=connection,
                grace_days=_GRACE_DAYS,
            )
    with psycopg.connect(owners.state) as connection:
        load_book(connection, population, at=at)
    with psycopg.connect(owners.national) as connection:
        load_exchange(connection, population, at=at)
        load_cases_abroad(connection, day=population.day, at=at)
    organisations = load_cast(system)
    certified = load_people(system, organisations)
    load_case_customers(system, day=population.day, at=at)
    load_case_vehicles(system, day=population.day, at=at)
    load_exchange_at_work(system, population, at=at)
    load_dealers(
        system,
        organisations,
        certified=certified,
        day=population.day,
        at=at,
        last_reference=LAST_DEPOSIT,
    )
    return _summary(system, made=True)


def _population(system: Actor, *, vehicles: int, seed: int, day: date) -> Population:
    with acting(system, act="convert_record") as connection:
        tables = tables_in_force(connection, day)
    return Population(
        vehicles=vehicles,
        seed=seed,
        day=day,
        towns=sorted(tables.address_towns.items()),
        plate_formats={
            "passenger": tables.plate_classes["passenger"].plate_format,
            "combination": tables.plate_classes["combination"].plate_format,
        },
        first_plates=dict(_FIRST_PLATES),
    )


def _complete(system: Actor) -> bool:
    with acting(system, act="deposit_funds") as connection:
        return find_deposit(connection, reference=LAST_DEPOSIT) is not None


def _summary(system: Actor, *, made: bool) -> Summary:
    with acting(system, act="convert_record") as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM book.customer), (SELECT count(*) FROM book.vehicle)"
        ).fetchone()
    with connected("national") as connection:
        abroad = connection.execute(
            "SELECT count(*) FROM exchange.pointer WHERE jurisdiction <> 'CT'"
        ).fetchone()
    assert row is not None, "A count always answers."
    assert abroad is not None, "A count always answers."
    return Summary(
        made=made,
        customers=row[0],
        vehicles=row[1],
        abroad=abroad[0],
        password=cast.PASSWORD,
        sign_ins=cast.SIGN_INS,
    )


def case_lines() -> list[str]:
    """The documented cases, as `vinculum demo cases` prints them."""
    lines = ["Vehicles (VIN, paper, what it meets):"]
    for vehicle in cases.VEHICLES:
        lines.append(
            f"  {vehicle.vin}  {vehicle.paper} {vehicle.paper_number}  {vehicle.meets or 'goes through'}"
        )
        lines.append(f"      {vehicle.words}")
    lines.append("Customers (Connecticut licence, what they meet):")
    for customer in cases.CUSTOMERS:
        lines.append(
            f"  {customer.licence}  {customer.meets or 'goes through'}: {customer.name} {customer.words}".strip()
        )
    lines.append("At the title exchange (VIN, where it is seen):")
    for one in exchange_cases.VEHICLES:
        lines.append(f"  {one.vin}  {one.seen_at}")
        lines.append(f"      {one.words}")
    return lines

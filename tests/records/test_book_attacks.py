"""The book only grows, whoever tries: raw SQL as the application and as the owner of the tables."""

from dataclasses import replace
from uuid import uuid4

import pytest
from attack import CHECK_FAILED, EXCLUDED, NOT_PERMITTED, NOT_UNIQUE, as_owner, owner_stopped, run, stopped
from psycopg import sql

from book_people import AT, PASSENGER, make_customer, make_titled_vehicle, new_vin
from people import World
from vinculum.state.transactions import convert_record

pytestmark = pytest.mark.database

FACTS = [
    "customer_detail",
    "customer_identification",
    "customer_stop",
    "lienholder",
    "dealer_paper",
    "vehicle_detail",
    "odometer_reading",
    "brand",
    "title",
    "lien",
    "registration",
]
FIXED = ["entry", "customer", "vehicle", "title_owner", "title_legend", "reassignment", "registration_owner"]
_plates = iter(range(70_000, 80_000))


def _plate() -> str:
    return PASSENGER.mark_at(PASSENGER.ordinal("DA10001") + next(_plates))


@pytest.fixture(scope="module")
def record(world: World) -> convert_record.Receipt:
    """A titled and registered vehicle."""
    return make_titled_vehicle(world, owner=make_customer(world).number, plate=_plate())


def _column(world: World, table: str) -> str:
    """Some column of the table that says something."""
    with as_owner(world) as connection:
        rows = connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'book' AND table_name = %s"
            " AND column_name NOT IN ('closed_by') ORDER BY ordinal_position",
            [table],
        ).fetchall()
    return rows[0][0]


@pytest.mark.parametrize("table", [*FACTS, *FIXED])
def test_application_rewrites_nothing(world: World, table: str) -> None:
    """D-602: neither UPDATE of what was said, nor DELETE, nor TRUNCATE is the application's to do."""
    column = _column(world, table)
    for actor in (world.system(), world.administrator()):
        for words in (
            f"UPDATE book.{table} SET {column} = {column}",
            f"DELETE FROM book.{table}",
            f"TRUNCATE book.{table}",
        ):
            stopped(actor, (words, []), by=NOT_PERMITTED)


@pytest.mark.parametrize("table", [*FACTS, *FIXED])
def test_owner_rewrites_nothing(world: World, record: convert_record.Receipt, table: str) -> None:
    """D-602: the triggers hold for the owner of the tables as well."""
    owner_stopped(world, (f"TRUNCATE book.{table} CASCADE", []), by=NOT_PERMITTED)
    with as_owner(world) as connection:
        count = connection.execute(
            sql.SQL("SELECT count(*) FROM book.{}").format(sql.Identifier(table))
        ).fetchone()
    if count != (0,):
        column = _column(world, table)
        owner_stopped(world, (f"DELETE FROM book.{table}", []), by=NOT_PERMITTED)
        owner_stopped(world, (f"UPDATE book.{table} SET {column} = {column}", []), by=NOT_PERMITTED)


def test_a_fact_is_closed_once(world: World) -> None:
    """D-602: closed_by goes from nothing to an entry, once, and never back."""
    made = make_titled_vehicle(world, owner=make_customer(world).number)
    actor = world.examiner()
    entry = run(actor, ("SELECT opened_by FROM book.title WHERE id = %s", [made.title_id]))[0][0]
    close = ("UPDATE book.title SET closed_by = %s WHERE id = %s", [entry, made.title_id])
    assert run(actor, close) == [1]
    stopped(actor, close, by=NOT_PERMITTED)
    stopped(
        actor, ("UPDATE book.title SET closed_by = NULL WHERE id = %s", [made.title_id]), by=NOT_PERMITTED
    )
    owner_stopped(
        world,
        ("UPDATE book.title SET closed_by = NULL WHERE id = %s", [made.title_id]),
        by=NOT_PERMITTED,
    )


def _copy_of(table: str, row_id: object, **changes: object) -> tuple[str, list[object]]:
    """INSERT a second row like the first, but for its id and the changes."""
    return (
        f"INSERT INTO book.{table} SELECT (jsonb_populate_record(NULL::book.{table}, to_jsonb(t) || %s)).*"
        f" FROM book.{table} AS t WHERE t.id = %s",
        [_json({"id": str(uuid4()), **changes}), row_id],
    )


def _json(values: dict[str, object]) -> object:
    from psycopg.types.json import Jsonb

    return Jsonb(values)


def test_one_open_title_per_vehicle_and_number(world: World, record: convert_record.Receipt) -> None:
    """D-309: a second open title of a vehicle, or the same number for another vehicle, is refused."""
    other = make_titled_vehicle(world, owner=make_customer(world).number)
    for changes, constraint in (
        ({"number": "29990001"}, "title_one_open_per_vehicle"),
        ({"vin": other.vin, "closed_by": None}, "title_one_open_per_vehicle"),
    ):
        stopped(world.examiner(), _copy_of("title", record.title_id, **changes), by=constraint)
    untitled = convert_record.run(
        convert_record.Request(
            vehicle=replace(_vehicle(), vin=new_vin()), owners=(), title=None, registration=None
        ),
        actor=world.system(),
        at=AT,
    )
    stopped(
        world.examiner(),
        _copy_of("title", record.title_id, vin=untitled.vin),
        by="title_one_open_per_number",
    )


def _vehicle():
    from vinculum.state.law.deal import DeclaredVehicle

    return DeclaredVehicle(vin="", model_year=2003, make="HOND")


def test_one_open_registration_per_vehicle_and_plate(world: World, record: convert_record.Receipt) -> None:
    """I-101: one plate is on one vehicle, one vehicle has one open registration."""
    other = make_titled_vehicle(world, owner=make_customer(world).number)
    actor = world.examiner()
    stopped(
        actor,
        _copy_of("registration", record.registration_id, plate_number=_plate()),
        by="registration_one_open_per_vehicle",
    )
    stopped(
        actor,
        _copy_of("registration", record.registration_id, vin=other.vin),
        by="registration_one_open_per_plate",
    )


def test_terms_of_one_vehicle_do_not_overlap(world: World) -> None:
    """D-210: a registration that begins before the one before it ended is refused; after it, it is accepted."""
    made = make_titled_vehicle(world, owner=make_customer(world).number, plate=_plate())
    actor = world.examiner()

    def entry(day: str) -> tuple[object, tuple[str, list[object]]]:
        entry_id = uuid4()
        return entry_id, (
            "INSERT INTO book.entry (id, kind, reason, effective_date, recorded_at, person_id, person_name,"
            " organisation_id) VALUES (%s, 'correction', 'attack', %s, now(), %s, 'x', %s)",
            [entry_id, day, actor.person_id, actor.organisation_id],
        )

    entry_id, write = entry("2025-06-01")
    run(
        actor,
        write,
        ("UPDATE book.registration SET closed_by = %s WHERE id = %s", [entry_id, made.registration_id]),
    )
    early = _copy_of(
        "registration",
        made.registration_id,
        effective_date="2025-05-31",
        closed_by=None,
        plate_number=_plate(),
    )
    stopped(actor, early, by=EXCLUDED)
    late = _copy_of(
        "registration",
        made.registration_id,
        effective_date="2025-06-01",
        closed_by=None,
        plate_number=_plate(),
    )
    assert run(actor, late) == [1]


def test_entries_are_signed_by_their_maker(world: World) -> None:
    """D-602, M-404: nobody writes an entry in another's name or for another organisation."""
    clerk, other = world.make_dealer().clerk, world.make_dealer().clerk
    for person, organisation in (
        (other.person_id, clerk.organisation_id),
        (clerk.person_id, other.organisation_id),
    ):
        stopped(
            clerk,
            (
                "INSERT INTO book.entry (id, kind, reason, effective_date, recorded_at, person_id, person_name,"
                " organisation_id) VALUES (%s, 'registration', 'attack', current_date, now(), %s, 'x', %s)",
                [uuid4(), person, organisation],
            ),
            by=NOT_PERMITTED,
        )


def test_dealer_keeps_no_customers_nor_papers(world: World) -> None:
    """D-207, D-102: a dealer neither opens a customer, nor vouches for itself, nor lifts a stop."""
    dealer = world.make_dealer()
    customer = make_customer(world)
    clerk = dealer.clerk
    entry = run(clerk, ("SELECT opened_by FROM book.customer WHERE id = %s", [customer.customer_id]))[0][0]
    for write in (
        (
            "INSERT INTO book.customer (id, number, kind, opened_by) VALUES (%s, 'X1', 'person', %s)",
            [uuid4(), entry],
        ),
        (
            "INSERT INTO book.customer_detail (id, customer_id, name, last_name, opened_by)"
            " VALUES (%s, %s, 'A', 'A', %s)",
            [uuid4(), customer.customer_id, entry],
        ),
        (
            "INSERT INTO book.dealer_paper (id, organisation_id, kind, valid_from, opened_by)"
            " VALUES (%s, %s, 'dealer_licence', current_date, %s)",
            [uuid4(), dealer.organisation_id, entry],
        ),
        (
            "INSERT INTO book.lienholder (id, code, name, opened_by) VALUES (%s, 'MINE', 'My own bank', %s)",
            [uuid4(), entry],
        ),
    ):
        stopped(clerk, write, by=NOT_PERMITTED)
    assert run(
        clerk,
        (
            "UPDATE book.customer_detail SET closed_by = %s WHERE customer_id = %s",
            [entry, customer.customer_id],
        ),
    ) == [0]


def test_town_stops_for_its_own_taxes_only(world: World) -> None:
    """M-401: the database itself refuses a town another town's delinquency and any other stop."""
    customer = make_customer(world)
    hartford, hebron = world.collector("064"), world.collector("067")
    entry = run(hartford, ("SELECT opened_by FROM book.customer WHERE id = %s", [customer.customer_id]))[0][0]

    def put_on(kind: str, town: str) -> tuple[str, list[object]]:
        return (
            "INSERT INTO book.customer_stop (id, customer_id, kind, town_code, since, opened_by)"
            " VALUES (%s, %s, %s, %s, current_date, %s)",
            [uuid4(), customer.customer_id, kind, town, entry],
        )

    stopped(hartford, put_on("delinquent_tax", "067"), act="put_on_stop", by=NOT_PERMITTED)
    stopped(hartford, put_on("registration_suspension", ""), act="put_on_stop", by=NOT_PERMITTED)
    assert run(hartford, put_on("delinquent_tax", "064"), act="put_on_stop") == [1]
    take_off = (
        "UPDATE book.customer_stop SET closed_by = %s WHERE customer_id = %s",
        [entry, customer.customer_id],
    )
    assert run(hebron, take_off, act="take_off_stop") == [0]
    assert run(hartford, take_off, act="take_off_stop") == [1]
    stopped(
        hartford,
        ("UPDATE book.title SET closed_by = %s WHERE true RETURNING 1", [uuid4()]),
        ("INSERT INTO book.vehicle (vin, opened_by) VALUES (%s, %s)", [new_vin(), entry]),
        by=NOT_PERMITTED,
    )


def test_personal_data_needs_a_purpose(world: World) -> None:
    """M-301: without a committed purpose record an examiner, too, sees no name."""
    make_customer(world)
    for table in ("customer_detail", "customer_identification", "title_owner", "registration_owner"):
        assert run(world.examiner(), (f"SELECT count(*) FROM book.{table}", []), act="search_book") == [(0,)]


def test_implausible_rows_are_refused(world: World, record: convert_record.Receipt) -> None:
    """D-413, D-404: checks of the tables hold whatever the program forgets."""
    actor = world.examiner()
    entry = run(actor, ("SELECT opened_by FROM book.vehicle WHERE vin = %s", [record.vin]))[0][0]
    stopped(
        actor,
        (
            "INSERT INTO book.odometer_reading (id, vin, reading, brand, read_on, opened_by)"
            " VALUES (%s, %s, -1, 'actual', current_date, %s)",
            [uuid4(), record.vin, entry],
        ),
        by=CHECK_FAILED,
    )
    stopped(
        actor,
        ("INSERT INTO book.vehicle (vin, opened_by) VALUES (%s, %s)", [record.vin, entry]),
        by=NOT_UNIQUE,
    )

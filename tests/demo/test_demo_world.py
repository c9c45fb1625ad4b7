"""The demonstration world is made once, from a seed, and holds what its page promises."""

import pytest

from book_people import AT
from people import World
from vinculum.access.database import acting, connected
from vinculum.config.scratch import ScratchDatabases
from vinculum.decoding import decode_vins, shipped_makes
from vinculum.entrypoints.demo import cases, cast, exchange_cases, load, vehicles
from vinculum.state.law.catalogue import CATALOGUE

pytestmark = pytest.mark.database


def _owners(databases: ScratchDatabases) -> load.OwnerAddresses:
    return load.OwnerAddresses(state=databases.migrate_state_url, national=databases.migrate_national_url)


def test_patterns_decode() -> None:
    """N-602: every pattern decodes to the make and model year that stand beside it, check digit and all."""
    makes = shipped_makes()
    known = vehicles.patterns()
    for pattern, decoded in zip(known, decode_vins([p.vin(123_456) for p in known]), strict=True):
        assert decoded.check_digit_valid, pattern
        assert decoded.description.model_year == pattern.model_year, pattern
        assert pattern.make in {make.code for make in makes.with_vpic_make(decoded.description.make)}, pattern


def test_world_is_made_once(databases: ScratchDatabases, summary: load.Summary) -> None:
    """A second load finds the world and changes nothing."""
    assert summary.made
    assert summary.vehicles >= 400
    again = load.load(400, 7, AT, owners=_owners(databases))
    assert not again.made
    assert (again.customers, again.vehicles, again.abroad) == (
        summary.customers,
        summary.vehicles,
        summary.abroad,
    )


def test_walls_stand_again(databases: ScratchDatabases, summary: load.Summary) -> None:
    """After the load the book is guarded as before: no trigger is off, row-level security is forced."""
    import psycopg

    with psycopg.connect(databases.admin_state_url) as connection:
        off = connection.execute(
            "SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE tgenabled = 'D'"
        ).fetchall()
        open_ = connection.execute(
            "SELECT c.oid::regclass FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'book' AND c.relkind = 'r' AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"
        ).fetchall()
    assert (off, open_) == ([], [])


def test_cases_are_on_file(databases: ScratchDatabases, summary: load.Summary) -> None:
    """Each documented vehicle is in the exchange as described, and meets a code of the catalogue."""
    with connected("national") as connection:
        for case in cases.VEHICLES:
            assert not case.meets or case.meets in CATALOGUE, case.code
            pointers = connection.execute(
                "SELECT jurisdiction, title_number FROM exchange.pointer WHERE vin = %s ORDER BY 1",
                [case.vin],
            ).fetchall()
            if case.titled_here:
                assert pointers == [("CT", case.paper_number)], case.code
            else:
                assert pointers == [(p.jurisdiction, p.title_number) for p in case.pointers], case.code
    for customer in cases.CUSTOMERS:
        assert not customer.meets or customer.meets in CATALOGUE, customer.code


def test_dealers_can_transact(databases: ScratchDatabases, summary: load.Summary) -> None:
    """D-101: each dealer has stock, funds and papers."""
    with acting(World(databases).system(), act="show_stock") as connection:
        stock = connection.execute(
            "SELECT o.code, p.plate_class, count(*) FROM stock.plate AS p JOIN access.organisation AS o"
            " ON o.id = p.dealer_id WHERE p.state = 'available' AND o.code LIKE 'D10%%' GROUP BY 1, 2"
        ).fetchall()
        papers = connection.execute(
            "SELECT count(DISTINCT p.kind) FROM book.dealer_paper AS p JOIN access.organisation AS o"
            " ON o.id = p.organisation_id WHERE o.code = 'D1001' AND p.closed_by IS NULL"
        ).fetchone()
    assert len(stock) == 2 * len(cast.DEALERS)
    assert papers == (5,)


def test_same_seed_same_world() -> None:
    """The population depends on size, seed and day only."""
    from datetime import date

    from vinculum.entrypoints.demo.population import Population
    from vinculum.kernel.plate_number import PlateFormat

    def people(seed: int) -> list[object]:
        made = Population(
            vehicles=50,
            seed=seed,
            day=date(2026, 3, 4),
            towns=(("HARTFORD", "064"),),
            plate_formats={
                "passenger": PlateFormat(pattern="@@#####"),
                "combination": PlateFormat(pattern="#@@###"),
            },
            first_plates={"passenger": "AA10001", "combination": "1AA100"},
        )
        return [*made.make_customers(), *made.make_vehicles(), *made.make_abroad()]

    assert people(1) == people(1)
    assert people(1) != people(2)


def test_page_lists_every_case() -> None:
    """docs/demonstration.md names every sign-in, vehicle and customer, and what each meets."""
    from pathlib import Path

    page = (Path(__file__).resolve().parents[2] / "docs/demonstration.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    for sign_in in cast.SIGN_INS:
        assert any(f"`{sign_in.email}`" in row for row in rows), sign_in.email
    assert cast.PASSWORD in page
    for key, meets in (
        *((vehicle.vin, vehicle.meets) for vehicle in cases.VEHICLES),
        *((customer.licence, customer.meets) for customer in cases.CUSTOMERS),
    ):
        assert any(f"`{key}`" in row and (f"`{meets}`" if meets else "–") in row for row in rows), key
    for vehicle in exchange_cases.VEHICLES:
        assert any(f"`{vehicle.vin}` | {vehicle.words} | `{vehicle.seen_at}` |" in row for row in rows), (
            vehicle
        )
    lines = 3 + 2 * len(cases.VEHICLES) + len(cases.CUSTOMERS) + 2 * len(exchange_cases.VEHICLES)
    assert len(load.case_lines()) == lines

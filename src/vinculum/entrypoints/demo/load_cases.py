"""The documented cases on file: customers with their stops, titles with their legends, and what the exchange knows."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import psycopg

from vinculum.access.database import Actor, acting
from vinculum.entrypoints.demo import cases
from vinculum.entrypoints.demo.copying import Row, copy_rows
from vinculum.kernel.period import add_years_clipped
from vinculum.state.records.conversion import ConvertedRegistration, ConvertedTitle
from vinculum.state.records.customer_keeping import CustomerParticulars, Identification
from vinculum.state.transactions import convert_record, keep_customer, put_on_stop

_TITLE = "jurisdiction title_number issue_date make model_year odometer odometer_unit"


def load_case_customers(system: Actor, *, day: date, at: datetime) -> None:
    """The customers of the cases, all of Hartford, with what stands against them."""
    for case in (*cases.CUSTOMERS, cases.SELLER):
        if not case.on_file:
            continue
        for _ in range(case.records):
            kept = keep_customer.run(
                keep_customer.Request(
                    particulars=CustomerParticulars(
                        kind="person",
                        name=case.name,
                        last_name=case.name.split()[-1],
                        date_of_birth=add_years_clipped(day, -case.born_years_ago) + timedelta(days=30),
                        residence_street="1 Example Street",
                        residence_town="Hartford",
                        residence_state="CT",
                        residence_zip="06103",
                        tax_town_code="064",
                    ),
                    identifications=(Identification(kind="ct_licence", number=case.licence),),
                    reason="demonstration",
                ),
                actor=system,
                at=at,
            )
        if case.stop is not None:
            put_on_stop.run(
                put_on_stop.Request(
                    customer_number=kept.number,
                    kind=case.stop,
                    reason=case.words,
                    since=cases.days_before(day, 60),
                    town_code="064" if case.stop == "delinquent_tax" else "",
                    contact="Hartford tax collector, 555-0100" if case.stop == "delinquent_tax" else "",
                ),
                actor=system,
                at=at,
            )


def load_case_vehicles(system: Actor, *, day: date, at: datetime) -> None:
    """The vehicles that have a Connecticut title, sold by one seller whose registration has ended."""
    with acting(system, act="convert_record") as connection:
        row = connection.execute(
            "SELECT c.number FROM book.customer_identification AS i JOIN book.customer AS c ON c.id = i.customer_id"
            " WHERE i.kind = 'ct_licence' AND i.number = %s AND i.closed_by IS NULL",
            [cases.SELLER.licence],
        ).fetchone()
    assert row is not None, "The seller is loaded with the customers."
    for place, case in enumerate(vehicle for vehicle in cases.VEHICLES if vehicle.titled_here):
        issued = cases.days_before(day, case.paper_days)
        began = cases.days_before(day, min(case.paper_days, 400))
        convert_record.run(
            convert_record.Request(
                vehicle=case.pattern.declared(case.serial, colour="BLU"),
                owners=(row[0],),
                title=ConvertedTitle(
                    number=case.paper_number,
                    issue_date=issued,
                    odometer=case.odometer - 250,
                    odometer_brand="actual",
                    legends=case.legends,
                ),
                registration=ConvertedRegistration(
                    plate_number=f"DEMO{place:03d}",
                    plate_class="passenger",
                    usage="regular",
                    tax_town_code="064",
                    effective_date=began,
                    expires_on=add_years_clipped(began, 3) - timedelta(days=1),
                    fee_cents=12_000,
                ),
                registration_ended_on=cases.days_before(day, 20),
                brands=(
                    convert_record.ConvertedBrand(
                        code=case.brand[0],
                        brander=case.brand[1],
                        brand_date=cases.days_before(day, case.brand[2]),
                    ),
                )
                if case.brand
                else (),
                reason="demonstration: " + case.words,
            ),
            actor=system,
            at=at,
        )


def load_cases_abroad(connection: psycopg.Connection, *, day: date, at: datetime) -> None:
    """What the exchange knows of the cases, in the connection's transaction (migration login)."""
    pointers: list[Row] = []
    history: list[Row] = []
    brands: list[Row] = []
    thefts: list[Row] = []
    for case in cases.VEHICLES:
        shape = (case.pattern.make, case.pattern.model_year)
        before = None
        for pointer in case.left:
            before = uuid4()
            title = (pointer.jurisdiction, pointer.title_number, cases.days_before(day, pointer.days), *shape)
            history.append((case.vin, before, "AD", at, *title, case.odometer // 2, "M", None))
        for number, pointer in enumerate(_current(case), 1):
            entry, kind = uuid4(), "CS" if before else "AD"
            title = (pointer.jurisdiction, pointer.title_number, cases.days_before(day, pointer.days), *shape)
            pointers.append((case.vin, number, entry, kind, at, *title, case.odometer - 250, "M"))
            history.append((case.vin, entry, kind, at, *title, case.odometer - 250, "M", before))
        if case.brand:
            code, brander, days = case.brand
            brands.append((case.vin, code, brander, cases.days_before(day, days), *shape, "BA", at))
        if case.stolen_days is not None:
            thefts.append((case.vin, uuid4(), "NY", cases.days_before(day, case.stolen_days), at))
    connection.execute("SET LOCAL ROLE vinculum_owner")
    entry_columns = "vin {}entry_id transaction_type transaction_at " + _TITLE
    copy_rows(connection, "exchange.title_history", entry_columns.format("") + " replaces", history)
    copy_rows(connection, "exchange.pointer", entry_columns.format("pointer_number "), pointers)
    copy_rows(
        connection,
        "exchange.brand_history",
        "vin brand_code brander brand_date make model_year transaction_type transaction_at",
        brands,
    )
    copy_rows(connection, "exchange.theft", "vin report_id reported_by stolen_on reported_at", thefts)


def _current(case: cases.CaseVehicle) -> tuple[cases.Pointer, ...]:
    """The current titles at the exchange: a title of this state is among them."""
    if case.titled_here:
        return (cases.Pointer(jurisdiction="CT", title_number=case.paper_number, days=case.paper_days),)
    return case.pointers

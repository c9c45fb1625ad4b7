"""What investigators find in the demonstration: a clone, a washed brand and a look-alike of vehicles of the agency."""

from datetime import date, datetime, timedelta
from itertools import islice
from uuid import uuid4

import psycopg

from vinculum.access.database import Actor
from vinculum.entrypoints.demo.copying import Row, copy_rows
from vinculum.entrypoints.demo.population import MadeVehicle, Population
from vinculum.kernel.vin import check_digit_valid
from vinculum.national.investigations import scan

_TITLE = "jurisdiction title_number issue_date make model_year odometer odometer_unit"
_HISTORY = f"vin entry_id transaction_type transaction_at {_TITLE}"
_POINTER = f"vin pointer_number entry_id transaction_type transaction_at {_TITLE}"
_BRAND = "vin brand_code brander brand_date make model_year transaction_type transaction_at"
_FLOOD = "11"


def load_suspects(connection: psycopg.Connection, population: Population, *, at: datetime) -> None:
    """Write them, in the connection's transaction (migration login)."""
    cloned, copied, washed = islice(population.make_vehicles(), 3)
    history: list[Row] = []
    pointers: list[Row] = []

    def title(
        of: MadeVehicle, vin: str, state: str, number: str, day: date, odometer: int, *, pointer: int = 0
    ) -> None:
        columns = (state, number, day, of.pattern.make, of.pattern.model_year, odometer, "M")
        entry = uuid4()
        history.append((vin, entry, "AD", at, *columns))
        if pointer:
            pointers.append((vin, pointer, entry, "AD", at, *columns))

    title(cloned, cloned.vin, "FL", "FL70001", cloned.title_date + timedelta(days=2), 9, pointer=2)
    title(copied, look_alike(copied.vin), "PA", "PA70002", copied.title_date, copied.odometer, pointer=1)
    for state, number, days in (("NJ", "NJ70003", 80), ("PA", "PA70004", 30)):
        day = washed.title_date - timedelta(days=days)
        title(washed, washed.vin, state, number, day, max(washed.odometer - 10 * days, 0))
    flooded = washed.title_date - timedelta(days=80)
    brand = (washed.vin, _FLOOD, "NJ", flooded, washed.pattern.make, washed.pattern.model_year, "BA", at)
    connection.execute("SET LOCAL ROLE vinculum_owner")
    copy_rows(connection, "exchange.title_history", _HISTORY, history)
    copy_rows(connection, "exchange.pointer", _POINTER, pointers)
    copy_rows(connection, "exchange.brand_history", _BRAND, [brand])


def look_alike(vin: str) -> str:
    """The VIN with two neighbours of its serial number swapped, as a forger or a tired clerk does."""
    for place in range(15, 10, -1):
        swapped = vin[:place] + vin[place + 1] + vin[place] + vin[place + 2 :]
        if not check_digit_valid(swapped):
            return swapped
    return f"I{vin[1:]}"


def scan_for_findings(system: Actor, *, at: datetime) -> None:
    """Find them, as the jobs do every quarter of an hour."""
    scan.run(actor=system, at=at, whole=True)

"""The demonstration has what investigators look for, and nothing that they would look at in vain."""

import psycopg
import pytest

from vinculum.config.scratch import ScratchDatabases
from vinculum.entrypoints.demo import cases, exchange_cases, load
from vinculum.national.investigations.finding import KINDS

pytestmark = pytest.mark.database


def test_each_watch_has_found_something_and_nothing_in_vain(
    databases: ScratchDatabases, summary: load.Summary
) -> None:
    """N-405: all nine watches, most about vehicles of the agency; beside them only vehicles documented as such."""
    documented = {vehicle.vin: vehicle.meets for vehicle in cases.VEHICLES}
    documented |= {vehicle.vin: vehicle.code for vehicle in exchange_cases.VEHICLES}
    with psycopg.connect(databases.admin_national_url) as connection:
        found = connection.execute("SELECT kind, vin, jurisdictions, state FROM exchange.finding").fetchall()
    assert {kind for kind, *_ in found} == set(KINDS)
    own = {kind for kind, vin, states, _ in found if vin not in documented and "CT" in states}
    assert own == {
        *("two_places", "far_apart", "odometer_falls", "odometer_leaps"),
        *("washed_brand", "junk_titled", "look_alike"),
    }
    others = {(kind, documented[vin]) for kind, vin, *_ in found if vin in documented}
    assert others == {
        ("two_places", "several_titles_in_exchange"),
        ("washed_brand", "brand_missing_on_paper"),
        ("two_places", "clone_waits"),
        ("two_places", "clone_accepted"),
        ("number_twice", "number_twice"),
        ("before_built", "before_built"),
    }
    assert len({vin for _, vin, *_ in found}) == 11
    assert [vin for *_, vin, _, state in found if state == "confirmed"] == [
        exchange_cases.vehicle("clone_accepted").vin
    ]

"""The demonstration has what investigators look for, and nothing that they would look at in vain."""

import psycopg
import pytest

from vinculum.config.scratch import ScratchDatabases
from vinculum.entrypoints.demo import cases, load

pytestmark = pytest.mark.database


def test_suspects_are_found_and_nobody_else(databases: ScratchDatabases, summary: load.Summary) -> None:
    """A clone, a washed brand, a look-alike of the agency's; beside them only vehicles documented as such."""
    documented = {vehicle.vin: vehicle.meets for vehicle in cases.VEHICLES}
    with psycopg.connect(databases.admin_national_url) as connection:
        found = connection.execute("SELECT kind, vin, jurisdictions FROM exchange.finding").fetchall()
    own = {kind for kind, vin, states in found if vin not in documented and "CT" in states}
    assert own == {"two_places", "far_apart", "odometer_falls", "washed_brand", "look_alike"}
    others = {(kind, documented[vin]) for kind, vin, _ in found if vin in documented}
    assert others == {
        ("two_places", "several_titles_in_exchange"),
        ("washed_brand", "brand_missing_on_paper"),
    }
    assert len({vin for _, vin, _ in found}) == 5

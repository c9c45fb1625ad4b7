"""Which vehicles are exempt from the emissions test as new enough, and which are never tested (D-408)."""

from vinculum.state.law.deal import Fuel
from vinculum.state.law.tables import Tables


def exempt_model_years(calendar_year: int, *, tables: Tables) -> tuple[int, ...]:
    """The model years exempt in a calendar year, newest first: that year and the ones before it.

    A model year ahead of the calendar is newer than all of these and exempt as well.
    """
    count = tables.fees["emission_exemption"].conditions.newest_model_years
    assert count is not None, "The emission exemption says how many model years it covers."
    return tuple(range(calendar_year, calendar_year - count, -1))


def is_exempt_as_new(model_year: int, *, calendar_year: int, tables: Tables) -> bool:
    """Whether a vehicle of this model year needs no test because of its age."""
    return model_year >= exempt_model_years(calendar_year, tables=tables)[-1]


def is_ever_tested(*, gvwr_pounds: int | None, fuel: Fuel, tables: Tables) -> bool:
    """Whether vehicles of this weight and fuel are tested at all, whatever their age."""
    too_heavy = gvwr_pounds is not None and gvwr_pounds > tables.limit("emissions_test_gvwr")
    return not too_heavy and fuel != "electric"

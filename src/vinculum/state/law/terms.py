"""How long a registration runs, and the last day it is good for (F-101)."""

from datetime import date, timedelta

from vinculum.kernel.period import add_years_clipped
from vinculum.state.law.deal import PlateClass
from vinculum.state.law.tables import Tables


def term_years(plate_class: PlateClass, *, tables: Tables) -> int:
    """The length of a new registration of this class under the tables of its issue date."""
    return tables.plate_classes[plate_class].term_years


def expiry(issue_date: date, *, years: int) -> date:
    """The last day of a registration: the same day some years on, less one day.

    Issued 1/8/2020 for three years, it expires 1/7/2023 (manual chapter 10). Issued on 29 February, the same
    day of a common year is 28 February, so it expires on the 27th.
    """
    if years < 1:
        raise ValueError(f"A registration runs for at least one year, not {years}.")
    return add_years_clipped(issue_date, years) - timedelta(days=1)


def expiry_of_new_issue(plate_class: PlateClass, *, issue_date: date, tables: Tables) -> date:
    """The last day of a registration of this class issued on this day."""
    return expiry(issue_date, years=term_years(plate_class, tables=tables))

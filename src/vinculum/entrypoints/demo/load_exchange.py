"""The exchange of the demonstration as it has been at work for months, in the order in which it came about."""

from datetime import UTC, datetime, time, timedelta

from vinculum.access.database import Actor
from vinculum.entrypoints.demo.at_work import at_work
from vinculum.entrypoints.demo.load_clones import load_clone_cases, load_clones_of_new_jersey
from vinculum.entrypoints.demo.load_exchange_desks import load_exchange_desks
from vinculum.entrypoints.demo.load_put_right import (
    load_corrections,
    load_data_changes,
    load_recalled_titles,
    load_rescissions,
)
from vinculum.entrypoints.demo.load_state_files import (
    load_clones_titles,
    load_faulty_files,
    load_new_yorks_brands,
    load_new_yorks_titles,
    load_questions,
)
from vinculum.entrypoints.demo.load_suspects import load_suspects, scan_for_findings
from vinculum.entrypoints.demo.load_told_by_file import (
    confirm_first_notices,
    load_late_surrender,
    load_surrenders,
    month_told,
    write_latest_papers,
)
from vinculum.entrypoints.demo.population import Population

_DAY = timedelta(days=1)
_NOON = time(16, tzinfo=UTC)


def load_exchange_at_work(system: Actor, population: Population, *, at: datetime) -> None:
    """Everything that its desks, states, investigators and yards find on their first day."""
    month_start = month_told(at)
    # People and their systems worked in the middle of the day; the latest of it was yesterday.
    noon = datetime.combine(population.day, _NOON)
    brands_sent = month_start - 18 * _DAY
    with at_work(system) as desks:
        load_exchange_desks(system, desks, day=population.day, at=at)
        load_new_yorks_titles(desks, at=month_start - 20 * _DAY)
        load_new_yorks_brands(desks, at=brands_sent)
        load_clones_of_new_jersey(at=month_start - 10 * _DAY)
        load_clones_titles(desks, at=month_start - 5 * _DAY)
        load_surrenders(month_start=month_start)
        load_recalled_titles(month_start=month_start)
        confirm_first_notices(system, desks, at=month_start + 16 * _DAY)
        load_rescissions(desks, at=noon, brands_of=brands_sent)
        load_corrections(desks, at=noon)
        load_data_changes(desks, at=noon)
        load_clone_cases(desks, at=noon)
        load_late_surrender(at=noon - _DAY)
        load_faulty_files(desks, at=noon)
        load_questions(desks, at=noon)
        load_suspects(population, desks, at=at)
        write_latest_papers(system, month_start=month_start, at=at)
        scan_for_findings(system, desks, at=at)

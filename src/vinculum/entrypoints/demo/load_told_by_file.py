"""What New York of the demonstration is told by file: titles surrendered elsewhere in a month, and notices (N-310)."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from vinculum.access.database import Actor, acting
from vinculum.entrypoints.demo.at_work import Desks
from vinculum.entrypoints.demo.exchange_cases import vehicle
from vinculum.entrypoints.demo.load_state_files import number_of
from vinculum.entrypoints.demo.state_systems import say, take_over
from vinculum.national.batch import notice_files, surrender_reports
from vinculum.protocol.undo_title import UndoTitle

_DAY: Final = timedelta(days=1)
_TOLD: Final = "NY"
_CLERK: Final = "titles@newyork.example"
_WRITES: Final = "make_exchange_papers"


def month_told(at: datetime) -> datetime:
    """The first afternoon of the latest month that has a report."""
    month = surrender_reports.months_due(at=at)[-1]
    return datetime(month.year, month.month, 1, 18, tzinfo=UTC)


def load_surrenders(*, month_start: datetime) -> None:
    """Titles of New York go to other states in that month; one comes back, for the sale was called off."""
    _surrender("surrendered", "FL", at=month_start + 4 * _DAY)
    update = _surrender("came_back", "PA", at=month_start + 6 * _DAY)
    _surrender("exempt", "PA", at=month_start + 9 * _DAY)
    _surrender("brand_gone", "NJ", at=month_start + 12 * _DAY)
    undone = month_start + 13 * _DAY
    say(
        UndoTitle(
            message_id=uuid4(),
            origin="PA",
            sent_at=undone,
            vin=vehicle("came_back").vin,
            undoes=update,
            reason="Invented example: the sale was called off",
        ),
        at=undone,
    )


def load_late_surrender(*, at: datetime) -> None:
    """One more, of which New York has not been told yet."""
    _surrender("surrendered_too", "NJ", at=at)


def confirm_first_notices(system: Actor, desks: Desks, *, at: datetime) -> None:
    """A notice file of then, with the notices that New York has confirmed."""
    clerk = desks(_CLERK)
    with acting(system, act=_WRITES, database="national") as connection:
        made = notice_files.make_file(connection, jurisdiction=_TOLD, at=at)
    assert made is not None, "Titles were surrendered by then."
    with acting(clerk, act="work_batch_files", database="national") as connection:
        notice_files.confirm(
            connection,
            made.file_id,
            jurisdiction=_TOLD,
            notice_count=made.notice_count,
            control=made.control,
            by=clerk.person_id,
            by_name=clerk.person_name,
            at=at + timedelta(hours=2),
        )


def write_latest_papers(system: Actor, *, month_start: datetime, at: datetime) -> None:
    """The report of the month, and the notice file that waits; the jobs would write the same in their first round."""
    with acting(system, act=_WRITES, database="national") as connection:
        notice_files.make_file(connection, jurisdiction=_TOLD, at=at)
        surrender_reports.make_report(
            connection, jurisdiction=_TOLD, month=month_start.date(), even_empty=True, at=at
        )


def _surrender(code: str, state: str, *, at: datetime) -> UUID:
    case = vehicle(code)
    message = take_over(
        case.vin,
        old=("NY", number_of(case)),
        new=(state, number_of(case, state)),
        odometer=0 if code == "exempt" else 24_000 + case.serial,
        at=at,
    )
    say(message, at=at)
    return message.message_id

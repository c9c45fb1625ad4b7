"""States' own systems and clerks as they report to the exchange of the demonstration: messages on line, and files."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from vinculum.access.database import Actor, acting, connected
from vinculum.entrypoints.batch_spool import spool
from vinculum.entrypoints.demo.vehicles import Pattern
from vinculum.entrypoints.exchange.dispatch import apply_message
from vinculum.entrypoints.jobs import batch_files
from vinculum.national.batch.file_types import FILE_TYPES, print_file
from vinculum.national.batch.take_file import take_file
from vinculum.protocol.add_title import AddTitle
from vinculum.protocol.change_of_state_of_title import ChangeOfStateOfTitle
from vinculum.protocol.exchange import UpdateMessage

_BY_FILE = "work_batch_files"


class NotTaken(RuntimeError):
    """The exchange refused what the demonstration's own story says: the story is wrong."""


def say(message: UpdateMessage, *, at: datetime) -> None:
    """Send it as the state's system does, and as of that moment."""
    with connected("national") as connection:
        answer = apply_message(message, sender=message.origin, at=at, connection=connection)
    if not answer.accepted:
        raise NotTaken(f"{message.origin} {message.vin}: {answer.problems}")


def hand_in(content: bytes, *, by: Actor, at: datetime) -> None:
    """Send a file as its state's clerk does on the page, and have it applied."""
    spooled = spool().receive([content])
    with acting(by, act=_BY_FILE, database="national") as connection:
        take_file(
            connection,
            spooled,
            spool=spool(),
            sender=by.organisation_code,
            received_from=by.person_name,
            at=at,
            acts=frozenset({"update", "inquiry"}),
        )
    if batch_files.apply_one(now=lambda: at) is None:
        raise NotTaken(f"A file of {by.organisation_code} was not applied.")


def printed(kind: str, records: Sequence[Any], *, name: str, state: str, at: datetime) -> bytes:
    """A file of these messages."""
    return print_file(
        FILE_TYPES[kind], records, jurisdiction=state, file_id=name, created_on=at.date(), form="fixed"
    )


def first_title(
    vin: str,
    *,
    pattern: Pattern,
    state: str,
    number: str,
    issued: date,
    odometer: int,
    at: datetime,
    years_off: int = 0,
) -> AddTitle:
    """A title that the exchange did not know; `years_off` when its model year is not that of the vehicle."""
    return AddTitle(
        message_id=uuid4(),
        origin=state,
        sent_at=at,
        vin=vin,
        title_number=number,
        issue_date=issued,
        make=pattern.make,
        model_year=pattern.model_year + years_off,
        odometer=odometer,
    )


def take_over(
    vin: str, *, old: tuple[str, str], new: tuple[str, str], odometer: int, at: datetime
) -> ChangeOfStateOfTitle:
    """A title of another state, issued on that day, replaces the one that was surrendered."""
    return ChangeOfStateOfTitle(
        message_id=uuid4(),
        origin=new[0],
        sent_at=at,
        vin=vin,
        old_jurisdiction=old[0],
        old_title_number=old[1],
        title_number=new[1],
        issue_date=at.date(),
        odometer=odometer,
    )

"""DMV enters a lienholder on the approved list or brings its name and address up to date (D-410)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from vinculum.access.database import Actor, acting
from vinculum.access.permissions import require
from vinculum.kernel.business_calendar import local_date
from vinculum.state.records.entries import open_entry
from vinculum.state.records.lienholders import write_lienholder

ACT: Final = "keep_lienholder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The lienholder as it is to stand on the list."""

    code: str
    name: str
    address: str = ""
    reason: str = "approved lienholder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The entry the lienholder was written by."""

    code: str
    entry_id: UUID


def run(request: Request, *, actor: Actor, at: datetime) -> Receipt:
    """Put the lienholder on the list; titles keep the name that was on the list when they were issued."""
    require(actor, ACT)
    with acting(actor, act=ACT) as connection:
        entry_id = open_entry(
            connection,
            actor=actor,
            kind="lienholder_record",
            reason=request.reason,
            effective_date=local_date(at),
            at=at,
        )
        write_lienholder(
            connection, entry_id=entry_id, code=request.code, name=request.name, address=request.address
        )
        return Receipt(code=request.code, entry_id=entry_id)

"""The purposes of 18 U.S.C. 2721(b) that an examiner's organisation may name when it looks at personal data."""

from dataclasses import dataclass
from datetime import date

from vinculum.access.database import Actor, acting
from vinculum.access.permissions import require
from vinculum.state.reference.publication import tables_in_force

ACT = "search_book"


@dataclass(frozen=True, slots=True, kw_only=True)
class PermissiblePurpose:
    """One purpose: its code, what it covers and where the law says so."""

    code: str
    description: str
    citation: str


def run(day: date, *, actor: Actor) -> tuple[PermissiblePurpose, ...]:
    """The purposes open to this kind of organisation on a day, in the order of the law."""
    require(actor, ACT)
    with acting(actor, act=ACT) as connection:
        tables = tables_in_force(connection, day)
    return tuple(
        PermissiblePurpose(code=purpose.code, description=purpose.description, citation=purpose.citation)
        for purpose in tables.purposes.values()
        if actor.organisation_kind in purpose.organisation_kinds
    )

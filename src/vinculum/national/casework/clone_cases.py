"""Cases of two vehicles on one VIN as their states and the help desk see them (N-308)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal, LiteralString
from uuid import UUID

from vinculum.access.database import Actor, Connection, acting
from vinculum.access.permissions import require
from vinculum.kernel.refusal import Absent, RefusalsUnder
from vinculum.national.law.title import Brand
from vinculum.national.law.undo_clone import Disposition, Split

ACT: Final = "work_clone_case"
LONGEST: Final = 4000
_MOST_LISTED: Final = 200
CIRCUMSTANCES: Final = {"clone": "One vehicle is a clone", "typing_error": "A VIN was typed wrongly"}
Standing = Literal["drafted", "accepted", "requested", "applied", "refused", "withdrawn"]
refusal: Final = RefusalsUnder(rule="N-308")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A title or a brand of the VIN, which vehicle's it is, and what its owner said."""

    place: int
    kind: Literal["title", "brand", "new_brand"]
    owner: str
    disposition: Literal["keep", "remove", "reapply", "apply"]
    entry_id: UUID | None
    title_number: str
    brand_code: str
    item_date: date
    make: str
    model_year: int
    accepted: bool | None
    decided_at: datetime | None
    decided_by_name: str
    words: str

    @property
    def needs_acceptance(self) -> bool:
        """What stays where it is needs none."""
        return self.disposition != "keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class CloneCase:
    """A case: the shared VIN, vehicle B's own, the items in the order in which they are done."""

    vin: str
    case_id: UUID
    right_vin: str
    circumstance: str
    finding: str
    asked_by: str
    drafted_at: datetime
    drafted_by: UUID
    drafted_by_name: str
    withdrawn_at: datetime | None
    requested_at: datetime | None
    requested_by: UUID | None
    requested_by_name: str
    applied_at: datetime | None
    applied_by_name: str
    items: tuple[Item, ...]

    @property
    def standing(self) -> Standing:
        """Where it stands: derived from what was said and done, never typed."""
        asked = [item.accepted for item in self.items if item.needs_acceptance]
        if self.applied_at is not None:
            return "applied"
        if self.withdrawn_at is not None:
            return "withdrawn"
        if False in asked:
            return "refused"
        if None in asked:
            return "drafted"
        return "accepted" if self.requested_at is None else "requested"

    def waiting_for(self, jurisdiction: str) -> tuple[Item, ...]:
        """The items which that owner has to accept or to refuse."""
        if self.standing != "drafted":
            return ()
        return tuple(
            item
            for item in self.items
            if item.needs_acceptance and item.accepted is None and item.owner == jurisdiction
        )

    @property
    def split(self) -> Split:
        """What is whose, as the law takes it apart."""
        kept_or_gone: dict[str, Disposition] = {"keep": "keep", "remove": "remove", "reapply": "reapply"}
        return Split(
            vin=self.vin,
            right_vin=self.right_vin,
            titles={
                item.entry_id: kept_or_gone[item.disposition]
                for item in self.items
                if item.entry_id is not None
            },
            brands={
                (item.brand_code, item.owner, item.item_date): kept_or_gone[item.disposition]
                for item in self.items
                if item.kind == "brand"
            },
            new_brands=tuple(_brand(item) for item in self.items if item.kind == "new_brand"),
        )


class NoSuchCase(Absent):
    """There is no such case, or none of the actor's."""


def side_of(actor: Actor) -> str:
    """In whose name somebody drafts."""
    return "help_desk" if actor.organisation_kind == "association" else actor.organisation_code


def listed(*, actor: Actor) -> tuple[CloneCase, ...]:
    """The cases that concern the actor's side, the latest first."""
    return _listed(" ORDER BY c.drafted_at DESC, c.case_id LIMIT %s", actor=actor)


def unended(*, actor: Actor) -> tuple[CloneCase, ...]:
    """Those of them that were neither applied nor withdrawn, the oldest first."""
    return _listed(
        " WHERE c.applied_at IS NULL AND c.withdrawn_at IS NULL ORDER BY c.drafted_at, c.case_id LIMIT %s",
        actor=actor,
    )


def _listed(which: LiteralString, *, actor: Actor) -> tuple[CloneCase, ...]:
    require(actor, ACT)
    with acting(actor, act=ACT, database="national") as connection:
        rows = connection.execute(_READ + which, (_MOST_LISTED,)).fetchall()
    return tuple(_case(row) for row in rows)


def show(*, vin: str, case_id: UUID, actor: Actor) -> CloneCase:
    """One case. Raises NoSuchCase."""
    with known(vin, case_id, actor) as (_, found):
        return found


@contextmanager
def known(vin: str, case_id: UUID, actor: Actor, *, act: str = ACT) -> Iterator[tuple[Connection, CloneCase]]:
    """The case as it stands, in one transaction of the actor's. Raises NoSuchCase."""
    require(actor, act)
    with acting(actor, act=act, database="national") as connection:
        row = connection.execute(_READ + " WHERE c.vin = %s AND c.case_id = %s", (vin, case_id)).fetchone()
        if row is None:
            raise NoSuchCase
        yield connection, _case(row)


_READ: Final = (
    "SELECT c.vin, c.case_id, c.right_vin, c.circumstance, c.finding, c.asked_by, c.drafted_at, c.drafted_by,"
    " c.drafted_by_name, c.withdrawn_at, c.requested_at, c.requested_by, coalesce(c.requested_by_name, ''),"
    " c.applied_at, coalesce(c.applied_by_name, ''),"
    " (SELECT json_agg(i ORDER BY i.place) FROM exchange.clone_item AS i"
    "   WHERE i.vin = c.vin AND i.case_id = c.case_id)"
    "  FROM exchange.clone_case AS c"
)


def _case(row: tuple[Any, ...]) -> CloneCase:
    return CloneCase(
        vin=row[0],
        case_id=row[1],
        right_vin=row[2],
        circumstance=row[3],
        finding=row[4],
        asked_by=row[5],
        drafted_at=row[6],
        drafted_by=row[7],
        drafted_by_name=row[8],
        withdrawn_at=row[9],
        requested_at=row[10],
        requested_by=row[11],
        requested_by_name=row[12],
        applied_at=row[13],
        applied_by_name=row[14],
        items=tuple(_item(item) for item in row[15] or ()),
    )


def _item(row: dict[str, Any]) -> Item:
    return Item(
        place=row["place"],
        kind=row["kind"],
        owner=row["owner"],
        disposition=row["disposition"],
        entry_id=UUID(row["entry_id"]) if row["entry_id"] else None,
        title_number=row["title_number"],
        brand_code=row["brand_code"] or "",
        item_date=date.fromisoformat(row["item_date"]),
        make=row["make"],
        model_year=row["model_year"],
        accepted=row["accepted"],
        decided_at=datetime.fromisoformat(row["decided_at"]) if row["decided_at"] else None,
        decided_by_name=row["decided_by_name"] or "",
        words=row["words"] or "",
    )


def _brand(item: Item) -> Brand:
    return Brand(
        code=item.brand_code,
        brander=item.owner,
        brand_date=item.item_date,
        make=item.make,
        model_year=item.model_year,
    )

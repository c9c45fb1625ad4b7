"""A dealer's plates by class: how many are left, which comes next, and what runs low (I-101, I-102)."""

from dataclasses import dataclass
from uuid import UUID

from vinculum.access.database import Actor, acting
from vinculum.access.permissions import require

ACT = "show_stock"

# The smallest step in which any class is ordered: below it, an order placed today must arrive in time.
LOW_STOCK_BELOW = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassStock:
    """The plates of one class of one dealer, counted by state; `next_plate` is the next in the sequence."""

    dealer_id: UUID
    dealer_name: str
    plate_class: str
    available: int
    next_plate: str | None
    on_the_way: int
    unconfirmed: int
    assigned: int
    returned_void: int
    removed: int
    returned_unused: int

    @property
    def low(self) -> bool:
        """Whether the class is about to run dry."""
        return self.available < LOW_STOCK_BELOW


def run(*, actor: Actor, dealer_id: UUID | None = None) -> tuple[ClassStock, ...]:
    """Stock by dealer and class; a dealer sees its own, DMV that of all or of the dealer asked for."""
    require(actor, ACT)
    query = (
        "SELECT p.dealer_id, o.name, p.plate_class,"
        " count(*) FILTER (WHERE p.state = 'available'),"
        " (SELECT n.number FROM stock.plate AS n WHERE n.dealer_id = p.dealer_id"
        "    AND n.plate_class = p.plate_class AND n.state = 'available' ORDER BY n.position LIMIT 1),"
        " count(*) FILTER (WHERE p.state IN ('manufactured', 'in_transit')),"
        " count(*) FILTER (WHERE p.state = 'received_unconfirmed'),"
        " count(*) FILTER (WHERE p.state = 'assigned'),"
        " count(*) FILTER (WHERE p.state = 'returned_void'),"
        " count(*) FILTER (WHERE p.state = 'removed'),"
        " count(*) FILTER (WHERE p.state = 'returned_unused')"
        " FROM stock.plate AS p JOIN access.organisation AS o ON o.id = p.dealer_id"
        " WHERE p.dealer_id = coalesce(%s, p.dealer_id)"
        " GROUP BY p.dealer_id, o.name, p.plate_class ORDER BY o.name, p.plate_class"
    )
    with acting(actor, act=ACT) as connection:
        rows = connection.execute(query, [dealer_id]).fetchall()
    names = list(ClassStock.__dataclass_fields__)
    return tuple(ClassStock(**dict(zip(names, row, strict=True))) for row in rows)

"""The next plate of a dealer's stock: strictly in sequence, no plate twice, none skipped (I-106)."""

from uuid import UUID

from vinculum.access.database import Connection, one
from vinculum.state.law.deal import PlateClass


class PlateMoved(Exception):
    """The plate was not in the state it was expected in: somebody else's act came first."""


_NEXT = """
SELECT number FROM stock.plate WHERE dealer_id = %s AND plate_class = %s AND state = 'available'
 ORDER BY position LIMIT 1
"""


def peek_next_plate(connection: Connection, *, dealer_id: UUID, plate_class: PlateClass) -> str | None:
    """The plate that would come next, or None when the stock of the class is used up."""
    row = one(connection, _NEXT, (dealer_id, plate_class))
    return row[0] if row else None


def lock_next_plate(connection: Connection, *, dealer_id: UUID, plate_class: PlateClass) -> str | None:
    """The next plate, with the dealer's class locked until the end of this transaction.

    One lock for the whole class rather than for a row: skipping a locked row would break the sequence.
    """
    connection.execute("SELECT pg_advisory_xact_lock(73, hashtext(%s || %s))", (str(dealer_id), plate_class))
    return peek_next_plate(connection, dealer_id=dealer_id, plate_class=plate_class)


def assign_plate(connection: Connection, *, number: str, registration_id: UUID) -> None:
    """Put an available plate on a registration; raises PlateMoved when it is no longer available."""
    moved = connection.execute(
        """UPDATE stock.plate SET state = 'assigned', registration_id = %s
            WHERE number = %s AND state = 'available'""",
        (registration_id, number),
    )
    if moved.rowcount != 1:
        raise PlateMoved(f"plate {number} is not available any more")


def call_back_plate(connection: Connection, *, number: str) -> None:
    """A voided new issue: the plate goes back to DMV and never to the dealer's stock (D-602)."""
    moved = connection.execute(
        """UPDATE stock.plate SET state = 'returned_void', registration_id = NULL
            WHERE number = %s AND state = 'assigned'""",
        (number,),
    )
    if moved.rowcount != 1:
        raise PlateMoved(f"plate {number} is not assigned any more")

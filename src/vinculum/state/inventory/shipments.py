"""Plates on their way from the marker room to a dealer, and the dealer's count that makes them its own (I-105)."""

from collections.abc import Sequence
from uuid import UUID

from vinculum.access.database import Connection
from vinculum.state.law.deal import PlateClass


def plates_on_record(connection: Connection, marks: Sequence[str]) -> tuple[str, ...]:
    """Those of the marks that were given to any dealer before."""
    rows = connection.execute(
        "SELECT number FROM stock.plate WHERE number = ANY (%s) ORDER BY plate_class, position",
        (list(marks),),
    )
    return tuple(row[0] for row in rows)


def ship_plates(
    connection: Connection, *, dealer_id: UUID, plate_class: PlateClass, marks: Sequence[tuple[str, int]]
) -> None:
    """Put the plates into transit to the dealer and let them arrive; nobody has counted them yet."""
    numbers = [mark for mark, _ in marks]
    connection.execute(
        """INSERT INTO stock.plate (number, plate_class, position, dealer_id, state)
           SELECT mark.number, %s, mark.position, %s, 'in_transit'
             FROM unnest(%s::text[], %s::bigint[]) AS mark (number, position)""",
        (plate_class, dealer_id, numbers, [position for _, position in marks]),
    )
    connection.execute(
        "UPDATE stock.plate SET state = 'received_unconfirmed' WHERE number = ANY (%s)", (numbers,)
    )


def accept_plates(connection: Connection, numbers: Sequence[str]) -> None:
    """The dealer has counted the plates against the packing slip and answers for them from now on."""
    connection.execute(
        "UPDATE stock.plate SET state = 'available' WHERE number = ANY (%s) AND state = 'received_unconfirmed'",
        (list(numbers),),
    )

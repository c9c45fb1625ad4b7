"""Stops on customers: put on and taken off, never forgotten (D-401, M-403, M-404)."""

from datetime import date
from uuid import UUID, uuid4

from vinculum.access.database import Connection, one
from vinculum.state.law.on_file import StopKind


def open_stop(connection: Connection, *, customer_id: UUID, kind: StopKind, town_code: str) -> UUID | None:
    """The stop of this kind (and town) that is on the customer now."""
    row = one(
        connection,
        "SELECT id FROM book.customer_stop"
        " WHERE customer_id = %s AND kind = %s AND town_code = %s AND closed_by IS NULL",
        (customer_id, kind, town_code),
    )
    stop_id: UUID | None = row[0] if row else None
    return stop_id


def write_stop(
    connection: Connection,
    *,
    entry_id: UUID,
    customer_id: UUID,
    kind: StopKind,
    since: date,
    town_code: str = "",
    town_name: str = "",
    contact: str = "",
) -> UUID:
    """Put the stop on; the database refuses a second open one of the same kind and town."""
    stop_id = uuid4()
    connection.execute(
        """INSERT INTO book.customer_stop (id, customer_id, kind, town_code, town_name, contact, since, opened_by)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s)""",
        (stop_id, customer_id, kind, town_code, town_name, contact, since, entry_id),
    )
    return stop_id


def close_stop(connection: Connection, *, stop_id: UUID, entry_id: UUID) -> bool:
    """Take the stop off; False when it is not there, is off already, or is another town's."""
    closed = connection.execute(
        "UPDATE book.customer_stop SET closed_by = %s WHERE id = %s AND closed_by IS NULL",
        (entry_id, stop_id),
    )
    return closed.rowcount == 1

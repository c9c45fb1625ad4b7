"""The list of approved lienholders: one open line per code."""

from uuid import UUID, uuid4

from vinculum.access.database import Connection


def write_lienholder(connection: Connection, *, entry_id: UUID, code: str, name: str, address: str) -> None:
    """Let the code stand for this name and address from now on."""
    connection.execute(
        "UPDATE book.lienholder SET closed_by = %s WHERE code = %s AND closed_by IS NULL", (entry_id, code)
    )
    connection.execute(
        "INSERT INTO book.lienholder (id, code, name, address, opened_by) VALUES (%s, %s, %s, %s, %s)",
        (uuid4(), code, name, address, entry_id),
    )

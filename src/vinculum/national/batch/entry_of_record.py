"""The entry that a record of a file makes: its id and its moment, both told by its number."""

from datetime import datetime, timedelta
from uuid import UUID


def entry_id_of(file_id: UUID, number: int) -> UUID:
    """The entry that record of that file makes: the file's id with the number of the record at its end."""
    assert number <= 999_999_999_999
    return UUID(f"{str(file_id)[:24]}{number:012d}")


def moment_of(at: datetime, number: int) -> datetime:
    """When the record counts as done: a microsecond after the one before it, so that the order stays told."""
    return at + timedelta(microseconds=number)

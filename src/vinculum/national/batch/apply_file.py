"""A file is applied: the next in the queue, in one transaction, wholly or not at all (N-501, N-504)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, BinaryIO, Final

import psycopg

from vinculum.national.batch import file_row
from vinculum.national.batch.answer_inquiries import answer_inquiries
from vinculum.national.batch.code_counts import note_codes
from vinculum.national.batch.file_row import BatchFile
from vinculum.national.batch.limits import lift_limits
from vinculum.national.batch.lost_bytes import open_waiting
from vinculum.national.batch.reading import FileRefused, read_details, read_header
from vinculum.national.batch.set_by_set import apply_set_by_set
from vinculum.national.batch.spool import Spool
from vinculum.national.batch.tally import Tally
from vinculum.national.batch.titles_file import apply_titles_file
from vinculum.national.records.roster import Roster, note_accepted_update, read_roster

# The kind of file that is counted in millions; the law itself decides the records of the others.
IN_COLUMNS: Final = "VINADD"
Note = Callable[[BatchFile, str, int], None]


def apply_next(
    connection: psycopg.Connection[Any], *, spool: Spool, at: datetime, note: Note
) -> BatchFile | None:
    """Apply the file that is next, in the transaction of the connection; None when none is waiting.

    A file that is refused is closed as such, with nothing of it applied. Any other failure is the caller's: the
    transaction ends, and the file waits as before. Raises BytesMissing while its bytes may still come back.
    """
    lift_limits(connection)
    file = file_row.claim(connection, at=at)
    if file is None:
        return None
    note(file, "opening", 0)
    roster = read_roster(connection)
    try:
        with open_waiting(file, spool=spool, at=at) as stream, connection.transaction():
            tally = _apply(connection, stream, file, spool=spool, roster=roster, at=at, note=note)
            file_row.close_applied(connection, file.file_id, tally=tally, at=at)
    except FileRefused as refused:
        file_row.close_rejected(connection, file.file_id, refused=refused, at=at)
    return file


def _apply(
    connection: psycopg.Connection[Any],
    stream: BinaryIO,
    file: BatchFile,
    *,
    spool: Spool,
    roster: Roster,
    at: datetime,
    note: Note,
) -> Tally:
    def note_progress(phase: str, records: int) -> None:
        note(file, phase, records)

    header = read_header(stream)
    assert (header.kind.code, header.jurisdiction) == (file.file_type, file.jurisdiction)
    if file.file_type == IN_COLUMNS:
        tally = apply_titles_file(
            connection, stream, header, file=file, at=at, directory=spool.directory, note=note_progress
        )
    elif file.kind.act == "inquiry":
        details = read_details(stream, header)
        tally = answer_inquiries(
            connection, details, file=file, spool=spool, roster=roster, at=at, note=note_progress
        )
    else:
        details = read_details(stream, header)
        tally = apply_set_by_set(connection, details, file=file, roster=roster, at=at, note=note_progress)
    assert tally.read == tally.rejected + tally.valid
    note_codes(connection, file.file_id)
    # Report to use: what was asked is no report (N-105).
    if tally.valid and file.kind.act == "update":
        note_accepted_update(connection, roster.standings[file.jurisdiction], at=at)
    return tally

"""Files whose bytes are gone from the spool: waited for, then closed as rejected, and the sender told (N-501).

A disk that is away for a moment must not cost a jurisdiction its file; one that was lost must not make it wait for
ever, with all its later files behind it.
"""

from datetime import datetime, timedelta
from typing import BinaryIO, Final

from psycopg.types.json import Jsonb

from vinculum.access.database import Actor, acting
from vinculum.access.permissions import require
from vinculum.national.batch.file_row import BatchFile
from vinculum.national.batch.reading import FileRefused
from vinculum.national.batch.spool import Spool
from vinculum.national.casework.contacts import all_contacts
from vinculum.national.mailroom.queue import ACT as MAILROOM_ACT
from vinculum.protocol.problem import problem

# While other files are in the spool only this one is gone; an empty spool is a disk that is not there.
PATIENCE: Final = timedelta(hours=1)
PATIENCE_WITHOUT_SPOOL: Final = timedelta(hours=24)
LOST: Final = "V90"
_TOLD_FOR: Final = timedelta(days=30)


class BytesMissing(Exception):
    """The bytes of a waiting file are not in the spool, and may still come back."""

    def __init__(self, file: BatchFile) -> None:
        super().__init__(f"{file.content_name} of file {file.file_id}")
        self.file = file


def open_waiting(file: BatchFile, *, spool: Spool, at: datetime) -> BinaryIO:
    """The bytes of a file that waits. Raises BytesMissing, and FileRefused when they have been missing for too long."""
    try:
        return spool.open(file.content_name)
    except FileNotFoundError as missing:
        since = file.bytes_missing_since
        patience = PATIENCE if spool.holds_something else PATIENCE_WITHOUT_SPOOL
        if since is None or at - since < patience:
            raise BytesMissing(file) from missing
        raise FileRefused(problem(LOST, since=f"{since:%Y-%m-%d %H:%M} UTC"), line=0) from missing


def owe_mails(*, actor: Actor, at: datetime) -> int:
    """Owe a mail to each jurisdiction whose file was closed for that, once; how many were owed anew."""
    require(actor, MAILROOM_ACT)
    owed = 0
    with acting(actor, act=MAILROOM_ACT, database="national") as connection:
        lost = connection.execute(
            "SELECT file_id, jurisdiction, sender_file_id, file_type, received_at, fault_text FROM exchange.batch_file"
            " WHERE state = 'rejected' AND fault_code = %s AND finished_at > %s",
            (LOST, at - _TOLD_FOR),
        ).fetchall()
        contacts = {contact.jurisdiction: contact for contact in all_contacts(connection)} if lost else {}
        for file_id, jurisdiction, name, kind, received_at, text in lost:
            contact = contacts.get(jurisdiction)
            if contact is None or not contact.mailbox:
                continue
            facts = {
                "file": name,
                "kind": kind,
                "received": f"{received_at:%Y-%m-%d %H:%M}",
                "what happened": text,
            }
            owed += connection.execute(
                "INSERT INTO exchange.outgoing (cause, channel, address, subject, facts, link, next_attempt_at,"
                " created_at) VALUES (%s, 'email', %s, %s, %s, '/title-exchange/files/', %s, %s)"
                " ON CONFLICT (cause) DO NOTHING",
                (f"lost file {file_id}", contact.mailbox, f"Send file {name} again", Jsonb(facts), at, at),
            ).rowcount
    return owed

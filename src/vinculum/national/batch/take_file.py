"""A file is taken: its first line read, its sender compared, and itself put in the queue, once (N-501)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

import psycopg

from vinculum.national.batch.file_row import BatchFile, find, find_taken
from vinculum.national.batch.reading import FileRefused, Header, read_header
from vinculum.national.batch.spool import Spool, Spooled
from vinculum.national.law.standing import Act, check_mode, check_reporting
from vinculum.national.records.roster import read_roster
from vinculum.protocol.problem import problem

UPDATES_ONLY: Final[frozenset[Act]] = frozenset({"update"})


def acts_of(scopes: Collection[str]) -> frozenset[Act]:
    """What a program may do by file whose key has these scopes."""
    named: dict[str, Act] = {"report_to_exchange": "update", "ask_exchange": "inquiry"}
    return frozenset(act for scope, act in named.items() if scope in scopes)


def take_file(
    connection: psycopg.Connection[Any],
    spooled: Spooled,
    *,
    spool: Spool,
    sender: str,
    received_from: str,
    at: datetime,
    acts: frozenset[Act] = UPDATES_ONLY,
) -> BatchFile:
    """Queue the file of that jurisdiction; the same file again answers as the first time. Raises FileRefused.

    `acts` are what whoever hands it in may do in the name of the sender: report, or also ask.
    """
    with spool.open(spooled.content_name) as stream:
        header = read_header(stream)
    act = header.kind.act
    if act == "jsi" or act not in acts:
        raise FileRefused(problem("V89", given=header.kind.code), line=1)
    _check_sender(connection, header, act=act, sender=sender, at=at)
    return queue_file(connection, spooled, header=header, sender=sender, received_from=received_from, at=at)


def queue_file(
    connection: psycopg.Connection[Any],
    spooled: Spooled,
    *,
    header: Header,
    sender: str,
    received_from: str,
    at: datetime,
) -> BatchFile:
    """Put a file of that sender in the queue, or find it there; raises FileRefused when its name was used before."""
    file_id = new_file_id()
    taken = connection.execute(
        "INSERT INTO exchange.batch_file (file_id, jurisdiction, sender_file_id, file_type, form, created_on,"
        " content_name, byte_count, received_at, received_from, state)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'waiting')"
        " ON CONFLICT (jurisdiction, sender_file_id) WHERE state IN ('waiting', 'applied') DO NOTHING",
        (
            *(file_id, sender, header.file_id, header.kind.code, header.form, header.created_on),
            *(spooled.content_name, spooled.byte_count, at, received_from),
        ),
    ).rowcount
    if taken:
        file = find(connection, file_id, jurisdiction=sender)
    else:
        file = find_taken(connection, jurisdiction=sender, sender_file_id=header.file_id)
    assert file is not None
    if file.content_name != spooled.content_name:
        raise FileRefused(problem("V87"), line=1)
    return file


def new_file_id() -> UUID:
    """An id whose last twelve digits are left to the numbers of the records."""
    return UUID(f"{str(uuid4())[:24]}{'0' * 12}")


def _check_sender(
    connection: psycopg.Connection[Any], header: Header, *, act: Act, sender: str, at: datetime
) -> None:
    """N-501, N-106: a file comes from the jurisdiction it names, and that one reports by batch."""
    if header.jurisdiction != sender:
        raise FileRefused(problem("V85", given=header.jurisdiction, sender=sender), line=1)
    standing = read_roster(connection).standings.get(sender)
    faults = list(check_mode(standing, code=sender, act=act, channel="batch"))
    if standing is not None and act == "inquiry":
        faults.extend(check_reporting(standing, at=at))
    for fault in faults:
        if fault.severity == "error":
            raise FileRefused(fault, line=1)

"""Publishing a jurisdiction's files into the state database, and the tables in force as published there.

The files are kept as text, exactly as written, and read back through the same checks: files that no longer
answer to their hash are refused. What is in force is the latest publication; publishing what is in force
already changes nothing.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import psycopg
from psycopg.rows import TupleRow

from vinculum.state.law.tables import Tables
from vinculum.state.reference.jurisdiction import (
    JurisdictionFiles,
    hash_of,
    read_jurisdiction,
    tables_as_of,
)

_Connection = psycopg.Connection[TupleRow]

# A law changes a few times a year: the one in force and its neighbours.
_KEPT = 8
_PUBLISHING = "reference.publication"
_known: dict[str, JurisdictionFiles] = {}


class NothingPublished(LookupError):
    """No files of this jurisdiction, or of this hash, have been published in the database."""


class PublicationAltered(RuntimeError):
    """The published files do not answer to their hash: the row was changed after it was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What `publish` did: the hash now in force, and whether it was new."""

    content_hash: str
    published: bool


def publish(
    connection: _Connection, files: JurisdictionFiles, *, published_at: datetime, published_by: str
) -> Publication:
    """Make these files the law in force, in one transaction (the caller's, if one is open); idempotent.

    Two publishers take turns, so that both compare with what is then the latest.
    """
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (_PUBLISHING,))
        if hash_in_force(connection, jurisdiction=files.code) == files.content_hash:
            return Publication(content_hash=files.content_hash, published=False)
        connection.execute(
            "INSERT INTO reference.content (hash, jurisdiction, files) VALUES (%s, %s, %s)"
            " ON CONFLICT (hash) DO NOTHING",
            (files.content_hash, files.code, json.dumps(dict(files.texts), ensure_ascii=False)),
        )
        connection.execute(
            "INSERT INTO reference.publication (jurisdiction, hash, published_at, published_by)"
            " VALUES (%s, %s, %s, %s)",
            (files.code, files.content_hash, published_at, published_by),
        )
    return Publication(content_hash=files.content_hash, published=True)


def hash_in_force(connection: _Connection, *, jurisdiction: str) -> str | None:
    """The hash of the latest publication; None when nothing was ever published."""
    row = connection.execute(
        "SELECT hash FROM reference.publication WHERE jurisdiction = %s ORDER BY sequence DESC LIMIT 1",
        (jurisdiction,),
    ).fetchone()
    return str(row[0]) if row is not None else None


def tables_in_force(connection: _Connection, day: date, *, jurisdiction: str = "CT") -> Tables:
    """The tables of a day from the latest publication; one indexed read when its files are known already."""
    content_hash = hash_in_force(connection, jurisdiction=jurisdiction)
    if content_hash is None:
        raise NothingPublished(
            f"No law of {jurisdiction} is published in this database: publish its jurisdiction folder first."
        )
    files = _known.get(content_hash)
    if files is None:
        files = read_jurisdiction(published_files(connection, content_hash))
        _remember(files)
    return tables_as_of(files, day)


def _remember(files: JurisdictionFiles) -> None:
    while len(_known) >= _KEPT:
        # Another thread may have made room first; then there is nothing left to take.
        _known.pop(next(iter(_known), ""), None)
    _known[files.content_hash] = files


def published_files(connection: _Connection, content_hash: str) -> Mapping[str, str]:
    """The files that a hash on a quote stands for, as they were written."""
    row = connection.execute(
        "SELECT files FROM reference.content WHERE hash = %s", (content_hash,)
    ).fetchone()
    if row is None:
        raise NothingPublished(f"No published files have the hash {content_hash}.")
    texts: Mapping[str, str] = row[0]
    if hash_of(texts) != content_hash:
        raise PublicationAltered(f"The published files of {content_hash} do not answer to their hash.")
    return texts

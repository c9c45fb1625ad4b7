"""Where batch files are handed in and applied, for tests: sends a file, applies what waits, reads the report."""

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import psycopg

from vinculum.access.identity import hash_of, new_secret
from vinculum.config.scratch import ScratchDatabases
from vinculum.national.batch import file_row, sew_report
from vinculum.national.batch.answer_file import answer_blocks, answer_file
from vinculum.national.batch.apply_file import apply_next
from vinculum.national.batch.file_row import BatchFile
from vinculum.national.batch.file_types import FILE_TYPES, print_file
from vinculum.national.batch.layout import Form
from vinculum.national.batch.sew_report import Message
from vinculum.national.batch.spool import Spool
from vinculum.national.batch.take_file import take_file
from vinculum.national.law.standing import Act
from vinculum.national.law.title import VehicleRecord
from vinculum.national.records.vehicle import read_vehicle

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
ANY_ACT: frozenset[Act] = frozenset({"update", "inquiry"})
_names = count(1)


def new_name() -> str:
    """A file name nobody has used yet."""
    return f"T{uuid4().hex[:8].upper()}-{next(_names)}"


def add(vin: str, number: str, issued: date = date(2020, 5, 1), **more: Any) -> dict[str, Any]:
    """A VINADD record."""
    return {
        "vin": vin,
        "title_number": number,
        "issue_date": issued,
        "make": "HOND",
        "model_year": 2003,
        "odometer": 12,
    } | more


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRoom:
    """The exchange's counter for files."""

    url: str
    spool: Spool

    def written(
        self, code: str, records: Iterable[Any], *, state: str = "PA", name: str = "", form: str = "fixed"
    ) -> bytes:
        """A file as that jurisdiction writes it."""
        return print_file(
            FILE_TYPES[code],
            records,
            jurisdiction=state,
            file_id=name or new_name(),
            created_on=NOW.date(),
            form=form,
        )

    def send(
        self, content: bytes, *, state: str = "PA", at: datetime = NOW, acts: frozenset[Act] = ANY_ACT
    ) -> BatchFile:
        """Hand the file in; raises FileRefused."""
        with psycopg.connect(self.url) as connection:
            return take_file(
                connection,
                self.spool.receive([content]),
                spool=self.spool,
                sender=state,
                received_from="test",
                at=at,
                acts=acts,
            )

    def apply(self, *, at: datetime = NOW) -> BatchFile | None:
        """Apply the next file that waits."""
        with psycopg.connect(self.url) as connection:
            return apply_next(connection, spool=self.spool, at=at, note=lambda *_progress: None)

    def done(self, content: bytes, *, state: str = "PA", at: datetime = NOW) -> BatchFile:
        """Send the file, apply what waits, and find it applied or rejected."""
        sent = self.send(content, state=state, at=at)
        while self.apply(at=at) is not None:
            pass
        return self.look(sent)

    def run(self, code: str, records: Iterable[Any], *, state: str = "PA", form: str = "fixed") -> BatchFile:
        """Write, send and apply a file of these records."""
        return self.done(self.written(code, records, state=state, form=form), state=state)

    def look(self, file: BatchFile) -> BatchFile:
        """The file as it is now."""
        with psycopg.connect(self.url) as connection:
            found = file_row.find(connection, file.file_id, jurisdiction=file.jurisdiction)
        assert found is not None
        return found

    def messages(self, file: BatchFile, **how: Any) -> list[Message]:
        """The messages of the report."""
        with (
            psycopg.connect(self.url) as connection,
            closing(sew_report.read_messages(connection, file, **how)) as said,
        ):
            return list(said)

    def codes(self, file: BatchFile) -> list[tuple[int, str]]:
        """Record number and code of each message."""
        return [(message.record_number, message.code) for message in self.messages(file)]

    def titles_of(self, vins: list[str]) -> tuple[int, int]:
        """How many pointers and how many entries of the history these vehicles have."""
        with psycopg.connect(self.url) as connection:
            row = connection.execute(
                "SELECT (SELECT count(*) FROM exchange.pointer WHERE vin = ANY (%(vins)s)),"
                " (SELECT count(*) FROM exchange.title_history WHERE vin = ANY (%(vins)s))",
                {"vins": vins},
            ).fetchone()
        assert row is not None
        return row[0], row[1]

    def answer(self, file: BatchFile, *, form: Form = "fixed") -> list[str]:
        """The lines of the answer to an inquiry file."""
        with psycopg.connect(self.url) as connection:
            found = answer_file(connection, file.file_id, jurisdiction=file.jurisdiction, spool=self.spool)
        return b"".join(answer_blocks(found, spool=self.spool, form=form)).decode("ascii").splitlines()

    def record(self, vin: str) -> VehicleRecord:
        """What is on record of a VIN."""
        with psycopg.connect(self.url) as connection:
            return read_vehicle(connection, vin)


def counts(file: BatchFile) -> tuple[int | None, ...]:
    """Read, rejected, with warnings, valid."""
    return file.records_read, file.records_rejected, file.records_with_warnings, file.records_valid


def program_key(
    databases: ScratchDatabases,
    code: str,
    *,
    scopes: tuple[str, ...] = ("report_to_exchange", "ask_exchange"),
) -> str:
    """A bearer key of a jurisdiction's program, as the operator of the exchange would issue it."""
    key = f"vk_test_{new_secret()}"
    now = datetime.now(UTC) - timedelta(hours=1)
    with psycopg.connect(databases.admin_national_url) as connection:
        connection.execute("SET ROLE vinculum_owner")
        row = connection.execute(
            "INSERT INTO access.organisation (id, kind, code, name, created_at)"
            " VALUES (%s, 'jurisdiction', %s, %s, %s)"
            " ON CONFLICT (kind, code) DO UPDATE SET name = excluded.name RETURNING id",
            (uuid4(), code, f"Test {code}", now),
        ).fetchone()
        assert row is not None
        connection.execute(
            "INSERT INTO access.credential (token_hash, id, kind, label, person_id, person_name,"
            " organisation_id, role, scopes, addresses, created_at, expires_at, last_seen_at)"
            " VALUES (%s, %s, 'api_key', 'test', %s, 'Test program', %s, 'exchange_client', %s, '{}', %s, %s, %s)",
            (
                *(hash_of(key), uuid4(), uuid4(), row[0], list(scopes), now),
                *(now + timedelta(days=1), now),
            ),
        )
    return key


def leave_nothing_waiting(databases: ScratchDatabases) -> None:
    """Files lie in the spool that they were handed in with; one left behind would be lost to the next."""
    with psycopg.connect(databases.admin_national_url) as connection:
        connection.execute(
            "UPDATE exchange.batch_file SET state = 'cancelled', finished_at = received_at WHERE state = 'waiting'"
        )

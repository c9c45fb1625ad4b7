"""A waiting file whose bytes are gone: waited for, then closed and told; a disk that comes back loses nothing."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from batch_room import NOW, BatchRoom, add, leave_nothing_waiting, new_name
from counter import new_vin

from both_systems import world
from vinculum.access import service
from vinculum.config.scratch import ScratchDatabases
from vinculum.entrypoints.jobs import batch_files as clerk
from vinculum.national.batch import lost_bytes
from vinculum.national.batch.file_row import BatchFile
from vinculum.national.batch.spool import Spool

pytestmark = pytest.mark.database
MAILBOX = "files@oh.example"


@pytest.fixture
def own_room(
    room: BatchRoom, databases: ScratchDatabases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[BatchRoom]:
    """A spool of the test's own, which the clerk looks into as well; one file lies in it beside."""
    spool = Spool(directory=tmp_path / "spool")
    spool.receive([b"another file"])
    monkeypatch.setattr(clerk, "spool", lambda: spool)
    yield BatchRoom(url=room.url, spool=spool)
    leave_nothing_waiting(databases)


@pytest.fixture(autouse=True)
def contact(databases: ScratchDatabases) -> Iterator[None]:
    """Ohio's group mailbox."""
    with psycopg.connect(databases.admin_national_url) as connection:
        connection.execute("SET ROLE vinculum_owner")
        connection.execute(
            "INSERT INTO exchange.contact (jurisdiction, telephone, mailbox, hours, confirmed_at, confirmed_by)"
            " VALUES ('OH', '555-0100 200', %s, '', %s, gen_random_uuid()) ON CONFLICT DO NOTHING",
            (MAILBOX, NOW),
        )
    yield
    with psycopg.connect(databases.admin_national_url) as connection:
        connection.execute("DELETE FROM exchange.contact WHERE jurisdiction = 'OH'")


def sent(room: BatchRoom, name: str = "", *, seconds: int = 0) -> BatchFile:
    content = room.written("VINADD", [add(new_vin(), "L1")], state="OH", name=name)
    return room.send(content, state="OH", at=NOW + timedelta(seconds=seconds))


def lost(room: BatchRoom, file: BatchFile) -> Path:
    """The bytes are taken out of the spool; where they lie then."""
    path = room.spool.directory / file.content_name
    return path.rename(path.parent.parent / f"aside-{file.content_name}")


def tried(room: BatchRoom, file: BatchFile, *, minutes: float) -> BatchFile:
    """The clerk comes by so long after the file came, whatever pause was agreed."""
    with psycopg.connect(room.url) as connection:
        connection.execute(
            "UPDATE exchange.batch_file SET not_before = NULL WHERE file_id = %s", (file.file_id,)
        )
    clerk.apply_one(now=lambda: NOW + timedelta(minutes=minutes))
    return room.look(file)


def test_bytes_that_come_back_are_applied(own_room: BatchRoom) -> None:
    """N-501: as long as the bytes may come back the file waits; back within the hour, it is applied."""
    file = sent(own_room)
    aside = lost(own_room, file)
    first = tried(own_room, file, minutes=1)
    assert (first.state, first.attempts, first.bytes_missing_since) == (
        "waiting",
        1,
        NOW + timedelta(minutes=1),
    )
    again = tried(own_room, file, minutes=60.5)
    assert (again.state, again.bytes_missing_since) == ("waiting", NOW + timedelta(minutes=1))
    aside.rename(own_room.spool.directory / file.content_name)
    assert tried(own_room, file, minutes=62).state == "applied"


@pytest.mark.usefixtures(world.__name__)
def test_lost_file_is_closed_and_told(own_room: BatchRoom, databases: ScratchDatabases) -> None:
    """N-501, N-502: closed after an hour, saying what to do; audited; told once by mail; the next goes on."""
    program, at = service.actor(), NOW + timedelta(minutes=63)
    lost_bytes.owe_mails(actor=program, at=at)  # for what other tests lost
    name = new_name()
    file = sent(own_room, name)
    lost(own_room, file)
    assert tried(own_room, file, minutes=1).state == "waiting"
    behind = sent(own_room, seconds=1)
    closed = tried(own_room, file, minutes=61)
    assert (closed.state, closed.fault_code, closed.fault_line) == ("rejected", "V90", 0)
    said = closed.fault_text or ""
    assert "2026-03-02 15:01 UTC" in said
    assert "Send it again" in said
    assert tried(own_room, behind, minutes=62).state == "applied"
    assert [lost_bytes.owe_mails(actor=program, at=at) for _ in range(2)] == [1, 0]
    with psycopg.connect(databases.admin_national_url) as connection:
        mail = connection.execute(
            "SELECT address, subject, facts ->> 'what happened' FROM exchange.outgoing WHERE cause = %s",
            (f"lost file {file.file_id}",),
        ).fetchall()
        audited = connection.execute(
            "SELECT count(*) FROM audit.event WHERE payload::jsonb ->> 'table' = 'exchange.batch_file'"
            " AND payload::jsonb -> 'after' ->> 'file_id' = %s AND payload::jsonb -> 'after' ->> 'state' = 'rejected'",
            (str(file.file_id),),
        ).fetchone()
    assert mail == [(MAILBOX, f"Send file {name} again", said)]
    assert audited == (1,)
    once_more = sent(own_room, name)
    assert tried(own_room, once_more, minutes=64).state == "applied"


def test_spool_that_is_away_is_waited_for_longer(own_room: BatchRoom) -> None:
    """N-501: an empty spool is a disk that is not there: a day, not an hour."""
    file = sent(own_room)
    own_room.spool.directory.rename(own_room.spool.directory.parent / "unmounted")
    own_room.spool.directory.mkdir()
    assert tried(own_room, file, minutes=1).state == "waiting"
    assert tried(own_room, file, minutes=23 * 60).state == "waiting"
    assert tried(own_room, file, minutes=24 * 60 + 2).state == "rejected"


def test_other_trouble_is_no_loss(own_room: BatchRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    """N-501: only bytes that are not there count; a disk that cannot be read is tried again for ever."""
    file = sent(own_room)
    aside = lost(own_room, file)
    assert tried(own_room, file, minutes=1).bytes_missing_since is not None
    aside.rename(own_room.spool.directory / file.content_name)
    with monkeypatch.context() as broken:

        def unreadable(_spool: Spool, _name: str) -> None:
            raise OSError(5, "Input/output error")

        broken.setattr(Spool, "open", unreadable)
        for minutes in (2, 300):
            at_fault = tried(own_room, file, minutes=minutes)
            assert (at_fault.state, at_fault.bytes_missing_since) == ("waiting", None)
    assert tried(own_room, file, minutes=301).state == "applied"

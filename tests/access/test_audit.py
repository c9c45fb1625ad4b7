"""The audit trail: what it tells, that it only grows, and that whoever tampers with it is found out.

Tampering is done as superuser, with the triggers off: what no grant prevents must at least be seen.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from people import World
from vinculum.access import audit
from vinculum.access.database import acting
from vinculum.config.scratch import ScratchDatabases

pytestmark = pytest.mark.database


@pytest.fixture(scope="module")
def world(databases: ScratchDatabases) -> World:
    made = World(databases)
    for number in range(3):
        made.make_dealer(f"Audited Dealer {number}")
    return made


@pytest.fixture
def admin(world: World, databases: ScratchDatabases) -> Iterator[psycopg.Connection]:
    """A superuser's transaction with all triggers off, taken back after the test."""
    with psycopg.connect(databases.admin_state_url) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")
        yield connection
        connection.rollback()


def _busy_shard(connection: psycopg.Connection) -> int:
    row = connection.execute("SELECT shard FROM audit.head ORDER BY sequence DESC LIMIT 1").fetchone()
    assert row is not None
    return int(row[0])


def test_untouched_trail_holds(admin: psycopg.Connection) -> None:
    """Control: without tampering nothing is found, in every shard that has events."""
    verdict = audit.verify(admin)
    assert verdict.holds, verdict.faults
    assert verdict.events > 20


def test_event_tells_who_where_and_what(world: World, admin: psycopg.Connection) -> None:
    """An event names person, organisation, role, credential, address, request, terminal, act and both images."""
    administrator = world.administrator()
    code, name = f"A{datetime.now(UTC):%H%M%S%f}", "Told Dealer"
    from vinculum.access import people

    made = people.add_organisation(administrator, kind="dealer", code=code, name=name)
    rows = admin.execute(
        "SELECT payload FROM audit.event WHERE payload::jsonb #>> '{after,id}' = %s", (str(made),)
    ).fetchall()
    assert len(rows) == 1
    told = json.loads(rows[0][0])
    assert told["person"] == str(administrator.person_id)
    assert told["organisation"] == str(administrator.organisation_id)
    assert told["role"] == "dmv_administrator"
    assert told["address"] == administrator.client_address
    assert told["request"] == administrator.request_id
    assert told["terminal"] == "T1"
    assert told["act"] == "create_organisation"
    assert (told["table"], told["operation"], told["before"]) == ("access.organisation", "INSERT", None)
    assert told["after"]["code"] == code


def test_touching_a_session_is_no_event(
    world: World, databases: ScratchDatabases, admin: psycopg.Connection
) -> None:
    """Being seen is not an event; being revoked is one, with the moment before and after."""
    clerk = world.make_dealer().clerk
    from vinculum.access import people

    people.close_sessions(clerk, person_id=clerk.person_id)
    rows = admin.execute(
        "SELECT payload::jsonb FROM audit.event WHERE payload::jsonb ->> 'table' = 'access.credential'"
        " AND payload::jsonb #>> '{after,person_id}' = %s ORDER BY recorded_at",
        (str(clerk.person_id),),
    ).fetchall()
    assert [(row[0]["operation"], row[0]["after"]["revoked_at"] is None) for row in rows] == [
        ("INSERT", True),
        ("UPDATE", False),
    ]
    assert clerk.credential not in json.dumps([row[0] for row in rows])


def test_changed_sign_in_is_an_event_without_its_secret(world: World, admin: psycopg.Connection) -> None:
    """A new password and a new second factor are events; neither hash nor key is told."""
    from vinculum.access import people

    person = world.make_dealer().clerk.person_id
    people.enrol(
        person_id=person, password="blue heron over the marsh", totp_secret="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    )
    rows = admin.execute(
        "SELECT payload::jsonb FROM audit.event WHERE payload::jsonb ->> 'table' LIKE 'public.%%'"
        " AND %s IN (payload::jsonb #>> '{after,id}', payload::jsonb #>> '{after,user_id}') ORDER BY recorded_at",
        (str(person),),
    ).fetchall()
    told = [(row[0]["table"], row[0]["operation"]) for row in rows]
    assert told[0] == ("public.access_person", "INSERT")
    assert told[1] == ("public.access_person", "UPDATE")
    assert told[2:] == [("public.mfa_authenticator", "INSERT")] * 2
    assert not [row for row in rows if {"password", "data"} & (row[0]["after"] or {}).keys()]


def test_edited_payload_is_found(admin: psycopg.Connection) -> None:
    """Changing what an event tells breaks its link."""
    edited = admin.execute(
        "UPDATE audit.event SET payload = replace(payload, 'create_organisation', 'create_organizatiom')"
        " WHERE (shard, sequence) = (SELECT shard, sequence FROM audit.event"
        " WHERE payload LIKE '%create_organisation%' ORDER BY shard, sequence LIMIT 1)"
    )
    assert edited.rowcount == 1
    verdict = audit.verify(admin)
    assert [fault.what for fault in verdict.faults] == ["its content is not what was linked"]


def test_edited_time_is_found(admin: psycopg.Connection) -> None:
    """The time column is not linked itself; it must be the time that the payload tells."""
    admin.execute(
        "UPDATE audit.event SET recorded_at = recorded_at - interval '1 day' WHERE shard = %s AND sequence = 1",
        (_busy_shard(admin),),
    )
    assert [fault.what for fault in audit.verify(admin).faults] == ["its time is not the time it tells"]


def test_removed_event_is_found(admin: psycopg.Connection) -> None:
    """An event taken out of the middle leaves a gap in the sequence."""
    admin.execute("DELETE FROM audit.event WHERE shard = %s AND sequence = 2", (_busy_shard(admin),))
    assert "events 2 to 2 are missing" in [fault.what for fault in audit.verify(admin).faults]


def test_cut_tail_is_found(admin: psycopg.Connection) -> None:
    """Events cut off the end no longer reach the head."""
    shard = _busy_shard(admin)
    admin.execute(
        "DELETE FROM audit.event WHERE shard = %s AND sequence >= (SELECT sequence FROM audit.head WHERE shard = %s)",
        (shard, shard),
    )
    assert not audit.verify(admin).holds


def test_swapped_events_are_found(admin: psycopg.Connection) -> None:
    """Two events cannot change places."""
    shard = _busy_shard(admin)
    admin.execute(
        "UPDATE audit.event SET sequence = 0 - sequence WHERE shard = %s AND sequence IN (1, 2)", (shard,)
    )
    admin.execute(
        "UPDATE audit.event SET sequence = 3 + sequence WHERE shard = %s AND sequence < 0", (shard,)
    )
    assert not audit.verify(admin).holds


def test_head_moved_back_needs_the_checkpoint(admin: psycopg.Connection, tmp_path: Path) -> None:
    """A tail cut together with its head looks whole from inside; the signed checkpoint finds it."""
    key = Ed25519PrivateKey.generate()
    audit.write_checkpoint(admin, directory=tmp_path, key=key, at=datetime.now(UTC))
    shard = _busy_shard(admin)
    admin.execute(
        "DELETE FROM audit.event WHERE shard = %s AND sequence = (SELECT sequence FROM audit.head WHERE shard = %s)",
        (shard, shard),
    )
    admin.execute(
        "UPDATE audit.head SET (sequence, hash) = (SELECT sequence, hash FROM audit.event WHERE shard = %s"
        " ORDER BY sequence DESC LIMIT 1) WHERE shard = %s",
        (shard, shard),
    )
    assert audit.verify(admin).holds
    verdict = audit.verify(admin, checkpoints=tmp_path, public_key=key.public_key())
    assert [fault.what for fault in verdict.faults] == ["a signed checkpoint noted this event and it is gone"]


def test_rebuilt_chain_needs_the_checkpoint(admin: psycopg.Connection, tmp_path: Path) -> None:
    """An administrator who rewrites an event and every link after it deceives the chain, not the checkpoint."""
    key = Ed25519PrivateKey.generate()
    audit.write_checkpoint(admin, directory=tmp_path, key=key, at=datetime.now(UTC))
    assert audit.verify(admin, checkpoints=tmp_path, public_key=key.public_key()).holds
    shard = _busy_shard(admin)
    previous = audit.genesis(shard)
    rows = admin.execute(
        "SELECT sequence, payload FROM audit.event WHERE shard = %s ORDER BY sequence", (shard,)
    ).fetchall()
    for sequence, payload in rows:
        forged = payload.replace("Audited", "Doctored").replace('"person":', '"person" :')
        link = audit.link_of(previous=previous, shard=shard, sequence=sequence, payload=forged)
        admin.execute(
            "UPDATE audit.event SET payload = %s, previous = %s, hash = %s WHERE shard = %s AND sequence = %s",
            (forged, previous, link, shard, sequence),
        )
        previous = link
    admin.execute("UPDATE audit.head SET hash = %s WHERE shard = %s", (previous, shard))
    assert audit.verify(admin).holds
    verdict = audit.verify(admin, checkpoints=tmp_path, public_key=key.public_key())
    assert [fault.what for fault in verdict.faults] == ["it is not the event that a signed checkpoint noted"]


def test_forged_checkpoint_is_refused(admin: psycopg.Connection, tmp_path: Path) -> None:
    """A checkpoint signed with another key, or changed, is refused; the database cannot make one."""
    key = Ed25519PrivateKey.generate()
    path = audit.write_checkpoint(admin, directory=tmp_path, key=key, at=datetime.now(UTC))
    with pytest.raises(audit.CheckpointRefused):
        audit.verify(admin, checkpoints=tmp_path, public_key=Ed25519PrivateKey.generate().public_key())
    path.write_text(path.read_text().replace("vinculum", "vinculvm"))
    with pytest.raises(audit.CheckpointRefused):
        audit.verify(admin, checkpoints=tmp_path, public_key=key.public_key())


def test_key_file_is_private(tmp_path: Path) -> None:
    """The signing key is its owner's alone, and reads back."""
    key = audit.make_key(tmp_path / "keys/audit.pem")
    assert (tmp_path / "keys/audit.pem").stat().st_mode & 0o777 == 0o600
    assert audit.read_key(tmp_path / "keys/audit.pem").public_key() == key.public_key()
    with pytest.raises(FileExistsError):
        audit.make_key(tmp_path / "keys/audit.pem")


def test_who_may_verify(world: World) -> None:
    """Administrators and the program read the trail through the database's function; a clerk or examiner do not."""
    for actor in (world.administrator(), world.system()):
        with acting(actor, act="verify_audit") as connection:
            assert audit.verify(connection).holds
    for actor in (world.make_dealer().clerk, world.examiner()):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            acting(actor, act="verify_audit") as connection,
        ):
            audit.read_heads(connection)

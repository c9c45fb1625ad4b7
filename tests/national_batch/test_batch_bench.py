"""The work bench: errors first, warnings grouped, a class of warnings set aside with a reason and never lost."""

import threading
from datetime import UTC, datetime

import psycopg
import pytest
from batch_room import BatchRoom, add, new_name
from counter import new_vin

from both_systems import world
from exchange_people import known_person, signed_in_person
from people import World
from signed_in import client_of
from vinculum.access.database import Actor, acting
from vinculum.config.scratch import ScratchDatabases
from vinculum.kernel.refusal import Refused
from vinculum.kernel.vin import check_digit
from vinculum.national.batch import work_bench
from vinculum.national.batch.work_bench import ACT, Bench
from vinculum.national.records.roster import forget_roster
from vinculum.national.transactions import admit_jurisdiction
from vinculum.protocol.problem import PROBLEM_KINDS
from vinculum.protocol.usual_resolutions import USUAL_RESOLUTIONS

__all__ = ["world"]

pytestmark = pytest.mark.database
_NOBODYS_STATES = iter(("IA", "IL", "IN", "KS", "KY", "MO", "MS", "MT", "ND", "SD", "TN", "WI"))
WHY = "Vehicles of before 1981 have short VINs."


@pytest.fixture
def clerk(world: World, room: BatchRoom) -> Actor:
    """A title clerk of a state that no other test uses."""
    return state_clerk(world, room, next(_NOBODYS_STATES))


def state_clerk(world: World, room: BatchRoom, code: str) -> Actor:
    with psycopg.connect(room.url) as connection:
        admit_jurisdiction.run(code, mode=3, at=datetime.now(UTC), connection=connection)
    forget_roster()
    return known_person(world, "title_clerk", "jurisdiction", code)


def bench_of(actor: Actor) -> Bench:
    with acting(actor, act=ACT, database="national") as connection:
        return work_bench.read_bench(connection, jurisdiction=actor.organisation_code, at=datetime.now(UTC))


def send(room: BatchRoom, actor: Actor, *records: dict[str, object], name: str = "") -> str:
    name = name or new_name()
    at = datetime.now(UTC)
    room.done(
        room.written("VINADD", records, state=actor.organisation_code, name=name),
        state=actor.organisation_code,
        at=at,
    )
    return name


def refusal(code: str, reason: str, actor: Actor) -> set[str]:
    with pytest.raises(Refused) as refused:
        work_bench.acknowledge(code=code, reason=reason, actor=actor, at=datetime.now(UTC))
    return {one.code for one in refused.value.refusals}


def test_every_code_is_explained() -> None:
    """N-503: each code there is has a cause and a usual resolution, the published ones under their exact names."""
    # V5x and V9x are said on line only; they are explained where somebody has asked.
    on_line = {code for code in PROBLEM_KINDS if code.startswith(("V5", "V9"))}
    assert set(PROBLEM_KINDS) - on_line <= set(USUAL_RESOLUTIONS)
    assert {"20B", "21A", "21C", "21D", "222", "401"} <= set(USUAL_RESOLUTIONS)
    for code, said in USUAL_RESOLUTIONS.items():
        assert said.cause.endswith((".", ":")), code
        assert said.resolution.endswith("."), code


def test_acknowledged_is_set_aside_not_lost(room: BatchRoom, world: World, clerk: Actor) -> None:
    """N-503: errors first, warnings by count; an acknowledged one is set aside, counted, shown, and taken up again."""
    vin = new_vin()
    first = send(room, clerk, add("1234567", "S1"), add("2345678", "S2"), add(vin, "S3"))
    last = send(room, clerk, add("3456789", "S4"), add(vin, "S3"))
    bench = bench_of(clerk)
    assert [(group.code, group.count, group.last_file) for group in bench.errors] == [("401", 1, last)]
    short = bench.warnings[0]
    assert (short.code, short.count, short.files, short.last_file) == ("20B", 3, 2, last)
    assert short.explained is not None
    work_bench.acknowledge(code="20B", reason=WHY, actor=clerk, at=datetime.now(UTC))
    assert refusal("20B", WHY, clerk) == {"warning_acknowledged_already"}
    send(room, clerk, add("4567890", "S5"))
    bench = bench_of(clerk)
    assert "20B" not in {group.code for group in bench.warnings}
    ((known, group),) = bench.set_aside
    assert (known.reason, known.acknowledged_by_name, group and group.count) == (WHY, clerk.person_name, 4)
    page = client_of(signed_in_person(world, "title_clerk", "jurisdiction", clerk.organisation_code))
    shown = page.get("/title-exchange/bench/").content.decode()
    assert WHY in shown
    file_id = next(one for one in shown.split("/title-exchange/files/")[1:] if one[36:37] == "/")[:36]
    whole = page.get(f"/title-exchange/files/{file_id}/").content.decode()
    assert "set aside</span>" in whole
    with psycopg.connect(room.url) as connection:
        file = connection.execute(
            "SELECT file_id FROM exchange.batch_file WHERE sender_file_id = %s", (first,)
        ).fetchone()
    assert file is not None
    everything = page.get(f"/title-exchange/files/{file[0]}/").content.decode()
    to_work = page.get(f"/title-exchange/files/{file[0]}/", {"set_aside": "no"}).content.decode()
    assert ("1234567" in everything, "1234567" in to_work) == (True, False)
    work_bench.take_up(code="20B", actor=clerk, at=datetime.now(UTC))
    with pytest.raises(Refused):
        work_bench.take_up(code="20B", actor=clerk, at=datetime.now(UTC))
    bench = bench_of(clerk)
    assert (bench.set_aside, bench.warnings[0].count) == ((), 4)
    again_to_work = page.get(f"/title-exchange/files/{file[0]}/", {"set_aside": "no"}).content.decode()
    assert "1234567" in again_to_work
    assert [one.taken_up_by_name for one in bench.earlier] == [clerk.person_name]


def test_most_frequent_warning_is_worked_first(room: BatchRoom, clerk: Actor) -> None:
    """N-503: what recurs most stands first, whatever its code is called."""
    vins = [vin[:8] + check_digit(vin) + vin[9:] for vin in (new_vin(), new_vin())]
    corrected = [add(vin, f"F{place}", make="GIL") for place, vin in enumerate(vins)]
    send(room, clerk, add("5678901", "F9"), *corrected)
    assert [(group.code, group.count) for group in bench_of(clerk).warnings] == [("V60", 2), ("20B", 1)]


def test_only_warnings_with_a_reason(room: BatchRoom, clerk: Actor) -> None:
    """N-503: an error is corrected, not acknowledged; who sets something aside says why."""
    assert refusal("401", WHY, clerk) == {"warning_unknown"}
    assert refusal("XXX", "short", clerk) == {"warning_unknown", "acknowledgement_reason_missing"}
    assert refusal("20B", "x" * 501, clerk) == {"acknowledgement_reason_missing"}


def test_another_state_sees_and_changes_nothing(room: BatchRoom, world: World, clerk: Actor) -> None:
    """N-503: a jurisdiction sets aside for itself; the database shows and gives it no other's, and audits each."""
    other = state_clerk(world, room, "ID")
    at = datetime.now(UTC)
    work_bench.acknowledge(code="21D", reason=WHY, actor=clerk, at=at)
    assert bench_of(other).set_aside == ()
    with pytest.raises(Refused):
        work_bench.take_up(code="21D", actor=other, at=at)
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        acting(other, act=ACT, database="national") as connection,
    ):
        connection.execute(
            "INSERT INTO exchange.acknowledged_warning VALUES ('DE', '21A', %s, %s, 'X', %s)",
            (at, other.person_id, WHY),
        )
    for changed in ("reason = 'another reason'", "acknowledged_by_name = 'X'"):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            acting(clerk, act=ACT, database="national") as connection,
        ):
            connection.execute(f"UPDATE exchange.acknowledged_warning SET {changed}")
    work_bench.take_up(code="21D", actor=clerk, at=datetime.now(UTC))
    with psycopg.connect(world.databases.admin_national_url) as connection:
        audited = connection.execute(
            "SELECT payload::jsonb ->> 'operation' FROM audit.event WHERE payload::jsonb ->> 'person' = %s"
            " AND payload::jsonb ->> 'table' = 'exchange.acknowledged_warning' ORDER BY sequence",
            (str(clerk.person_id),),
        ).fetchall()
    assert audited == [("INSERT",), ("UPDATE",)]


@pytest.mark.parametrize("walled", [True, False], ids=["wall", "twin"])
def test_two_clerks_acknowledge_at_once(
    room: BatchRoom, world: World, databases: ScratchDatabases, walled: bool
) -> None:
    """N-503: of two who set the same warning aside at once one does; without the index there would be two rows."""
    code = "MI" if walled else "MN"
    clerks = [state_clerk(world, room, code), state_clerk(world, room, code)]
    index = (
        "CREATE UNIQUE INDEX acknowledged_warning_once_at_a_time ON exchange.acknowledged_warning"
        " (jurisdiction, code) WHERE taken_up_at IS NULL"
    )
    if not walled:
        _as_owner(databases, "DROP INDEX exchange.acknowledged_warning_once_at_a_time")
    try:
        kept = _both_insert(clerks, code)
    finally:
        if not walled:
            _as_owner(databases, f"DELETE FROM exchange.acknowledged_warning WHERE jurisdiction = '{code}'")
            _as_owner(databases, index)
    assert kept == (1 if walled else 2)


def _both_insert(clerks: list[Actor], code: str) -> int:
    ready, done = threading.Barrier(2), []

    def insert(clerk: Actor) -> None:
        at = datetime.now(UTC)
        with acting(clerk, act=ACT, database="national") as connection:
            ready.wait(timeout=10)
            done.append(
                connection.execute(
                    "INSERT INTO exchange.acknowledged_warning (jurisdiction, code, acknowledged_at,"
                    " acknowledged_by, acknowledged_by_name, reason) VALUES (%s, '20B', %s, %s, 'X', %s)"
                    " ON CONFLICT DO NOTHING",
                    (code, at, clerk.person_id, WHY),
                ).rowcount
            )

    threads = [threading.Thread(target=insert, args=(clerk,)) for clerk in clerks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return sum(done)


def _as_owner(databases: ScratchDatabases, statement: str) -> None:
    with psycopg.connect(databases.admin_national_url) as connection:
        connection.execute("SET ROLE vinculum_owner")
        connection.execute(statement)

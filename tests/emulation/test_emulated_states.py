"""Eight emulated states play against real server processes; what they see is true, and what is broken they see."""

import dataclasses
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from both_systems import National
from people import World
from records_after_a_storm import broken
from vinculum.access import service
from vinculum.config.demo import server_arguments
from vinculum.config.scratch import ScratchDatabases
from vinculum.entrypoints.emulation import wire as wires
from vinculum.entrypoints.emulation.answering import answering
from vinculum.entrypoints.emulation.cast import COMPANY, NotPlayed, Part, company
from vinculum.entrypoints.emulation.country import Country
from vinculum.entrypoints.emulation.play import Plan, play
from vinculum.entrypoints.emulation.promises import broken_promises
from vinculum.entrypoints.emulation.watch import Watch
from vinculum.entrypoints.exchange.admission import admit, issue_key
from vinculum.kernel.vin import model_year_candidates
from vinculum.national.investigations.thresholds import MOST_MILES_PER_DAY, ROAD_MILES_PER_DAY
from vinculum.national.records.vehicle import read_vehicle
from vinculum.protocol.inquiry import CurrentTitle, InquiryAnswer, TitleInHistory, TitleStanding
from vinculum.protocol.update_answer import UpdateAnswer

pytestmark = pytest.mark.database
TURNS = int(os.environ.get("VINCULUM_EMULATED_TURNS", "16"))
STORM_VINS = int(os.environ.get("VINCULUM_EMULATED_VINS", "3"))
STORM_RATE = float(os.environ.get("VINCULUM_EMULATED_RATE", "60"))
STORM_SECONDS = float(os.environ.get("VINCULUM_EMULATED_SECONDS", "3"))
LIKE: dict[str, Any] = {"make": "FORD", "model_year": 2024, "odometer": 9, "odometer_unit": "M"}
# With this one everything that is looked for below comes up within those turns.
SEED = 5


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def keys(world: World, national: National) -> dict[str, str]:
    """Every state of the company, admitted in its mode, with a key."""
    given, at = {}, datetime.now(UTC)
    for part in COMPANY:
        organisation = admit(service.actor(), code=part.code, mode=part.mode, at=at, grace_days=3650)
        given[part.code] = issue_key(
            service.actor(),
            door="messages",
            organisation_id=organisation,
            client=f"emulator {uuid4()}",
            expires_at=at + timedelta(days=1),
            live=False,
        ).secret
    return given


@pytest.fixture(scope="module")
def address(
    databases: ScratchDatabases, keys: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The product's own server and jobs, asking the emulated states' own programs."""
    kept, port = tmp_path_factory.mktemp("emulation"), free_port()
    with answering(COMPANY) as programs:
        settings = {
            **os.environ,
            "DATABASE_URL": databases.state_url,
            "NATIONAL_DATABASE_URL": databases.national_url,
            "VINCULUM_SERVICE_KEY": service.actor().credential,
            "VINCULUM_DATA_DIR": str(kept),
            "VINCULUM_ANSWERING_STATES": programs,
            "VINCULUM_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "vinculum.config.settings",
        }
        commands = (
            ["-m", "granian", *server_arguments(host="127.0.0.1", port=port)],
            ["-m", "vinculum.config.run_jobs"],
        )
        with (kept / "log").open("ab") as log:
            running = [
                subprocess.Popen(
                    [sys.executable, *command], env=settings, stdout=log, stderr=log, start_new_session=True
                )
                for command in commands
            ]
        try:
            await_server(port, running[0], kept / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            for process in running:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def await_server(port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        assert server.poll() is None, log.read_text(encoding="utf-8")[-2000:]
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server did not answer")


def test_company_plays_in_every_mode(address: str, keys: dict[str, str]) -> None:
    """N-106, N-202, N-309: eight states by message, file and browser; slow, silent, wrong, erring."""
    plan = Plan(address=address, keys=keys, parts=company(8), seed=SEED, run="test", vehicles=10, turns=TURNS)
    watch = play(plan)
    assert watch.breaches == []
    assert set(watch.sent) >= {
        "used_vehicle_inquiry",
        "add_title",
        "in_state_change",
        "change_of_state_of_title",
        "garbled",
        "web_look",
    }
    assert watch.files["applied"] >= 2
    assert watch.files["lines of answers"] > 0
    assert watch.warned["20B"] > 0, "clerks who err write short VINs"
    assert watch.warned["V93"] > 0, "slow, silent and wrong programs leave their part missing"
    assert watch.warned["V67"] > 0, "late titles join the history"
    assert watch.refused["V04"] > 0, "who reports by file is refused on line"
    assert watch.statuses[400] > 0
    assert watch.retries + sum(watch.sent.values()) > len(COMPANY) * TURNS / 2


def test_same_run_says_the_same(address: str, keys: dict[str, str]) -> None:
    """N-309: a run in turn is repeatable: its messages were answered before, and are answered the same way."""
    parts = tuple(Part.read(f"{code}:1") for code in ("PA", "MD", "VA"))
    run = str(uuid4())
    first = Country(seed=5, run=run, vehicles=4)
    assert first.vehicles == Country(seed=5, run=run, vehicles=4).vehicles
    assert first.vehicles != Country(seed=5, run=f"{run}b", vehicles=4).vehicles
    plan = Plan(address=address, keys=keys, parts=parts, seed=5, run=run, vehicles=4, turns=6)
    watch = play(plan)
    assert watch.breaches == []
    again = play(plan)
    assert again.breaches == []
    assert (again.sent, again.titles) == (watch.sent, watch.titles)
    assert again.refused == watch.refused, "a message that says something else would be refused with V03"
    assert watch.titles.keys() <= {vehicle.vin for vehicle in first.vehicles}


def test_storm_of_emulated_states(address: str, keys: dict[str, str], databases: ScratchDatabases) -> None:
    """N-309, N-103, N-305: the whole company at once, slow, silent and wrong states among them: each record stays one.

    What each state heard and what is on record agree, and the invariants of the storm without emulated states hold.
    """
    plan = Plan(
        address=address,
        keys=keys,
        parts=company(8),
        seed=8,
        run=str(uuid4()),
        vehicles=STORM_VINS,
        rate=STORM_RATE,
        seconds=STORM_SECONDS,
    )
    watch = play(plan)
    assert watch.breaches == []
    assert watch.unanswered == 0, "such an update may be on record or not"
    with psycopg.connect(databases.national_url) as connection:
        faults = {
            vin: broken(read_vehicle(connection, vin), accepted=len(titles))
            for vin, titles in watch.titles.items()
        }
    assert {vin: found for vin, found in faults.items() if found} == {}
    assert sum(map(len, watch.titles.values())) > STORM_VINS
    assert watch.refused, "states raced for titles, and some came too late"


def told(address: str, **other: object) -> UpdateAnswer:
    given = {
        "message_id": uuid4(),
        "vin": "1E9EM0000RE000001",
        "accepted": True,
        "answered_at": datetime(2026, 3, 2, tzinfo=UTC),
        "effect": "pointer_moved",
    }
    return UpdateAnswer(**(given | other))  # type: ignore[arg-type]


def test_what_is_played_well_is_possible() -> None:
    """N-405: a vehicle is as old as its VIN says, its odometer grows with its days: only bad habits make findings."""
    country, dice = Country(seed=1, run="possible", vehicles=3), random.Random(1)
    for vehicle in country.vehicles:
        assert vehicle.model_year in model_year_candidates(vehicle.vin)
        day = country.next_day(None, dice)
        # A late state's title may be 300 days older than the first, and a clone is of the year before.
        assert (day - timedelta(days=300)).year >= vehicle.model_year - 1
        for _ in range(30):
            later = country.next_day(day, dice)
            assert (later - day).days * ROAD_MILES_PER_DAY > 2_000
            assert (
                0 < country.odometer(later) - country.odometer(day) < (later - day).days * MOST_MILES_PER_DAY
            )
            day = later
        assert country.odometer(day, cloned=True) - country.odometer(day) > MOST_MILES_PER_DAY


def test_watch_sees_what_is_broken() -> None:
    """N-309: two answers to one message, two winners of one title, a refusal without reason: each is seen."""
    watch = Watch()
    first = told("")
    watch.note_update(first, b'{"a":1}', old=("NY", "1"))
    watch.note_update(first, b'{"a": 1}', old=("NY", "1"))
    assert watch.breaches == []
    watch.note_update(first, b'{"a":2}', old=("NY", "1"))
    watch.note_update(told(""), b'{"b":1}', old=("NY", "1"))
    watch.note_answer("add_title", refused=True, problems=())
    assert [breach.split()[0] for breach in watch.breaches] == ["message", "two", "add_title"]
    assert "BROKEN" in watch.words(seconds=1)


def test_broken_record_is_seen() -> None:
    """N-103, N-309: a title lost or there twice, a pointer beside the history, an old title shown: each is seen."""

    def title(number: str, day: int, standing: TitleStanding) -> TitleInHistory:
        return TitleInHistory(
            **LIKE,
            jurisdiction="PA",
            title_number=number,
            issue_date=date(2024, 5, day),
            transaction_type="AD",
            transaction_at=datetime(2026, 3, 2, tzinfo=UTC),
            standing=standing,
        )

    def pointer(number: str, day: int) -> CurrentTitle:
        return CurrentTitle(**LIKE, jurisdiction="PA", title_number=number, issue_date=date(2024, 5, day))

    whole = InquiryAnswer(
        message_id=uuid4(),
        vin="1E9EM0000RE000001",
        answered=True,
        answered_at=datetime(2026, 3, 2, tzinfo=UTC),
        pointers=(pointer("B", 2),),
        history=(title("B", 2, "current"), title("A", 1, "former")),
    )
    accepted = {("PA", "A"), ("PA", "B")}
    assert list(broken_promises(whole, accepted=accepted)) == []
    for changes, said in (
        ({"history": (title("B", 2, "current"),)}, "is lost"),
        ({"history": (*whole.history, title("A", 1, "former"))}, "stands 2 times"),
        ({"pointers": (*whole.pointers, pointer("A", 1))}, "other current titles"),
        ({"pointers": ()}, "shows none"),
        ({"history": (title("B", 2, "current"), title("A", 3, "former"))}, "its latest"),
    ):
        record = dataclasses.replace(whole, **changes)  # type: ignore[arg-type]
        assert any(said in words for words in broken_promises(record, accepted=accepted)), said


def test_lost_title_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """N-309: an exchange that accepts and forgets is found out at the end."""

    def forgetful(self: wires.Wire, path: str, body: bytes) -> httpx.Response:
        asked = json.loads(body)
        said = {"message_id": asked["message_id"], "vin": asked["vin"], "answered_at": "2026-03-02T00:00:00Z"}
        said |= (
            {"answered": True}
            if "inquiry" in asked["message"]
            else {"accepted": True, "effect": "title_added"}
        )
        return httpx.Response(200, json=said)

    monkeypatch.setattr(wires.Wire, "_post", forgetful)
    parts = (Part.read("PA"), Part.read("VA"))
    watch = play(
        Plan(address="http://127.0.0.1:1", keys={"PA": "x", "VA": "y"}, parts=parts, vehicles=2, turns=3)
    )
    assert any("is lost" in breach for breach in watch.breaches)


def test_parts_are_read_strictly() -> None:
    """Parts of the command line: mode, manner and habits, and a refusal that says what is played."""
    part = Part.read("nj:2:slow,typos,late")
    assert (part.code, part.mode, part.manner, part.habits) == ("NJ", 2, "slow", {"typos", "late"})
    for wrong in ("N", "NJ:5", "NJ:1:lazy"):
        with pytest.raises(NotPlayed):
            Part.read(wrong)
    with pytest.raises(NotPlayed):
        company(9)


def test_command_says_what_it_saw(address: str, keys: dict[str, str], tmp_path: Path) -> None:
    """`vinculum exchange emulate` plays with given keys, needs no database, and prints what was done as JSON."""
    (tmp_path / "keys").write_text(json.dumps(keys), encoding="utf-8")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "vinculum.config.command", "exchange", "emulate", "--json"),
            *("--address", address, "--keys", str(tmp_path / "keys"), "--states", "PA:1;VA:1:washed"),
            *("--turns", "4", "--vehicles", "3"),
        ],
        env={**os.environ, "VINCULUM_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    seen = SimpleNamespace(**json.loads(done.stdout))
    assert seen.breaches == []
    assert seen.sent["add_title"] > 0

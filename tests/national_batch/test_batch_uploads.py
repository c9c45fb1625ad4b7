"""Files in pieces: gone on with after every kind of break, and whole in the end or not taken at all (tus 1.0.0)."""

import base64
import fcntl
import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from uuid import UUID
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import psycopg
import pytest
from batch_room import BatchRoom, add, new_name, program_key
from counter import new_vin
from django.http import UnreadablePostError
from django.test import Client

from both_systems import world
from people import World
from vinculum.access.database import Actor, acting
from vinculum.config.scratch import ScratchDatabases
from vinculum.entrypoints.batch_spool import spool
from vinculum.entrypoints.cli import upload_file
from vinculum.entrypoints.cli.main import main
from vinculum.entrypoints.cli.station import Station
from vinculum.entrypoints.exchange.clients import recognise_client
from vinculum.entrypoints.jobs.batch_files import apply_one, sweep_uploads
from vinculum.national.batch import uploads as upload_law
from vinculum.national.batch.partial_file import HeldByAnother
from vinculum.national.batch.uploads import Piece, TooManyUploads, UploadEnded, Uploads
from vinculum.national.records.roster import forget_roster
from vinculum.national.transactions import admit_jurisdiction

__all__ = ["world"]

pytestmark = pytest.mark.database
ACT = "report_to_exchange"
WHERE = "/exchange/v1/uploads"
VICTIM = Path(__file__).with_name("upload_victim.py")
_TUS = {"Tus-Resumable": "1.0.0"}


@pytest.fixture(scope="module")
def keys(databases: ScratchDatabases, room: BatchRoom, world: World) -> dict[str, str]:
    codes = ("AR", "OK", "HI")
    with psycopg.connect(room.url) as connection:
        for code in codes:
            admit_jurisdiction.run(code, mode=3, at=datetime.now(UTC), connection=connection)
    forget_roster()
    return {code: program_key(databases, code) for code in codes}


class Program:
    """A jurisdiction's program that speaks tus."""

    def __init__(self, key: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {key}"})

    def begin(self, length: int, **more: str) -> Any:
        return self.client.post(WHERE, headers=_TUS | {"Upload-Length": str(length)} | more)

    def place(self, content: bytes) -> str:
        answer = self.begin(len(content))
        assert answer.status_code == 201, answer.content
        where: str = answer.headers["Location"]
        return where

    def patch(self, place: str, offset: int, piece: bytes, **more: str) -> Any:
        return self.client.patch(
            place,
            piece,
            content_type=more.pop("kind", "application/offset+octet-stream"),
            headers=_TUS | {"Upload-Offset": str(offset)} | more,
        )

    def offset(self, place: str) -> int:
        answer = self.client.head(place, headers=_TUS)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"].count("no-store") == 1
        return int(answer.headers["Upload-Offset"])


def checksum(piece: bytes, algorithm: str = "sha256") -> dict[str, str]:
    digest = base64.b64encode(hashlib.new(algorithm, piece).digest()).decode()
    return {"Upload-Checksum": f"{algorithm} {digest}"}


def file_of(room: BatchRoom, state: str, *, records: int = 3) -> bytes:
    return room.written("VINADD", [add(new_vin(), f"U{n}") for n in range(records)], state=state)


def uploads_of(key: str, *, at: datetime | None = None) -> Uploads:
    client: Actor = recognise_client(key, act=ACT)
    return Uploads(
        connect=lambda: acting(client, act=ACT, database="national"),
        spool=spool(),
        jurisdiction=client.organisation_code,
        by="test",
        clock=lambda: at or datetime.now(UTC),
        acts=frozenset({"update"}),
    )


def id_of(place: str) -> UUID:
    return UUID(place.rsplit("/", 1)[1])


def test_in_pieces(room: BatchRoom, keys: dict[str, str]) -> None:
    """N-501: begun, sent in pieces, asked how far, finished: the file waits as any other, and is applied."""
    program, content = Program(keys["AR"]), file_of(room, "AR")
    told = program.client.options(WHERE)
    assert (told.headers["Tus-Version"], told.headers["Tus-Extension"]) == (
        "1.0.0",
        "creation,checksum,expiration,termination",
    )
    place, half = program.place(content), len(content) // 2
    assert program.offset(place) == 0
    first = program.patch(place, 0, content[:half], **checksum(content[:half]))
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, str(half))
    assert "Upload-Expires" in first.headers
    assert program.offset(place) == half
    override = program.client.post(
        place,
        content[half:],
        content_type="application/offset+octet-stream",
        headers=_TUS | {"Upload-Offset": str(half), "X-HTTP-Method-Override": "PATCH"},
    )
    assert override.status_code == 204
    assert override.headers["Tus-Resumable"] == "1.0.0"
    told = program.client.get(place).json()
    assert (told["state"], told["received"]) == ("taken", len(content))
    while apply_one(now=lambda: datetime.now(UTC)) is not None:
        pass
    assert program.client.get(f"/exchange/v1/files/{told['file_id']}").json()["counts"]["valid"] == 3
    assert program.patch(place, len(content), b"x").status_code == 410
    again = program.place(content)
    program.patch(again, 0, content)
    assert program.client.get(again).json()["file_id"] == told["file_id"], "the same file is the same file"


def test_what_does_not_fit(room: BatchRoom, keys: dict[str, str]) -> None:
    """N-505: a wrong offset, checksum, length, kind or version is refused by name, and nothing of it is kept."""
    program, content = Program(keys["AR"]), file_of(room, "AR")
    place = program.place(content)
    assert program.patch(place, 0, content[:10]).status_code == 204
    for offset in (0, 9, 11):
        wrong = program.patch(place, offset, content[10:20])
        assert (wrong.status_code, wrong.headers["Upload-Offset"]) == (409, "10")
    garbled = program.patch(place, 10, b"y" * 10, **checksum(content[10:20]))
    assert (garbled.status_code, garbled.reason_phrase) == (460, "Checksum Mismatch")
    assert program.patch(place, 10, content[10:] + b"more").status_code == 413
    assert program.patch(place, 10, content[10:], **{"Upload-Checksum": "md5 AAAA"}).status_code == 400
    assert program.patch(place, 10, content[10:], **{"Upload-Checksum": "sha256 %%"}).status_code == 400
    assert program.patch(place, 10, content[10:], kind="text/plain").status_code == 415
    assert program.patch(place, 10, content[10:], **{"Tus-Resumable": "0.2.2"}).status_code == 412
    assert program.client.head(place).status_code == 412
    assert program.begin(0).status_code == 400
    assert program.begin(9 * 1024**3).status_code == 413
    assert program.begin(5, **{"Upload-Defer-Length": "1"}).status_code == 400
    assert program.client.put(place, headers=_TUS).status_code == 405
    assert program.offset(place) == 10
    assert program.patch(place, 10, content[10:], **checksum(content[10:], "sha1")).status_code == 204
    assert program.client.get(place).json()["state"] == "taken"


def test_refused_when_whole(room: BatchRoom, keys: dict[str, str]) -> None:
    """N-501: a file that is not taken says line and reason; its upload is over and its part gone."""
    program, content = Program(keys["AR"]), file_of(room, "OK")
    place = program.place(content)
    assert program.patch(place, 0, content).status_code == 204
    told = program.client.get(place).json()
    assert (told["state"], told["fault"]["code"], told["fault"]["line"]) == ("refused", "V85", 1)
    assert not (spool().directory / "partial" / str(id_of(place))).exists()


def test_connection_breaks(room: BatchRoom, keys: dict[str, str]) -> None:
    """N-505: what arrived before a break counts, unless it was to be held against a checksum; the rest follows."""
    own, content = uploads_of(keys["AR"]), file_of(room, "AR", records=50)
    upload = own.begin(byte_count=len(content))

    def breaking(piece: bytes) -> Iterator[bytes]:
        yield piece
        raise UnreadablePostError("connection lost")

    with pytest.raises(UnreadablePostError):
        own.append(upload.upload_id, Piece(offset=0, blocks=breaking(content[:100])))
    assert own.find(upload.upload_id).received == 100
    with pytest.raises(UnreadablePostError):
        own.append(
            upload.upload_id,
            Piece(offset=100, blocks=breaking(b"never checked"), algorithm="sha256", digest=b"x"),
        )
    assert own.find(upload.upload_id).received == 100
    done = own.append(upload.upload_id, Piece(offset=100, blocks=[content[100:]]))
    assert done.state == "taken"
    assert _spooled(done.file_id) == content


def _spooled(file_id: UUID | None) -> bytes:
    from vinculum.access.database import connected

    with connected("national") as connection:
        row = connection.execute(
            "SELECT content_name FROM exchange.batch_file WHERE file_id = %s", (file_id,)
        ).fetchone()
    assert row is not None
    with spool().open(row[0]) as stream:
        return stream.read()


@pytest.mark.parametrize("walled", [True, False], ids=["wall", "twin"])
def test_two_writers(
    room: BatchRoom, keys: dict[str, str], monkeypatch: pytest.MonkeyPatch, walled: bool
) -> None:
    """N-505: of two that write at once one is told so; without the lock their bytes run into each other."""
    if not walled:
        monkeypatch.setattr(fcntl, "flock", lambda *_: None)
    own, content = uploads_of(keys["AR"]), file_of(room, "AR", records=50)
    upload = own.begin(byte_count=len(content))
    begun, go_on = threading.Event(), threading.Event()
    told: list[BaseException] = []

    def slowly() -> Iterator[bytes]:
        yield content[:50]
        begun.set()
        assert go_on.wait(timeout=20)
        yield content[50:]

    def write() -> None:
        try:
            own.append(upload.upload_id, Piece(offset=0, blocks=slowly()))
        except Exception as fault:  # noqa: BLE001 - looked at below
            told.append(fault)

    thread = threading.Thread(target=write)
    thread.start()
    assert begun.wait(timeout=20)
    try:
        if walled:
            with pytest.raises(HeldByAnother):
                own.append(upload.upload_id, Piece(offset=0, blocks=[b"z" * 70]))
        else:
            own.append(upload.upload_id, Piece(offset=0, blocks=[b"z" * 70]))
    finally:
        go_on.set()
        thread.join(timeout=20)
    found = own.find(upload.upload_id)
    if walled:
        assert (told, found.state) == ([], "taken")
        assert _spooled(found.file_id) == content
    else:
        assert found.state != "taken", "the two have spoilt each other's file"


def test_server_is_killed(
    room: BatchRoom, keys: dict[str, str], databases: ScratchDatabases, tmp_path: Path
) -> None:
    """N-504: killed in the middle of a piece, what was kept before counts and the file goes on from there."""
    own = uploads_of(keys["OK"])
    upload = own.begin(byte_count=40 * 1024**2)
    done = subprocess.run(
        [
            sys.executable,
            str(VICTIM),
            str(spool().directory),
            str(upload.upload_id),
            keys["OK"],
            str(20 * 1024**2),
        ],
        env=os.environ | {"NATIONAL_DATABASE_URL": databases.national_url},
        timeout=60,
    )
    assert done.returncode == -9
    found = own.look(upload.upload_id)
    assert (found.received, found.state) == (16 * 1024**2, "open")
    own.append(upload.upload_id, Piece(offset=found.received, blocks=[b"more"]))
    assert own.find(upload.upload_id).received == found.received + 4
    part = spool().directory / "partial" / str(upload.upload_id)
    assert part.stat().st_size == found.received + 4, "what was written but not kept is gone"
    part.write_bytes(b"restored from an older copy")
    with pytest.raises(upload_law.WrongOffset) as lost:
        own.append(upload.upload_id, Piece(offset=found.received + 4, blocks=[b"x"]))
    assert lost.value.received == 27, "a part that lost bytes goes on from what is there"
    own.end(upload.upload_id)


def test_killed_between_whole_and_taken(room: BatchRoom, keys: dict[str, str]) -> None:
    """N-504: when the crash came after the last byte, asking takes the file."""
    program, content = Program(keys["AR"]), file_of(room, "AR")
    place = program.place(content)
    program.patch(place, 0, content[:-1])
    part = spool().directory / "partial" / str(id_of(place))
    with part.open("ab") as file:
        file.write(content[-1:])
    with uploads_of(keys["AR"]).connect() as connection:
        connection.execute(
            "UPDATE exchange.batch_upload SET received = byte_count WHERE upload_id = %s", (id_of(place),)
        )
    assert program.offset(place) == len(content)
    assert program.client.get(place).json()["state"] == "taken"
    assert not part.exists()


def test_own_uploads_only(room: BatchRoom, keys: dict[str, str]) -> None:
    """N-501: another state's upload is as if it did not exist, at the door and in the database."""
    ours, theirs, content = Program(keys["AR"]), Program(keys["HI"]), file_of(room, "AR")
    place = ours.place(content)
    assert theirs.client.head(place, headers=_TUS).status_code == 404
    assert theirs.client.get(place).status_code == 404
    assert theirs.patch(place, 0, content).status_code == 404
    assert theirs.client.delete(place, headers=_TUS).status_code == 404
    with uploads_of(keys["HI"]).connect() as connection:
        for statement in (
            "SELECT 1 FROM exchange.batch_upload WHERE upload_id = %s",
            "UPDATE exchange.batch_upload SET state = 'ended' WHERE upload_id = %s",
        ):
            assert connection.execute(statement, (id_of(place),)).rowcount == 0
    assert ours.client.delete(place, headers=_TUS).status_code == 204
    assert ours.client.head(place, headers=_TUS).status_code == 410
    assert ours.patch(place, 0, content).status_code == 410


def test_who_sends_no_files_begins_no_upload(room: BatchRoom, databases: ScratchDatabases) -> None:
    """N-106: a state on line is told before the first byte, not with the last one."""
    with psycopg.connect(room.url) as connection:
        admit_jurisdiction.run("CO", mode=1, at=datetime.now(UTC), connection=connection)
    forget_roster()
    answer = Program(program_key(databases, "CO")).begin(10**9)
    assert answer.status_code == 422
    assert "V04 CO takes part in mode 1" in answer.json()["detail"]


def test_limits_and_sweep(room: BatchRoom, keys: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """N-505: a state has few uploads open and few bytes announced; what nobody goes on with is swept."""
    old = datetime.now(UTC) - upload_law.KEPT_OPEN - timedelta(minutes=1)
    past, own = uploads_of(keys["HI"], at=old), uploads_of(keys["HI"])
    stale = past.begin(byte_count=100)
    past.append(stale.upload_id, Piece(offset=0, blocks=[b"x" * 10]))
    part = spool().directory / "partial" / str(stale.upload_id)
    assert part.exists()
    with pytest.raises(UploadEnded):
        own.append(stale.upload_id, Piece(offset=10, blocks=[b"x"]))
    fresh = [own.begin(byte_count=100) for _ in range(upload_law.MOST_OPEN)]
    with pytest.raises(TooManyUploads):
        own.begin(byte_count=1)
    assert Program(keys["HI"]).begin(1).status_code == 429
    own.append(fresh[0].upload_id, Piece(offset=0, blocks=[b"x" * 10]))
    assert sweep_uploads(at=datetime.now(UTC)) >= 1
    assert (part.exists(), past.find(stale.upload_id).state) == (False, "ended")
    assert own.find(fresh[0].upload_id).received == 10, "what goes on is left alone"
    own.append(fresh[0].upload_id, Piece(offset=10, blocks=[b"x" * 10]))
    for upload in fresh:
        own.end(upload.upload_id)
    monkeypatch.setattr(upload_law, "MOST_BYTES_OPEN", 99)
    with pytest.raises(TooManyUploads):
        own.begin(byte_count=100)


class _Meeting:
    """A connection whose transactions meet before they write; without the wall they do not wait for each other."""

    def __init__(self, connection: Any, *, meeting: threading.Barrier, walled: bool) -> None:
        self._connection, self._meeting, self._walled = connection, meeting, walled

    def execute(self, statement: str, values: Any) -> Any:
        if "FOR NO KEY UPDATE" in statement and not self._walled:
            return None
        if statement.startswith("INSERT"):
            with suppress(threading.BrokenBarrierError):
                self._meeting.wait(timeout=1)
        return self._connection.execute(statement, values)


@pytest.mark.parametrize("walled", [True, False], ids=["wall", "twin"])
def test_two_begin_at_once(
    room: BatchRoom, keys: dict[str, str], monkeypatch: pytest.MonkeyPatch, walled: bool
) -> None:
    """N-505: of two that begin the last upload a state may have, one does; without the lock both would."""
    monkeypatch.setattr(upload_law, "MOST_OPEN", 1)
    own, meeting = uploads_of(keys["HI"]), threading.Barrier(2)

    @contextmanager
    def connect() -> Iterator[Any]:
        with own.connect() as connection:
            yield _Meeting(connection, meeting=meeting, walled=walled)

    begun: list[UUID] = []

    def begin() -> None:
        with suppress(TooManyUploads):
            begun.append(replace(own, connect=connect).begin(byte_count=1).upload_id)

    threads = [threading.Thread(target=begin) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    for upload_id in begun:
        own.end(upload_id)
    assert len(begun) == (1 if walled else 2)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class Trouble:
    """The application behind a line on which some pieces fail, before or after they arrive."""

    def __init__(self, application: Any) -> None:
        self.application = application
        self.pieces = 0
        self.fails: dict[int, str] = {}

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "PATCH":
            answered: Iterable[bytes] = self.application(environ, start)
            return answered
        self.pieces += 1
        fate = self.fails.get(self.pieces, "")
        if fate == "before":
            environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        elif fate == "after":
            list(self.application(environ, lambda *_: lambda _block: None))
        if fate:
            start("502 Bad Gateway", [("Content-Length", "0")])
            return [b""]
        passed: Iterable[bytes] = self.application(environ, start)
        return passed


@pytest.fixture
def line() -> Iterator[tuple[str, Trouble]]:
    from django.core.wsgi import get_wsgi_application

    trouble = Trouble(get_wsgi_application())
    server = make_server("127.0.0.1", 0, trouble, server_class=_Server, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", trouble
    server.shutdown()
    thread.join(timeout=5)


def test_command_goes_on(
    room: BatchRoom,
    keys: dict[str, str],
    line: tuple[str, Trouble],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """N-501: the command gets over pieces and answers that were lost, and given again goes on where it ended."""
    address, trouble = line
    monkeypatch.setattr(upload_file, "_PIECE", 1000)
    monkeypatch.setattr(upload_file.time, "sleep", lambda _seconds: None)
    path, memory = tmp_path / "march.txt", tmp_path / "march.txt.upload"
    name = new_name()
    content = room.written("VINADD", [add(new_vin(), f"K{n}") for n in range(60)], state="AR", name=name)
    path.write_bytes(content)

    def command(*, expect: int = 0, key: str = keys["AR"], to: str = address) -> str:
        station = Station(key=lambda: key, terminal=lambda: "t", databases=nullcontext)
        asked = ["--json", "exchange", "file", "upload", str(path), "--to", to]
        assert main(asked, station=station) == expect
        return capsys.readouterr().out

    trouble.fails = {2: "before", 4: "after"} | dict.fromkeys(range(7, 99), "before")
    command(expect=1)
    assert memory.exists()
    trouble.fails, sent = {}, trouble.pieces
    told = json.loads(command())
    assert (told["state"], told["received"]) == ("taken", len(content))
    assert trouble.pieces - sent <= len(content) // 1000 - 3, "what had arrived was not sent again"
    assert not memory.exists()
    assert _spooled(UUID(told["file_id"])) == content
    path.write_bytes(content.replace(b"HOND", b"TOYT"))
    assert json.loads(command(expect=1))["fault"]["code"] == "V87"
    command(expect=1, key="vk_test_nobody")
    command(expect=2, to="http://exchange.example")

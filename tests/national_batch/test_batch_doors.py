"""The doors for batch files: the API of a jurisdiction's program, its command line, its watched folder, the jobs."""

import json
import re
from contextlib import nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from batch_room import BatchRoom, add, new_name, program_key
from counter import new_vin
from django.test import Client

from vinculum.config.scratch import ScratchDatabases
from vinculum.entrypoints.cli.main import main
from vinculum.entrypoints.cli.station import Station
from vinculum.entrypoints.jobs.batch_files import apply_one

pytestmark = pytest.mark.database
FILES = "/exchange/v1/files"


@pytest.fixture(scope="module")
def keys(databases: ScratchDatabases, room: BatchRoom) -> dict[str, str]:
    return {code: program_key(databases, code) for code in ("PA", "OH")}


class Program:
    """A jurisdiction's program at the API."""

    def __init__(self, key: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {key}"})

    def send(self, content: bytes, *, kind: str = "text/plain") -> Any:
        return self.client.post(FILES, data=content, content_type=kind)

    def get(self, where: str = "", **query: str) -> Any:
        return self.client.get(FILES + where, query)


def apply_all() -> None:
    while apply_one(now=lambda: datetime.now(UTC)) is not None:
        pass


def test_file_by_api(room: BatchRoom, keys: dict[str, str]) -> None:
    """N-501, N-502: sent, followed, applied, reported; the same file again is the same file."""
    program, vin = Program(keys["PA"]), new_vin()
    content = room.written("VINADD", [add(vin, "D1"), add(vin, "D1"), add("BAD VIN", "D2")])
    sent = program.send(content)
    assert sent.status_code == 201, sent.content
    file_id = sent.json()["file_id"]
    assert program.send(content).status_code == 200
    assert program.get(f"/{file_id}/report").status_code == 409
    apply_all()
    shown = program.get(f"/{file_id}").json()
    assert shown["state"] == "applied"
    assert shown["counts"] | {"with_warnings": 0} == {
        "input": 3,
        "rejected": 2,
        "with_warnings": 0,
        "valid": 1,
    }
    assert file_id in {one["file_id"] for one in program.get().json()["files"]}
    errors = program.get(f"/{file_id}/report", severity="error").json()["messages"]
    assert [(m["record"], m["code"]) for m in errors] == [(2, "401"), (3, "V02")]
    assert errors[0]["text"] == "TITLE EXISTS FOR THIS VIN/SOT/TITLE #"
    assert program.get(f"/{file_id}/report", code="401", after="2").json()["messages"] == []
    fixed = b"".join(program.get(f"/{file_id}/report", form="fixed").streaming_content).decode()
    assert fixed.splitlines()[1] == "S" + "NUMBER OF RECORDS INPUT".ljust(48) + "000000003"
    assert "401E" in fixed
    csv = b"".join(program.get(f"/{file_id}/report", form="csv").streaming_content).decode()
    assert csv.splitlines()[2] == "record_number,vin,code,severity,field,text"
    counted = program.client.get("/exchange/v1/code-counts", {"days": "2"}).json()["code_counts"]
    assert {"401", "V02"} <= {one["code"] for one in counted}
    assert all(one["count"] >= 1 and date.fromisoformat(one["day"]) for one in counted)
    for wrong in ("0", "x", "401", "", "003650", "00400" + "9" * 20):
        assert program.client.get("/exchange/v1/code-counts", {"days": wrong}).status_code == 400


def test_own_files_only(room: BatchRoom, keys: dict[str, str]) -> None:
    """N-501: a jurisdiction loads and sees only its own files; another's is as if it did not exist."""
    ours, theirs = Program(keys["PA"]), Program(keys["OH"])
    content = room.written("VINADD", [add(new_vin(), "E1")])
    refused = theirs.send(content)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "line 1")
    assert "V85" in refused.json()["errors"][0]["message"]
    file_id = ours.send(content).json()["file_id"]
    for answer in (theirs.get(f"/{file_id}"), theirs.get(f"/{file_id}/report")):
        assert answer.status_code == 404
    assert theirs.client.delete(f"{FILES}/{file_id}").status_code == 404
    assert Program("vk_test_nobody").send(content).status_code == 401
    assert ours.send(content, kind="application/json").status_code == 415
    apply_all()


def test_cancel_before_apply(room: BatchRoom, keys: dict[str, str]) -> None:
    """N-504: until it is applied a file can be taken back, and its name used again."""
    program, vin, name = Program(keys["PA"]), new_vin(), new_name()
    content = room.written("VINADD", [add(vin, "F1")], name=name)
    file_id = program.send(content).json()["file_id"]
    assert program.client.delete(f"{FILES}/{file_id}").status_code == 204
    apply_all()
    assert program.get(f"/{file_id}").json()["state"] == "cancelled"
    assert room.record(vin).history == ()
    again = program.send(content).json()["file_id"]
    apply_all()
    assert program.client.delete(f"{FILES}/{again}").status_code == 409
    assert len(room.record(vin).history) == 1


def test_file_by_command(
    room: BatchRoom, keys: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """N-501, N-502: send, apply, report and trends by command; a refused file is named with line and reason."""

    def command(*arguments: str, expect: int = 0) -> str:
        station = Station(key=lambda: keys["OH"], terminal=lambda: "t", databases=nullcontext)
        assert main(["--json", "exchange", "file", *arguments], station=station) == expect
        return capsys.readouterr().out

    path = tmp_path / "one.txt"
    vin = new_vin()
    path.write_bytes(room.written("VINADD", [add(vin, "G1"), add(vin, "G1")], state="OH"))
    file_id = json.loads(command("send", str(path)))["file_id"]
    command("apply")
    assert json.loads(command("show", file_id))["state"] == "applied"
    assert command("report", file_id).startswith("HOH")
    assert file_id in command("list")
    command("cancel", file_id, expect=1)
    trends = json.loads(command("trends", "--days", "2"))
    assert {"day": f"{datetime.now(UTC):%Y-%m-%d}", "code": "401", "severity": "error", "count": 1} in trends
    path.write_bytes(b"\x1f\x8b\x08 not text")
    command("send", str(path), expect=1)


def test_watched_folder(
    room: BatchRoom, keys: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """N-501: what appears in the folder is handed in once; refused files lie apart with the reason."""
    vin = new_vin()
    (tmp_path / "good.txt").write_bytes(room.written("VINADD", [add(vin, "H1")], state="OH"))
    (tmp_path / "bad.csv").write_bytes(b"H,VINADD,OH\n")
    station = Station(key=lambda: keys["OH"], terminal=lambda: "t", databases=nullcontext)
    assert main(["exchange", "file", "watch", str(tmp_path), "--once"], station=station) == 0
    said = capsys.readouterr().out
    assert "sent: good.txt" in said
    assert re.search(r"refused: bad.csv\nwhy: line 1: V81", said)
    assert (tmp_path / "sent/good.txt").exists()
    assert "line 1: V81" in (tmp_path / "refused/bad.csv.note").read_text()
    apply_all()
    assert len(room.record(vin).pointers) == 1

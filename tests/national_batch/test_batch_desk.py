"""The pages of batch files: a title clerk sends, follows and takes back, and reads the report."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from batch_room import BatchRoom, add, new_name
from counter import new_vin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from both_systems import world
from exchange_people import signed_in_person
from people import World
from signed_in import client_of
from vinculum.config.scratch import ScratchDatabases
from vinculum.entrypoints.jobs.batch_files import apply_one
from vinculum.entrypoints.web.exchange import batch_files
from vinculum.national.batch.file_types import FILE_TYPES
from vinculum.national.records.roster import forget_roster
from vinculum.national.transactions import admit_jurisdiction

__all__ = ["world"]

pytestmark = pytest.mark.database
FILES = "/title-exchange/files/"
Clerk = Callable[[str], Client]


@pytest.fixture(scope="module")
def clerk(world: World, room: BatchRoom) -> Clerk:
    """A title clerk of a jurisdiction, signed in; the same one each time."""
    with psycopg.connect(room.url) as connection:
        for code, mode in (("NV", 3), ("UT", 4)):
            admit_jurisdiction.run(code, mode=mode, at=datetime.now(UTC), connection=connection)
    forget_roster()
    known: dict[str, Client] = {}

    def of(code: str) -> Client:
        if code not in known:
            known[code] = client_of(signed_in_person(world, "title_clerk", "jurisdiction", code))
        return known[code]

    return of


def send(client: Client, content: bytes, *, name: str = "march.txt") -> Any:
    return client.post(FILES + "send/", {"file": SimpleUploadedFile(name, content)}, follow=True)


def apply_all() -> None:
    while apply_one(now=lambda: datetime.now(UTC)) is not None:
        pass


def id_of(room: BatchRoom, name: str) -> str:
    with psycopg.connect(room.url) as connection:
        row = connection.execute(
            "SELECT file_id::text FROM exchange.batch_file WHERE sender_file_id = %s", (name,)
        ).fetchone()
    assert row is not None
    found: str = row[0]
    return found


def text_of(answer: Any) -> str:
    page: str = answer.content.decode()
    said = " ".join(page[page.index("<main") : page.index("</main>")].split())
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", said)


def test_file_by_page(room: BatchRoom, clerk: Clerk, databases: ScratchDatabases) -> None:
    """N-501, N-502, N-504: sent, waiting, applied, reported by page; the same file again is the same file."""
    nevada, name, vin = clerk("NV"), new_name(), new_vin()
    content = room.written(
        "VINADD", [add(vin, "W1"), add(vin, "W1"), add("BAD VIN", "W2")], state="NV", name=name
    )
    sent = send(nevada, content)
    assert sent.redirect_chain == [(FILES, 302)]
    assert f"{name} was taken. It waits" in text_of(sent)
    part = nevada.get(FILES, headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 3s"' in part
    assert "<main" not in part
    assert "was taken before" in text_of(send(nevada, content))
    file_id = id_of(room, name)
    assert nevada.get(f"{FILES}{file_id}/").status_code == 404, "no report before it is applied"
    apply_all()
    assert "every 3s" not in nevada.get(FILES, headers={"HX-Request": "true"}).content.decode()
    report = text_of(nevada.get(f"{FILES}{file_id}/"))
    for words in (
        'Number of records input</dt><dd class="vn-num">3<',
        "TITLE EXISTS FOR THIS VIN/SOT/TITLE #",
    ):
        assert words in report
    assert "Take the record out of the next file" in report
    only = text_of(nevada.get(f"{FILES}{file_id}/?severity=error&code=401"))
    assert "Messages with code 401" in only
    assert "BAD VIN" not in only
    assert "BAD VIN" in report
    with psycopg.connect(databases.admin_national_url) as connection:
        events = connection.execute(
            "SELECT payload::jsonb ->> 'operation', payload::jsonb ->> 'role' FROM audit.event"
            " WHERE payload::jsonb ->> 'table' = 'exchange.batch_file'"
            "   AND payload::jsonb -> 'after' ->> 'file_id' = %s ORDER BY shard <> 0 DESC, sequence",
            (file_id,),
        ).fetchall()
    assert ("INSERT", "title_clerk") in events
    assert ("UPDATE", None) in events, "the job applied it in nobody's name"


def test_refused_whole_says_nothing_of_codes(room: BatchRoom, clerk: Clerk) -> None:
    """N-502: a file of which nothing was read is not compared: every code of the files before would seem gone."""
    nevada, vin, name = clerk("NV"), new_vin(), new_name()
    send(nevada, room.written("VINADD", [add(vin, "W1"), add(vin, "W1")], state="NV"))
    apply_all()
    lines = room.written("VINADD", [add(new_vin(), "W2")], state="NV", name=name).splitlines(keepends=True)
    send(nevada, b"".join([lines[0], lines[1], lines[1], lines[2]]))
    apply_all()
    report = text_of(nevada.get(f"{FILES}{id_of(room, name)}/"))
    assert "The file was rejected whole" in report
    assert "gone (" not in report


def test_page_says_how_a_file_is_written(room: BatchRoom, clerk: Clerk) -> None:
    """N-501: each kind that may be sent with the columns it is read by; files of questions are among them."""
    page = text_of(clerk("NV").get(FILES))
    for kind in FILE_TYPES.values():
        if kind.act == "jsi":
            continue
        columns = ",".join(column.name for column in kind.detail.columns)
        assert f"H,{kind.code},NV,EXAMPLE-1," in page
        assert f"D,{columns} T,EXAMPLE-1,1</pre>" in page


def test_report_to_keep(room: BatchRoom, clerk: Clerk) -> None:
    """N-502: the report is downloaded fixed-width and as CSV, whole, whatever the page shows."""
    nevada, name = clerk("NV"), new_name()
    send(nevada, room.written("VINADD", [add(new_vin(), "X1"), add("=BAD", "X2")], state="NV", name=name))
    apply_all()
    where = f"{FILES}{id_of(room, name)}/report."
    fixed, csv = nevada.get(where + "txt"), nevada.get(where + "csv")
    assert fixed.headers["Content-Disposition"] == f'attachment; filename="SEW-{name}.txt"'
    assert b"".join(fixed.streaming_content).decode().startswith(f"HNV{name}")
    lines = b"".join(csv.streaming_content).decode().splitlines()
    assert lines[2] == "record_number,vin,code,severity,field,text"
    assert any(line.startswith("2,'=BAD,") for line in lines), "no cell is a formula"


def test_refused_upload_names_line_and_reason(
    room: BatchRoom, clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """N-501, N-505: what is not taken says where and why, leaves nothing behind, and its name is free."""
    nevada = clerk("NV")
    good = room.written("VINADD", [add(new_vin(), "Y1")], state="NV")
    before = {path.name for path in batch_files.spool().directory.glob("arriving-*")}
    for content, words in (
        (b"\x1f\x8b\x08 compressed", "Line 1: V80"),
        (room.written("VINADD", [add(new_vin(), "Y2")], state="OH"), "Line 1: V85"),
        (good[:40], "Line 1: V83"),
        (b"", "it is empty"),
    ):
        answer = send(nevada, content)
        assert answer.status_code == 422
        assert words in text_of(answer), words
        assert "How each kind is written stands below." in text_of(answer)
        assert '<details class="vn-fold" open><summary>Kinds of files' in text_of(answer)
    monkeypatch.setattr(batch_files, "LARGEST_BY_WEB", len(good) - 1)
    answer = send(nevada, good)
    assert (answer.status_code, "V88" in text_of(answer)) == (422, True)
    monkeypatch.undo()
    assert {path.name for path in batch_files.spool().directory.glob("arriving-*")} == before
    assert send(nevada, good).status_code == 200
    nothing = nevada.post(FILES + "send/", {"other": "x"})
    assert (nothing.status_code, "Choose one, then press Send." in text_of(nothing)) == (422, True)
    assert "Correct the file" not in text_of(nothing), "there is none to correct"
    apply_all()


def test_form_of_another_site_sends_nothing(world: World, room: BatchRoom) -> None:
    """N-501: the form is checked for its token although the file is read before."""
    person = signed_in_person(world, "title_clerk", "jurisdiction", "NV")
    client = client_of(person)
    client.handler.enforce_csrf_checks = True
    name = new_name()
    content = room.written("VINADD", [add(new_vin(), "Z1")], state="NV", name=name)
    assert send(client, content).status_code == 403
    with psycopg.connect(room.url) as connection:
        assert not connection.execute(
            "SELECT 1 FROM exchange.batch_file WHERE sender_file_id = %s", (name,)
        ).fetchone()


def test_own_files_only_by_page(room: BatchRoom, clerk: Clerk) -> None:
    """N-501: another jurisdiction's file answers on every page as one that never was."""
    nevada, utah, name = clerk("NV"), clerk("UT"), new_name()
    send(nevada, room.written("VINADD", [add(new_vin(), "A1")], state="NV", name=name))
    file_id, absent = id_of(room, name), "00000000-0000-4000-8000-000000000000"
    assert name not in text_of(utah.get(FILES))
    theirs = utah.post(f"{FILES}{file_id}/cancel/", follow=True)
    never = utah.post(f"{FILES}{absent}/cancel/", follow=True)
    assert text_of(theirs) == text_of(never)
    apply_all()
    for what in ("", "report.csv", "report.txt"):
        pages = [utah.get(f"{FILES}{one}/{what}") for one in (file_id, absent)]
        assert [page.status_code for page in pages] == [404, 404]
        assert text_of(pages[0]) == text_of(pages[1])
    assert nevada.get(f"{FILES}{file_id}/").status_code == 200


def test_taken_back_by_page(room: BatchRoom, clerk: Clerk) -> None:
    """N-504: taken back while it waits; too late afterwards."""
    nevada, name, vin = clerk("NV"), new_name(), new_vin()
    content = room.written("VINADD", [add(vin, "B1")], state="NV", name=name)
    send(nevada, content)
    where = f"{FILES}{id_of(room, name)}/cancel/"
    assert f"{name} was taken back" in text_of(nevada.post(where, follow=True))
    apply_all()
    assert room.record(vin).history == ()
    assert "There is no such file that still waits" in text_of(nevada.post(where, follow=True))


def test_pages_of_files(room: BatchRoom, clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    """N-501: the list goes on from page to page, each file once."""
    monkeypatch.setattr(batch_files, "_LISTED", 2)
    utah = clerk("UT")
    names = [new_name() for _ in range(3)]
    for name in names:
        send(utah, room.written("VINADD", [add(new_vin(), "C1")], state="UT", name=name))
    first = text_of(utah.get(FILES))
    older = first.split('href="/title-exchange/files/?before=')[1].split('"')[0]
    second = text_of(utah.get(f"{FILES}?before={older}"))
    assert [name in first for name in names] == [False, True, True]
    assert [name in second for name in names] == [True, False, False]
    assert utah.get(FILES, {"before": "nonsense"}).status_code == 200
    apply_all()


def test_inquiries_by_page(room: BatchRoom, clerk: Clerk) -> None:
    """N-204: a file of inquiries is sent by page, and its answer is there for who asked, and nobody else."""
    nevada, utah, name, vin = clerk("NV"), clerk("UT"), new_name(), new_vin()
    send(nevada, room.written("VINADD", [add(vin, "Q1")], state="NV"))
    apply_all()
    asked = send(nevada, room.written("VININQ", [{"vin": vin}], state="NV", name=name))
    assert f"{name} was taken" in text_of(asked)
    apply_all()
    where = f"{FILES}{id_of(room, name)}/answer."
    assert f'href="{where}txt"' in text_of(nevada.get(FILES))
    for form in ("txt", "csv"):
        assert vin in b"".join(nevada.get(where + form).streaming_content).decode()
        assert utah.get(where + form).status_code == 404

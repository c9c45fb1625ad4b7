"""What states that are not on line are told by file: notices once, confirmed by totals; surrendered titles by month."""

import json
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from batch_room import BatchRoom, add, program_key
from counter import change_of_state, new_vin, undo
from django.test import Client

from both_systems import world
from exchange_people import signed_in_person
from people import World
from signed_in import client_of
from vinculum.access import service
from vinculum.access.database import acting
from vinculum.entrypoints.cli.main import main
from vinculum.entrypoints.cli.station import Station
from vinculum.entrypoints.exchange.dispatch import apply_message
from vinculum.entrypoints.jobs.exchange_papers import write_papers
from vinculum.entrypoints.web.exchange import notices_read
from vinculum.national.batch import notice_files
from vinculum.national.batch.notice_files import NoticeFile, TotalsDiffer, control_of, totals_of
from vinculum.national.batch.surrender_reports import SurrenderReport, months_due
from vinculum.national.records.roster import forget_roster
from vinculum.national.transactions import admit_jurisdiction
from vinculum.protocol.exchange import UpdateMessage

__all__ = ["world"]

pytestmark = pytest.mark.database
FILES = "/exchange/v1/notice-files"
# States of this file's own: two by batch, one on line that takes their titles in.
LA, NM, WV = "LA", "NM", "WV"
_days = iter(range(1, 300))


@pytest.fixture(scope="module")
def states(room: BatchRoom, world: World) -> Iterator[None]:
    with psycopg.connect(room.url) as connection:
        for code, mode in ((LA, 2), (NM, 4), (WV, 1)):
            admit_jurisdiction.run(
                code, mode=mode, at=datetime(2030, 1, 1, tzinfo=UTC), connection=connection
            )
    forget_roster()
    yield
    forget_roster()


@pytest.fixture
def day() -> datetime:
    """A day on which nobody has made a file yet."""
    return datetime(2031, 1, 1, 9, tzinfo=UTC) + timedelta(days=next(_days))


def online(room: BatchRoom, message: UpdateMessage, *, at: datetime) -> None:
    with psycopg.connect(room.url) as connection:
        answer = apply_message(message, sender=message.origin, at=at, connection=connection)
    assert answer.accepted, answer


def leave(room: BatchRoom, state: str, *, at: datetime, vin: str = "") -> tuple[str, Any]:
    """A title of the state is taken in by another: the VIN and the message."""
    vin = vin or new_vin()
    number = f"{state}{vin[-6:]}"
    file = room.done(room.written("VINADD", [add(vin, number)], state=state), state=state, at=at)
    assert file.records_valid == 1
    moved = change_of_state(vin, (state, number), (WV, f"W{vin[-6:]}"), date(2024, 6, 3))
    online(room, moved, at=at)
    return vin, moved


def written(day: datetime, state: str) -> NoticeFile | None:
    made, _reports = write_papers(now=lambda: day)
    return next((file for file in made if file.jurisdiction == state), None)


class Program:
    def __init__(self, world: World, code: str) -> None:
        self.key = program_key(world.databases, code)
        self.client = Client(headers={"Authorization": f"Bearer {self.key}"})

    def take(self, file: NoticeFile, form: str = "fixed") -> str:
        answer = self.client.get(f"{FILES}/{file.file_id}", {"form": form})
        assert answer.status_code == 200
        return b"".join(answer.streaming_content).decode("ascii")

    def confirm(self, file: NoticeFile, count: object, control: object) -> Any:
        body = json.dumps({"notice_count": count, "control": control})
        where = f"{FILES}/{file.file_id}/confirmation"
        return self.client.put(where, body, content_type="application/json")


def test_told_once_and_nothing_lost(room: BatchRoom, world: World, states: None, day: datetime) -> None:
    """N-310: a notice is in one file; taken as often as wanted; wrong totals acknowledge nothing, right ones all."""
    program = Program(world, LA)
    vins = sorted(leave(room, LA, at=day)[0] for _ in range(3))
    file = written(day, LA)
    assert file is not None
    assert (file.notice_count, file.confirmed_at) == (3, None)
    assert written(day, LA) is None, "one file a day"
    fixed, csv = program.take(file), program.take(file, "csv")
    assert [line[52:82].strip() for line in fixed.splitlines() if line[0] == "D"] == vins
    assert [line.split(",")[3] for line in csv.splitlines() if line[0] == "D"] == vins
    assert totals_of(fixed.splitlines()) == totals_of(csv.splitlines()) == (3, file.control)
    assert program.confirm(file, 2, file.control).status_code == 409
    assert program.confirm(file, 3, "0" * 16).status_code == 409
    assert program.confirm(file, True, file.control).status_code == 400
    assert _acknowledged(room, vins) == 0
    later = leave(room, LA, at=day)[0]
    following = written(day + timedelta(days=150), LA)
    assert following is not None
    assert (following.number, following.notice_count) == (file.number + 1, 1), (
        "an open file is not told again"
    )
    assert program.confirm(file, 3, file.control.lower()).status_code == 200
    assert program.confirm(file, 3, file.control).status_code == 200
    assert (_acknowledged(room, vins), _acknowledged(room, [later])) == (3, 0)
    assert program.take(file) == fixed, "a confirmed file can still be taken"


def _acknowledged(room: BatchRoom, vins: list[str]) -> int:
    with psycopg.connect(room.url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM exchange.notice WHERE vin = ANY (%s) AND acknowledged_at IS NOT NULL",
            (vins,),
        ).fetchone()
    assert row is not None
    count: int = row[0]
    return count


def test_file_that_lost_something_is_not_confirmed(
    room: BatchRoom,
    world: World,
    states: None,
    day: datetime,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """N-310: the command counts what arrived: cut off, doubled or altered it is not confirmed; whole it is."""
    program = Program(world, NM)
    for _ in range(2):
        leave(room, NM, at=day)
    file = written(day, NM)
    assert file is not None

    def command(*arguments: str, expect: int = 0) -> str:
        station = Station(key=lambda: program.key, terminal=lambda: "t", databases=nullcontext)
        assert main(["--json", "exchange", "notices", *arguments], station=station) == expect
        return capsys.readouterr().out

    assert json.loads(command("list"))[0]["file_id"] == str(file.file_id)
    whole = command("take", str(file.file_id))
    lines = whole.splitlines(keepends=True)
    path = tmp_path / "notices.txt"
    for harmed in (lines[:-1], lines[:1] + lines[2:], [*lines[:2], *lines[1:]], [*lines, lines[1]], ["T"]):
        path.write_text("".join(harmed), encoding="ascii")
        command("confirm", str(file.file_id), str(path), expect=1)
        with pytest.raises(TotalsDiffer):
            totals_of(harmed)
    path.write_text(whole, encoding="ascii")
    assert json.loads(command("confirm", str(file.file_id), str(path)))["confirmed_at"]
    command("confirm", str(uuid4()), str(path), expect=2)


def test_another_state_gets_and_confirms_nothing(
    room: BatchRoom, world: World, states: None, day: datetime
) -> None:
    """N-310: another state's notice file is as if it did not exist, by program, by page and in the database."""
    leave(room, LA, at=day)
    file = written(day, LA)
    assert file is not None
    other = Program(world, NM)
    assert other.client.get(f"{FILES}/{file.file_id}").status_code == 404
    assert other.confirm(file, file.notice_count, file.control).status_code == 404
    assert str(file.file_id) not in other.client.get(FILES).content.decode()
    page = client_of(signed_in_person(world, "title_clerk", "jurisdiction", NM))
    where = f"/title-exchange/notices/{file.file_id}"
    assert page.get(f"{where}/file.csv").status_code == 404
    posted = {"notice_count": file.notice_count, "control": file.control}
    assert page.post(f"{where}/confirm/", posted).status_code == 404
    own = client_of(signed_in_person(world, "title_clerk", "jurisdiction", LA))
    assert own.post(f"{where}/confirm/", posted | {"notice_count": "7"}).status_code == 422
    assert "is confirmed" in own.post(f"{where}/confirm/", posted, follow=True).content.decode()
    assert file.control in own.get("/title-exchange/notices/").content.decode()
    with psycopg.connect(world.databases.admin_national_url) as connection:
        audited = connection.execute(
            "SELECT payload::jsonb ->> 'operation', payload::jsonb ->> 'role' FROM audit.event"
            " WHERE payload::jsonb ->> 'table' = 'exchange.notice_file'"
            "   AND payload::jsonb -> 'after' ->> 'file_id' = %s",
            (str(file.file_id),),
        ).fetchall()
    assert sorted(audited) == [("INSERT", "system"), ("UPDATE", "title_clerk")]


def test_notices_are_read_in_words(
    room: BatchRoom, world: World, states: None, day: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """N-301, N-310: those that wait and those of a file, page by page, to their own state; reading confirms nothing."""
    told = sorted(leave(room, LA, at=day)[0] for _ in range(3))
    own = client_of(signed_in_person(world, "title_clerk", "jurisdiction", LA))
    other = client_of(signed_in_person(world, "title_clerk", "jurisdiction", NM))
    monkeypatch.setattr(notices_read, "_LINES", 2)
    assert _read_pages(own, "/title-exchange/notices/waiting/") == told
    assert not set(told) & set(_read_pages(other, "/title-exchange/notices/waiting/"))
    file = written(day, LA)
    assert file is not None
    assert _read_pages(own, "/title-exchange/notices/waiting/") == []
    where = f"/title-exchange/notices/{file.file_id}/read/"
    assert _read_pages(own, where) == told
    page = own.get(where).content.decode()
    assert "Your title was taken in" in page
    assert "West Virginia" in page
    assert "title_left" not in page
    assert other.get(where).status_code == 404
    assert _acknowledged(room, told) == 0


def _read_pages(client: Client, address: str) -> list[str]:
    """The VINs of all pages, following the links."""
    found, more = [], ""
    while True:
        page = client.get(address + more).content.decode()
        found += re.findall(r'<a class="vn-mono" href="[^"]+">([A-Z0-9]+)<', page)
        following = re.search(r'href="(\?vin=[^"]+)"', page)
        if following is None:
            return found
        more = following[1].replace("&amp;", "&")


@pytest.mark.parametrize("walled", [True, False], ids=["wall", "twin"])
def test_two_writers_at_once(
    room: BatchRoom,
    world: World,
    states: None,
    day: datetime,
    walled: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """N-310: two jobs at once make one file; without the walls of the table there are two, one of them a lie."""
    vin = leave(room, LA, at=day)[0]
    if not walled:
        _as_owner(
            world,
            "ALTER TABLE exchange.notice_file DROP CONSTRAINT notice_file_once_a_day,"
            " DROP CONSTRAINT notice_file_numbers_have_no_twins",
        )
    try:
        made = _two_at_once(day, monkeypatch)
        if walled:
            assert (len(made), made[0].notice_count) == (1, 1)
        else:
            assert len(made) + _moved.count(True) == 2, "the other got as far as the notice itself"
    finally:
        if not walled:
            _as_owner(
                world,
                "ALTER TABLE exchange.notice_file ADD CONSTRAINT notice_file_once_a_day UNIQUE (jurisdiction, made_on),"
                " ADD CONSTRAINT notice_file_numbers_have_no_twins UNIQUE (jurisdiction, number)",
            )
    with psycopg.connect(room.url) as connection:
        told = connection.execute(
            "SELECT count(filed_in) FROM exchange.notice WHERE vin = %s AND to_jurisdiction = %s", (vin, LA)
        ).fetchone()
    assert told == (1,)


_moved: list[bool] = []


def _two_at_once(day: datetime, monkeypatch: pytest.MonkeyPatch) -> list[NoticeFile]:
    """Neither writes before both have read what waits."""
    ready, made = threading.Barrier(2), []
    _moved.clear()

    def control_when_both_have_read(notice_ids: Iterable[UUID]) -> str:
        ready.wait(timeout=30)
        return control_of(notice_ids)

    monkeypatch.setattr(notice_files, "control_of", control_when_both_have_read)

    def write() -> None:
        try:
            with acting(service.actor(), act="make_exchange_papers", database="national") as connection:
                file = notice_files.make_file(connection, jurisdiction=LA, at=day)
                if file is not None:
                    made.append(file)
        except notice_files.NoticesMoved:
            _moved.append(True)

    threads = [threading.Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return made


def _as_owner(world: World, statement: str) -> None:
    with psycopg.connect(world.databases.admin_national_url) as connection:
        connection.execute("SET ROLE vinculum_owner")
        connection.execute(statement)


def test_month_is_ripe_a_day_after_it() -> None:
    """N-310: a month is reported from the second day after it; three months are caught up with."""
    assert months_due(at=datetime(2031, 3, 1, 23, tzinfo=UTC))[-1] == date(2031, 1, 1)
    assert months_due(at=datetime(2031, 3, 2, 0, tzinfo=UTC))[-1] == date(2031, 2, 1)
    assert months_due(at=datetime(2031, 1, 5, tzinfo=UTC)) == (
        date(2030, 10, 1),
        date(2030, 11, 1),
        date(2030, 12, 1),
    )


def test_surrendered_titles_of_a_month(room: BatchRoom, world: World, states: None) -> None:
    """N-310: who is not on line gets the titles surrendered in the month, once; trailers and those back are marked."""
    inside, outside = datetime(2032, 5, 31, 23, 59, tzinfo=UTC), datetime(2032, 6, 1, tzinfo=UTC)
    trailer = "1UYVS25317P" + new_vin()[-6:]
    car, _ = leave(room, NM, at=inside)
    leave(room, NM, at=inside, vin=trailer)
    back, moved = leave(room, NM, at=inside)
    online(room, undo(moved), at=inside + timedelta(seconds=30))
    late, _ = leave(room, NM, at=outside)
    early, _ = leave(room, NM, at=datetime(2032, 4, 30, 23, 59, tzinfo=UTC))
    _files, reports = write_papers(now=lambda: datetime(2032, 6, 3, tzinfo=UTC))
    (report,) = _of(reports, NM, date(2032, 5, 1))
    assert (report.line_count, report.exempt_count) == (3, 1)
    assert _of(reports, LA, date(2032, 5, 1))[0].line_count == 0, (
        "who takes part hears that there was nothing"
    )
    assert _of(reports, WV, date(2032, 5, 1)) == [], "who is on line gets none"
    _files, again = write_papers(now=lambda: datetime(2032, 6, 4, tzinfo=UTC))
    assert _of(again, NM, date(2032, 5, 1)) == []
    page = client_of(signed_in_person(world, "title_clerk", "jurisdiction", NM))
    where = "/title-exchange/surrendered/NM/2032-05/"
    months = page.get("/title-exchange/surrendered/").content.decode()
    assert "May 2032" in months
    assert (">NM<" in months, ">New Mexico<" in months) == (False, True), "states are named"
    shown = page.get(where).content.decode()
    assert [vin in shown for vin in (car, trailer, back, late, early)] == [True, True, True, False, False]
    # Beside the VIN, which a narrow screen shows; the last columns are scrolled to.
    row = shown[: shown.index("current again May 31, 2032")].rpartition("<tr>")[2]
    assert "<td" not in row
    assert "Titles of New Mexico surrendered in May 2032" in shown
    only = page.get(where, {"exempt": "yes"}).content.decode()
    assert [vin in only for vin in (car, trailer)] == [False, True]
    csv = b"".join(page.get(where + "report.csv").streaming_content).decode().splitlines()
    assert csv[0].startswith("H,SURREN,NM,20320501,")
    assert next(line for line in csv if trailer in line).endswith(",Y,TRAILER")
    assert csv[-1] == "T,3,1"
    fixed = b"".join(page.get(where + "report.txt").streaming_content).decode().splitlines()
    assert fixed[-1] == "T000000003000000001"


def test_only_the_title_that_came_back_is_marked(room: BatchRoom, world: World, states: None) -> None:
    """N-310: of two titles of a vehicle that were surrendered, the one whose surrender was undone is marked."""
    inside = datetime(2035, 5, 10, 9, tzinfo=UTC)
    vin, _ = leave(room, NM, at=inside)
    again, taken = f"AGAIN{vin[-6:]}", f"T{vin[-6:]}"
    back = room.written("VINADD", [add(vin, again, date(2024, 9, 2))], state=NM)
    assert room.done(back, state=NM, at=inside + timedelta(hours=1)).records_valid == 1
    moved = change_of_state(vin, (NM, again), (WV, taken), date(2024, 10, 1))
    online(room, moved, at=inside + timedelta(hours=2))
    online(room, undo(moved), at=inside + timedelta(hours=3))
    write_papers(now=lambda: datetime(2035, 6, 3, tzinfo=UTC))
    page = client_of(signed_in_person(world, "title_clerk", "jurisdiction", NM))
    report = page.get("/title-exchange/surrendered/NM/2035-05/report.csv")
    lines = [line.split(",") for line in b"".join(report.streaming_content).decode().splitlines()]
    assert {line[2]: line[6] for line in lines if line[1] == vin} == {
        f"{NM}{vin[-6:]}": "",
        again: "20350510",
    }


def _of(reports: list[SurrenderReport], code: str, month: date) -> list[SurrenderReport]:
    return [one for one in reports if (one.jurisdiction, one.month) == (code, month)]


def test_reports_of_others(room: BatchRoom, world: World, states: None) -> None:
    """N-310: another state's report answers as one that never was; the help desk reads each."""
    inside = datetime(2033, 2, 10, tzinfo=UTC)
    leave(room, LA, at=inside)
    write_papers(now=lambda: datetime(2033, 3, 2, tzinfo=UTC))
    own = client_of(signed_in_person(world, "title_clerk", "jurisdiction", LA))
    other = client_of(signed_in_person(world, "title_clerk", "jurisdiction", NM))
    desk = client_of(signed_in_person(world, "help_desk", "association", "ASSOC"))
    for what in ("", "report.csv"):
        theirs = other.get(f"/title-exchange/surrendered/LA/2033-02/{what}")
        never = other.get(f"/title-exchange/surrendered/LA/1999-02/{what}")
        assert (theirs.status_code, never.status_code) == (404, 404)
        for client in (own, desk):
            assert client.get(f"/title-exchange/surrendered/LA/2033-02/{what}").status_code == 200
    assert other.get("/title-exchange/surrendered/LA/2033-99/").status_code == 404
    assert "LA" in desk.get("/title-exchange/surrendered/").content.decode()
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        acting(service.actor(), act="verify_audit", database="national") as connection,
    ):
        connection.execute(
            "INSERT INTO exchange.surrender_report VALUES ('LA', '2033-04-01', %s, 0, 0)", (inside,)
        )


def test_reports_by_program(room: BatchRoom, world: World, states: None) -> None:
    """N-310: a state's program lists its months and reads one; another's answers as one that never was."""
    car, _ = leave(room, LA, at=datetime(2034, 2, 10, tzinfo=UTC))
    write_papers(now=lambda: datetime(2034, 3, 2, tzinfo=UTC))
    own, other = (
        Client(headers={"Authorization": f"Bearer {program_key(world.databases, code)}"}) for code in (LA, NM)
    )
    where = "/exchange/v1/surrender-reports"
    months = {one["month"]: one for one in own.get(where).json()["surrender_reports"]}
    assert months["2034-02"]["line_count"] == 1
    lines = b"".join(own.get(f"{where}/2034-02", {"form": "csv"}).streaming_content).decode().splitlines()
    assert lines[0].startswith("H,SURREN,LA,20340201,")
    assert lines[1].startswith(f"D,{car},")
    assert b"".join(own.get(f"{where}/2034-02").streaming_content).decode().startswith("HSURRENLA")
    assert car not in b"".join(other.get(f"{where}/2034-02", {"form": "csv"}).streaming_content).decode()
    assert [own.get(f"{where}/{month}").status_code for month in ("1999-02", "2034-13", "x")] == [
        404,
        404,
        404,
    ]
    assert own.get(f"{where}/2034-02", {"form": "json"}).status_code == 400
    assert Client().get(where).status_code == 401


def test_control_total_is_of_ids_in_order() -> None:
    """N-310: the control total tells a lost, doubled or exchanged notice."""
    one, two = uuid4(), uuid4()
    assert len({control_of(ids) for ids in ((one, two), (two, one), (one,), (one, one, two))}) == 4

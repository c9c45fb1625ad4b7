"""Inquiry files: what is answered is what is answered on line, to whom it may be told, and nothing is lost count of."""

import hashlib
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from batch_room import NOW, BatchRoom, add, counts, program_key
from counter import brand, first_title, new_vin, removal
from django.test import Client

from vinculum.config.scratch import ScratchDatabases
from vinculum.entrypoints.cli.main import main
from vinculum.entrypoints.cli.station import Station
from vinculum.entrypoints.exchange.dispatch import answer_message, apply_message
from vinculum.entrypoints.jobs.batch_files import apply_one
from vinculum.national.batch.answer_file import NoAnswer, answer_file
from vinculum.national.batch.answer_layout import ANSWER_RECORD, ANSWER_TRAILER, answer_lines
from vinculum.national.batch.apply_file import apply_next
from vinculum.national.batch.file_row import BatchFile
from vinculum.national.batch.reading import FileRefused
from vinculum.national.records.roster import forget_roster
from vinculum.protocol.exchange import UpdateMessage
from vinculum.protocol.inquiry import InquiryAnswer, UsedVehicleInquiry
from vinculum.protocol.theft import ReportTheft
from vinculum.protocol.undercover import MarkUndercover

pytestmark = pytest.mark.database


def said(room: BatchRoom, message: UpdateMessage) -> None:
    with psycopg.connect(room.url) as connection:
        answer = apply_message(message, sender=message.origin, at=NOW, connection=connection)
    assert answer.accepted, answer


def asked_on_line(room: BatchRoom, state: str, **asked: Any) -> InquiryAnswer:
    """The same inquiry by message, of a state that may send nothing else but its law."""
    message = UsedVehicleInquiry(message_id=uuid4(), origin=state, sent_at=NOW, **asked)
    with psycopg.connect(room.url) as connection:
        answer = answer_message(message, sender=state, at=NOW, connection=connection, channel="batch")
        connection.rollback()
    assert isinstance(answer, InquiryAnswer)
    return answer


def vehicles(room: BatchRoom) -> dict[str, str]:
    """A vehicle for each thing that an answer can say."""
    made = {name: new_vin() for name in ("plain", "two titles", "branded", "stolen", "recalled", "unknown")}
    for name in ("plain", "branded", "stolen", "recalled"):
        said(room, first_title(made[name], "CA", f"Q{name[:2].upper()}"))
    said(room, first_title(made["two titles"], "CA", "Q1"))
    said(room, first_title(made["two titles"], "CA", "Q2", make="TOYT"))
    said(room, brand(made["branded"], "CA", "08"))
    stolen = ReportTheft(
        message_id=uuid4(), origin="CA", sent_at=NOW, vin=made["stolen"], stolen_on=date(2024, 2, 3)
    )
    said(room, stolen)
    said(room, removal(made["recalled"], "CA", "QRE"))
    return made


@pytest.fixture(scope="module")
def obtained(databases: ScratchDatabases) -> str:
    """A vehicle that a yard has reported, supplemented since; and title stock that is missing."""
    vin, yard, first = new_vin(), uuid4(), uuid4()
    with psycopg.connect(databases.admin_national_url) as connection:
        connection.execute("SET ROLE vinculum_owner")
        connection.execute(
            "INSERT INTO access.organisation (id, kind, code, name, created_at) VALUES (%s, 'reporter', %s, %s, %s)",
            (yard, f"Y{uuid4().hex[:8]}", "Café Yard", NOW),
        )
        connection.execute(
            "INSERT INTO exchange.reporter VALUES (%s, 'salvage_yard', 'Café Yard', 'OH', %s)", (yard, NOW)
        )
        for report, follows, disposition in ((first, None, "to_be_determined"), (uuid4(), first, "crushed")):
            connection.execute(
                "INSERT INTO exchange.jsi_report (vin, report_id, organisation_id, obtained_on, disposition,"
                " for_export, supplements, channel, reported_by, reported_at)"
                " VALUES (%s, %s, %s, '2026-01-05', %s, true, %s, 'api', %s, %s)",
                (vin, report, yard, disposition, follows, uuid4(), NOW),
            )
        connection.execute(
            "INSERT INTO exchange.missing_stock (report_id, jurisdiction, prefix, first_number, last_number,"
            " circumstance, missing_since, reported_at) VALUES (%s, 'CA', 'ZZ', '100', '200', 'stolen', %s, %s)",
            (uuid4(), NOW.date(), NOW),
        )
    return vin


def of_record(lines: list[str], number: int) -> list[str]:
    """The lines of one record."""
    return [line for line in lines[1:-1] if line[1:10] == f"{number:09d}"]


@pytest.mark.parametrize("form", ["fixed", "csv"])
def test_file_is_answered_as_messages_are(room: BatchRoom, obtained: str, form: str) -> None:
    """N-204, N-201: for each record what the message on line is told; N in = N answered + N rejected."""
    made = vehicles(room) | {"obtained": obtained}
    asked: list[dict[str, Any]] = [
        *({"vin": vin, "with_theft": True} for vin in made.values()),
        {"vin": made["stolen"], "purpose": "investigation"},
        {"vin": made["two titles"], "title_jurisdiction": "CA", "title_number": "Q2"},
        {"vin": made["recalled"], "title_jurisdiction": "CA", "title_number": "QRE"},
        {"vin": made["plain"], "control_number": "ZZ123"},
    ]
    bad = [{"vin": "NOT*A*VIN"}, {"vin": made["plain"], "title_number": "with_a_dash_too_long"[:17]}]
    file = room.run("VININQ", [*asked[:3], *bad, *asked[3:]], state="OH", form=form)
    assert (file.state, counts(file)) == ("applied", (len(asked) + 2, 2, 0, len(asked)))
    lines = room.answer(file)
    numbers = [1, 2, 3, *range(6, len(asked) + 3)]
    for number, question in zip(numbers, asked, strict=True):
        expected = "".join(answer_lines(number, asked_on_line(room, "OH", **question)))
        assert of_record(lines, number) == expected.splitlines(), question
    rejected = of_record(lines, 4)
    assert (rejected[0][0], rejected[0][40]) == ("A", "R")
    assert "V02E" in rejected[1]
    totals, _faults = ANSWER_TRAILER.read(ANSWER_TRAILER.cut(lines[-1]))
    assert totals["records_in"] == totals["answered"] + totals["rejected"] == len(asked) + 2
    assert totals["line_count"] == len(lines) - 2
    assert {line[0] for line in lines} >= set("HAPKBOFJMT")
    said_of = {number: "".join(of_record(lines, number)) for number in numbers}
    assert "Caf? Yard" in said_of[numbers[6]]
    assert "crushed" in said_of[numbers[6]]
    assert "to_be_determined" not in said_of[numbers[6]]
    assert "V45W" in said_of[numbers[-2]] or "V45E" in said_of[numbers[-2]]
    assert "V41E" in said_of[numbers[-1]]


def test_answer_as_csv(room: BatchRoom) -> None:
    """N-204: the same columns in the same order, without filling; no cell can be taken for a formula."""
    vin = new_vin()
    said(room, first_title(vin, "CA", "QCSV", make="=A,B"[:4]))
    file = room.run("VININQ", [{"vin": vin}], state="OH")
    header, record, title, *_rest, trailer = room.answer(file, form="csv")
    assert header == f"H,OH,{file.sender_file_id},20260302,02"
    assert record.startswith(f"A,1,{vin},A,CA,N,1,1,0,1,0,0,")
    assert title == 'P,1,CA,QCSV,"\'=A,B",2003,20200501,12,M'
    assert trailer.split(",")[:4] == ["T", file.sender_file_id, "1", "1"]


def test_undercover_is_hidden_from_files_too(room: BatchRoom) -> None:
    """N-206: who is not named is told what a VIN nobody ever reported is answered with, to the byte."""
    hidden, unknown = new_vin(), new_vin()
    said(room, first_title(hidden, "CA", "QU1"))
    said(room, brand(hidden, "CA", "11"))
    mark = MarkUndercover(
        message_id=uuid4(), origin="CA", sent_at=NOW, vin=hidden, agency="Task force", visible_to=("FL",)
    )
    said(room, mark)
    question = {"with_theft": True, "title_jurisdiction": "CA", "title_number": "QU1"}
    rows = [{"vin": hidden} | question, {"vin": unknown} | question]
    lines = room.answer(room.run("VININQ", rows, state="OH"))
    one, other = of_record(lines, 1), of_record(lines, 2)
    as_if_first = [line.replace(unknown, hidden).replace("000000002", "000000001", 1) for line in other]
    assert one == as_if_first
    named = of_record(room.answer(room.run("VININQ", rows, state="FL")), 1)
    assert [line[0] for line in named][:3] == ["A", "P", "K"]


def test_each_inquiry_is_logged(room: BatchRoom) -> None:
    """N-207: who, for what purpose, VIN, digest of the answer, when; one line for each record, refused ones too."""
    vin = new_vin()
    rows = [{"vin": vin, "purpose": "registration"}, {"vin": "BAD*"}, {"vin": vin}]
    file = room.run("VININQ", rows, state="OH")
    lines = room.answer(file)
    with psycopg.connect(room.url) as connection:
        log = connection.execute(
            "SELECT vin, asker_kind, asker, purpose, answer_hash, asked_at FROM exchange.inquiry_log"
            " WHERE inquiry_id::text LIKE %s ORDER BY inquiry_id",
            (f"{str(file.file_id)[:24]}%",),
        ).fetchall()
    digests = [
        hashlib.sha256("".join(f"{line}\n" for line in of_record(lines, number)).encode()).digest()
        for number in (1, 2, 3)
    ]
    assert [row[:4] for row in log] == [
        (vin, "jurisdiction", "OH", "registration"),
        ("BAD*", "jurisdiction", "OH", "not readable"),
        (vin, "jurisdiction", "OH", "title"),
    ]
    assert [(bytes(row[4]), row[5]) for row in log] == [(digest, NOW) for digest in digests]


@pytest.mark.parametrize(("state", "code"), [("PA", "V04"), ("TX", "V04"), ("CA", "V04"), ("GA", "V07")])
def test_only_mode_3_asks_by_file(room: BatchRoom, state: str, code: str) -> None:
    """N-106: batch inquiry belongs to mode 3; 1 and 2 ask on line, 4 by web."""
    with pytest.raises(FileRefused) as refused:
        room.send(room.written("VININQ", [{"vin": new_vin()}], state=state), state=state)
    assert (refused.value.fault.code, refused.value.line) == (code, 1)


def test_who_does_not_report_does_not_ask(room: BatchRoom) -> None:
    """N-105: refused at the door and again when it is answered; asking is no report; one report opens it again."""
    forget_roster()
    silent_since = NOW + timedelta(days=100)
    room.done(room.written("VINADD", [add(new_vin(), "QR1")], state="FL"), state="FL", at=silent_since)
    question = room.written("VININQ", [{"vin": new_vin()}], state="FL")
    late = silent_since + timedelta(days=6, hours=1)
    forget_roster()
    sent = room.send(question, state="FL", at=late)
    with psycopg.connect(room.url) as connection:
        apply_next(connection, spool=room.spool, at=late, note=lambda *_progress: None)
    assert "V66W" in "".join(room.answer(room.look(sent)))
    waiting = room.send(room.written("VININQ", [{"vin": new_vin()}], state="FL"), state="FL", at=late)
    too_late = silent_since + timedelta(days=7, hours=1)
    forget_roster()
    assert room.apply(at=too_late) is not None
    assert (room.look(waiting).state, room.look(waiting).fault_code) == ("rejected", "V05")
    with pytest.raises(FileRefused) as refused:
        room.send(room.written("VININQ", [{"vin": new_vin()}], state="FL"), state="FL", at=too_late)
    assert refused.value.fault.code == "V05"
    room.done(room.written("VINADD", [add(new_vin(), "QR2")], state="FL"), state="FL", at=too_late)
    forget_roster()
    again = room.done(room.written("VININQ", [{"vin": new_vin()}], state="FL"), state="FL", at=too_late)
    assert again.state == "applied"
    forget_roster()


def test_file_cut_in_the_middle_leaves_no_answer(room: BatchRoom) -> None:
    """N-501, N-505: a file without its trailer is refused whole: no answer, no line in the log."""
    vin = new_vin()
    content = room.written("VININQ", [{"vin": vin}] * 3, state="OH").splitlines(keepends=True)
    file = room.done(b"".join(content[:-1]), state="OH")
    assert (file.state, file.fault_code) == ("rejected", "V83")
    with psycopg.connect(room.url) as connection:
        with pytest.raises(NoAnswer) as none:
            answer_file(connection, file.file_id, jurisdiction="OH", spool=room.spool)
        logged = connection.execute("SELECT 1 FROM exchange.inquiry_log WHERE vin = %s", (vin,)).fetchall()
    assert (none.value.missing, logged) == ("not_answered", [])


def asking(databases: ScratchDatabases, code: str, **how: Any) -> Client:
    return Client(headers={"Authorization": f"Bearer {program_key(databases, code, **how)}"})


def test_answer_by_api(databases: ScratchDatabases, room: BatchRoom) -> None:
    """N-204: sent, answered, fetched by who asked in either form; for others it does not exist (N-205)."""
    ours, theirs = asking(databases, "OH"), asking(databases, "PA")
    now = datetime.now(UTC)
    room.done(room.written("VINADD", [add(new_vin(), "QA1")], state="OH"), state="OH", at=now)
    forget_roster()
    content = room.written("VININQ", [{"vin": new_vin()}], state="OH")
    sent = ours.post("/exchange/v1/files", data=content, content_type="text/plain")
    assert sent.status_code == 201, sent.content
    where = f"/exchange/v1/files/{sent.json()['file_id']}/answer"
    assert ours.get(where).status_code == 409
    while apply_one(now=lambda: datetime.now(UTC)) is not None:
        pass
    fixed = b"".join(ours.get(where).streaming_content)  # type: ignore[attr-defined]
    assert fixed.splitlines()[1].startswith(b"A000000001")
    assert len(fixed.splitlines()[1]) == ANSWER_RECORD.length
    csv = b"".join(ours.get(where, {"form": "csv"}).streaming_content)  # type: ignore[attr-defined]
    assert csv.startswith(b"H,OH,")
    assert ours.get(where, {"form": "pdf"}).status_code == 400
    assert ours.post(where).status_code == 405
    assert theirs.get(where).status_code == 404
    assert asking(databases, "OH", scopes=("report_to_exchange",)).get(where).status_code == 403
    report = room.done(room.written("VINADD", [add(new_vin(), "QA2")], state="OH"), state="OH", at=now)
    assert ours.get(f"/exchange/v1/files/{report.file_id}/answer").status_code == 409


def test_key_that_may_not_ask_sends_no_inquiries(databases: ScratchDatabases, room: BatchRoom) -> None:
    """N-106: a key issued for reporting alone opens no inquiry by file either."""
    reporting = asking(databases, "OH", scopes=("report_to_exchange",))
    content = room.written("VININQ", [{"vin": new_vin()}], state="OH")
    refused = reporting.post("/exchange/v1/files", data=content, content_type="text/plain")
    assert refused.status_code == 422
    assert "V89" in refused.json()["errors"][0]["message"]


def test_answer_by_command(
    databases: ScratchDatabases, room: BatchRoom, capsys: pytest.CaptureFixture[str]
) -> None:
    """N-204: `vinculum exchange file answer`; what is removed after its time says so."""
    file: BatchFile = room.run("VININQ", [{"vin": new_vin()}], state="OH")
    station = Station(key=lambda: program_key(databases, "OH"), terminal=lambda: "t", databases=nullcontext)

    def command(*arguments: str) -> int:
        return main(["exchange", "file", "answer", str(file.file_id), *arguments], station=station)

    from vinculum.entrypoints.batch_spool import spool

    lines = "".join(f"{line}\n" for line in room.answer(file)).encode()
    kept = spool().receive([lines])
    assert command("--form", "csv") == 0
    assert capsys.readouterr().out.startswith("H,OH,")
    (spool().directory / kept.content_name).unlink()
    assert command() != 0
    assert "30 days" in capsys.readouterr().err

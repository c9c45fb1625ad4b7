"""Batch files of every kind, from the bytes to the record and the report."""

from datetime import date, timedelta

import psycopg
import pytest
from batch_room import NOW, BatchRoom, add, counts, new_name
from counter import new_vin

from vinculum.config.scratch import ScratchDatabases
from vinculum.kernel.vin import check_digit
from vinculum.national.batch import progress
from vinculum.national.batch.reading import FileRefused

pytestmark = pytest.mark.database


@pytest.mark.parametrize("form", ["fixed", "csv"])
def test_titles_are_added(room: BatchRoom, form: str) -> None:
    """N-501, N-303: a bad record is rejected alone; the others make pointers; the same title again is 401."""
    one, two = new_vin(), new_vin()
    file = room.run(
        "VINADD", [add(one, "A1"), add(two, "A2", make="H"), add(one, "A1"), add("BAD*", "A4")], form=form
    )
    assert file.state == "applied"
    assert (file.records_read, file.records_rejected, file.records_valid) == (4, 2, 2)
    assert [(n, c) for n, c in room.codes(file) if c in {"401", "V02"}] == [(3, "401"), (4, "V02")]
    assert [pointer.title.title_number for pointer in room.record(one).pointers] == ["A1"]


def test_every_kind_of_update(room: BatchRoom) -> None:
    """N-501: each kind of file does what its message does on line."""
    vin = new_vin()
    assert room.run("VINADD", [add(vin, "K1")]).records_valid == 1
    change = {
        "vin": vin,
        "old_title_number": "K1",
        "title_number": "K2",
        "issue_date": date(2021, 1, 4),
        "odometer": 90,
    }
    assert room.run("VINMOD", [change]).records_valid == 1
    assert room.record(vin).pointers[0].title.title_number == "K2"
    assert (
        room.run(
            "VINREM", [{"vin": vin, "title_number": "K2", "reason": "Recalled, forged"}], form="csv"
        ).records_valid
        == 1
    )
    assert room.record(vin).pointers[0].title.title_number == "K1"
    brand = {"vin": vin, "brand_code": "11", "brand_date": date(2022, 2, 2)}
    assert room.run("BRNADD", [brand | {"make": "HOND", "model_year": 2003}]).records_valid == 1
    assert room.run("BRNCOR", [brand | {"new_brand_code": "01", "reason": "Flood"}]).records_valid == 1
    assert [b.code for b in room.record(vin).brands] == ["01"]
    assert room.run("BRNREM", [brand | {"brand_code": "01", "reason": "Wrong vehicle"}]).records_valid == 1
    assert room.record(vin).brands == ()
    assert room.run("THFSET", [{"vin": vin, "stolen_on": date(2023, 1, 1)}]).records_valid == 1
    assert len(room.record(vin).thefts) == 1
    assert room.run("THFCLR", [{"vin": vin, "recovered_on": date(2023, 1, 9)}]).records_valid == 1
    assert room.record(vin).thefts == ()


@pytest.mark.parametrize("form", ["fixed", "csv"])
def test_title_whose_removal_was_undone_stands(
    room: BatchRoom, databases: ScratchDatabases, form: str
) -> None:
    """N-303, N-308: a removal that an undo of clones took off removes nothing; the title cannot be added again."""
    vin = new_vin()
    room.run("VINADD", [add(vin, "U1")], form=form)
    room.run("VINREM", [{"vin": vin, "title_number": "U1", "reason": "Recalled"}], form=form)
    again = [add(vin, "U1", date(2024, 1, 1))]
    with psycopg.connect(databases.admin_national_url) as connection:
        removal = connection.execute(
            "SELECT entry_id FROM exchange.title_history WHERE vin = %s AND withdraws IS NOT NULL", (vin,)
        ).fetchone()
        assert removal is not None
        connection.execute(
            "INSERT INTO exchange.title_history (vin, entry_id, transaction_type, transaction_at, jurisdiction,"
            " title_number, issue_date, make, model_year, odometer, odometer_unit, withdraws, reason, undo_case)"
            " SELECT vin, gen_random_uuid(), 'CU', transaction_at, jurisdiction, title_number, issue_date, make,"
            " model_year, odometer, odometer_unit, entry_id, 'Clone', gen_random_uuid() FROM exchange.title_history"
            " WHERE vin = %s AND entry_id = %s",
            (vin, removal[0]),
        )
    file = room.run("VINADD", again, form=form)
    assert [code for _number, code in room.codes(file) if code == "401"] == ["401"]


def test_order_within_a_file_is_kept(room: BatchRoom) -> None:
    """N-501: several records of one VIN are done in the order of the file."""
    vin = new_vin()
    records = [add(vin, f"S{n}", date(2020, 1, n)) for n in (1, 2, 4, 3)]
    file = room.run("VINADD", records)
    assert counts(file)[3] == 4
    assert (4, "V67") in room.codes(file)
    assert room.record(vin).pointers[0].title.title_number == "S4"


def test_file_is_taken_once(room: BatchRoom) -> None:
    """N-501: the same file again answers as the first time; its name with other content is refused."""
    name, vin = new_name(), new_vin()
    content = room.written("VINADD", [add(vin, "O1")], name=name)
    first = room.send(content)
    assert room.send(content).file_id == first.file_id
    assert room.done(content).records_valid == 1
    assert room.send(content).state == "applied"
    with pytest.raises(FileRefused) as refused:
        room.send(room.written("VINADD", [add(vin, "O2")], name=name))
    assert refused.value.fault.code == "V87"
    assert len(room.record(vin).history) == 1


@pytest.mark.parametrize(("state", "code"), [("OH", "V85"), ("CA", "V04"), ("GA", "V07")])
def test_file_of_another_is_refused(room: BatchRoom, state: str, code: str) -> None:
    """N-501, N-106: a file comes from the jurisdiction that it names, and that one reports by batch."""
    named = "PA" if code == "V85" else state
    with pytest.raises(FileRefused) as refused:
        room.send(room.written("VINADD", [add(new_vin(), "X1")], state=named), state=state)
    assert (refused.value.fault.code, refused.value.line) == (code, 1)


def test_wrong_trailer_refuses_the_whole_file(room: BatchRoom) -> None:
    """N-501: counts that disagree refuse the file whole; corrected, the same name is taken."""
    name, vin = new_name(), new_vin()
    content = room.written("VINADD", [add(vin, "W1")], name=name)
    file = room.done(content.replace(b"000000001\n", b"000000002\n"))
    assert (file.state, file.fault_code, file.fault_line) == ("rejected", "V84", 3)
    assert room.record(vin).history == ()
    assert [m.code for m in room.messages(file)] == ["V84"]
    assert room.done(content).state == "applied"


def test_record_after_a_corrected_vin_sees_it(room: BatchRoom) -> None:
    """N-501: the order within a file holds for the right VIN too, to which a record before has moved the title."""
    wrong, right = new_vin(), new_vin()
    room.run("VINADD", [add(wrong, "V1")])
    change = {"issue_date": date(2021, 1, 4), "odometer": 90}
    moved = {"vin": wrong, "new_vin": right, "vin_verified_on": date(2021, 1, 2)}
    file = room.run(
        "VINMOD",
        [
            change | moved | {"old_title_number": "V1", "title_number": "V2"},
            change | {"vin": right, "old_title_number": "V2", "title_number": "V3"},
        ],
    )
    assert (file.records_valid, [n for n, code in room.codes(file) if code == "V10"]) == (2, [])
    assert [pointer.title.title_number for pointer in room.record(right).pointers] == ["V3"]


def test_progress_is_told_beside_the_work(room: BatchRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    """N-504: how far a file has come is seen by its jurisdiction while it is applied, and ends with it."""
    monkeypatch.setattr(progress, "_SECONDS_BETWEEN", 0.0)
    file = room.send(room.written("VINADD", [add(new_vin(), "W1")]))
    board = progress.ProgressBoard(connect=lambda: psycopg.connect(room.url), clock=lambda: NOW)
    for phase, records in (("reading", 1000), ("writing", 2000)):
        board.note(file, phase, records)
        with psycopg.connect(room.url) as connection:
            seen = progress.read_progress(connection, file.file_id)
            assert progress.progress_of_all(connection, jurisdiction="PA") == {file.file_id: seen}
            assert progress.progress_of_all(connection, jurisdiction="OH") == {}
        assert seen == progress.Progress(phase=phase, records=records, noted_at=NOW)
    board.clear(file)
    with psycopg.connect(room.url) as connection:
        assert progress.read_progress(connection, file.file_id) is None


def test_refused_at_its_end_leaves_nothing(room: BatchRoom) -> None:
    """N-504, N-501: records that were applied before the trailer showed that it disagrees are undone with the file."""
    vin = new_vin()
    brand = {
        "vin": vin,
        "brand_code": "11",
        "brand_date": date(2022, 2, 2),
        "make": "HOND",
        "model_year": 2003,
    }
    content = room.written("BRNADD", [brand])
    file = room.done(content.replace(b"000000001\n", b"000000002\n"))
    assert (file.state, file.fault_code) == ("rejected", "V84")
    assert room.record(vin).brands == ()
    assert [m.code for m in room.messages(file)] == ["V84"]


def test_trailer_of_another_file_refuses_the_whole_file(room: BatchRoom) -> None:
    """N-501: header and trailer name one file; two that were put together by mistake are refused whole."""
    name, vin = new_name(), new_vin()
    before, found, after = room.written("VINADD", [add(vin, "W1")], name=name).rpartition(name.encode())
    file = room.done(before + b"X" + found[1:] + after)
    assert (file.state, file.fault_code, file.fault_line) == ("rejected", "V84", 3)
    assert room.record(vin).history == ()


def test_record_with_two_warnings_is_one_record(room: BatchRoom) -> None:
    """N-502: records that had warnings are counted, not their warnings; each warning is told."""
    vin = f"JS1{new_vin()[-7:]}"
    assert counts(room.run("VINADD", [add(vin, "W1")])) == (1, 0, 1, 1)
    change = {"vin": vin, "old_title_number": "W1", "title_number": "W2", "issue_date": date(2021, 1, 4)}
    file = room.run("VINMOD", [change | {"odometer": 90, "make": "GIL"}])
    assert (counts(file), room.codes(file)) == ((1, 0, 1, 1), [(1, "20B"), (1, "V60")])


def test_of_two_titles_of_a_day_the_later_record_decides(room: BatchRoom) -> None:
    """N-305: only an older title is late; a record of the day of the one before it takes the pointer."""
    vin, day = new_vin(), date(2023, 1, 1)
    file = room.run("VINADD", [add(vin, "D1", day), add(vin, "D2", day), add(vin, "D3", date(2022, 1, 1))])
    assert file.records_valid == 3
    assert [number for number, code in room.codes(file) if code == "V67"] == [3]
    assert [pointer.title.title_number for pointer in room.record(vin).pointers] == ["D2"]


def test_report_to_use(room: BatchRoom) -> None:
    """N-105: an applied file counts as the jurisdiction's report."""
    room.run("VINADD", [add(new_vin(), "R1")], state="TX")
    import psycopg

    with psycopg.connect(room.url) as connection:
        row = connection.execute(
            "SELECT last_accepted_update_at FROM exchange.jurisdiction WHERE code = 'TX'"
        ).fetchone()
    assert row == (NOW,)


def test_rejected_records_are_no_report(room: BatchRoom) -> None:
    """N-105: a file of which no record was accepted keeps no inquiry open."""
    room.run("VINADD", [add(new_vin(), "R1")], state="TX")
    later = NOW + timedelta(days=3)
    file = room.done(
        room.written("VINADD", [add(new_vin(), "R2", date(2030, 1, 1))], state="TX"), state="TX", at=later
    )
    assert (file.state, counts(file)) == ("applied", (1, 1, 0, 0))
    with psycopg.connect(room.url) as connection:
        row = connection.execute(
            "SELECT last_accepted_update_at FROM exchange.jurisdiction WHERE code = 'TX'"
        ).fetchone()
    assert row == (NOW,)


def test_check_digit_and_decode_are_told_apart(room: BatchRoom) -> None:
    """N-502, N-601: 21A decoded but the digit fails, 21C neither, 21D digit right but not decoded; all are applied.

    "VIN DECODED BUT CK DIGIT FAILED", "VIN DID NOT DECODE (MAYBE TYPOS) & CK DIGIT FAILED" and "VIN NOT IN DB BUT CK
    DIGIT OK" in chapter 21 of the best practices, which has the sender verify the VIN; a right one needs no action.
    """
    serial = new_vin()[-5:]

    def vin(before: str, after: str, *, right: bool) -> str:
        digit = check_digit(f"{before}0{after}")
        wrong = "1" if digit == "0" else "0"
        return f"{before}{digit if right else wrong}{after}"

    decoded = ("1HGCM826", f"3A0{serial}")
    unknown = ("ZZZZZ000", f"3Z0{serial}")
    records = [
        add(vin(*decoded, right=True), "C1"),
        add(vin(*decoded, right=False), "C2"),
        add(vin(*unknown, right=False), "C3"),
        add(vin(*unknown, right=True), "C4"),
        add(f"JS1{serial}", "C5"),
    ]
    file = room.run("VINADD", records)
    assert counts(file) == (5, 0, 4, 5)
    said = [(m.record_number, m.code, m.severity, m.text) for m in room.messages(file)]
    assert said == [
        (2, "21A", "warning", "VIN DECODED BUT CK DIGIT FAILED"),
        (3, "21C", "warning", "VIN DID NOT DECODE (MAYBE TYPOS) & CK DIGIT FAILED"),
        (4, "21D", "warning", "VIN NOT IN DB BUT CK DIGIT OK"),
        (5, "20B", "warning", "VIN IS SHORTER THAN 17 CHARACTERS"),
    ]
    assert all(len(room.record(record["vin"]).pointers) == 1 for record in records)

"""Large VINADD files: laid apart by VIN, plain titles written in the binary form of COPY, the rest left to the law."""

import re
from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import psycopg
import pytest
from batch_room import NOW, BatchRoom, add, counts
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from vinculum.config.scratch import ScratchDatabases
from vinculum.decoding import decode_vin
from vinculum.kernel.vin import check_digit, check_digit_valid
from vinculum.national.batch import copy_binary as binary
from vinculum.national.batch import plain_titles, title_lots, titles_file
from vinculum.national.batch.cells import characters, days, from_hexadecimal, texts
from vinculum.national.batch.file_types import FILE_TYPES, print_file
from vinculum.national.batch.reading import Details, read_details, read_header
from vinculum.national.batch.record_lines import RecordFaults, read_record
from vinculum.national.batch.spool import Spool
from vinculum.national.batch.tally import Findings, Tally
from vinculum.national.batch.title_checks import DecodedDescriptors, check_titles
from vinculum.national.batch.title_lines import TitleLines, cut_lines
from vinculum.national.batch.title_lots import TitleLots, borders_of
from vinculum.national.batch.titles import read_titles
from vinculum.national.law.makes import correct_make
from vinculum.protocol.add_title import AddTitle

KIND = FILE_TYPES["VINADD"]


_serials = count(uuid4().int % 800_000)


def sound_vin() -> str:
    """A VIN nobody has used yet, of which nothing is to be said."""
    vin = f"1HGCM82603A{next(_serials):06d}"
    return vin[:8] + check_digit(vin) + vin[9:]


def many_lots(monkeypatch: pytest.MonkeyPatch, *, in_a_lot: int = 10) -> None:
    monkeypatch.setattr(titles_file, "FEW_TITLES", 0)
    monkeypatch.setattr(title_lots, "RECORDS_IN_A_LOT", in_a_lot)
    monkeypatch.setattr(title_lots, "_ROWS_AT_ONCE", 25)
    monkeypatch.setattr(titles_file, "_BYTES_AT_ONCE", 2000)


@pytest.mark.database
@pytest.mark.parametrize("form", ["fixed", "csv"])
def test_titles_of_all_kinds_in_many_lots(
    room: BatchRoom, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """N-301, N-310, N-501, N-504: titles of all kinds come out as in a small file, the old state is told."""
    many_lots(monkeypatch)
    held, twice, exists, short = ([sound_vin() for _ in range(20)] for _ in range(4))
    known = [*held, *exists]
    room.run("VINADD", [add(vin, f"OH{place}") for place, vin in enumerate(known)], state="OH", form=form)
    room.run(
        "VINADD", [add(vin, f"P{place}", date(2021, 1, 1)) for place, vin in enumerate(exists)], form=form
    )
    records = [
        *(add(vin, f"M{place}", date(2021, 1, 1)) for place, vin in enumerate(held)),
        *(add(vin, f"A{place}") for place, vin in enumerate(twice)),
        *(add(vin, f"B{place}", date(2022, 1, 1)) for place, vin in enumerate(twice)),
        *(add(vin, f"P{place}", date(2022, 1, 1)) for place, vin in enumerate(exists)),
        *(add(vin[:10], f"S{place}", date(2020, 1, 1)) for place, vin in enumerate(short[:1])),
        *(add(f"Q{place}", "BAD") for place in range(3)),
    ]
    file = room.run("VINADD", records, form=form)
    assert counts(file) == (84, 23, 1, 61)
    for place, vin in enumerate(held):
        record = room.record(vin)
        assert [(p.number, p.title.title_number) for p in record.pointers] == [(1, f"M{place}")]
        before, after = sorted(record.history, key=lambda entry: entry.title.issue_date)
        assert after.replaces == before.title.entry_id
    assert [room.record(vin).pointers[0].title.title_number for vin in twice] == [f"B{n}" for n in range(20)]
    assert {code for number, code in room.codes(file) if 61 <= number <= 80} == {"401"}
    with psycopg.connect(room.url) as connection:
        told = connection.execute(
            "SELECT count(*) FROM exchange.notice WHERE vin = ANY (%s) AND to_jurisdiction = 'OH'", (held,)
        ).fetchone()
        left = connection.execute("SELECT count(*) FROM staging.move").fetchone()
    assert (told, left) == ((20,), (0,))


@pytest.mark.database
def test_plain_titles_do_not_pass_through_the_rest(room: BatchRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    """P-1: what is plain is written at once; in a file of plain titles nothing is left to be decided one by one."""
    many_lots(monkeypatch)
    left: list[int] = []
    write = plain_titles.write_prepared

    def watch(connection: psycopg.Connection[Any], lot: plain_titles.Prepared, **more: Any) -> Any:
        rest = write(connection, lot, **more)
        left.append(len(rest))
        return rest

    monkeypatch.setattr(titles_file, "write_prepared", watch)
    vins = [sound_vin() for _ in range(50)]
    room.run("VINADD", [add(vin, f"F{place}") for place, vin in enumerate(vins)], state="OH")
    file = room.run("VINADD", [add(vin, f"G{place}", date(2021, 1, 1)) for place, vin in enumerate(vins)])
    assert counts(file) == (50, 0, 0, 50)
    assert len(left) > 5
    assert set(left) == {0}


@pytest.mark.database
def test_vin_that_reads_null_is_a_vin(room: BatchRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    """N-305: the vehicles of a lot are asked for by their VINs, whatever those spell."""
    many_lots(monkeypatch)
    room.run("VINADD", [add("NULL", f"N{uuid4().int % 10**9}", date(2020, 1, 1))], state="OH")
    number = f"N{uuid4().int % 10**9}"
    file = room.run("VINADD", [add("NULL", number, date(2023, 1, 1))])
    assert file.records_valid == 1
    assert room.record("NULL").pointers[0].title.title_number == number


def test_lots_keep_the_records_of_a_vin_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """N-504: lot after lot in the order of the VINs, each VIN in one of them; the directory stays empty."""
    monkeypatch.setattr(title_lots, "_ROWS_AT_ONCE", 40)
    vins = [f"V{number % 70:03d}" for number in range(300)]
    with TitleLots(borders=["V020", "V021", "V050"], directory=tmp_path) as lots:
        for begin in range(0, 300, 30):
            lots.lay(cut([add(vin, "T1") for vin in vins[begin : begin + 30]], first=begin))
        found = list(lots.take())
        assert sum(len(lot) for lot in lots.take()) == 300
        assert list(tmp_path.iterdir()) == []
    assert [max(texts(lot.of("vin"))) for lot in found] == ["V019", "V020", "V049", "V069"]
    assert [len(set(texts(lot.of("vin")))) for lot in found] == [20, 1, 29, 20]
    for lot in found:
        assert texts(lot.of("vin")) == [vins[number] for number in lot.numbers]


def cut(records: list[dict[str, Any]], *, first: int) -> TitleLines:
    text = "".join(KIND.detail.print_line(record, form="fixed") + "\n" for record in records).encode()
    findings = Findings(file_id=uuid4(), tally=Tally())
    details = Details(first=first, count=len(records), text=text)
    return cut_lines(details, form="fixed", read_alone=read_alone, findings=findings)


def read_alone(line: bytes, number: int, form: Any) -> AddTitle:
    message: AddTitle = read_record(
        line, kind=KIND, form=form, origin="PA", message_id=UUID(int=number), sent_at=NOW
    )
    return message


@pytest.mark.parametrize("form", ["fixed", "csv", "quoted"])
def test_borders_come_from_all_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """P-2: a file in the order of its VINs falls into lots of about one size, and is left where it stood."""
    monkeypatch.setattr(title_lots, "RECORDS_IN_A_LOT", 100)
    records = [add(f"1HGCM82633A{number:06d}", "T1") for number in range(2000)]
    quoted, form = form == "quoted", form.replace("quoted", "csv")
    content = print_file(KIND, records, jurisdiction="PA", file_id="B", created_on=NOW.date(), form=form)
    if quoted:
        content = re.sub(rb"(?m)^D,(\w+),", rb'D,"\1",', content)
    (tmp_path / "file").write_bytes(content)
    with (tmp_path / "file").open("rb") as stream:
        read_header(stream)
        place = stream.tell()
        borders = borders_of(stream, form=form)  # type: ignore[arg-type]
        assert stream.tell() == place
    vins = [record["vin"] for record in records]
    ends = [0, *(bisect_left(vins, border) for border in borders), len(vins)]
    assert len(ends) > 10
    assert max(end - begin for begin, end in pairwise(ends)) < 300


def test_borders_of_a_file_that_repeats_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """P-2: a file whose manufacturers come one after the other, again and again, falls into small lots too."""
    monkeypatch.setattr(title_lots, "RECORDS_IN_A_LOT", 100)
    makers = ["1HG", "2T1", "3FA", "4T1", "5YJ", "JH2"]
    vins = [f"{makers[number % 6]}CM82633A{number // 6:06d}" for number in range(6000)]
    content = print_file(
        KIND, [add(vin, "T1") for vin in vins], jurisdiction="PA", file_id="B", created_on=NOW.date()
    )
    (tmp_path / "file").write_bytes(content)
    with (tmp_path / "file").open("rb") as stream:
        borders = borders_of(stream, form="fixed")
    vins.sort()
    ends = [0, *(bisect_left(vins, border) for border in borders), len(vins)]
    assert max(end - begin for begin, end in pairwise(ends)) < 300


@pytest.mark.database
def test_binary_rows_are_what_was_meant(databases: ScratchDatabases) -> None:
    """N-504: numbers, days, moments, ids and nothing at all arrive in the binary form of COPY as they were."""
    size = 4000
    numbers = np.arange(size)
    at = datetime(2026, 3, 2, 15, 0, 0, 7, tzinfo=UTC)
    ids = [uuid4() for _ in range(size)]
    issued = [date(1931, 5, 1), date(2024, 2, 29)] * (size // 2)
    since_1970 = np.array([(day - date(1970, 1, 1)).days for day in issued])
    columns = [
        characters("".join(f"V{number:05d}" for number in range(size)).encode()).reshape(size, 6),
        from_hexadecimal(characters("".join(one.hex for one in ids).encode()).reshape(size, 32)),
        binary.ids_of_records(bytes(10), numbers),
        binary.smallints(numbers - 7),
        binary.integers(numbers * 200_000),
        binary.dates(since_1970),
        binary.moments(at, numbers),
    ]

    def some(begin: int, end: int) -> bytes:
        first, *more = [column[begin:end] for column in columns]
        count = end - begin
        empty = np.empty((count, 0), dtype=np.uint8)
        parts = [binary.fields([first], count=count), binary.fields([*more, b"AD", None, empty], count=count)]
        return binary.rows(parts, columns=10)

    with psycopg.connect(databases.admin_national_url) as connection:
        connection.execute(
            "CREATE TEMPORARY TABLE trial (a text, b uuid, c uuid, d smallint, e integer, f date, g timestamptz,"
            " h text, i text, j text)"
        )
        plain_titles.copy_in(
            connection,
            "COPY trial FROM STDIN (FORMAT binary)",
            binary.whole([some(0, 1), some(1, size)]),
        )
        found = connection.execute(
            "SELECT *, g = %s + a_number * interval '1 us' FROM (SELECT *, row_number()"
            " OVER (ORDER BY a) - 1 AS a_number FROM trial) AS t ORDER BY a",
            (at,),
        ).fetchall()
    assert len(found) == size
    for number, row in enumerate(found):
        assert row[:2] == (f"V{number:05d}", ids[number])
        assert row[2] == UUID(f"00000000-0000-0000-0000-{number:012d}")
        assert row[3:6] == (number - 7, number * 200_000, issued[number])
        assert row[7:10] == ("AD", None, "")
        assert row[-1] is True


CELLS = st.sampled_from(
    [
        "1HGCM82633A004352",
        "1HGCM82633A00435Q",
        "NULL",
        "",
        " X",
        "A-1",
        "-A",
        "A 1",
        "20240101",
        "20240230",
        "00000101",
        *("0003", "2003", "12", "K", "X", "salvage", "HON", " HON", "T\\N"),
    ]
)


ROWS = st.lists(st.dictionaries(st.sampled_from([c.name for c in KIND.detail.columns]), CELLS), min_size=1)
# Cells of the next length, and what looks like what it is not.
TOO_LONG_OR_SHORT = [
    *({"vin": "1HG CM8"}, {"vin": "1" * 30}, {"vin": "1" * 31}, {"vin": "1" * 30 + " "}, {"vin": " 1HG"}),
    *(
        {"title_number": "A" * 17},
        {"title_number": "A" * 18},
        {"title_number": "A  1"},
        {"title_number": "A-"},
    ),
    *({"model_year": "0999"}, {"model_year": "999"}, {"model_year": "02003"}, {"model_year": "1000"}),
    *(
        {"odometer": "9" * 9},
        {"odometer": "9" * 10},
        {"odometer": "12  "},
        {"odometer": ""},
        {"odometer": "0"},
    ),
    *({"issue_date": "2024010"}, {"issue_date": "20240101 "}, {"issue_date": "020240101"}, {"make": "HONDA"}),
    *({"odometer_unit": "K "}, {"odometer_unit": "KM"}, {"title_type": "road "}, {"title_type": "salvag"}),
]
ODD_LINES = st.text(alphabet='D,"1A Q\x00é', max_size=12)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=ROWS,
    odd=st.lists(ODD_LINES, max_size=3),
    after=st.integers(0, 3),
    form=st.sampled_from(["fixed", "csv"]),
)
@example(rows=TOO_LONG_OR_SHORT, odd=["", "D"], after=1, form="fixed")
@example(rows=TOO_LONG_OR_SHORT, odd=["", "D"], after=1, form="csv")
def test_whole_columns_are_judged_as_each_line_is(
    rows: list[dict[str, str]], odd: list[str], after: int, form: Any
) -> None:
    """N-501, N-502: of many lines at once the same titles are read, and the same is said, as of each line by itself."""
    sound = [line_of(row, form=form) for row in rows]
    lines = [*sound[:after], *odd, *sound[after:]]
    text = "".join(f"{line}\n" for line in lines).encode("latin-1")
    findings = Findings(file_id=uuid4(), tally=Tally())
    some = cut_lines(
        Details(first=7, count=len(lines), text=text), form=form, read_alone=read_alone, findings=findings
    )
    titles = read_titles(some, read_alone=read_alone, findings=findings)
    wanted = Findings(file_id=findings.file_id, tally=Tally())
    messages: dict[int, AddTitle] = {}
    for number, line in enumerate(text[:-1].split(b"\n"), 7):
        try:
            messages[number] = read_alone(line, number, form)
        except RecordFaults as faults:
            wanted.reject(number, faults.vin, faults.problems)
    assert sorted(findings.rows) == sorted(wanted.rows)
    assert findings.tally.rejected == wanted.tally.rejected
    assert sorted(titles.numbers) == sorted(messages)
    assert sorted(texts(titles.of("vin"))) == texts(titles.of("vin"))
    for place, number in enumerate(titles.numbers.tolist()):
        message = messages[number]
        for name in ("vin", "title_number", "make", "state_title_key"):
            assert texts(titles.of(name))[place] == getattr(message, name)
            assert titles.lengths[name][place] == len(getattr(message, name))
        assert date(1970, 1, 1) + timedelta(days=int(titles.issued[place])) == message.issue_date
        assert (titles.model_year[place], titles.odometer[place]) == (message.model_year, message.odometer)
        assert texts(titles.of("odometer_unit"))[place] == message.odometer_unit
        assert titles.road[place] == (message.title_type == "road")


def line_of(row: dict[str, str], *, form: Any) -> str:
    """A sound line but for what the row says, in CSV now and then quoted and in any length."""
    sound = {"vin": "1HGCM82633A004352", "title_number": "T1", "issue_date": "20240101", "make": "HOND"}
    cells = {**sound, "model_year": "2003", "odometer": "000000012", **row}
    printed = [cells.get(column.name, "") for column in KIND.detail.columns]
    if form == "csv":
        return ",".join(["D", *(f'"{cell}"' if "," in cell else cell for cell in printed)])
    return "D" + "".join(
        cell[: column.length].ljust(column.length)
        for cell, column in zip(printed, KIND.detail.columns, strict=True)
    )


@given(st.lists(st.text(alphabet="0123456789 ", min_size=8, max_size=8), min_size=1))
@example(["00000101", "00010101", "20240229", "20230229", "19000229", "20000229", "20241301", "20240100"])
def test_days_of_columns_are_days(cells: list[str]) -> None:
    """N-305: a column of days holds those of the calendar and no others."""
    array = characters("".join(cells).encode()).reshape(-1, 8)
    found, are_days = days(array[:, :4], array[:, 4:6], array[:, 6:])
    for cell, number, is_day in zip(cells, found.tolist(), are_days.tolist(), strict=True):
        try:
            day = date(int(cell[:4]), int(cell[4:6]), int(cell[6:])) if cell.isdigit() else None
        except ValueError:
            day = None
        assert is_day == (day is not None)
        assert day is None or date(1970, 1, 1) + timedelta(days=number) == day


VINS = st.sampled_from(
    [
        *("1HGCM82633A004352", "1HGCM82643A004352", "1HGCM82633A004353", "1HGCM82633A", "4UZACGBW5FCGR1234"),
        *(
            "WDB9066331S123456",
            "1M9A11223BX123456",
            "1M9A11223BX999456",
            "JH2RC5007VM200001",
            "11111111111111111",
        ),
        # Makers whose serial numbers tell the model (`serial_depths.csv`).
        *(
            "JALC4J16XP7K68385",
            "JALC4J166P7768385",
            "54DE4S167H7854975",
            "722B4W1V5WP217752",
            "LRYJCBL05M0217752",
        ),
    ]
)


@settings(deadline=None)
@example([("1HGCM82633A004352", "GIL"), ("1HGCM82633A004353", " GIL"), ("1HGCM82633A004354", " HON")])
@given(st.lists(st.tuples(VINS, st.sampled_from(["HOND", "MERC", "GIL", "gil", " HON", " GIL"])), min_size=1))
def test_what_is_said_of_many_titles_is_said_of_each(given_titles: list[tuple[str, str]]) -> None:
    """N-108, N-601, N-502: check digit, decoding and make of each title beside others as of each alone."""

    def check(some: list[tuple[str, str]]) -> dict[int, tuple[str, list[str], str | None]]:
        records = [{**add(vin, "T1"), "make": make} for vin, make in some]
        findings = Findings(file_id=uuid4(), tally=Tally())
        titles = read_titles(cut(records, first=0), read_alone=read_alone, findings=findings)
        check_titles(titles, at=NOW, descriptors=DecodedDescriptors())
        makes = texts(titles.of("make"))
        return {
            number: (makes[place], titles.codes.get(place, []), titles.sent_makes.get(place))
            for place, number in enumerate(titles.numbers.tolist())
        }

    together = check(given_titles)
    for number, one in enumerate(given_titles):
        vin, make = one
        assert together[number] == check([one])[0]
        right, warnings = correct_make(make, vin=vin)
        codes = ["20B"] if len(vin) < 17 else []
        decodes, holds = bool(decode_vin(vin).model), check_digit_valid(vin)
        if len(vin) == 17 and not (decodes and holds):
            # What a wrong check digit hides is looked for under the right one.
            right_vin = vin[:8] + check_digit(vin) + vin[9:]
            decodes = bool(decode_vin(right_vin).model)
            codes += [
                {(False, True): "21A", (False, False): "21C", (True, False): "21D"}.get((holds, decodes), "")
            ]
        codes += [warning.code for warning in warnings]
        assert together[number][:2] == (right, [code for code in codes if code])


def test_spool_may_be_read_in_small_pieces(tmp_path: Path) -> None:
    """N-501: where a piece of the file ends changes nothing about its records."""
    records = [add(f"1HGCM82633A{number:06d}", f"T{number}") for number in range(50)]
    content = print_file(KIND, records, jurisdiction="PA", file_id="S", created_on=NOW.date())
    spool = Spool(directory=tmp_path)
    name = spool.receive([content]).content_name
    told = []
    for size in (7, 100, 1000, 10**6):
        with spool.open(name) as stream:
            header = read_header(stream)
            told.append(
                [line for some in read_details(stream, header, bytes_at_once=size) for line in some.lines]
            )
    assert len(told[0]) == 50
    assert told[1:] == told[:1] * 3

"""Large VINADD files: laid apart by VIN, plain titles written in the binary form of COPY, the rest left to the law."""

from datetime import UTC, date, datetime
from itertools import count, pairwise
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import polars as pl
import psycopg
import pytest
from batch_room import NOW, BatchRoom, add, counts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vinculum.config.scratch import ScratchDatabases
from vinculum.kernel.vin import check_digit
from vinculum.national.batch import copy_binary as binary
from vinculum.national.batch import plain_titles, title_lots, titles_file
from vinculum.national.batch.file_types import FILE_TYPES, print_file
from vinculum.national.batch.reading import Details, read_details, read_header
from vinculum.national.batch.record_lines import RecordFaults, read_cells, read_record
from vinculum.national.batch.spool import Spool
from vinculum.national.batch.tally import Findings, Tally
from vinculum.national.batch.title_columns import Grid, read_columns
from vinculum.national.batch.title_lots import TitleLots, borders_of, cut_lines

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

    def watch(connection: psycopg.Connection[Any], lot: plain_titles.Prepared, **more: Any) -> pl.DataFrame:
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
            lots.lay(pl.DataFrame({"vin": vins[begin : begin + 30], "n": range(begin, begin + 30)}))
        found = [set(lot["vin"]) for lot in lots.take()]
        rows = sum(len(lot) for lot in lots.take())
        assert list(tmp_path.iterdir()) == []
    assert rows == 300
    assert [max(lot) for lot in found] == ["V019", "V020", "V049", "V069"]
    assert sum(map(len, found)) == 70


@pytest.mark.parametrize("form", ["fixed", "csv"])
def test_borders_come_from_all_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """P-2: a file in the order of its VINs falls into lots of about one size, and reading goes on where it stood."""
    monkeypatch.setattr(title_lots, "RECORDS_IN_A_LOT", 100)
    records = [add(f"1HGCM82633A{number:06d}", "T1") for number in range(2000)]
    content = print_file(KIND, records, jurisdiction="PA", file_id="B", created_on=NOW.date(), form=form)
    (tmp_path / "file").write_bytes(content)
    length = KIND.detail.length if form == "fixed" else 50
    with (tmp_path / "file").open("rb") as stream:
        read_header(stream)
        place = stream.tell()
        borders = borders_of(stream, form=form, line_length=length)  # type: ignore[arg-type]
        assert stream.tell() == place
    vins = pl.Series([record["vin"] for record in records])
    ends = [0, *vins.search_sorted(pl.Series(borders), side="left").to_list(), len(vins)]
    assert len(ends) > 10
    assert max(end - begin for begin, end in pairwise(ends)) < 300


@pytest.mark.database
def test_binary_rows_are_what_was_meant(databases: ScratchDatabases) -> None:
    """N-504: numbers, days, moments, ids and nothing at all arrive in the binary form of COPY as they were."""
    size = 4000
    numbers = pl.Series(range(size))
    at = datetime(2026, 3, 2, 15, 0, 0, 7, tzinfo=UTC)
    ids = [uuid4() for _ in range(size)]
    days = [date(1931, 5, 1), date(2024, 2, 29)] * (size // 2)
    digits = binary.hexadecimals("".join(f"{number:012d}" for number in range(size)))
    runs = [
        (binary.texts("".join(f"V{number:05d}" for number in range(size))), 6),
        (binary.hexadecimals("".join(map(str, ids))), 16),
        (binary.in_front(bytes(10), digits, width=6), 16),
        (binary.smallints(numbers - 7), 2),
        (binary.integers(numbers * 200_000), 4),
        (binary.dates(pl.Series(days)), 4),
        (binary.moments(at, numbers), 8),
        (binary.texts(""), 0),
    ]

    def some(count: int) -> bytearray:
        first, *more, last = [run.take(count, width=width) for run, width in runs]
        return binary.rows([first, *more, b"AD", None, last], count=count)

    with psycopg.connect(databases.admin_national_url) as connection:
        connection.execute(
            "CREATE TEMPORARY TABLE trial (a text, b uuid, c uuid, d smallint, e integer, f date, g timestamptz,"
            " h text, i text, j text)"
        )
        plain_titles.copy_in(
            connection,
            "COPY trial FROM STDIN (FORMAT binary)",
            binary.whole([some(1), some(size - 1)]),
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
        assert row[3:6] == (number - 7, number * 200_000, days[number])
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


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(st.dictionaries(st.sampled_from([c.name for c in KIND.detail.columns]), CELLS), min_size=1),
    grid_only=st.booleans(),
)
def test_whole_columns_are_judged_as_cells_are(rows: list[dict[str, str]], grid_only: bool) -> None:
    """N-501: what is seen of a whole column at once lets the same records pass as looking at each cell."""
    lines = []
    for row in rows:
        sound = {"vin": "1HGCM82633A004352", "title_number": "T1", "issue_date": "20240101", "make": "HOND"}
        sound |= {"model_year": "2003", "odometer": "000000012"} | ({} if grid_only else row)
        if grid_only and row:
            name = min(row)
            sound[name] = row[name]
        cells = [sound.get(c.name, "")[: c.length].ljust(c.length) for c in KIND.detail.columns]
        lines.append("D" + "".join(cells))
    text = "".join(f"{line}\n" for line in lines).encode()

    def read() -> tuple[Any, Any]:
        some = cut_lines(Details(first=1, count=len(lines), text=text), layout=KIND.detail, form="fixed")
        findings = Findings(file_id=uuid4(), tally=Tally())
        found = read_columns(
            some,
            layout=KIND.detail,
            form="fixed",
            read_alone=lambda line, number: read_record(
                line, kind=KIND, form="fixed", origin="PA", message_id=uuid4(), sent_at=NOW
            ),
            findings=findings,
        )
        rejected = [(row[2], row[4]) for row in findings.rows]
        return sorted(found.rows()), rejected

    together = read()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Grid, "of", classmethod(lambda cls, text, layout: None))
        assert read() == together


LINES = st.text(alphabet='D,"1A Q\x00é', max_size=12)


@settings(deadline=None)
@given(lines=st.lists(LINES, min_size=1), form=st.sampled_from(["fixed", "csv"]))
def test_line_is_laid_where_its_vin_belongs(lines: list[str], form: Any) -> None:
    """N-501, N-504: the VIN seen in a line is that of its record, quoted or not; any other line may lie anywhere."""
    whole = KIND.detail.print_line(add("1HGCM82633A004352", "T1"), form=form)
    sound = whole[2:] if form == "csv" else whole[1:]
    made = [f"D,{cell}{sound}" for cell in lines] + [f'D,"{cell}1",{sound[18:]}' for cell in lines]
    if form == "fixed":
        made = [f"D{cell}{sound}".ljust(KIND.detail.length)[: KIND.detail.length] for cell in lines]
    text = "".join(f"{line}\n" for line in [*made, *lines]).encode("latin-1")
    found = cut_lines(
        Details(first=7, count=len(made) + len(lines), text=text), layout=KIND.detail, form=form
    )
    assert found["record_number"].to_list() == list(range(7, 7 + len(made) + len(lines)))
    for line, vin in found.select("line", "vin").iter_rows():
        try:
            cells = read_cells(line.encode("latin-1"), layout=KIND.detail, form=form)
        except RecordFaults:
            continue
        assert vin == cells[0]


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

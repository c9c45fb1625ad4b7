"""Titles of a large file as columns: the odd line among sound ones, lots, and what is on record of them."""

from bisect import bisect_left
from datetime import date, timedelta
from errno import ENOSPC
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from random import Random
from time import sleep
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from batch_room import NOW, BatchRoom

from vinculum.national.batch import title_checks, title_lots
from vinculum.national.batch.cells import texts
from vinculum.national.batch.file_types import FILE_TYPES, print_file
from vinculum.national.batch.on_record import read_record as read_record_of
from vinculum.national.batch.reading import Details, read_details, read_header
from vinculum.national.batch.record_lines import RecordFaults, read_record
from vinculum.national.batch.tally import Findings, Tally
from vinculum.national.batch.title_checks import check_titles
from vinculum.national.batch.title_lines import TitleLines, cut_lines
from vinculum.national.batch.title_lots import TitleLots, borders_of
from vinculum.national.batch.titles import TEXTS, read_titles
from vinculum.protocol.add_title import AddTitle

KIND = FILE_TYPES["VINADD"]
SOUND: dict[str, Any] = {
    "vin": "1HGCM82633A004352",
    "title_number": "T1",
    "issue_date": date(2024, 1, 1),
    "make": "HOND",
    "model_year": 2003,
    "odometer": 12,
    "state_title_key": "K1",
}
FIXED = KIND.detail.print_line(SOUND, form="fixed")
CSV = KIND.detail.print_line(SOUND, form="csv")


def read_alone(line: bytes, number: int, form: Any) -> AddTitle:
    message: AddTitle = read_record(
        line, kind=KIND, form=form, origin="PA", message_id=UUID(int=number), sent_at=NOW
    )
    return message


@pytest.mark.parametrize(
    "odd",
    [
        *("X" + FIXED[1:], FIXED + " ", FIXED + "X", FIXED[:-1], FIXED[:-1] + "\x7f", FIXED[:-1] + "é"),
        *(FIXED[:-1] + "\x00", FIXED.replace("T1", "T\x7f"), FIXED.replace("20240101", "20240001"), "D", ""),
        # A blank column, a value with a blank in it, a number at the left of its column.
        *(
            FIXED.replace(value, " " * len(value))
            for value in (SOUND["vin"], "T1", "20240101", "HOND", "2003")
        ),
        *(
            FIXED.replace("82633", "826 3"),
            FIXED.replace("T1", "T-"),
            FIXED.replace("000000012", "12       "),
        ),
        *(FIXED.replace("2003", "203 "), FIXED.replace("2003", "0203"), FIXED[:-13] + "salvage      "),
    ],
)
def test_odd_fixed_line_is_judged_as_alone(odd: str) -> None:
    """N-501, N-505: a line of the wrong length, letter or characters is rejected as it would be by itself."""
    assert_judged_as_alone([FIXED, odd, FIXED], form="fixed")
    assert_judged_as_alone([odd, odd], form="fixed")


@pytest.mark.parametrize(
    "odd",
    [
        # Characters that may not stand in a line are named by their place in the line that was sent.
        *(CSV.replace("T1", "T1\x7f"), CSV.replace("K1", "Ké"), CSV.replace("K1", "K\x001"), "X" + CSV[1:]),
        # Quotation marks belong to the form and not to the value; a second letter does not.
        *(CSV.replace("K1", '"K1"'), CSV.replace("K1", '"K1'), "DX" + CSV[1:], CSV.replace("K1", "K,1")),
        # Numbers and days of other lengths; blanks around values; a value longer than its column.
        *(
            CSV.replace(",12,", f",{number},")
            for number in ("", "0000000012", "1234567890", "1:", " 12", "12 ")
        ),
        *(CSV.replace("20240101", day) for day in ("0240101", "020240101", "", "20240001", "20241301")),
        *(CSV.replace("2003", year) for year in ("203", "02003", "0203", "")),
        *(CSV.replace("K1", key) for key in ("K" * 30, "K" * 31, "K" + " " * 30, " K1", "K1 ", "")),
        *(CSV.replace("T1", number) for number in ("T" * 17, "T" * 18, " T1", "T1 ", "T-", "-T")),
        *(
            CSV.replace("82633", "826 3"),
            CSV.rpartition(",")[0],
            CSV + ",",
            CSV + " ",
            CSV + "salvage",
            CSV + "Salvage",
            "D",
            "",
        ),
    ],
)
def test_odd_csv_line_is_judged_as_alone(odd: str) -> None:
    """N-501, N-505: a CSV line among sound ones is the title, or has the faults, that it has by itself."""
    assert_judged_as_alone([CSV, odd, CSV], form="csv")
    assert_judged_as_alone([odd, odd], form="csv")


def test_lines_that_make_up_for_each_other_are_seen() -> None:
    """N-501, N-505: a line that lacks a character before one that has one too many: neither is a title."""
    assert_judged_as_alone([FIXED, FIXED[:-1], f"D{FIXED}", FIXED], form="fixed")


def assert_judged_as_alone(lines: list[str], *, form: Any) -> None:
    text = "".join(f"{line}\n" for line in lines).encode("latin-1")
    findings = Findings(file_id=uuid4(), tally=Tally())
    details = Details(first=1, count=len(lines), text=text)
    some = cut_lines(details, form=form, read_alone=read_alone, findings=findings)
    titles = read_titles(some, read_alone=read_alone, findings=findings)
    found = {
        number: (
            *(texts(titles.of(name))[place] for name in TEXTS),
            *(titles.issued[place], titles.model_year[place], titles.odometer[place], titles.road[place]),
        )
        for place, number in enumerate(titles.numbers.tolist())
    }
    alone = Findings(file_id=findings.file_id, tally=Tally())
    wanted: dict[int, tuple[Any, ...]] = {}
    for number, line in enumerate(text[:-1].split(b"\n"), 1):
        try:
            message = read_alone(line, number, form)
        except RecordFaults as faults:
            alone.reject(number, faults.vin, faults.problems)
            continue
        wanted[number] = (
            *(getattr(message, name) for name in TEXTS),
            (message.issue_date - date(1970, 1, 1)) // timedelta(days=1),
            *(message.model_year, message.odometer, message.title_type == "road"),
        )
    assert found == wanted
    assert findings.rows == alone.rows


def test_trailer_is_seen_behind_lines_of_any_lengths() -> None:
    """N-501: how long the lines of a file are, and how they add up, changes nothing about where its trailer is."""
    for name in range(1, 21):
        for longer in range(31):
            content = print_file(
                KIND,
                [SOUND | {"state_title_key": ""}, SOUND | {"state_title_key": "K" * longer}],
                jurisdiction="PA",
                file_id="N" * name,
                created_on=NOW.date(),
                form="csv",
            )
            for more in (b"", b"D"):
                stream = BytesIO(content.replace(b"1HGCM82633A004352", b"1HG", len(more)))
                header = read_header(stream)
                assert sum(some.count for some in read_details(stream, header)) == 2


def test_trailer_as_long_as_the_lines_is_seen() -> None:
    """N-501: a trailer of the same length as each of the lines before it is no line of them."""
    record = SOUND | {"vin": "1", "title_number": "1", "make": "H", "odometer": 1, "state_title_key": ""}
    content = print_file(
        KIND, [record] * 1000, jurisdiction="PA", file_id="N" * 19, created_on=NOW.date(), form="csv"
    )
    assert len({len(line) for line in content.splitlines()[1:]}) == 1
    stream = BytesIO(content)
    header = read_header(stream)
    assert sum(some.count for some in read_details(stream, header)) == 1000


def laid(records: list[str], *, first: int) -> TitleLines:
    """Sound lines with these VINs."""
    lines = (KIND.detail.print_line(SOUND | {"vin": vin}, form="fixed") + "\n" for vin in records)
    details = Details(first=first, count=len(records), text="".join(lines).encode())
    findings = Findings(file_id=uuid4(), tally=Tally())
    return cut_lines(details, form="fixed", read_alone=read_alone, findings=findings)


def test_hundreds_of_lots_keep_their_vins(tmp_path: Path) -> None:
    """N-504: in a very large file with hundreds of lots too each lot holds its own VINs and all of them."""
    vins = [f"V{number:04d}" for number in range(600)]
    with TitleLots(borders=vins[1:], directory=tmp_path) as lots:
        for first in (0, 600):
            lots.lay(laid(vins[::-1], first=first))
        found = [(texts(lot.of("vin")), sorted(lot.numbers.tolist())) for lot in lots.take()]
    assert found == [([vin] * 2, [599 - place, 1199 - place]) for place, vin in enumerate(vins)]


def test_lots_without_lines_are_passed_over(tmp_path: Path) -> None:
    """N-504, N-505: a VIN at which a lot begins may stand in a line that is none; then the lot may be empty."""
    with TitleLots(borders=["V1", "V2", "V3", "V9"], directory=tmp_path) as lots:
        lots.lay(laid(["V3", "V0"], first=1))
        assert [lot.numbers.tolist() for lot in lots.take()] == [[2], [1]]
    with TitleLots(borders=["V1"], directory=tmp_path) as lots:
        assert list(lots.take()) == []


def test_lines_that_could_not_be_put_away_are_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """N-504: when the disk is full in the middle, the file is not applied without those lines."""
    monkeypatch.setattr(title_lots, "_ROWS_AT_ONCE", 1)
    put_away = TitleLots._put_away
    calls: list[int] = []

    def full(lots: TitleLots, waiting: list[TitleLines]) -> None:
        calls.append(len(waiting))
        if len(calls) == 2:
            raise OSError(ENOSPC, "No space left on device")
        put_away(lots, waiting)

    monkeypatch.setattr(TitleLots, "_put_away", full)

    def lay_and_take() -> int:
        with TitleLots(borders=[], directory=tmp_path) as lots:
            for first in range(4):
                lots.lay(laid([f"V{first}"], first=first))
            return sum(len(lot) for lot in lots.take())

    with pytest.raises(OSError, match="No space left"):
        lay_and_take()


def test_lots_wait_until_their_lines_are_put_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """N-504: lots are taken when all lines lie in them, however long it takes to put the last ones away."""
    put_away = TitleLots._put_away

    def slow(lots: TitleLots, waiting: list[TitleLines]) -> None:
        sleep(0.2)
        put_away(lots, waiting)

    monkeypatch.setattr(TitleLots, "_put_away", slow)
    with TitleLots(borders=["V2"], directory=tmp_path) as lots:
        lots.lay(laid(["V1", "V2", "V3"], first=1))
        assert [lot.numbers.tolist() for lot in lots.take()] == [[1], [2, 3]]


@pytest.mark.parametrize("form", ["fixed", "csv"])
def test_file_in_no_order_falls_into_lots_of_one_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: Any
) -> None:
    """P-2: where lots end is found by the VINs, in whatever order the file has them."""
    monkeypatch.setattr(title_lots, "RECORDS_IN_A_LOT", 100)
    vins = [f"1HGCM82633A{number:06d}" for number in range(2000)]
    mixed = Random(3).sample(vins, len(vins))
    content = print_file(
        KIND,
        [SOUND | {"vin": vin} for vin in mixed],
        jurisdiction="PA",
        file_id="B",
        created_on=NOW.date(),
        form=form,
    )
    (tmp_path / "file").write_bytes(content)
    with (tmp_path / "file").open("rb") as stream:
        borders = borders_of(stream, form=form)
    ends = [0, *(bisect_left(vins, border) for border in borders), len(vins)]
    assert len(ends) > 5
    assert max(end - begin for begin, end in pairwise(ends)) < 500


def test_forgotten_descriptors_are_decoded_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """N-601, P-2: when too many were decoded to remember, those of this lot are still all answered."""
    monkeypatch.setattr(title_checks, "_MOST_REMEMBERED", 3)
    descriptors = title_checks.DecodedDescriptors()
    sound, other = "1HGCM8263A", "11111111111"[:10]
    assert descriptors.decoded([sound, other]) == [True, False]
    assert descriptors.decoded([sound, other, sound]) == [True, False, True]


@pytest.mark.parametrize(
    ("decodes", "does_not", "code"),
    [
        # Small manufacturers share their first three characters: the last of the other three tells them apart.
        ("1F9U1BA27HE467752", "1F9U1BA25HE460752", "21D"),
        # The plant; the first character alone.
        ("13KGS5533ED262001", "13KGS5531EA262001", "21D"),
        ("7HMBP796XLM378758", "8HMBP7967LM378758", "21D"),
        ("7HMBP796XLM378758", "8HMBP796XLM378758", "21C"),
    ],
)
def test_vins_that_begin_alike_are_decoded_apart(decodes: str, does_not: str, code: str) -> None:
    """N-601: a VIN that decodes takes nothing over from its neighbour in the lot, which does not."""
    titles = read_titles(
        laid([does_not, decodes, does_not], first=1),
        read_alone=read_alone,
        findings=Findings(file_id=uuid4(), tally=Tally()),
    )
    check_titles(titles, at=NOW, descriptors=title_checks.DecodedDescriptors())
    codes = {number: titles.codes.get(place, []) for place, number in enumerate(titles.numbers.tolist())}
    assert codes == {1: [code], 2: [], 3: [code]}


@pytest.mark.database
@pytest.mark.parametrize("length", [17, 30, None])
def test_record_of_a_lot_is_what_is_on_record(room: BatchRoom, length: int | None) -> None:
    """N-102, N-402, N-504: pointers, own titles in the history and junk of a lot of VINs, one by one.

    A title that was not found on record here would come out right only because its pointer could not be made.
    """
    mark = str(uuid4().int)[:8]
    begin = [f"{mark}{place}" for place in range(8)]
    vins = [vin.rjust(length or 9 + place, "X") for place, vin in enumerate(begin)]
    new, *held = vins
    titled = [
        SOUND
        | {"vin": vin, "title_number": f"PA{vin[:place]}", "issue_date": date(2019 + place % 3, place + 2, 9)}
        | {"make": ("HOND", "GMC", "M")[place % 3], "model_year": 1990 + place}
        for place, vin in enumerate(held)
    ]
    assert room.run("VINADD", titled).records_valid == len(held)
    taken = [record | {"title_number": "OH1", "issue_date": date(2025, 2, 3)} for record in titled[:3]]
    assert room.run("VINADD", taken, state="OH").records_valid == 3
    brands = [
        {"vin": vin, "brand_code": code, "brand_date": date(2025, 3, 1), "make": "HOND", "model_year": 1990}
        for vin, code in zip(vins, ("11", "07", "08", "53", "56"), strict=False)
    ]
    assert room.run("BRNADD", brands).records_valid == 5
    asked = [*held, new]
    titles = read_titles(
        laid([*asked, *asked], first=1),
        read_alone=read_alone,
        findings=Findings(file_id=uuid4(), tally=Tally()),
    )
    with psycopg.connect(room.url) as connection:
        record = read_record_of(connection, titles, origin="PA")
    order = texts(titles.of("vin"))
    assert sorted(record.place.tolist()) == sorted(order.index(vin) for vin in held)
    for row, place in enumerate(record.place.tolist()):
        (pointer,) = room.record(order[place]).pointers
        assert texts(record.jurisdiction)[row] == pointer.title.jurisdiction
        assert texts(record.title_number)[row] == pointer.title.title_number
        assert texts(record.make)[row] == pointer.title.make
        assert date(1970, 1, 1) + timedelta(days=int(record.issued[row])) == pointer.title.issue_date
        assert (record.pointer_number[row], record.model_year[row]) == (1, pointer.title.model_year)
        assert UUID(bytes=record.entry[row].tobytes()) == pointer.title.entry_id
    assert sorted(record.own_titles) == sorted(
        f"{title['vin']:30}{title['title_number']}" for title in titled[:3]
    )
    assert sorted(record.junk) == sorted(vins[1:5])


@pytest.mark.database
@pytest.mark.parametrize("beside", [[], ["A1"]])
def test_vin_that_reads_null_is_found_on_record(room: BatchRoom, beside: list[str]) -> None:
    """N-305: the vehicles of a lot are asked for by their VINs, whatever those spell, of one length or not."""
    if not room.record("NULL").pointers:
        room.run("VINADD", [SOUND | {"vin": "NULL", "issue_date": date(2019, 1, 1)}], state="OH")
    titles = read_titles(
        laid(["NULL", *beside], first=1),
        read_alone=read_alone,
        findings=Findings(file_id=uuid4(), tally=Tally()),
    )
    with psycopg.connect(room.url) as connection:
        record = read_record_of(connection, titles, origin="PA")
    assert texts(titles.of("vin").take(record.place, axis=0)) == ["NULL"]

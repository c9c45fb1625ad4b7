"""What a large VINADD file says and does of titles that are not sound: what the law says, and a small file does."""

from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from batch_room import NOW, BatchRoom, add, counts

from vinculum.national.batch import plain_titles, title_lots, titles_file
from vinculum.national.law.add_title import decide
from vinculum.national.law.change import Declined
from vinculum.national.law.title import VehicleRecord
from vinculum.protocol.add_title import AddTitle

pytestmark = pytest.mark.database


@pytest.fixture(params=["large", "small"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Files go the way of large ones, in lots of a few titles, and that of small ones."""
    taken = str(request.param)
    monkeypatch.setattr(titles_file, "FEW_TITLES", 0 if taken == "large" else 1_000)
    monkeypatch.setattr(title_lots, "RECORDS_IN_A_LOT", 4)
    monkeypatch.setattr(titles_file, "_BYTES_AT_ONCE", 2000)
    return taken


def new_mark() -> str:
    """Six digits nobody has used yet, for VINs that follow each other in a lot."""
    return f"{uuid4().int % 10**6:06d}"


ODD_TITLES: list[dict[str, Any]] = [
    {"title_number": "RA 17", "issue_date": NOW.date() + timedelta(days=2)},
    {"title_number": "RARA 17"},
    {"title_number": "R17"},
    {"title_number": "REASGN-3", "make": " GIL"},
    # It is the day after in Guam, where the day begins, but not two days after.
    {"issue_date": NOW.date() + timedelta(days=1)},
    {"issue_date": NOW.date() + timedelta(days=2), "make": "gllg"},
    {"vin": "WDB{}", "make": "MERC"},
    {"vin": "WDB{}9", "make": "merc"},
    {"vin": "WDA{}", "make": "MERC"},
    {"vin": "SHRT{}", "make": " Hon"},
    {"vin": "LNGLNGLNGLN{}"},
    {"vin": "LNGERLNGERLNGER{}", "make": "H"},
]


@pytest.mark.parametrize("form", ["fixed", "csv"])
def test_messages_are_those_of_the_law(room: BatchRoom, form: str) -> None:
    """N-108, N-305, N-306, N-502, N-601: the same messages in the same order and words as the law has of each title."""
    mark = new_mark()
    records = [add(f"1HGCM8263{place:02d}{mark}", f"L{place}") | odd for place, odd in enumerate(ODD_TITLES)]
    records = [record | {"vin": record["vin"].format(mark)} for record in records]
    file = room.run("VINADD", records, form=form)
    wanted: list[tuple[Any, ...]] = []
    for number, values in enumerate(records, 1):
        message = AddTitle(message_id=uuid4(), origin="PA", sent_at=NOW, **values)
        decision = decide(message, record=VehicleRecord(vin=message.vin), entry_id=uuid4(), at=NOW)
        said = decision.problems if isinstance(decision, Declined) else decision.warnings
        wanted += [(number, found.code, found.field or "", found.text) for found in said]
    # What a VIN decodes to is said by file only.
    decoded = {"21A", "21C", "21D"}
    messages = [m for m in room.messages(file) if m.code not in decoded]
    of_vins = {len(records[m.record_number - 1]["vin"]) for m in room.messages(file) if m.code in decoded}
    assert of_vins == {17}
    assert [(m.record_number, m.code, m.field, m.text) for m in messages] == wanted
    assert {code for _number, code, _field, _text in wanted} == {"V18", "V17", "222", "V60", "20B"}


def test_existing_title_is_told_last(room: BatchRoom) -> None:
    """N-303, N-502: 401 comes last of what is said of a title, as on line, which is then rejected and nothing else."""
    record = add(f"E{new_mark()}", "E1", make="GIL")
    assert room.run("VINADD", [record]).records_valid == 1
    file = room.run("VINADD", [record])
    assert (file.records_rejected, file.records_with_warnings, file.records_valid) == (1, 0, 0)
    assert room.codes(file) == [(1, "20B"), (1, "V60"), (1, "401")]


def test_junk_is_titled_for_no_road(room: BatchRoom) -> None:
    """N-402: of vehicles in one lot that are junk each title for road use is refused, whatever else it is, no other."""
    mark = new_mark()
    sound, *junk = (f"{letter}{mark}" for letter in "ABCDE")
    salvage, road, again, crushed = junk
    assert room.run("VINADD", [add(again, "J1")]).records_valid == 1
    brand = {"brand_date": date(2021, 1, 1), "make": "HOND", "model_year": 2003}
    codes = ("07", "08", "53", "56")
    brands = [brand | {"vin": vin, "brand_code": code} for vin, code in zip(junk, codes, strict=True)]
    assert room.run("BRNADD", brands).records_valid == 4
    records = [
        *(add(sound, "J2"), add(salvage, "J3", title_type="salvage"), add(road, "J4"), add(again, "J1")),
        add(crushed, "J5", title_type="road"),
    ]
    file = room.run("VINADD", records)
    told = [(number, code) for number, code in room.codes(file) if code != "20B"]
    assert told == [(3, "V40"), (4, "401"), (4, "V40"), (5, "V40")]
    assert [len(room.record(vin).pointers) for vin in (sound, *junk)] == [1, 1, 0, 1, 0]


def test_title_of_one_of_two_pointers_exists(room: BatchRoom) -> None:
    """N-103, N-303: of a VIN with two pointers the title of either exists, whichever make and year come with it."""
    vin = f"P{new_mark()}"
    first, second = add(vin, "P1"), add(vin, "P2", model_year=2004)
    assert room.run("VINADD", [first, second]).records_valid == 2
    for record in (first | {"model_year": 2004}, second | {"model_year": 2003}, second):
        file = room.run("VINADD", [record | {"issue_date": date(2024, 1, 1)}])
        assert room.codes(file) == [(1, "20B"), (1, "401")]


@pytest.mark.parametrize(
    ("issued", "codes", "holder", "notices"),
    [
        (date(2022, 1, 31), ["20B", "V67"], "OH", 0),
        (date(2022, 2, 1), ["20B"], "PA", 1),
        (date(2022, 2, 2), ["20B"], "PA", 1),
    ],
)
def test_title_takes_over_by_its_day(
    room: BatchRoom, issued: date, codes: list[str], holder: str, notices: int
) -> None:
    """N-301, N-305: a title takes the pointer unless it is older, then it joins history and no state is told.

    Two states may give their titles the same number.
    """
    vin = f"D{new_mark()}"
    assert room.run("VINADD", [add(vin, "D1", date(2022, 2, 1))], state="OH").records_valid == 1
    file = room.run("VINADD", [add(vin, "D1", issued)])
    assert [code for _number, code in room.codes(file)] == codes
    record = room.record(vin)
    assert [pointer.title.jurisdiction for pointer in record.pointers] == [holder]
    assert len(record.history) == 2
    with psycopg.connect(room.url) as connection:
        told = connection.execute(
            "SELECT to_jurisdiction, by_jurisdiction, title_number, issue_date FROM exchange.notice WHERE vin = %s",
            (vin,),
        ).fetchall()
    assert told == [("OH", "PA", "D1", issued)] * notices


def test_title_of_the_history_exists(room: BatchRoom) -> None:
    """N-303: a title that another state has taken over exists as well; the same number of that state does not."""
    vins = [f"F{place}{new_mark()}" for place in range(3)]
    numbers = [f"F{place}" for place in range(3)]
    titles = [add(vin, number) for vin, number in zip(vins, numbers, strict=True)]
    assert room.run("VINADD", titles).records_valid == 3
    later = {"issue_date": date(2022, 1, 1), "title_number": "F9"}
    assert room.run("VINADD", [title | later for title in titles], state="OH").records_valid == 3
    again = [
        title | {"issue_date": date(2023, 1, 1)}
        for title in (*titles[:2], titles[2] | {"title_number": "F9"})
    ]
    file = room.run("VINADD", again)
    assert [found for found in room.codes(file) if found[1] != "20B"] == [(1, "401"), (2, "401")]
    assert [room.record(vin).pointers[0].title.jurisdiction for vin in vins] == ["OH", "OH", "PA"]


def test_values_of_all_lengths_in_one_lot(room: BatchRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    """N-301, N-504: every title, history and notice has its own values, whatever the lengths of those beside it."""
    monkeypatch.setattr(title_lots, "RECORDS_IN_A_LOT", 1_000)
    monkeypatch.setattr(plain_titles, "MOST_SHAPES", 200)
    mark = new_mark()
    # Some of these add up to the same, and some are the same on another base than the one they are counted on.
    lengths = list(product(["OH", "PA"], (10, 11), (2, 17), (1, 2), (0, 1, 17), (2, 17)))
    titles = [
        add(f"{mark}{place:02d}".ljust(vin, "N"), f"{place % 10}".ljust(number, "N"))
        | {"make": "M\\"[:make], "state_title_key": "K\\N".ljust(30, "-")[:key], "odometer": place}
        | {"odometer_unit": "MKK"[place % 3]}
        for place, (_state, vin, number, make, key, _old) in enumerate(lengths)
    ]
    old = [
        title | {"title_number": f"{place % 10}".ljust(length, "A"), "issue_date": date(2019, 1, 1)}
        for place, (title, (*_lengths, length)) in enumerate(zip(titles, lengths, strict=True))
    ]
    for state, some in (("OH", old[:48]), ("PA", old[48:])):
        assert room.run("VINADD", some, state=state).records_valid == 48
    assert room.run("VINADD", titles).records_valid == len(titles)
    for title, before in zip(titles, old, strict=True):
        record = room.record(title["vin"])
        (pointer,) = record.pointers
        for entry, given in zip(record.history, (title, before), strict=True):
            values = {name: getattr(entry.title, name) for name in given if name != "vin"}
            assert values == {name: value for name, value in given.items() if name != "vin"}
        assert pointer.title == record.history[0].title
        assert [entry.replaces for entry in record.history] == [record.history[1].title.entry_id, None]
    with psycopg.connect(room.url) as connection:
        told = connection.execute(
            "SELECT n.vin, n.title_number FROM exchange.notice AS n JOIN exchange.title_history AS h"
            " ON h.vin = n.vin AND h.entry_id = n.notice_id AND h.transaction_at = n.created_at"
            " WHERE n.vin = ANY (%s)",
            ([title["vin"] for title in titles],),
        ).fetchall()
    assert sorted(told) == sorted((title["vin"], title["title_number"]) for title in old[:48])


def test_first_titles_of_more_lengths_than_are_written_at_once(
    room: BatchRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """N-501, N-504: titles whose lengths are rare in their lot are left to the whole law and not forgotten."""
    monkeypatch.setattr(title_lots, "RECORDS_IN_A_LOT", 1_000)
    vins = [f"R{new_mark()}{place:02d}" for place in range(60)]
    titles = [
        add(vin, "R" * (1 + place % 2), state_title_key="K" * (place // 2)) for place, vin in enumerate(vins)
    ]
    assert room.run("VINADD", titles).records_valid == 60
    assert room.titles_of(vins) == (60, 60)


def test_one_odd_title_leaves_the_others_plain(
    room: BatchRoom, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P-1: in a lot with titles that need the whole law the others are written at once, first ones and later ones."""
    monkeypatch.setattr(title_lots, "RECORDS_IN_A_LOT", 1_000)
    written: list[tuple[int, int]] = []
    write = plain_titles.write_prepared

    def watch(connection: Any, lot: Any, **more: Any) -> Any:
        rest = write(connection, lot, **more)
        written.append((len(lot.titles), len(rest)))
        return rest

    monkeypatch.setattr(titles_file, "write_prepared", watch)
    mark = new_mark()
    held = [
        add(vin, "W1", date(2022, 2, 1)) for vin in (f"W{mark}", f"WLNG{mark}".ljust(30, "G"), f"X{mark}")
    ]
    assert room.run("VINADD", held, state="OH").records_valid == 3
    written.clear()
    late = held[0] | {"issue_date": date(2021, 1, 1)}
    titles = [late, *(title | {"issue_date": date(2023, 1, 1)} for title in held[1:]), add(f"Y{mark}", "W2")]
    assert room.run("VINADD", titles).records_valid == 4
    assert written == ([(4, 1)] if way == "large" else [])


def test_lots_of_nothing_but_odd_lines(room: BatchRoom) -> None:
    """N-501, N-505: lots in which every line is rejected, or every VIN is short, or which nothing is left of."""
    mark = new_mark()
    twice, plain, short = ([f"{letter}{mark}{n:02d}" for n in range(30)] for letter in "5ZA")
    # In the middle, and behind all others.
    bad = [f"{letters}{mark}{n:02d}" for letters in ("Q", "ZQ") for n in range(15)]
    vins = [*bad, *twice, *plain, *short, *twice]
    file = room.run("VINADD", [add(vin, f"T{place}") for place, vin in enumerate(vins)])
    assert (file.records_read, file.records_rejected, file.records_valid) == (150, 30, 120)
    assert [number for number, code in room.codes(file) if code == "V02"] == list(range(1, 31))
    assert [number for number, code in room.codes(file) if code == "20B"] == list(range(31, 151))
    assert room.titles_of([*short, *plain]) == (60, 60)
    assert room.titles_of(twice) == (30, 60)
    assert room.titles_of(bad) == (0, 0)


@pytest.mark.parametrize("form", ["fixed", "csv"])
def test_lines_that_are_none_are_counted(room: BatchRoom, form: str) -> None:
    """N-501, N-502: lines that cannot be cut are read and rejected, some of a file or all of them."""
    mark = new_mark()
    content = room.written("VINADD", [add(f"M{mark}{n:02d}", f"M{n}") for n in range(40)], form=form)
    beginning, *lines, trailer = content.splitlines()
    odd = [b"X" + line[1:] for line in lines]
    some = room.done(b"\n".join([beginning, *lines[:20], *odd[20:], trailer, b""]))
    assert counts(some) == (40, 20, 20, 20)
    assert [number for number, code in room.codes(some) if code == "V74"] == list(range(21, 41))
    none = room.done(room.written("VINADD", [add("1", "M1")] * 40, form=form).replace(b"\nD", b"\nX"))
    assert counts(none) == (40, 40, 0, 0)

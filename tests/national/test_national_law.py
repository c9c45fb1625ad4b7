"""The rules of the exchange by themselves: no database, one fact at a time."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vinculum.national.law.brands import (
    END_OF_ROAD_LIFE,
    StandardBrand,
    check_code,
    end_of_road_life,
    washed_brands,
)
from vinculum.national.law.change import Change
from vinculum.national.law.check_title import check_title_number, check_vin_length, is_in_the_future
from vinculum.national.law.makes import correct_make
from vinculum.national.law.odometer import Reading, check_sequence
from vinculum.national.law.standing import ALLOWED, Act, Channel, Standing, check_mode, check_reporting
from vinculum.national.law.title import Brand, HistoryEntry, Pointer, Title, VehicleRecord
from vinculum.national.law.visibility import VISIBLE, AskerKind, Part, may_see
from vinculum.national.law.withdraw_title import decide_removal, decide_undo
from vinculum.protocol.remove_title import RemoveTitle
from vinculum.protocol.undo_title import UndoTitle

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
STANDARD = {
    code: StandardBrand(code=code, name=code, category=category, status="active", meaning="", successor="")
    for code, category in {
        "11": "salvage",
        "16": "salvage",
        "01": "damage",
        "69": "odometer",
        "00": "admin",
        "08": "end_of_life",
        "52": "rebuild",
        "53": "end_of_life",
    }.items()
}


def title(state: str, number: str, issued: date, **more: Any) -> Title:
    given: dict[str, Any] = {"transaction_type": "AD", "transaction_at": AT} | more
    return Title(
        entry_id=uuid4(),
        jurisdiction=state,
        title_number=number,
        issue_date=issued,
        make="HOND",
        model_year=2003,
        odometer=1,
        odometer_unit="M",
        **given,
    )


def put(code: str, brander: str, on: date) -> Brand:
    return Brand(code=code, brander=brander, brand_date=on, make="HOND", model_year=2003)


@pytest.mark.parametrize(
    ("mode", "act", "channel", "allowed"),
    [
        *((1, "inquiry", "online", True), (1, "update", "online", True), (1, "update", "batch", False)),
        *((1, "inquiry", "batch", False), (1, "inquiry", "web", False), (1, "update", "web", False)),
        *((2, "inquiry", "online", True), (2, "update", "online", False), (2, "update", "batch", True)),
        *((2, "inquiry", "batch", False), (2, "inquiry", "web", False), (2, "update", "web", False)),
        *((3, "inquiry", "online", False), (3, "update", "online", False), (3, "update", "batch", True)),
        *((3, "inquiry", "batch", True), (3, "inquiry", "web", False), (3, "update", "web", False)),
        *((4, "inquiry", "online", False), (4, "update", "online", False), (4, "update", "batch", True)),
        *((4, "inquiry", "batch", False), (4, "inquiry", "web", True), (4, "update", "web", False)),
    ],
)
def test_each_mode_allows_exactly_its_messages(mode: int, act: Act, channel: Channel, allowed: bool) -> None:
    """N-106: the whole table of modes, cell by cell."""
    standing = Standing(code="CT", mode=mode, admitted_at=AT, last_accepted_update_at=None)
    found = [p.code for p in check_mode(standing, code="CT", act=act, channel=channel)]
    assert found == ([] if allowed else ["V04"])
    assert set(ALLOWED) == {1, 2, 3, 4}


@pytest.mark.parametrize(
    ("days", "grace", "expected"),
    [
        (0, 7, []),
        (5, 7, []),
        (6, 7, ["V66"]),
        (7, 7, ["V66"]),
        (8, 7, ["V05"]),
        (8, 30, []),
        (31, 30, ["V05"]),
    ],
)
def test_seven_days_without_an_update(days: int, grace: int, expected: list[str]) -> None:
    """N-105: warned before, closed after the days of grace; participation is derived from the same fact."""
    standing = Standing(
        code="CT",
        mode=1,
        admitted_at=AT - timedelta(days=400),
        last_accepted_update_at=AT - timedelta(days=days),
        grace_days=grace,
    )
    assert [p.code for p in check_reporting(standing, at=AT)] == expected
    assert standing.participates(at=AT) is ("V05" not in expected)


def test_visibility_cell_by_cell() -> None:
    """N-205: states see everything shared; consumers no title number, theft or transaction date."""
    cells: dict[tuple[AskerKind, Part], bool] = {
        ("jurisdiction", "current_title"): True,
        ("jurisdiction", "title_history"): True,
        ("jurisdiction", "title_number"): True,
        ("jurisdiction", "brands"): True,
        ("jurisdiction", "odometer"): True,
        ("jurisdiction", "theft"): True,
        ("jurisdiction", "jsi"): True,
        ("jurisdiction", "transaction_date"): True,
        ("consumer", "current_title"): True,
        ("consumer", "title_history"): True,
        ("consumer", "title_number"): False,
        ("consumer", "brands"): True,
        ("consumer", "odometer"): True,
        ("consumer", "theft"): False,
        ("consumer", "jsi"): True,
        ("consumer", "transaction_date"): False,
    }
    assert {cell: may_see(*cell) for cell in cells} == cells
    assert {part for parts in VISIBLE.values() for part in parts} == {part for _asker, part in cells}


@pytest.mark.parametrize(
    ("make", "vin", "right"),
    [
        ("MERC", "WDBRF40J43F393735", "MERZ"),
        ("MERC", "2MEFM74W3XX000000", "MERC"),
        *(("GIL", "15GGE2711", "GILG"), ("GLLG", "15GGE2711", "GILG"), ("GILG", "15GGE2711", "GILG")),
        *(("TRUK", "15GGE2711", "GILG"), ("TRUK", "1FTFW1ET5DFC10312", "TRUK"), ("HOND", "1HG", "HOND")),
    ],
)
def test_wrong_makes_are_corrected(make: str, vin: str, right: str) -> None:
    """N-108: MERC on a Mercedes-Benz VIN and the codes used for Gillig become NCIC's, with a warning."""
    corrected, warnings = correct_make(make, vin=vin)
    assert corrected == right
    assert [p.code for p in warnings] == ([] if make == right else ["V60"])


def test_short_vin_is_a_warning() -> None:
    """N-601, N-502: a short VIN of the old days goes through with the published warning 20B."""
    for short in ("1234567890", "1HGCM82633A00435"):
        assert [(p.code, p.severity) for p in check_vin_length(short)] == [("20B", "warning")]
    assert list(check_vin_length("1HGCM82633A004352")) == []


@pytest.mark.parametrize(
    ("number", "refused"),
    [
        *(("REASSIGN 12", True), ("RE-ASSIGNMENT-9", True), ("RA-123456", True)),
        *(("RA123456", False), ("90000001", False), ("REA12", False)),
    ],
)
def test_reassignment_numbers(number: str, refused: bool) -> None:
    """N-306: the number of a reassignment form is no title number; numbers that only look near it are."""
    assert [p.code for p in check_title_number(number)] == (["V18"] if refused else [])


def test_the_day_begins_in_guam() -> None:
    """N-305: a date is in the future only when it has begun nowhere in the exchange's area."""
    assert not is_in_the_future(date(2026, 3, 3), at=datetime(2026, 3, 2, 14, 0, tzinfo=UTC))
    assert is_in_the_future(date(2026, 3, 3), at=datetime(2026, 3, 2, 13, 59, tzinfo=UTC))


def test_junk_set_and_later_repair() -> None:
    """N-402: 07, 08, 53 and 56 end the road life; only a later `once non-repairable, repaired` lifts them."""
    assert frozenset({"07", "08", "53", "56"}) == END_OF_ROAD_LIFE
    junk = put("08", "NY", date(2020, 1, 1))
    assert end_of_road_life([junk]) == (junk,)
    assert end_of_road_life([junk, put("52", "NY", date(2019, 1, 1))]) == (junk,)
    assert end_of_road_life([junk, put("52", "NY", date(2021, 1, 1))]) == ()
    assert end_of_road_life([put("11", "NY", date(2020, 1, 1))]) == ()


@pytest.mark.parametrize(
    ("brands", "flagged"),
    [
        ([("11", "NY", date(2020, 1, 1))], True),
        ([("11", "NY", date(2020, 1, 1)), ("16", "MA", date(2021, 1, 1))], False),
        ([("11", "NY", date(2020, 1, 1)), ("01", "MA", date(2021, 1, 1))], True),
        ([("11", "NY", date(2022, 1, 1))], False),
        ([("11", "MA", date(2020, 1, 1))], False),
        ([("69", "NY", date(2020, 1, 1))], False),
        ([("00", "NY", date(2020, 1, 1))], False),
    ],
)
def test_title_washing(brands: list[tuple[str, str, date]], flagged: bool) -> None:
    """N-405: earlier brand, later title of another state, nothing of the same category carried: flagged."""
    held = title("MA", "1", date(2021, 1, 1))
    record = VehicleRecord(
        vin="V",
        pointers=(Pointer(number=1, title=held),),
        history=(HistoryEntry(title=held),),
        brands=tuple(put(*brand) for brand in brands),
    )
    assert [p.code for p in washed_brands(record, standard=STANDARD)] == (["V63"] if flagged else [])


def test_retired_brands_name_their_successor() -> None:
    """N-107: a retired code stands in old records and is refused for new brands."""
    retired = StandardBrand(
        code="22",
        name="Gray Market",
        category="import",
        status="retired",
        meaning="",
        successor="use 45 or 46",
    )
    (found,) = check_code("22", standard={"22": retired})
    assert (found.code, "45 or 46" in found.text) == ("V31", True)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 300_000), max_size=8))
def test_rising_odometer_is_possible_and_any_fall_is_not(miles: list[int]) -> None:
    """N-803: a sequence is remarked on exactly when some reading is below an earlier one."""
    sequence = [
        Reading(reading=m, unit="M", read_on=date(2020, 1, 1) + timedelta(days=n), jurisdiction="CT")
        for n, m in enumerate(miles)
    ]
    falls = any(later < earlier - 1 for n, earlier in enumerate(miles) for later in miles[n + 1 :])
    assert bool(list(check_sequence(sequence))) is falls


def test_each_reading_below_the_highest_before_it_is_told() -> None:
    """N-803: a fall is not forgotten when the readings rise again: each is held against the highest before it."""
    sequence = [
        Reading(reading=m, unit="M", read_on=date(2020 + n, 1, 1), jurisdiction="CT")
        for n, m in enumerate((100_000, 60_000, 70_000, 110_000, 109_000))
    ]
    texts = [found.text for found in check_sequence(sequence)]
    expected = (("100,000", "60,000"), ("100,000", "70,000"), ("110,000", "109,000"))
    assert len(texts) == len(expected)
    assert all(
        f"{high} miles" in text and f"{low} miles" in text
        for text, (high, low) in zip(texts, expected, strict=True)
    )


def test_kilometres_are_compared_in_miles() -> None:
    """N-803: 100,000 km and then 63,000 miles is a rise."""
    km = Reading(reading=100_000, unit="K", read_on=date(2020, 1, 1), jurisdiction="ON")
    miles = Reading(reading=63_000, unit="M", read_on=date(2021, 1, 1), jurisdiction="NY")
    assert list(check_sequence([km, miles])) == []
    assert [p.field for p in check_sequence([miles, km])] == ["odometer"]


def test_removal_restores_by_issue_date_and_leaves_other_pointers_alone() -> None:
    """N-303: of several titles the latest issued one returns, but none that another pointer stands on."""
    first, late = title("NY", "1", date(2018, 1, 1)), title("RI", "2", date(2019, 1, 1))
    current, other = title("CT", "3", date(2020, 1, 1)), title("MA", "9", date(2019, 6, 1))
    record = VehicleRecord(
        vin="V",
        pointers=(Pointer(number=1, title=current), Pointer(number=2, title=other)),
        history=tuple(
            HistoryEntry(title=t, replaces=r)
            for t, r in ((current, first.entry_id), (other, None), (late, None), (first, None))
        ),
    )
    message = RemoveTitle(
        message_id=uuid4(), origin="CT", sent_at=AT, vin="V", title_number="3", reason="Recalled"
    )
    decision = decide_removal(message, record=record, entry_id=uuid4(), at=AT)
    assert isinstance(decision, Change)
    assert decision.pointers[0].title == late
    assert [(notice.to, notice.kind) for notice in decision.notices] == [("RI", "title_returned")]


def test_undo_of_an_unknown_or_foreign_entry() -> None:
    """N-104: only what the sender's own message made can be undone."""
    record = VehicleRecord(vin="V")
    message = UndoTitle(message_id=uuid4(), origin="CT", sent_at=AT, vin="V", undoes=uuid4(), reason="Voided")
    for made, code in ((None, "V21"), (UUID(int=1), "V23")):
        decision = decide_undo(message, record=record, undone_entry=made, entry_id=uuid4(), at=AT)
        assert not isinstance(decision, Change)
        assert [p.code for p in decision.problems] == [code]

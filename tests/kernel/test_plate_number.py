"""Marks of a plate class, one after the other."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vinculum.kernel.plate_number import (
    MarksNotManufactured,
    PlateFormat,
    PlateSequenceExhausted,
    normalise_plate_number,
    plate_number_faults,
)

COMBINATION = PlateFormat(pattern="BA#####")
formats = st.builds(
    PlateFormat,
    pattern=st.text("#@AB7", min_size=1, max_size=7),
    letters=st.sampled_from(["ABCDEFGHJKLMNPRSTUVWXYZ", "XYZ", "A"]),
)


@pytest.mark.parametrize(
    ("pattern", "mark", "following"),
    [
        ("BA#####", "BA00000", "BA00001"),
        ("BA#####", "BA09999", "BA10000"),
        ("@@-##", "AZ99", "BA00"),
        ("#@@#", "0AZ9", "0BA0"),
        ("##A@", "09AZ", "10AA"),
    ],
)
def test_the_last_place_turns_first_and_carries(pattern: str, mark: str, following: str) -> None:
    """I-110: the sequence follows the class format; fixed places never turn."""
    assert PlateFormat(pattern=pattern).next_mark(mark) == following


def test_marks_not_manufactured_are_stepped_over() -> None:
    """I-110: single marks and words that are never made."""
    skipping = PlateFormat(
        pattern="@@#",
        letters="ABN",
        not_manufactured=MarksNotManufactured(marks=frozenset({"AA0", "AA2", "AA3"}), words=("AB",)),
    )
    assert skipping.first_mark() == "AA1"
    assert skipping.next_mark("AA1") == "AA4"
    assert skipping.next_mark("AA9") == "AN0"
    assert not skipping.may_be_manufactured("AB5")
    assert list(skipping.marks_between("AA0", "AA5")) == ["AA1", "AA4", "AA5"]


def test_the_last_mark_has_no_next() -> None:
    """I-110: an exhausted class says so rather than beginning again."""
    with pytest.raises(PlateSequenceExhausted):
        COMBINATION.next_mark("BA99999")
    with pytest.raises(ValueError, match="not a mark"):
        COMBINATION.next_mark("CA00001")


@pytest.mark.parametrize("pattern", ["", "ba###", "#########", "#_#", "#\uff11"])
def test_a_format_that_no_plate_can_carry_is_refused(pattern: str) -> None:
    """I-110: formats come as data, so they are checked."""
    with pytest.raises(ValueError):
        PlateFormat(pattern=pattern)


@given(formats, st.data())
def test_place_and_mark_are_one_to_one(plate_format: PlateFormat, data: st.DataObject) -> None:
    """I-110: every mark has one place in the sequence, and the next mark is the next place."""
    place = data.draw(st.integers(0, plate_format.capacity - 1))
    mark = plate_format.mark_at(place)
    assert plate_format.matches(mark)
    assert plate_format.ordinal(mark) == place
    assume(place + 1 < plate_format.capacity)
    assert plate_format.ordinal(plate_format.next_mark(mark)) == place + 1


def test_writing_of_a_mark() -> None:
    assert normalise_plate_number(" ab-12.345\n") == "AB12345"
    assert plate_number_faults("AB12345") == ()
    assert plate_number_faults("")
    assert "Position 2 is U+FF11" in plate_number_faults("A\uff11")[0]
    assert plate_number_faults("ABCDEFGHIJ")

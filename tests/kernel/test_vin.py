"""What a VIN says by its characters alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vinculum.kernel.vin import (
    VinFaultKind,
    check_digit,
    check_digit_valid,
    check_digits_valid,
    expected_check_digits,
    manufacturer_identifier,
    model_year,
    model_year_candidates,
    normalise_vin,
    vin_doubt,
    vin_faults,
    vin_suggestions,
)

ACCORD = "1HGCM82633A004352"
ALPHABET = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
bare_vins = st.text(ALPHABET, min_size=17, max_size=17)


def with_digit(vin: str) -> str:
    return vin[:8] + check_digit(vin) + vin[9:]


valid_vins = bare_vins.map(with_digit)


@pytest.mark.parametrize("vin", [ACCORD, "1M8GDM9AXKP042788", "11111111111111111", "5GZCZ43D13S812715"])
def test_known_check_digits(vin: str) -> None:
    """N-601: the check digit of 49 CFR 565."""
    assert check_digit(vin) == vin[8]
    assert check_digit_valid(vin)
    assert vin_faults(vin, model_year=2003) == ()


@given(valid_vins, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_a_changed_character_of_another_value_fails(vin: str, index: int, other: str) -> None:
    """N-601: one mistyped character is seen, unless it has the same value (J, 1 and A)."""
    changed = vin[:index] + other + vin[index + 1 :]
    assert check_digit_valid(changed) == (check_digit(changed) == changed[8])
    if index == 8:
        assert check_digit_valid(changed) == (other == vin[8])


@given(st.lists(st.one_of(valid_vins, bare_vins, st.text(max_size=20)), max_size=40))
def test_many_at_once_answer_as_one_by_one(vins: list[str]) -> None:
    """N-601: the column sum and the single sum never differ."""
    assert check_digits_valid(vins) == [check_digit_valid(vin) for vin in vins]


@given(st.lists(st.one_of(valid_vins, bare_vins), min_size=1, max_size=300))
def test_many_well_formed_at_once_answer_as_one_by_one(vins: list[str]) -> None:
    """N-601: the same on the path without a malformed line, which takes the column sum."""
    assert check_digits_valid(vins) == [check_digit(vin) == vin[8] for vin in vins]
    assert expected_check_digits("".join(vins).encode()) == "".join(map(check_digit, vins)).encode()


def test_right_check_digits_of_more_than_fit_into_one_sum() -> None:
    """N-601: VINs are summed a few thousand at a time; each keeps its own check digit."""
    vins = [f"1HGCM826_3A{number:06d}".replace("_", "0") for number in range(10_000)]
    assert expected_check_digits("".join(vins).encode()) == "".join(map(check_digit, vins)).encode()
    assert expected_check_digits(b"") == b""


@pytest.mark.parametrize(
    ("vin", "kind", "position"),
    [
        ("1HGCM82633AO04352", VinFaultKind.LETTER_NOT_USED, 12),
        ("IHGCM82633A004352", VinFaultKind.LETTER_NOT_USED, 1),
        ("1HGCM82633A00435Q", VinFaultKind.LETTER_NOT_USED, 17),
        ("1HGCM82633\u0410004352", VinFaultKind.CHARACTER_NOT_ALLOWED, 11),  # Cyrillic, looks like A
        ("1HGCM8\uff12633A00435", VinFaultKind.CHARACTER_NOT_ALLOWED, 7),  # a full-width digit
        ("1HGCM82633A00\x00352", VinFaultKind.CHARACTER_NOT_ALLOWED, 14),
        ("1HGCM82633A0043\u202e2", VinFaultKind.CHARACTER_NOT_ALLOWED, 16),
    ],
)
def test_strange_characters_are_refused_with_their_position(
    vin: str, kind: VinFaultKind, position: int
) -> None:
    """N-601: alphabet without I, O, Q; look-alikes, full-width and control characters are named by position."""
    (fault,) = vin_faults(vin)
    assert (fault.kind, fault.position) == (kind, position)
    assert str(position) in fault.message
    assert fault.message.isprintable()
    assert not check_digit_valid(vin)


def test_length_depends_on_the_model_year() -> None:
    """N-601: before 1981 a VIN is shorter and may hold I, O and Q; from 1981 it has seventeen characters."""
    assert vin_faults("8F02O123456", model_year=1968) == ()
    assert vin_faults("8F02O123456") == ()
    assert [fault.kind for fault in vin_faults("8F02R123456", model_year=1981)] == [VinFaultKind.TOO_SHORT]
    assert [fault.kind for fault in vin_faults(ACCORD + "1")] == [VinFaultKind.TOO_LONG]
    assert [fault.kind for fault in vin_faults("")] == [VinFaultKind.EMPTY]


@given(st.text(max_size=40))
def test_any_text_gets_an_answer(text: str) -> None:
    """N-601: nothing typed, scanned or sent makes the checks fail in another way than by an answer."""
    vin = normalise_vin(text)
    assert normalise_vin(vin) == vin
    if len(vin) == 17 and not vin_faults(vin):
        assert check_digit(vin) in "0123456789X"
    vin_suggestions(vin)
    model_year_candidates(vin)


def test_normalising_never_makes_a_letter_out_of_a_foreign_one() -> None:
    """N-601: a dotless i or a long s is refused, not read as I or S."""
    assert normalise_vin(" 1hgcm-82633 a004352\r\n") == ACCORD
    assert normalise_vin("ıſß") == "ıſß"


@pytest.mark.parametrize(
    ("vin", "vehicle_type", "gvwr", "year"),
    [
        (ACCORD, "passenger", None, 2003),
        ("5YJ3E1EA7KF317000", "passenger", None, 2019),
        ("1M8GDM9AXKP042788", "truck_tractor", None, None),
        ("1FTFW1ET5DFC10312", "truck", 7_000, 2013),
        ("1FTFW1ET5DFC10312", "truck", None, None),
        ("1FTFW1ET50FC10312", "passenger", None, None),
    ],
)
def test_model_year_by_vehicle_type(vin: str, vehicle_type: str, gvwr: int | None, year: int | None) -> None:
    """N-601: position 7 tells the thirty-year cycle on light vehicles only; others stay open."""
    assert model_year(vin, vehicle_type=vehicle_type, gvwr_pounds=gvwr) == year


def test_a_year_that_cannot_exist_yet_leaves_one() -> None:
    """N-601: on a heavy vehicle only the calendar can close the question."""
    vin = "1XKWDB0X6XJ123456"
    assert model_year_candidates(vin) == (1999, 2029)
    assert model_year(vin, vehicle_type="truck_tractor", not_after=2027) == 1999
    assert model_year(vin, vehicle_type="truck_tractor", not_after=2029) is None


@given(bare_vins)
def test_model_year_candidates_are_a_cycle_apart(vin: str) -> None:
    """N-601: the letters U and Z and the digit 0 are no model year; all others are two, thirty years apart."""
    years = model_year_candidates(vin)
    assert (years == ()) == (vin[9] in "UZ0")
    if years:
        assert 1980 <= years[0] <= 2009
        assert years[1] - years[0] == 30


def test_small_makers_have_six_characters() -> None:
    """N-601: a 9 in position 3 makes positions 12-14 part of the maker's identifier."""
    assert manufacturer_identifier(ACCORD) == "1HG"
    assert manufacturer_identifier("1A9LT1234KX456789") == "1A9456"
    with pytest.raises(ValueError):
        manufacturer_identifier("1A9")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1HGCM82633A004325", ACCORD),  # neighbours swapped
        ("1HGCM82633AO04352", ACCORD),  # letter O for zero
        ("1HGCM8Z633A004352", ACCORD),  # Z for 2
        ("I" + ACCORD, ACCORD),  # the leading I of an import label
    ],
)
def test_suggestions_for_a_failed_check_digit(typed: str, meant: str) -> None:
    """N-602: likely slips are proposed, each with a valid check digit."""
    assert meant in vin_suggestions(typed)


@given(valid_vins, st.integers(0, 15))
def test_swapped_neighbours_are_always_found(vin: str, index: int) -> None:
    """N-602: whatever neighbours were swapped, the true VIN is proposed; a good VIN gets no proposals."""
    swapped = vin[:index] + vin[index + 1] + vin[index] + vin[index + 2 :]
    assert vin_suggestions(vin) == ()
    if not check_digit_valid(swapped):
        assert vin in vin_suggestions(swapped)
    assert all(check_digit_valid(proposal) for proposal in vin_suggestions(swapped))


@pytest.mark.parametrize(
    ("vin", "words"),
    [
        ("1HGCM82633A004352", ""),
        ("1HGCM82643A004352", "check digit of 1HGCM82643A004352, at position 9"),
        ("1HGCM82633A00435", "has 16 characters"),
        ("A", "has 1 character;"),
        ("1HGCM82633A0043520", ""),
        ("1HGCM8263IA004352", ""),
    ],
)
def test_doubt_is_about_what_may_stand(vin: str, words: str) -> None:
    """N-601: a short VIN or a check digit that does not fit is doubtful; what is no VIN at all is a fault instead."""
    assert words in vin_doubt(vin)
    assert bool(vin_doubt(vin)) == bool(words)

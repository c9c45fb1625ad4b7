"""Hull numbers of all three ways of writing the date."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vinculum.kernel.hin import HinFault, HinFormat, hin_faults, hin_required, normalise_hin, parse_hin

MONTHS = "ABCDEFGHIJKL"
codes = st.text("ABCDEFGHJKLMNPRSTUVWXYZ", min_size=3, max_size=3)
serials = st.text("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", min_size=5, max_size=5)


@pytest.mark.parametrize(
    ("written", "form", "certified", "model_year"),
    [
        ("ABC12345D485", HinFormat.CURRENT, (1984, 4), 1985),
        ("ABC12345L900", HinFormat.CURRENT, (1999, 12), 2000),
        ("ABC12345A010", HinFormat.CURRENT, (2010, 1), 2010),
        ("ABC123450573", HinFormat.STRAIGHT_YEAR, (1973, 5), None),
        ("ABC12345M74A", HinFormat.MODEL_YEAR, (1973, 8), 1974),
        ("ABC12345M74L", HinFormat.MODEL_YEAR, (1974, 7), 1974),
        ("US-ABC67890A405", HinFormat.CURRENT, (2004, 1), 2005),
        ("ABC12345D4855", HinFormat.CURRENT, (1984, 4), 1985),
    ],
)
def test_three_ways_of_the_date(
    written: str, form: HinFormat, certified: tuple[int, int], model_year: int | None
) -> None:
    """V-110: month and year encodings of 33 CFR 181, in 12 to 14 characters."""
    hull = parse_hin(written)
    assert hull.format is form
    assert (hull.certified_year, hull.certified_month) == certified
    assert hull.model_year == model_year


def test_parts_of_a_hull_number() -> None:
    """V-110: country, builder's code, serial, suffix."""
    hull = parse_hin("us-abc67890a405")
    assert (hull.country, hull.manufacturer_code, hull.serial, hull.suffix) == ("US", "ABC", "67890", "")
    assert parse_hin("ABC67890A405X").suffix == "X"


def test_home_built_boat_carries_the_state_that_numbered_it() -> None:
    """V-110: a state-issued number begins with the state and a Z; a builder's Z is not one."""
    assert parse_hin("CTZ00012L303").issuing_state == "CT"
    assert parse_hin("XYZ00012L303").issuing_state is None
    assert parse_hin("ABC00012L303").issuing_state is None


@pytest.mark.parametrize(
    "hin",
    [
        "",
        "ABC12345D48",
        "ABC12345D4855555",
        "AB112345D485",
        "ABC1O345D485",
        "ABC12345M485",
        "ABC123451373",
        "ABC123450071",
        "12ABC12345D485",
        "ABC12345\uff24485",
        "ABC12345D485\x00",
        "ABC12345M90A",
    ],
)
def test_unreadable_numbers_say_why(hin: str) -> None:
    """V-110: builder's code, serial and date are validated."""
    faults = hin_faults(hin)
    assert faults
    assert all(fault.isprintable() and fault.isascii() for fault in faults)
    with pytest.raises(HinFault):
        parse_hin(hin)


def test_all_faults_of_one_number_are_told_together() -> None:
    """V-110: three faults, three sentences."""
    assert len(hin_faults("A1CO2345Z999")) == 3


def test_required_from_1973() -> None:
    """V-110: a hull number is required for vessels built 1973 or later."""
    assert not hin_required(1972)
    assert hin_required(1973)


@given(codes, serials, st.integers(1, 12), st.integers(1984, 2083), st.integers(-1, 1))
def test_current_numbers_read_back(
    code: str, serial: str, month: int, model_year: int, difference: int
) -> None:
    """V-110: a number written by the rule of 1984 reads back as it was meant."""
    built = model_year + difference
    hull = parse_hin(f"{code}{serial}{MONTHS[month - 1]}{built % 10}{model_year % 100:02d}")
    assert (hull.certified_year, hull.certified_month, hull.model_year) == (built, month, model_year)


@given(st.text(max_size=20))
def test_any_text_gets_an_answer(text: str) -> None:
    """V-110: nothing typed makes the reading fail otherwise than by its faults."""
    hin = normalise_hin(text)
    if not hin_faults(hin):
        assert parse_hin(text).hin == hin

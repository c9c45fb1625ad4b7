"""The small words: refusals, money and periods, by example and by property."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vinculum.kernel.money import cents, from_cents, parse_money, round_cents
from vinculum.kernel.period import Period, add_months_clipped, add_years_clipped
from vinculum.kernel.refusal import Refusal, Refused

DAY = timedelta(days=1)
days = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))


def test_refused_carries_every_refusal() -> None:
    first = Refusal(code="lien_unpaid", message="A lien is open.", remedy="Bring the release.")
    second = Refusal(code="tax_delinquent", message="Tax is due.", remedy="Pay the town.", rule="D-401")
    refused = Refused(iter([first, second]))
    assert refused.refusals == (first, second)
    assert "lien_unpaid" in str(refused)
    assert "tax_delinquent" in str(refused)


def test_refused_without_a_reason_is_a_fault_of_the_program() -> None:
    with pytest.raises(ValueError, match="at least one refusal"):
        Refused([])


def test_refusal_detail_is_not_shared_and_cannot_be_written() -> None:
    refusal = Refusal(code="a", message="b", remedy="c")
    with pytest.raises(TypeError):
        refusal.detail["x"] = "y"  # type: ignore[index]


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("70.215", "70.22"), ("70.2149", "70.21"), ("-0.005", "-0.01"), ("-0.001", "0.00"), ("7", "7.00")],
)
def test_half_a_cent_rounds_away_from_zero(amount: str, rounded: str) -> None:
    assert str(round_cents(Decimal(amount))) == rounded


def test_a_float_is_never_money() -> None:
    with pytest.raises(TypeError):
        round_cents(0.1)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        from_cents(1.0)  # type: ignore[arg-type]


def test_cents_refuses_a_fraction_of_a_cent() -> None:
    with pytest.raises(ValueError, match="fraction of a cent"):
        cents(Decimal("1.005"))


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_cents_go_there_and_back(amount: int) -> None:
    assert cents(from_cents(amount)) == amount
    assert parse_money(str(from_cents(amount))) == from_cents(amount)


@pytest.mark.parametrize(
    ("text", "amount"), [("1234.5", "1234.50"), ("$1,234.50", "1234.50"), (" 20 ", "20.00")]
)
def test_money_as_people_type_it(text: str, amount: str) -> None:
    assert str(parse_money(text)) == amount


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1.234",
        "1,23",
        "１２",
        "1e5",
        "NaN",
        "Infinity",
        "1 000",
        "--1",
        "1_000",
        "9" * 16,
        "1.00\n\x00",
        "٣",
    ],
)
def test_money_is_never_guessed(text: str) -> None:
    with pytest.raises(ValueError):
        parse_money(text)


def test_three_year_registration_of_8_january_2020_expires_7_january_2023() -> None:
    """F-101: same day three years on, minus one day."""
    assert add_years_clipped(date(2020, 1, 8), 3) - DAY == date(2023, 1, 7)


@pytest.mark.parametrize(
    ("years", "expiry"), [(1, date(2021, 2, 27)), (3, date(2023, 2, 27)), (4, date(2024, 2, 28))]
)
def test_registration_of_29_february_is_clipped_to_the_end_of_the_month(years: int, expiry: date) -> None:
    """F-101: add years, clip to month end, minus one day."""
    assert add_years_clipped(date(2020, 2, 29), years) - DAY == expiry


@given(days, st.integers(min_value=-600, max_value=600))
def test_months_clip_and_never_spill_into_the_next(day: date, months: int) -> None:
    later = add_months_clipped(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + DAY).day == 1)


def test_period_is_half_open() -> None:
    period = Period(date(2020, 1, 1), date(2020, 2, 1))
    assert period.contains(date(2020, 1, 1))
    assert not period.contains(date(2020, 2, 1))
    assert not period.overlaps(Period(date(2020, 2, 1)))
    with pytest.raises(ValueError, match="before it starts"):
        Period(date(2020, 1, 2), date(2020, 1, 1))


@given(days, st.integers(0, 40), days, st.integers(0, 40))
def test_periods_overlap_exactly_when_they_share_a_day(a: date, m: int, b: date, n: int) -> None:
    one, other = Period(a, a + m * DAY), Period(b, b + n * DAY)
    shared = any(other.contains(a + k * DAY) for k in range(m))
    assert one.overlaps(other) == other.overlaps(one) == shared

"""What holds for every quote, whatever the deal."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connecticut import connecticut, deal_of, tables_of
from vinculum.kernel.money import round_cents
from vinculum.state.law.assess_fees import ScheduleMismatch, assess_new_issue, requires_title
from vinculum.state.law.equity import assess_equity
from vinculum.state.law.quote import Quote
from vinculum.state.law.terms import expiry

FIRST, LAST = date(2011, 7, 1), date(2040, 12, 31)
DAYS = st.dates(FIRST, LAST)
MONEY = st.decimals(Decimal("0.00"), Decimal("250000.00"), places=2)
OFFERED = [
    (plate_class.code, offering.usage, offering.vehicle_type)
    for plate_class in tables_of(LAST).plate_classes.values()
    for offering in plate_class.offerings
]
HEAVIEST = {"combination": 12_500, "commercial": 73_000}


@st.composite
def givens(draw: st.DrawFn) -> dict[str, Any]:
    """Any deal that has a price: a class, usage and vehicle that are offered, and a weight inside its chart."""
    plate, usage, vehicle = draw(st.sampled_from(OFFERED))
    offering = tables_of(LAST).plate_classes[plate].offering(vehicle_type=vehicle, usage=usage)
    assert offering is not None
    issued = draw(DAYS)
    return {
        "plate": plate,
        "usage": usage,
        "vehicle": vehicle,
        "issued": issued,
        "weight": draw(st.integers(1, HEAVIEST.get(offering.chart or "", 12_500))),
        "gvwr": draw(st.none() | st.integers(1, 80_000)),
        "fuel": draw(st.sampled_from(["gasoline", "diesel", "electric", "hybrid", "other"])),
        "model_year": draw(st.integers(1920, issued.year + 1)),
        "ownership": draw(
            st.sampled_from(["certificate_of_origin", "connecticut_title", "out_of_state_title"])
        ),
        "price": str(draw(MONEY)),
        "tax": draw(st.sampled_from(list(tables_of(LAST).tax_treatments))),
        "liens": draw(st.integers(0, 3)),
        "trade_ins": [{"allowance": str(amount)} for amount in draw(st.lists(MONEY, max_size=3))],
        "extras": {
            kind: str(draw(MONEY))
            for kind in draw(st.lists(st.sampled_from(list(tables_of(LAST).sale_items)), unique=True))
        },
    }


def _quote(said: dict[str, Any]) -> Quote:
    return assess_new_issue(deal_of(said), tables=tables_of(said["issued"]))


@given(givens())
def test_the_total_is_the_sum_of_its_lines(said: dict[str, Any]) -> None:
    """F-112, F-116: the total is the sum of the lines, in whole cents, none negative, no line twice."""
    quote = _quote(said)
    assert quote.total == sum(line.amount for line in quote.lines)
    assert all(line.amount >= 0 and line.amount == round_cents(line.amount) for line in quote.lines)
    assert len({line.code for line in quote.lines}) == len(quote.lines)
    tax = [line for line in quote.lines if line.payable_to == "revenue_services"]
    assert [line.code for line in tax] == ["sales_tax"]
    assert quote.payable_to_dmv == quote.total - tax[0].amount


@given(givens())
def test_every_line_says_where_it_is_written(said: dict[str, Any]) -> None:
    """F-112: every line carries rate, rule and citation, and the quote its schedule's date and hash."""
    quote = _quote(said)
    assert all(line.rate and line.rule and line.citation and line.description for line in quote.lines)
    assert quote.schedule_effective <= quote.as_of
    assert quote.schedule_hash == connecticut().content_hash


@given(givens(), st.integers(0, 5_000))
def test_a_heavier_declared_weight_never_costs_less(said: dict[str, Any], more: int) -> None:
    """F-102, F-114: within one chart the registration fee never falls with the weight."""
    limit = HEAVIEST["commercial" if said["usage"] == "commercial" else "combination"]
    heavier = said | {"weight": min(said["weight"] + more, limit)}
    assert _quote(said).lines[0].amount <= _quote(heavier).lines[0].amount


@given(givens())
def test_title_fee_and_title_application_go_together(said: dict[str, Any]) -> None:
    """F-108: a title is applied for exactly when its fee is charged."""
    deal = deal_of(said)
    tables = tables_of(deal.issue_date)
    charged = any(line.code == "title" for line in assess_new_issue(deal, tables=tables).lines)
    assert charged == requires_title(deal, tables=tables)


@given(givens())
def test_one_day_has_one_schedule(said: dict[str, Any]) -> None:
    """F-112: a quote for a past date uses that date's schedule, and refuses the tables of another day."""
    deal = deal_of(said)
    covering = [tables for tables in connecticut().schedules if tables.covers(deal.issue_date)]
    assert len(covering) == 1
    for other in connecticut().schedules:
        if other is not covering[0]:
            with pytest.raises(ScheduleMismatch):
                assess_new_issue(deal, tables=other)


def test_the_schedule_of_a_quote_is_dated() -> None:
    """F-112: a quote states the effective date of the schedule it used."""
    plain = {"ownership": "connecticut_title", "model_year": 2005}
    effective = {
        issued: _quote(plain | {"issued": issued}).schedule_effective
        for issued in (
            date(2014, 1, 1),
            date(2015, 6, 30),
            date(2019, 12, 31),
            date(2020, 1, 1),
            date(2026, 1, 1),
        )
    }
    assert effective == {
        date(2014, 1, 1): date(2011, 7, 1),
        date(2015, 6, 30): date(2011, 7, 1),
        date(2019, 12, 31): date(2015, 7, 1),
        date(2020, 1, 1): date(2020, 1, 1),
        date(2026, 1, 1): date(2020, 1, 1),
    }


@given(DAYS, st.integers(1, 3))
def test_a_registration_runs_its_years_less_a_day(issued: date, years: int) -> None:
    """F-101: expiry and the next issue join without gap or overlap, but for a clipped 29 February."""
    ends = expiry(issued, years=years)
    following = ends + timedelta(days=1)
    assert following.year == issued.year + years
    if (issued.month, issued.day) == (2, 29) and following.day != 29:
        assert (following.month, following.day) == (2, 28)
    else:
        assert (following.month, following.day) == (issued.month, issued.day)


@given(MONEY, st.sampled_from([1, 2, 3]), DAYS, st.integers(-60, 1100), MONEY)
def test_equity_stays_between_nothing_and_the_new_fee(
    paid: Decimal, years: int, on: date, days_left: int, new_fee: Decimal
) -> None:
    """F-110: the credit is never negative, never above the new fee, and what is left is the difference."""
    credit = assess_equity(
        previous_fee=paid,
        previous_term_years=years,
        expires_on=on + timedelta(days=days_left),
        on=on,
        new_fee=new_fee,
        tables=tables_of(LAST),
    )
    assert Decimal(0) <= credit.credit <= new_fee
    assert credit.new_registration_fee == new_fee - credit.credit
    if days_left < 0:
        assert credit.months == 0


@given(MONEY, MONEY)
def test_a_dearer_vehicle_is_never_taxed_less(price: Decimal, more: Decimal) -> None:
    """D-801, D-802: sales tax never falls as the price rises."""
    plain: dict[str, Any] = {"ownership": "connecticut_title", "model_year": 2005, "issued": date(2026, 1, 2)}
    taxes = [_quote(plain | {"price": str(amount)}).lines[-1].amount for amount in (price, price + more)]
    assert taxes[0] <= taxes[1]


def test_the_whole_list_of_flat_fees() -> None:
    """F-103: plate, transfers, late, duplicates, lien, title, inspection, exemption, in-transit, class transfer."""
    printed = {
        "safety_plate": "5.00",
        "record_transfer": "20.00",
        "transfer": "21.00",
        "renewal_late": "10.00",
        "duplicate_registration": "20.00",
        "lien": "10.00",
        "title": "25.00",
        "duplicate_title": "25.00",
        "inspection": "25.00",
        "emission_exemption": "40.00",
        "in_transit": "21.00",
        "class_transfer": "45.00",
    }
    fees = tables_of(LAST).fees
    assert {code: fees[code].amount for code in printed} == {
        code: Decimal(amount) for code, amount in printed.items()
    }


def test_lines_belong_to_their_acts() -> None:
    """F-116: which transaction pays which line."""
    acts: dict[str, set[str]] = {}
    for rate in tables_of(LAST).fees.values():
        for act in rate.acts:
            acts.setdefault(act, set()).add(rate.code)
    assert acts["new_issue"] == {
        "safety_plate", "clean_air_act", "greenhouse_gas_new", "greenhouse_gas", "passport_to_parks",
        "administrative", "title", "lien", "emission_exemption", "trade_in",
    }  # fmt: skip
    assert acts["vehicle_transfer"] == {
        "transfer", "greenhouse_gas_new", "administrative", "title", "lien", "emission_exemption", "trade_in",
    }  # fmt: skip
    assert acts["renewal"] == {"clean_air_act", "passport_to_parks", "greenhouse_gas"}
    assert acts["record_transfer"] == {"record_transfer"}
    assert acts["in_transit"] == {"in_transit"}


def test_no_fee_registrations_pay_no_administrative_title_or_greenhouse_fee() -> None:
    """F-105, F-107: state and municipal vehicles are free of the administrative, title and greenhouse fees."""
    quote = _quote(
        {
            "ownership": "certificate_of_origin",
            "model_year": 2026,
            "issued": date(2026, 1, 2),
            "circumstances": ["municipal_or_no_fee"],
        }
    )
    codes = {line.code for line in quote.lines}
    assert not codes & {"administrative", "title", "greenhouse_gas_new", "greenhouse_gas"}


def test_a_greenhouse_fee_of_one_year_is_half() -> None:
    """F-105: 2.50 for one year, 5.00 for longer."""
    rate = tables_of(LAST).fees["greenhouse_gas"]
    assert [rate.figure(term_years=years) for years in (1, 2, 3)] == [
        Decimal("2.50"),
        Decimal("5.00"),
        Decimal("5.00"),
    ]


def test_charts_are_as_printed() -> None:
    """F-114: 478.40 as printed, the commercial equity of 42,000 lb as printed, and only 68,001 up derived."""
    charts = tables_of(LAST).charts
    last = charts["combination"].bracket_for(12_500)
    assert last is not None
    assert last.fee == Decimal("478.40")
    commercial = charts["commercial"]
    printed = commercial.bracket_for(42_000)
    assert printed is not None
    assert printed.printed_equity[0] == Decimal("743.50")
    assert [bracket.up_to_pounds for bracket in commercial.brackets if bracket.derived] == [
        69_000, 70_000, 71_000, 72_000, 73_000,
    ]  # fmt: skip
    assert commercial.heaviest_pounds == 73_000

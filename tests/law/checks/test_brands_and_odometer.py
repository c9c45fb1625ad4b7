"""Brands carried onto the new title, odometer readings as typed, and who is named in a refusal."""

import dataclasses
from datetime import date
from typing import Any

import pytest
from desk_facts import OWNER, TODAY, assess_case, clean_deal, clean_on_file, person

from vinculum.state.law.check_odometer import check_odometer_text
from vinculum.state.law.check_owners import check_assignment, check_conjunction
from vinculum.state.law.title_check import BrandCarried

REBUILT = {"paper": "out_of_state_title", "deal": {"ownership.legends": ["REBUILT"]}}


def test_a_brand_of_the_paper_is_added_in_our_name() -> None:
    """N-403: a brand that only the surrendered paper shows is added: brander this state, date of the title."""
    (carried,) = assess_case(REBUILT).brands_carried
    assert carried == BrandCarried(code="09", brander="CT", brand_date=TODAY, add_to_exchange=True)


def test_a_known_brand_is_carried_as_it_was() -> None:
    """N-401: a brand the exchange knows keeps its brander and date, and is not reported a second time."""
    known = {"code": "09", "brander": "NY", "brand_date": date(2025, 1, 2)}
    (carried,) = assess_case({**REBUILT, "on_file": {"exchange.brands": [known]}}).brands_carried
    assert carried == BrandCarried(
        code="09", brander="NY", brand_date=date(2025, 1, 2), add_to_exchange=False
    )


def test_a_legend_of_two_brands_carries_both() -> None:
    """D-308: a legend that stands for several national brands carries each."""
    case = {"paper": "connecticut_title", "deal": {"ownership.legends": ["WARNING ODOMETER DISCREPANCY"]}}
    assert [brand.code for brand in assess_case(case).brands_carried] == ["69", "76"]


@pytest.mark.parametrize("typed", ["0", "12", "20,500", " 7 "])
def test_whole_miles(typed: str) -> None:
    """D-413: whole miles are taken as they are, with or without a comma."""
    assert check_odometer_text(typed) == ()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("12.5", "odometer_tenths"),
        ("20,500.0", "odometer_tenths"),
        ("12.", "odometer_tenths"),
        ("-1", "odometer_impossible"),
        ("12 km", "odometer_impossible"),
        ("", "odometer_impossible"),
        ("١٢", "odometer_impossible"),
        ("1.2.3", "odometer_impossible"),
    ],
)
def test_no_tenths(typed: str, code: str) -> None:
    """D-413: tenths are refused with the whole miles named, anything else is refused as impossible."""
    (refusal,) = check_odometer_text(typed)
    assert refusal.code == code


def _pair() -> tuple[Any, Any]:
    deal = dataclasses.replace(
        clean_deal("certificate_of_origin"), owners=("CT0000001", "CT0000002"), conjunction="or"
    )
    on_file = dataclasses.replace(
        clean_on_file("certificate_of_origin"),
        owners=(person(), person("SAMPLE BLAKE", "CT0000002")),
    )
    return deal, on_file


def test_two_owners_on_both() -> None:
    """D-209, D-707: two owners, named alike on paper and registration in whatever order, go through."""
    deal, on_file = _pair()
    paper = dataclasses.replace(deal.ownership, assigned_to=("Sample Blake", OWNER))
    assert check_assignment(dataclasses.replace(deal, ownership=paper), on_file=on_file) == ()
    assert check_conjunction(deal) == ()


def test_one_of_two_owners_missing_on_the_paper() -> None:
    """D-209: two owners on the registration and one on the assignment do not match; both sides are named."""
    deal, on_file = _pair()
    (refusal,) = check_assignment(deal, on_file=on_file)
    assert refusal.code == "ownership_mismatch"
    assert "assigned to SAMPLE AVERY," in refusal.message
    assert "for SAMPLE AVERY and SAMPLE BLAKE." in refusal.message

"""Voids: the schedule day by day, its last second, and what a void does."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from desk_facts import CASES

from connecticut import tables_of
from vinculum.state.law.void_window import check_void, effect_of_void, void_closes_at

SCHEDULE = yaml.safe_load((CASES / "void_schedule.yaml").read_text(encoding="utf-8"))
WALL = ZoneInfo("America/New_York")
MONDAY = date(2026, 11, 16)


def _closes(case: dict[str, Any]) -> datetime:
    return datetime.strptime(case["until"], "%Y-%m-%d %H:%M").replace(tzinfo=WALL)


@pytest.mark.parametrize("case", SCHEDULE, ids=lambda case: f"{case['weekday']} {case['issued']}")
def test_schedule(case: dict[str, Any]) -> None:
    """D-601: each weekday, and the days before holidays; 18:00:00 is inside, a second later is outside."""
    issued, tables = case["issued"], tables_of(case["issued"])
    assert issued.strftime("%A") == case["weekday"]
    last = _closes(case).astimezone(UTC)
    assert void_closes_at(issued, tables=tables) == last
    inside = check_void(issue_date=issued, at=last, not_left_lot=True, tables=tables)
    outside = check_void(issue_date=issued, at=last + timedelta(seconds=1), not_left_lot=True, tables=tables)
    assert inside == ()
    assert [refusal.code for refusal in outside] == ["void_window_closed"]


def test_a_closed_window_names_the_way_out() -> None:
    """D-601, D-605: who comes too late learns when it closed and that a withdrawal may be asked for."""
    late = void_closes_at(MONDAY, tables=tables_of(MONDAY)) + timedelta(days=1)
    (refusal,) = check_void(issue_date=MONDAY, at=late, not_left_lot=True, tables=tables_of(MONDAY))
    assert "2026-11-17 at 18:00" in refusal.message
    assert "H-71" in refusal.remedy
    assert "30 days" in refusal.remedy


def test_left_the_lot() -> None:
    """D-603: without the dealer's word that the vehicle has not left the lot there is no void."""
    at = datetime(2026, 11, 16, 20, 0, tzinfo=UTC)
    refusals = check_void(issue_date=MONDAY, at=at, not_left_lot=False, tables=tables_of(MONDAY))
    assert [refusal.code for refusal in refusals] == ["left_the_lot"]


def test_all_reasons_at_once() -> None:
    """D-601, D-602, D-603: voided before, too late and gone from the lot: all three are said."""
    at = datetime(2026, 12, 16, 20, 0, tzinfo=UTC)
    refusals = check_void(
        issue_date=MONDAY,
        at=at,
        not_left_lot=False,
        tables=tables_of(MONDAY),
        voided_at=at - timedelta(days=1),
    )
    assert [refusal.code for refusal in refusals] == ["already_voided", "void_window_closed", "left_the_lot"]


@pytest.mark.parametrize(
    ("paper", "call"),
    [("certificate_of_origin", "certificate of origin"), ("out_of_state_title", "title number")],
)
def test_effect_on_ownership(paper: Any, call: str) -> None:
    """D-603: after a void of a certificate of origin or foreign title the ownership is added back by a call."""
    effect = effect_of_void(
        charged=Decimal("240.00"), ownership=paper, voided_on=MONDAY, tables=tables_of(MONDAY)
    )
    assert effect.ownership_call is not None
    assert call in effect.ownership_call


def test_effect() -> None:
    """D-602, D-604: all fees go back, the plate goes to DMV, and the void certificate is due in ten days."""
    effect = effect_of_void(
        charged=Decimal("240.00"),
        ownership="connecticut_title",
        voided_on=MONDAY,
        tables=tables_of(MONDAY),
    )
    assert effect.refunded == Decimal("240.00")
    assert effect.plate_to_return
    # Ten business days, Thanksgiving (26 November) not counted.
    assert effect.certificate_due == date(2026, 12, 1)
    assert effect.ownership_call is None

"""Deals read off the wire: every fault named at once, and a draft priced from the first fields on."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from vinculum.entrypoints.deals import read_deal, read_draft, without_blanks
from vinculum.state.casework.deal_json import DEAL, dump_deal

TODAY = date(2026, 11, 20)
COMPLETE: dict[str, Any] = {
    "vehicle": {"vin": "1HGCY1F30PA000001", "model_year": "2023", "make": "HOND"},
    "owners": ["100001"],
    "ownership": {
        "kind": "certificate_of_origin",
        "number": "M1",
        "issue_date": "2026-10-01",
        "assigned_to": ["SAMPLE AVERY"],
    },
    "odometer": {"reading": "12"},
    "sale": {"price": "28000.00"},
    "registration": {"plate_class": "passenger", "usage": "regular", "garaging_town": "HARTFORD"},
    "issue_date": "2026-11-20",
}
_PARTS = st.sampled_from(
    ["vehicle", "owners", "ownership", "odometer", "sale", "registration", "liens", "issue_date"]
)
_FIELDS = st.sampled_from(
    [
        "vin",
        "model_year",
        "kind",
        "issue_date",
        "reading",
        "price",
        "items",
        "plate_class",
        "assigned_to",
        "zz",
    ]
)
_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=12)
    | st.sampled_from(["2026-11-20", "12.50"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_FIELDS, inner, max_size=4),
    max_leaves=8,
)


def test_a_complete_deal_is_read_and_written_alike() -> None:
    """D-203: what was read is written and read again as the same deal."""
    deal, refusals = read_deal(COMPLETE)
    assert refusals == ()
    assert deal is not None
    assert DEAL.validate_python(dump_deal(deal)) == deal


def test_every_fault_is_named_with_its_field() -> None:
    """D-203: missing and malformed fields are refused together, each by its path."""
    broken = COMPLETE | {"odometer": {"reading": "12.5"}, "owners": [], "colour": "red"}
    deal, refusals = read_deal(broken)
    assert deal is None
    assert {(refusal.code, refusal.field) for refusal in refusals} == {
        ("invalid_field", "odometer.reading"),
        ("missing_field", "owners"),
        ("invalid_field", "colour"),
    }


def test_a_fault_says_what_is_wrong_and_what_to_write() -> None:
    """D-413: tenths of a mile, a price in words: the refusal says why and what to write instead."""
    broken = COMPLETE | {"odometer": {"reading": "12.5"}, "sale": {"price": "a lot"}}
    told = {refusal.field: refusal for refusal in read_deal(broken)[1]}
    assert told["odometer.reading"].message == "Reading is not a whole number."
    assert "without tenths" in told["odometer.reading"].remedy
    assert told["sale.price"].message == "Price is not an amount in dollars and cents."
    assert "24500.50" in told["sale.price"].remedy


def test_an_empty_box_is_not_an_answer() -> None:
    """D-203: blank strings and empty rows count as not given."""
    assert without_blanks({"a": " ", "b": [{"c": ""}], "d": " x "}) == {"d": "x"}


@given(st.dictionaries(_PARTS, _VALUES, max_size=6))
def test_no_draft_is_too_odd(data: dict[str, Any]) -> None:
    """D-203: whatever has been typed so far, reading it answers and never fails."""
    deal, _ = read_draft(data, today=TODAY)
    assert deal is None or deal.ownership is not None

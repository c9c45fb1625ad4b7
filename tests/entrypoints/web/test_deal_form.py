"""From what a form posts to the draft of a deal: empty rows vanish, strangers are not read, nothing is invented."""

from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, get_args, get_type_hints

import pytest
from django.http import QueryDict

from vinculum.entrypoints.web.dealer.deal_fields import fields_of
from vinculum.entrypoints.web.dealer.deal_form import DealForm, new_draft, read_post
from vinculum.entrypoints.web.dealer.decoded_vehicle import take_over_decoded
from vinculum.state.law.deal import Deal
from vinculum.state.queries.desk_lists import Choice, DeskLists

LISTS = DeskLists(
    address_towns=("HARTFORD",),
    legends=("REBUILT",),
    lienholders=(),
    plate_classes=(Choice(code="passenger", words="Passenger"),),
    sale_items=(Choice(code="etching", words="Etching"),),
    tax_treatments=(Choice(code="standard", words="Taxed"),),
)


def _post(**values: str | list[str]) -> QueryDict:
    query = QueryDict(mutable=True)
    for path, value in values.items():
        query.setlist(path.replace("__", "."), value if isinstance(value, list) else [value])
    return query


def test_every_question_is_about_the_deal() -> None:
    """D-203: no question of the form falls beside the deal, and D-207: none asks for a name or address to keep."""

    def holds(shape: Any, steps: list[str]) -> bool:
        for argument in get_args(shape):
            if argument is not type(None) and holds(argument, steps):
                return True
        if not steps:
            return True
        if is_dataclass(shape):
            names = {field.name for field in fields(shape)}
            return steps[0] in names and holds(get_type_hints(shape)[steps[0]], steps[1:])
        return steps[0].isdigit() and len(steps) == 1

    for path in fields_of(LISTS):
        if not path.startswith("lookup."):
            steps = path.split(".")
            named = [step for n, step in enumerate(steps) if not step.isdigit() or n == len(steps) - 1]
            assert holds(Deal, named), path
    assert not [path for path in fields_of(LISTS) if "address" in path or path.startswith("owners.0.")]


def test_empty_rows_vanish_and_the_rest_close_up() -> None:
    """D-802: a gap between two extras is no extra; numbers are read with separators."""
    draft = read_post(
        _post(
            sale__price="28,000.00",
            sale__items__0__kind="etching",
            sale__items__0__amount="$ 199",
            sale__items__2__kind="etching",
            sale__items__2__amount="50",
            sale__trade_ins__0__titled_to_purchaser="yes",
        ),
        lists=LISTS,
    )
    assert draft["sale"] == {
        "price": "28000.00",
        "items": [{"kind": "etching", "amount": "199"}, {"kind": "etching", "amount": "50"}],
    }


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("28,000", "28000"),
        ("$1,234,567.89", "1234567.89"),
        ("12,5", "12,5"),
        ("1,23,456", "1,23,456"),
        ("28 000", "28 000"),
        (",500", ",500"),
    ],
)
def test_commas_are_read_between_thousands_only(typed: str, read: str) -> None:
    """D-203: what is not grouped by thousands is left as typed, to be refused with a sentence."""
    assert read_post(_post(sale__price=typed), lists=LISTS)["sale"]["price"] == read


def test_a_box_alone_is_no_insurance_card() -> None:
    """D-402: the ticked box of an otherwise empty card does not make a card; half a card is one."""
    box = {"insurance__issued_pursuant_to_connecticut_law": "yes", "insurance__kind": "permanent"}
    assert "insurance" not in read_post(_post(**box), lists=LISTS)
    half = read_post(_post(**box, insurance__insurer="Fictional Mutual"), lists=LISTS)["insurance"]
    assert half["issued_pursuant_to_connecticut_law"] is True
    unticked = read_post(_post(insurance__insurer="Fictional Mutual"), lists=LISTS)["insurance"]
    assert unticked["issued_pursuant_to_connecticut_law"] is False


def test_what_a_clerk_attests_starts_empty() -> None:
    """D-402: nobody has read the card for the clerk; the box is empty until it is ticked."""
    attested = "insurance.issued_pursuant_to_connecticut_law"
    assert DealForm(new_draft(today=date(2026, 1, 5)), lists=LISTS).field(attested).value == ""
    half = read_post(_post(insurance__insurer="Fictional Mutual"), lists=LISTS)
    assert DealForm(half, lists=LISTS).field(attested).value == ""


def test_full_width_characters_are_the_same_letters_and_digits() -> None:
    """N-601: a VIN and a price typed in full width are read as what they say."""
    draft = read_post(
        _post(vehicle__vin="２ＨＧＦＥ２Ｆ５２ＳＨ００１００１", sale__price="２４，５００"), lists=LISTS
    )
    assert draft["vehicle"]["vin"] == "2HGFE2F52SH001001"
    assert draft["sale"]["price"] == "24500"


def test_strangers_are_not_read() -> None:
    """D-207: what the form does not ask is not taken, whoever sends it."""
    draft = read_post(
        _post(owners__0__name="MALLORY", act="process", vehicle__vin=" 1hg ", surprise="x"), lists=LISTS
    )
    assert draft["vehicle"]["vin"] == "1hg"
    assert "surprise" not in draft
    assert "MALLORY" not in str(draft)


def test_several_choices_stay_several() -> None:
    """D-501: every marked paper is kept, unknown order or not."""
    draft = read_post(_post(documents=["identification", "insurance_card"]), lists=LISTS)
    assert draft["documents"] == ["identification", "insurance_card"]


def test_the_form_shows_what_the_draft_holds() -> None:
    """D-204: a held deal comes back into the form as it was left, with a blank row to go on."""
    draft = read_post(
        _post(
            vehicle__vin="1HGCM82633A004352",
            ownership__legends=["REBUILT"],
            sale__trade_ins__0__vin="1FT",
            sale__trade_ins__0__allowance="500",
        ),
        lists=LISTS,
    )
    form = DealForm(draft, lists=LISTS)
    assert form.field("vehicle.vin").value == "1HGCM82633A004352"
    assert form.field("ownership.legends").chosen == ("REBUILT",)
    assert form.has_trade_ins
    assert form.field("sale.trade_ins.0.titled_to_purchaser").value == ""
    assert form.field("sale.trade_ins.1.titled_to_purchaser").value == "yes"
    assert len(form.trade_in_rows) == 2


def test_a_maker_that_shares_its_name_with_a_brand_is_filled_in() -> None:
    """N-602: vPIC decodes a Scion to Toyota as well; a Toyota is filled in as a Toyota all the same."""
    assert take_over_decoded({"vehicle": {"vin": "4T1B11HKXJU001003"}})["vehicle"]["make"] == "TOYT"

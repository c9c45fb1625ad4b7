"""Records put right: VINMOD, corrected VINs, brands corrected by their brander, against the database."""

from datetime import date, timedelta

import pytest
from counter import (
    NOW,
    Counter,
    brand,
    brand_correction,
    brand_removal,
    change_of_state,
    codes,
    first_title,
    in_state,
    modification,
    new_vin,
    removal,
)

from vinculum.national.queries import notices_for, vehicle_history

pytestmark = pytest.mark.database

BRANDED = date(2022, 1, 10)
VERIFIED = date(2024, 5, 30)


def shown(counter: Counter, vin: str) -> list[tuple[str, str]]:
    return [(p.title.jurisdiction, p.title.title_number) for p in counter.record(vin).pointers]


def brands(counter: Counter, vin: str) -> list[tuple[str, str]]:
    return [(b.code, b.brander) for b in counter.record(vin).brands]


def told(counter: Counter, state: str, vin: str) -> list[tuple[str, str, str]]:
    with counter.transaction() as connection:
        waiting = notices_for.run(state, connection=connection, limit=500)
    return [(n.kind, n.by, n.title_number) for n in waiting if n.vin == vin]


def test_modification_changes_what_the_title_says(counter: Counter) -> None:
    """N-303: VINMOD needs the pointer's VIN and number and the new ones; make, year or number may change."""
    vin = new_vin()
    counter.titled(vin, "CT", "1")
    answer = counter.send(modification(vin, "CT", "1", "2", make="TOYT", model_year=2004))
    assert (answer.effect, shown(counter, vin)) == ("title_changed", [("CT", "2")])
    title = counter.record(vin).pointers[0].title
    assert (title.make, title.model_year, title.transaction_type) == ("TOYT", 2004, "VM")
    assert counter.send(modification(vin, "CT", "2", "2", model_year=2005)).accepted


def test_modification_that_modifies_nothing(counter: Counter) -> None:
    """N-303: at least one value must change; a wrong number or another's title is named by field."""
    vin = new_vin()
    counter.titled(vin, "CT", "1")
    nothing = modification(vin, "CT", "1", "1", make="HOND", model_year=2003, new_vin=vin)
    assert codes(counter.send(nothing)) == [("V25", "vin")]
    assert codes(counter.send(modification(vin, "CT", "9", "2"))) == [("V12", "old_title_number")]
    assert codes(counter.send(modification(vin, "NY", "1", "2"))) == [("V15", "origin")]
    assert codes(counter.send(modification(new_vin(), "CT", "1", "2"))) == [("V10", "vin")]


def test_history_moves_to_the_right_vin(counter: Counter) -> None:
    """N-307: titles and brands stand under the right VIN afterwards, and each VIN names the other."""
    wrong, right = new_vin(), new_vin()
    counter.titled(wrong, "NY", "1", odometer=10)
    counter.send(change_of_state(wrong, ("NY", "1"), ("CT", "2"), date(2022, 1, 1)))
    counter.send(brand(wrong, "NY", "11", BRANDED))
    correction = modification(wrong, "CT", "2", "3", new_vin=right, vin_verified_on=VERIFIED)
    assert counter.send(correction).accepted
    assert (shown(counter, wrong), shown(counter, right)) == ([], [("CT", "3")])
    assert (brands(counter, wrong), brands(counter, right)) == ([], [("11", "NY")])
    moved = counter.ask(right)
    assert [(t.title_number, t.standing, t.other_vin) for t in moved.history] == [
        ("3", "current", wrong),
        ("2", "former", wrong),
        ("1", "former", wrong),
    ]
    assert "2024-05-30" in moved.history[0].reason
    left = counter.ask(wrong)
    assert {t.other_vin for t in left.history if t.title_number == "3"} == {right}
    assert [t.standing for t in left.history if t.title_number in "12"] == ["withdrawn", "withdrawn"]
    with counter.transaction() as connection:
        assert vehicle_history.run(wrong, at=NOW, connection=connection).titles == ()
        assert len(vehicle_history.run(right, at=NOW, connection=connection).titles) == 3


def test_titles_go_on_under_the_right_vin(counter: Counter) -> None:
    """N-307, N-301: the old state is told, and the right VIN is an ordinary record: sold, and that sale taken back."""
    wrong, right = new_vin(), new_vin()
    counter.titled(wrong, "NY", "1")
    moved = change_of_state(wrong, ("NY", "1"), ("CT", "2"), new_vin=right, vin_verified_on=VERIFIED)
    assert counter.send(moved).effect == "pointer_moved"
    assert told(counter, "NY", wrong) == [("title_left", "CT", "1")]
    counter.send(change_of_state(right, ("CT", "2"), ("RI", "3"), date(2025, 1, 1)))
    assert counter.send(removal(right, "RI", "3")).accepted
    assert shown(counter, right) == [("CT", "2")]


def test_vin_may_be_corrected_to_and_fro(counter: Counter) -> None:
    """N-307: a correction that was itself wrong is corrected by another one; nothing is lost on the way."""
    one, other = new_vin(), new_vin()
    counter.titled(one, "CT", "1")
    counter.send(brand(one, "CT", "11", BRANDED))
    there = modification(one, "CT", "1", "1", new_vin=other, vin_verified_on=VERIFIED)
    back = modification(other, "CT", "1", "1", new_vin=one, vin_verified_on=VERIFIED)
    assert counter.send(there).accepted
    assert counter.send(back).accepted
    assert (shown(counter, one), shown(counter, other)) == ([("CT", "1")], [])
    assert (brands(counter, one), brands(counter, other)) == ([("11", "CT")], [])


def test_other_vehicle_keeps_its_titles(counter: Counter) -> None:
    """N-307: when another vehicle is rightly titled under the wrong VIN, its title stays where it is."""
    wrong, right = new_vin(), new_vin()
    counter.titled(wrong, "MA", "7", make="TOYT")
    counter.send(first_title(wrong, "CT", "1", date(2021, 1, 1), make="HOND"))
    counter.send(brand(wrong, "MA", "11", BRANDED))
    assert counter.send(modification(wrong, "CT", "1", "2", new_vin=right, vin_verified_on=VERIFIED)).accepted
    assert (shown(counter, wrong), shown(counter, right)) == ([("MA", "7")], [("CT", "2")])
    assert brands(counter, wrong) == brands(counter, right) == [("11", "MA")]
    assert [e.title.title_number for e in counter.record(wrong).standing_titles()] == ["7"]


def test_corrected_vin_needs_its_verification(counter: Counter) -> None:
    """N-307: no VIN is corrected without the record that somebody read it off the vehicle, by any message."""
    vin, right, taken = new_vin(), new_vin(), new_vin()
    counter.titled(vin, "CT", "1")
    counter.titled(taken, "MA", "3")
    for message in (
        modification(vin, "CT", "1", "2", new_vin=right),
        in_state(vin, "CT", "1", "2", new_vin=right),
        change_of_state(vin, ("CT", "1"), ("NY", "2"), new_vin=right),
    ):
        assert codes(counter.send(message)) == [("V26", "vin_verified_on")]
    ahead = NOW.date() + timedelta(days=3)
    tomorrow = modification(vin, "CT", "1", "2", new_vin=right, vin_verified_on=ahead)
    assert codes(counter.send(tomorrow)) == [("V34", "vin_verified_on")]
    onto = modification(vin, "CT", "1", "2", new_vin=taken, vin_verified_on=VERIFIED)
    assert codes(counter.send(onto)) == [("V24", "new_vin")]


def test_junk_under_the_right_vin_is_not_escaped(counter: Counter) -> None:
    """N-402, N-307: a title for the road does not come back by way of a corrected VIN."""
    wrong, right = new_vin(), new_vin()
    counter.titled(wrong, "CT", "1")
    counter.send(brand(right, "NY", "08", BRANDED))
    correction = modification(wrong, "CT", "1", "2", new_vin=right, vin_verified_on=VERIFIED)
    assert codes(counter.send(correction)) == [("V40", "title_type")]


def test_brand_is_corrected_by_its_brander_only(counter: Counter) -> None:
    """N-404: only the jurisdiction that applied a brand corrects it; the state of title is told."""
    vin = new_vin()
    counter.titled(vin, "CT", "1")
    counter.send(brand(vin, "NY", "11", BRANDED))
    stranger = brand_correction(vin, "CT", "11", BRANDED, new_brand_code="16")
    assert codes(counter.send(stranger)) == [("V36", "brand_code")]
    assert codes(counter.send(brand_removal(vin, "CT", "11", BRANDED))) == [("V36", "brand_code")]
    answer = counter.send(brand_correction(vin, "NY", "11", BRANDED, new_brand_code="16"))
    assert (answer.effect, brands(counter, vin)) == ("brand_corrected", [("16", "NY")])
    assert told(counter, "CT", vin) == [("brand_corrected", "NY", "1")]


def test_correction_that_corrects_nothing(counter: Counter) -> None:
    """N-404, N-107: no such brand, nothing new, a future date, a code that is retired or none."""
    vin = new_vin()
    counter.send(brand(vin, "NY", "11", BRANDED))
    ahead = NOW.date() + timedelta(days=3)
    for message, expected in (
        (brand_correction(vin, "NY", "16", BRANDED, new_brand_code="11"), ("V35", "brand_code")),
        (brand_correction(vin, "NY", "11", BRANDED), ("V37", "new_brand_code")),
        (brand_correction(vin, "NY", "11", BRANDED, new_brand_date=ahead), ("V32", "new_brand_date")),
        (brand_correction(vin, "NY", "11", BRANDED, new_brand_code="99"), ("V30", "new_brand_code")),
    ):
        assert codes(counter.send(message)) == [expected]
    assert brands(counter, vin) == [("11", "NY")]


def test_brand_taken_back_may_be_applied_again(counter: Counter) -> None:
    """N-404: a removed brand does not stand, the history keeps it with its reason; applied anew it stands again."""
    vin = new_vin()
    counter.titled(vin, "NY", "1")
    counter.send(brand(vin, "NY", "08", BRANDED))
    assert codes(counter.send(in_state(vin, "NY", "1", "2"))) == [("V40", "title_type")]
    assert counter.send(brand_removal(vin, "NY", "08", BRANDED)).effect == "brand_removed"
    assert told(counter, "NY", vin) == []
    assert counter.send(in_state(vin, "NY", "1", "2")).accepted
    with counter.transaction() as connection:
        kept = connection.execute(
            "SELECT b.brand_code, w.reason FROM exchange.brand_history b"
            " JOIN exchange.brand_withdrawal w USING (vin, brand_code, brander, brand_date) WHERE b.vin = %s",
            (vin,),
        ).fetchall()
    assert kept == [("08", "Another vehicle")]
    assert counter.send(brand(vin, "NY", "08", BRANDED)).effect == "brand_added"
    assert brands(counter, vin) == [("08", "NY")]
    assert counter.send(brand_removal(vin, "NY", "08", BRANDED)).accepted

"""Updates of titles at the exchange: what each message does, and what it is refused for."""

from datetime import date, timedelta

import psycopg
import pytest
from counter import (
    NOW,
    Counter,
    change_of_state,
    codes,
    first_title,
    in_state,
    modification,
    new_vin,
    removal,
    undo,
)

from vinculum.national.queries import notices_for

pytestmark = pytest.mark.database


def shown(counter: Counter, vin: str) -> list[tuple[str, str]]:
    """State and number of each current title."""
    return [
        (pointer.title.jurisdiction, pointer.title.title_number) for pointer in counter.record(vin).pointers
    ]


def test_change_of_state_moves_the_pointer_and_tells_the_old_state(counter: Counter) -> None:
    """N-301: the old title becomes inactive, the pointer moves, history grows, the old state is told."""
    vin = new_vin()
    counter.titled(vin, "NY", "NY100")
    answer = counter.send(change_of_state(vin, ("NY", "NY100"), ("CT", "90000001")))
    assert (answer.accepted, answer.effect, answer.problems) == (True, "pointer_moved", ())
    assert shown(counter, vin) == [("CT", "90000001")]
    history = counter.ask(vin).history
    assert [(t.jurisdiction, t.standing) for t in history] == [("CT", "current"), ("NY", "former")]
    with counter.transaction() as connection:
        told = [n for n in notices_for.run("NY", connection=connection, limit=500) if n.vin == vin]
    assert [(n.kind, n.title_number, n.by) for n in told] == [("title_left", "NY100", "CT")]


@pytest.mark.parametrize(
    ("old", "problem"),
    [
        (("MA", "NY100"), ("V11", "old_jurisdiction")),
        (("NY", "NY999"), ("V12", "old_title_number")),
        (("CT", "NY100"), ("V14", "old_jurisdiction")),
    ],
)
def test_mismatch_names_the_field(counter: Counter, old: tuple[str, str], problem: tuple[str, str]) -> None:
    """N-301: what does not equal the current pointer is refused with the field that differs."""
    vin = new_vin()
    counter.titled(vin, "NY", "NY100")
    answer = counter.send(change_of_state(vin, old, ("CT", "90000001")))
    assert not answer.accepted
    assert codes(answer) == [problem]
    assert shown(counter, vin) == [("NY", "NY100")]


def test_vin_without_title_cannot_change_state(counter: Counter) -> None:
    """N-301: an old VIN that has no current pointer is the field that differs."""
    answer = counter.send(change_of_state(new_vin(), ("NY", "1"), ("CT", "2")))
    assert codes(answer) == [("V10", "vin")]


def test_new_make_and_year_only_when_different(counter: Counter) -> None:
    """N-301: make and year stay as on the pointer unless the message gives new ones."""
    vin = new_vin()
    counter.titled(vin, "NY", "1", make="HOND", model_year=2003)
    counter.send(change_of_state(vin, ("NY", "1"), ("CT", "2"), model_year=2004))
    title = counter.record(vin).pointers[0].title
    assert (title.make, title.model_year) == ("HOND", 2004)


def test_in_state_change_is_only_for_the_state_of_title(counter: Counter) -> None:
    """N-302: the same state replaces its own title; another state is sent away."""
    vin = new_vin()
    counter.titled(vin, "CT", "1")
    assert codes(counter.send(in_state(vin, "NY", "1", "2"))) == [("V15", "origin")]
    answer = counter.send(in_state(vin, "CT", "1", "2"))
    assert answer.effect == "title_changed"
    assert shown(counter, vin) == [("CT", "2")]
    assert codes(counter.send(in_state(vin, "CT", "1", "3"))) == [("V12", "old_title_number")]


def test_duplicate_title_must_change_date_or_number(counter: Counter) -> None:
    """N-305: a duplicate that changes neither is refused; changing either is enough."""
    vin = new_vin()
    counter.titled(vin, "CT", "1", date(2020, 5, 1))
    assert codes(counter.send(in_state(vin, "CT", "1", "1", date(2020, 5, 1)))) == [("V16", "issue_date")]
    assert counter.send(in_state(vin, "CT", "1", "1", date(2020, 6, 1))).accepted
    assert counter.send(in_state(vin, "CT", "1", "2", date(2020, 6, 1))).accepted


def test_first_title_and_the_same_title_again(counter: Counter) -> None:
    """N-303: a title is added once; VIN, state and title number that exist are error 401."""
    vin = new_vin()
    counter.titled(vin, "CT", "1")
    again = first_title(vin, "CT", "1", date(2021, 1, 1))
    answer = counter.send(again)
    assert codes(answer) == [("401", "title_number")]
    assert answer.problems[0].text == "TITLE EXISTS FOR THIS VIN/SOT/TITLE #"


def test_no_change_brings_a_title_number_back(counter: Counter) -> None:
    """N-301, N-302, N-303: VIN, state and title number that exist are error 401 by whatever message they come."""
    vin = new_vin()
    counter.titled(vin, "CT", "1")
    assert counter.send(in_state(vin, "CT", "1", "2")).accepted
    for message in (in_state(vin, "CT", "2", "1"), modification(vin, "CT", "2", "1")):
        assert codes(counter.send(message)) == [("401", "title_number")]
    assert counter.send(change_of_state(vin, ("CT", "2"), ("NY", "3"))).accepted
    back = change_of_state(vin, ("NY", "3"), ("CT", "2"), date(2025, 1, 7))
    assert codes(counter.send(back)) == [("401", "title_number")]
    assert shown(counter, vin) == [("NY", "3")]


def test_added_title_takes_the_one_pointer_that_matches(counter: Counter) -> None:
    """N-303: VIN, make and year as on the pointer: the added title takes it over, the old state is told."""
    vin = new_vin()
    counter.titled(vin, "NY", "1")
    answer = counter.send(first_title(vin, "CT", "2", date(2022, 1, 1)))
    assert answer.effect == "pointer_moved"
    assert shown(counter, vin) == [("CT", "2")]


def test_two_pointers_that_match_refuse_the_title(counter: Counter) -> None:
    """N-103, N-303: a title that differs makes a second pointer, reported; two alike refuse the next one."""
    vin = new_vin()
    counter.titled(vin, "NY", "1", make="HOND")
    second = counter.send(first_title(vin, "MA", "2", make="TOYT"))
    assert (second.effect, codes(second)) == ("title_added", [("V61", "make")])
    assert sorted(shown(counter, vin)) == [("MA", "2"), ("NY", "1")]
    assert counter.send(in_state(vin, "MA", "2", "3", make="HOND")).accepted
    refused = counter.send(first_title(vin, "CT", "4", date(2025, 1, 1), make="HOND"))
    assert codes(refused) == [("V13", "vin")]


def test_future_dates_are_refused(counter: Counter) -> None:
    """N-305: no title is issued tomorrow; a day that has begun in Guam is not the future."""
    ahead = NOW.date() + timedelta(days=2)
    answer = counter.send(first_title(new_vin(), "CT", "1", ahead))
    assert codes(answer) == [("V17", "issue_date")]
    in_guam = NOW.replace(hour=15)
    assert counter.send(
        first_title(new_vin(), "CT", "1", NOW.date() + timedelta(days=1)), at=in_guam
    ).accepted


def test_late_title_joins_history_without_the_pointer(counter: Counter) -> None:
    """N-305: issue date decides the current state; an older title that arrives late only joins history."""
    vin = new_vin()
    counter.titled(vin, "CT", "2", date(2023, 1, 1))
    answer = counter.send(first_title(vin, "NY", "1", date(2021, 1, 1)))
    assert (answer.effect, codes(answer)) == ("title_joined_history", [("V67", "issue_date")])
    assert shown(counter, vin) == [("CT", "2")]
    assert [t.title_number for t in counter.ask(vin).history] == ["2", "1"]


def test_of_two_titles_of_a_day_the_later_message_decides(counter: Counter) -> None:
    """N-305: only an older title is late; one that is issued on the day of the current title takes the pointer."""
    vin, day = new_vin(), date(2023, 1, 1)
    counter.titled(vin, "NY", "1", day)
    assert counter.send(first_title(vin, "CT", "2", day)).effect == "pointer_moved"
    assert counter.send(change_of_state(vin, ("CT", "2"), ("MA", "3"), day)).effect == "pointer_moved"
    assert counter.send(in_state(vin, "MA", "3", "4", day)).effect == "title_changed"
    assert shown(counter, vin) == [("MA", "4")]


def test_late_change_of_state_leaves_the_pointer(counter: Counter) -> None:
    """N-305: a change of state whose title is older than the current one joins history only, as an added one does."""
    vin = new_vin()
    counter.titled(vin, "CT", "2", date(2023, 1, 1))
    answer = counter.send(change_of_state(vin, ("CT", "2"), ("NY", "9"), date(2021, 1, 1)))
    assert (answer.effect, codes(answer)) == ("title_joined_history", [("V67", "issue_date")])
    assert shown(counter, vin) == [("CT", "2")]


@pytest.mark.parametrize("number", ["REASSIGN-123", "RA 77", "123456789012345678", "", "12*"])
def test_title_number_is_no_reassignment_number(counter: Counter, number: str) -> None:
    """N-306: a reassignment document's number, or what no title number can be, is refused by field."""
    answer = counter.send(first_title(new_vin(), "CT", number))
    assert not answer.accepted
    assert {field for _code, field in codes(answer)} == {"title_number"}


def test_removal_brings_the_title_before_back(counter: Counter) -> None:
    """N-303: a recalled title leaves the files, the one before is current again, the reason is kept."""
    vin = new_vin()
    counter.titled(vin, "NY", "1")
    before = counter.record(vin).pointers
    counter.send(change_of_state(vin, ("NY", "1"), ("CT", "2")))
    assert codes(counter.send(removal(vin, "NY", "2"))) == [("V20", "title_number")]
    assert counter.send(removal(vin, "CT", "2")).effect == "title_removed"
    assert counter.record(vin).pointers == before
    kept = [t for t in counter.ask(vin).history if t.standing == "withdrawn"]
    assert [(t.title_number, t.reason) for t in kept] == [("2", "Recalled: forged papers")]
    reasons = [entry.reason for entry in counter.record(vin).history if entry.withdraws]
    assert reasons == ["Recalled: forged papers"]
    assert counter.send(removal(vin, "NY", "1")).accepted
    assert shown(counter, vin) == []


def test_undo_restores_exactly_the_state_before(counter: Counter) -> None:
    """N-103, N-104: the sender undoes its own update; the pointer is what it was, history keeps both."""
    vin = new_vin()
    counter.titled(vin, "NY", "1", odometer=41_000, state_title_key="NY-KEY-1")
    before = counter.record(vin)
    moved = change_of_state(vin, ("NY", "1"), ("CT", "2"))
    counter.send(moved)
    stranger = undo(moved, sender="MA")
    assert codes(counter.send(stranger)) == [("V21", "undoes")]
    answer = counter.send(undo(moved))
    assert answer.effect == "update_undone"
    after = counter.record(vin)
    assert after.pointers == before.pointers
    assert set(before.history) < set(after.history)
    assert len(after.history) == len(before.history) + 2
    assert list(after.standing_titles()) == list(before.standing_titles())
    assert codes(counter.send(undo(moved))) == [("V23", "undoes")]
    assert counter.send(change_of_state(vin, ("NY", "1"), ("CT", "2"))).accepted


def test_undo_of_a_first_title_leaves_nothing_current(counter: Counter) -> None:
    """N-104: the VIN of a voided new vehicle has no current title, and may get one again."""
    vin = new_vin()
    added = counter.titled(vin, "CT", "1")
    assert counter.send(undo(added)).accepted
    assert shown(counter, vin) == []
    counter.titled(vin, "CT", "1")


def test_undo_is_refused_once_something_rests_on_the_update(counter: Counter) -> None:
    """N-104: after a later update only a data-change request helps."""
    vin = new_vin()
    added = counter.titled(vin, "NY", "1")
    counter.send(change_of_state(vin, ("NY", "1"), ("CT", "2")))
    assert codes(counter.send(undo(added))) == [("V22", "undoes")]


def test_undo_brings_no_removed_title_back(counter: Counter) -> None:
    """N-104: once the title before was removed, the undo of the one after it is refused: it would come back."""
    vin = new_vin()
    counter.titled(vin, "CT", "1")
    replaced = in_state(vin, "CT", "1", "2")
    assert counter.send(replaced).accepted
    assert counter.send(removal(vin, "CT", "1")).effect == "title_removed"
    assert codes(counter.send(undo(replaced))) == [("V22", "undoes")]
    assert shown(counter, vin) == [("CT", "2")]


def test_message_is_the_senders_own(counter: Counter) -> None:
    """N-104: state data is changed by the state's own message only."""
    vin = new_vin()
    answer = counter.send(first_title(vin, "NY", "1"), sender="CT")
    assert codes(answer) == [("V01", "origin")]
    assert shown(counter, vin) == []


def test_update_is_idempotent(counter: Counter) -> None:
    """N-309: the same message again answers the same and changes nothing; other content is refused."""
    vin = new_vin()
    message = first_title(vin, "CT", "1")
    first = counter.send(message)
    assert counter.send(message, at=NOW + timedelta(hours=3)) == first
    assert len(counter.record(vin).history) == 1
    other = first_title(vin, "CT", "2")
    disguised = type(other)(
        **{f: getattr(other, f) for f in other.__slots__} | {"message_id": message.message_id}
    )
    assert codes(counter.send(disguised)) == [("V03", "message_id")]


def test_refusal_is_kept_as_the_answer(counter: Counter) -> None:
    """N-309: a refused message stays refused, even when it would fit by now."""
    vin = new_vin()
    message = change_of_state(vin, ("NY", "1"), ("CT", "2"))
    refused = counter.send(message)
    counter.titled(vin, "NY", "1")
    assert counter.send(message) == refused


def test_history_is_append_only_in_the_database(counter: Counter) -> None:
    """N-103: the application's login can neither change nor delete what is in a history."""
    vin = new_vin()
    counter.titled(vin, "CT", "1")
    for statement in (
        "UPDATE exchange.title_history SET title_number = 'X'",
        "DELETE FROM exchange.title_history",
        "UPDATE exchange.brand_history SET brand_code = '00'",
        "DELETE FROM exchange.brand_history",
        "UPDATE exchange.pointer SET vin = 'X'",
        "DELETE FROM exchange.message_inbox",
        "UPDATE exchange.inquiry_log SET asker = 'X'",
        "DELETE FROM exchange.inquiry_log",
        "DELETE FROM exchange.theft",
        "DELETE FROM exchange.notice",
        "DROP TABLE exchange.pointer",
    ):
        with counter.transaction() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_late_title_that_became_current_is_not_undone(counter: Counter) -> None:
    """N-104: a late title undone is out of the history; once a removal has made it current, it is refused."""
    vin = new_vin()
    counter.titled(vin, "CT", "3", date(2023, 1, 1))
    late = first_title(vin, "NY", "2", date(2021, 1, 1))
    counter.send(late)
    counter.send(removal(vin, "CT", "3"))
    assert shown(counter, vin) == [("NY", "2")]
    assert codes(counter.send(undo(late))) == [("V22", "undoes")]
    counter.titled(vin, "CT", "4", date(2023, 1, 1))
    assert counter.send(undo(late)).accepted

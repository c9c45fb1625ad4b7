"""New vehicles, undercover records, stolen title stock: what an inquiry says, and what it must not say."""

import dataclasses
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from counter import NOW, Counter, brand, change_of_state, codes, inquiry, new_vin

from vinculum.kernel.vin import check_digit
from vinculum.national.law.undercover import as_shown
from vinculum.national.queries import missing_stock, vehicle_history
from vinculum.national.transactions import report_missing_stock
from vinculum.protocol.inquiry import InquiryAnswer, NewVehicleInquiry
from vinculum.protocol.json_codec import encode_answer
from vinculum.protocol.theft import ReportTheft
from vinculum.protocol.undercover import LiftUndercover, MarkUndercover

pytestmark = pytest.mark.database


def honda() -> str:
    """A VIN of a 2023 Honda that nobody has used yet."""
    vin = f"1HGCY1F30PA{uuid4().int % 10**6:06d}"
    return vin[:8] + check_digit(vin) + vin[9:]


def ask_new(counter: Counter, vin: str, **more: Any) -> InquiryAnswer:
    message = NewVehicleInquiry(message_id=uuid4(), origin="CT", sent_at=NOW, vin=vin, **more)
    answer = counter.say(message)
    assert isinstance(answer, InquiryAnswer)
    return answer


def test_new_vehicle_is_decoded(counter: Counter) -> None:
    """N-203: the maker's data for a certificate of origin; nothing else on record, nothing to say."""
    answer = ask_new(counter, honda(), make_name="Honda", model_year=2023)
    assert answer.answered
    assert answer.decoded is not None
    assert (answer.decoded.make, answer.decoded.model_year) == ("HONDA", 2023)
    assert answer.decoded.check_digit_valid
    assert (answer.pointers, answer.problems) == ((), ())


def test_new_vehicle_with_a_title_is_a_discrepancy(counter: Counter) -> None:
    """N-203: any existing pointer contradicts a certificate of origin; so do another make or year, or a bad VIN."""
    vin = honda()
    counter.titled(vin, "NY", "1")
    answer = ask_new(counter, vin, make_name="Toyota", model_year=2022)
    assert codes(answer)[0] == ("V42", "vin")
    assert {("V91", "make_name"), ("V91", "model_year")} <= set(codes(answer))
    assert [p.jurisdiction for p in answer.pointers] == ["NY"]
    counter.titled(vin, "MA", "2", date(2021, 1, 1), make="TOYT")
    every = ask_new(counter, vin)
    assert [problem.text.split()[0] for problem in every.problems if problem.code == "V42"] == ["MA", "NY"]
    wrong = vin[:8] + ("0" if vin[8] != "0" else "1") + vin[9:]
    assert ("V92", "vin") in codes(ask_new(counter, wrong))


def test_stolen_vehicle_is_not_new(counter: Counter) -> None:
    """N-203: the thefts of a VIN are told without being asked for: a certificate of origin proves no owner."""
    vin = honda()
    counter.send(
        ReportTheft(message_id=uuid4(), origin="NY", sent_at=NOW, vin=vin, stolen_on=date(2026, 1, 5))
    )
    answer = ask_new(counter, vin)
    assert ("V68", "theft") in codes(answer)
    assert [theft.reported_by for theft in answer.theft] == ["NY"]


def mark(vin: str, state: str, *visible_to: str) -> MarkUndercover:
    return MarkUndercover(
        message_id=uuid4(),
        origin=state,
        sent_at=NOW,
        vin=vin,
        agency="Bureau of Examples",
        visible_to=visible_to,
    )


def lift(vin: str, state: str) -> LiftUndercover:
    return LiftUndercover(message_id=uuid4(), origin=state, sent_at=NOW, vin=vin, reason="Operation ended")


def without_identity(answer: InquiryAnswer) -> bytes:
    """The answer as it is sent, but for the VIN and the message it answers."""
    return encode_answer(dataclasses.replace(answer, vin="X", message_id=UUID(int=0)))


def test_undercover_record_is_no_record(counter: Counter) -> None:
    """N-206: byte for byte the answer of a VIN that nobody reported, for all who are not named, consumers too."""
    hidden, unknown = new_vin(), new_vin()
    counter.titled(hidden, "CT", "1")
    counter.send(brand(hidden, "CT", "08"))
    assert counter.send(mark(hidden, "CT", "NY")).effect == "marked_undercover"
    for state in ("MA", "RI"):
        answers = [counter.ask(vin, state, with_theft=True) for vin in (hidden, unknown)]
        assert without_identity(answers[0]) == without_identity(answers[1])
    for state in ("CT", "NY"):
        assert [p.title_number for p in counter.ask(hidden, state).pointers] == ["1"]
    with counter.transaction() as connection:
        reports = [vehicle_history.run(vin, at=NOW, connection=connection) for vin in (hidden, unknown)]
    assert dataclasses.replace(reports[0], vin=unknown) == reports[1]


def test_undercover_record_costs_what_no_record_costs(counter: Counter) -> None:
    """N-206: nothing is found out about a hidden record: from where it is read on, it is an empty one."""
    vin = new_vin()
    counter.titled(vin, "CT", "1")
    counter.send(mark(vin, "CT"))
    record = counter.record(vin)
    assert record.pointers
    stranger = as_shown(record, asker_kind="jurisdiction", asker="MA")
    assert stranger == dataclasses.replace(counter.record(new_vin()), vin=vin)
    # Named as a jurisdiction does not make a consumer of that name one of those who may see.
    assert as_shown(record, asker_kind="consumer", asker="CT") == stranger


def test_each_of_two_marks_hides_the_record(counter: Counter) -> None:
    """N-206: a record that two states marked is for those whom both of them named, and for nobody else."""
    vin = new_vin()
    counter.titled(vin, "CT", "1", make="HOND")
    counter.titled(vin, "NY", "2", make="TOYT")
    assert counter.send(mark(vin, "CT", "NY", "RI", "NJ")).accepted
    assert counter.send(mark(vin, "NY", "CT", "MA", "NJ")).accepted
    assert [bool(counter.ask(vin, state).pointers) for state in ("CT", "NY", "NJ")] == [True, True, True]
    assert [counter.ask(vin, state).pointers for state in ("RI", "MA")] == [(), ()]


def test_mark_is_the_state_of_titles_own(counter: Counter) -> None:
    """N-206: only a state of title marks, only the state that marked lifts; a new list replaces the old one."""
    vin = new_vin()
    counter.titled(vin, "CT", "1")
    assert codes(counter.send(mark(vin, "NY"))) == [("V43", "vin")]
    assert codes(counter.send(lift(vin, "CT"))) == [("V44", "vin")]
    counter.send(mark(vin, "CT", "NY"))
    counter.send(mark(vin, "CT", "RI"))
    assert counter.ask(vin, "NY").pointers == ()
    assert counter.ask(vin, "RI").pointers != ()
    assert codes(counter.send(lift(vin, "NY"))) == [("V44", "vin")]
    assert counter.send(lift(vin, "CT")).effect == "undercover_lifted"
    assert counter.ask(vin, "NY").pointers != ()
    assert counter.send(change_of_state(vin, ("CT", "1"), ("NY", "2"))).accepted


def test_consumers_see_no_transaction_date() -> None:
    """N-206: when a title was reported is nowhere in what consumers get."""
    for shown in (vehicle_history.TitledIn, vehicle_history.BrandRecorded, vehicle_history.VehicleHistory):
        names = {field.name for field in dataclasses.fields(shown)}
        assert not any("transaction" in name for name in names)


def stock(first: str, last: str, *, circumstance: Any = "stolen") -> report_missing_stock.Request:
    return report_missing_stock.Request(
        report_id=uuid4(),
        first_number=first,
        last_number=last,
        circumstance=circumstance,
        missing_since=date(2026, 2, 1),
    )


def test_title_check_looks_the_control_number_up(counter: Counter) -> None:
    """N-701: each number of a reported range is met by every inquiry that names it, until the stock is destroyed."""
    asked = stock("NH004100", "NH004199")
    with counter.transaction() as connection:
        assert report_missing_stock.run(asked, sender="NH", at=NOW, connection=connection)
    vin = new_vin()
    for number, met in (
        *(("NH004100", True), ("NH004150", True), ("NH004199", True)),
        *(("NH004099", False), ("NH004200", False), ("NH4150", False), ("004150", False)),
        *(("NH0041500", False), ("NH00415", False)),
    ):
        found = counter.ask(vin, control_number=number)
        assert (("V41", "control_number") in codes(found)) is met, number
    assert codes(counter.ask(vin, control_number="NH004150", title_jurisdiction="VT")) == []
    assert codes(counter.ask(vin, control_number="NH004150", title_jurisdiction="NH")) != []
    with counter.transaction() as connection:
        at = {"destroyed_on": date(2026, 2, 20), "at": NOW, "connection": connection}
        assert not report_missing_stock.record_destroyed(asked.report_id, sender="VT", **at)
        assert report_missing_stock.record_destroyed(asked.report_id, sender="NH", **at)
        later = at | {"destroyed_on": date(2026, 2, 27)}
        assert report_missing_stock.record_destroyed(asked.report_id, sender="NH", **later)
        kept = {report.report_id: report for report in missing_stock.run(connection=connection)}
        assert kept[asked.report_id].destroyed_on == date(2026, 2, 20), "said twice, it was destroyed once"
    assert codes(counter.ask(vin, control_number="NH004150")) == []


def test_missing_stock_is_broadcast(counter: Counter) -> None:
    """N-701: every jurisdiction reads every report, recovered stock with the day of its destruction."""
    asked = stock("9001", "9100", circumstance="missing")
    with counter.transaction() as connection:
        assert report_missing_stock.run(asked, sender="VT", at=NOW, connection=connection)
        assert report_missing_stock.run(asked, sender="VT", at=NOW, connection=connection)
        assert not report_missing_stock.run(asked, sender="CT", at=NOW, connection=connection)
        listed = {report.report_id: report for report in missing_stock.run(connection=connection)}
    kept = listed[asked.report_id]
    assert (kept.jurisdiction, kept.first_number, kept.last_number) == ("VT", "9001", "9100")
    assert (kept.circumstance, kept.destroyed_on) == ("missing", None)


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        ("A10", "B20", "last_number"),
        ("A10", "A200", "last_number"),
        ("A20", "A10", "last_number"),
        ("A", "A10", "first_number"),
        ("A1-0", "A10", "first_number"),
    ],
)
def test_range_that_is_none(first: str, last: str, field: str) -> None:
    """N-701: a range has one prefix and one length, and does not run backwards."""
    faults = report_missing_stock.faults_of(stock(first, last), today=date(2026, 3, 1))
    assert [name for name, _ in faults] == [field]
    ahead = report_missing_stock.faults_of(stock("A10", "A20"), today=date(2026, 1, 1))
    assert [name for name, _ in ahead] == ["missing_since"]


def test_inquiry_names_its_paper(counter: Counter) -> None:
    """N-701: what cannot be a control number is said to be none."""
    answer = counter.say(inquiry(new_vin(), control_number="no number"))
    assert codes(answer) == [("V02", "control_number")]

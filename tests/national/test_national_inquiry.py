"""The used-vehicle inquiry, brands, theft, participation and the consumer report, against the database."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from counter import (
    NOW,
    Counter,
    brand,
    change_of_state,
    codes,
    first_title,
    in_state,
    inquiry,
    new_vin,
    removal,
)

from vinculum.access import line
from vinculum.config.scratch import ScratchDatabases
from vinculum.entrypoints.exchange.at_once import answer_at_once
from vinculum.national.law.title import VehicleRecord
from vinculum.national.queries import vehicle_history
from vinculum.national.queries.vehicle_history import VehicleHistory
from vinculum.national.records import roster, vehicle
from vinculum.national.records.roster import forget_roster
from vinculum.national.records.vehicle import READ_BUNDLE
from vinculum.national.transactions import admit_jurisdiction, answer_case_inquiry
from vinculum.protocol.case_inquiry import CaseAnswer, CaseInquiry
from vinculum.protocol.open_discrepancy import OpenDiscrepancy
from vinculum.protocol.theft import ClearTheft, ReportTheft

pytestmark = pytest.mark.database


def log_of(counter: Counter, vin: str) -> list[tuple[Any, ...]]:
    with counter.transaction() as connection:
        return connection.execute(
            "SELECT asker_kind, asker, purpose, message_id, length(answer_hash), asked_at"
            " FROM exchange.inquiry_log WHERE vin = %s ORDER BY asked_at",
            (vin,),
        ).fetchall()


def report(counter: Counter, vin: str) -> VehicleHistory:
    with counter.transaction() as connection:
        return vehicle_history.run(vin, at=NOW, connection=connection)


def test_files_hold_no_personal_data(counter: Counter) -> None:
    """N-101: no owner, address, lien, body style or colour has a column in the national files."""
    with counter.transaction() as connection:
        columns = connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'exchange'"
        ).fetchall()
    assert len(columns) > 50
    forbidden = {"owner", "address", "lien", "style", "colour", "color", "licence", "birth", "street"}
    # Where those who use the exchange want to be told, which jurisdiction a record is of, a dealer's licence (N-306).
    of_the_house = {("outgoing", "address"), ("alert_subscription", "address"), ("clone_item", "owner")}
    of_the_house |= {("title_reassignment", "licence")}
    found = {column for column in columns if forbidden & set(column[1].split("_"))}
    assert found <= of_the_house


def test_files_of_the_exchange(counter: Counter) -> None:
    """N-102: pointer, title history, brand history, brand codes, branders, theft, jurisdictions with modes."""
    with counter.transaction() as connection:
        tables = {
            row[0]
            for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'exchange'")
        }
        jurisdictions = dict(connection.execute("SELECT code, name FROM exchange.jurisdiction").fetchall())
        branders = connection.execute(
            "SELECT jurisdiction FROM exchange.brander WHERE code = 'CT'"
        ).fetchone()
    assert tables >= {
        *("pointer", "title_history", "brand_history", "brand_code", "brander", "theft", "jurisdiction"),
        *("message_inbox", "inquiry_log", "notice"),
    }
    assert len(jurisdictions) == 113
    assert jurisdictions["NB"] == "New Brunswick"
    assert jurisdictions["NE"] == "Nebraska"
    assert branders == ("CT",)


def test_inquiry_tells_everything_shared(counter: Counter) -> None:
    """N-201: pointer, title history, brands, odometer, and theft when asked."""
    vin = new_vin()
    counter.titled(vin, "NY", "1", date(2020, 5, 1), odometer=10)
    counter.send(change_of_state(vin, ("NY", "1"), ("MA", "2"), odometer=60_000))
    counter.send(brand(vin, "NY", "11"))
    counter.send(brand(vin, "MA", "11", date(2024, 6, 3)))
    counter.send(
        ReportTheft(message_id=uuid4(), origin="MA", sent_at=NOW, vin=vin, stolen_on=date(2025, 2, 2))
    )
    answer = counter.ask(vin, with_theft=True)
    assert answer.answered
    assert [(p.jurisdiction, p.title_number, p.odometer) for p in answer.pointers] == [("MA", "2", 60_000)]
    assert answer.ask_state == "MA"
    assert [t.title_number for t in answer.history] == ["2", "1"]
    assert [(b.code, b.brander) for b in answer.brands] == [("11", "MA"), ("11", "NY")]
    assert [r.reading for r in answer.odometer] == [60_000, 10]
    assert [(t.reported_by, t.stolen_on) for t in answer.theft] == [("MA", date(2025, 2, 2))]
    assert codes(answer) == [("V68", "theft")]
    unasked = counter.ask(vin)
    assert (unasked.theft_asked, unasked.theft) == (False, ())


def test_several_pointers_without_state_detail(counter: Counter) -> None:
    """N-103, N-201: all pointers, no state to be asked; number and state single one out."""
    vin = new_vin()
    own = vin[-9:]  # a number that is recalled by no other test
    counter.titled(vin, "NY", own, make="HOND")
    counter.send(first_title(vin, "MA", "2", make="TOYT"))
    answer = counter.ask(vin)
    assert {p.jurisdiction for p in answer.pointers} == {"NY", "MA"}
    assert answer.ask_state is None
    assert codes(answer) == [("V65", "title_number")]
    named = counter.ask(vin, title_jurisdiction="NY", title_number=own)
    assert (named.ask_state, codes(named)) == ("NY", [])
    assert codes(counter.ask(vin, title_jurisdiction="NY", title_number=f"{own}9")) == [
        ("V69", "title_number")
    ]


def test_every_inquiry_is_logged(counter: Counter) -> None:
    """N-207: who, for what purpose, VIN, answer hash, time: answered, refused or by a consumer."""
    vin = new_vin()
    message = inquiry(vin, "CT", purpose="registration")
    counter.say(message)
    counter.say(inquiry(vin, "ME"), at=NOW + timedelta(minutes=1))
    report(counter, vin)
    logged = log_of(counter, vin)
    assert sorted(row[:3] for row in logged) == [
        ("consumer", "public", "consumer report"),
        ("jurisdiction", "CT", "registration"),
        ("jurisdiction", "ME", "title"),
    ]
    assert message.message_id in {row[3] for row in logged}
    assert {row[4] for row in logged} == {32}


def ask_about_cases(counter: Counter, vin: str, state: str, *, at: datetime = NOW) -> CaseAnswer:
    message = CaseInquiry(message_id=uuid4(), origin=state, sent_at=at, vin=vin)
    with counter.transaction() as connection:
        return answer_case_inquiry.run(message, sender=state, at=at, connection=connection)


def test_questions_about_cases_are_inquiries(counter: Counter) -> None:
    """N-106, N-207: who may not inquire on line asks about no case either; each such question is logged."""
    vin = new_vin()
    assert ask_about_cases(counter, vin, "CT").answered
    refused = ask_about_cases(counter, vin, "ME")
    assert (refused.answered, [found.code for found in refused.problems]) == (False, ["V04"])
    assert sorted(row[:3] for row in log_of(counter, vin)) == [
        ("jurisdiction", "CT", "case"),
        ("jurisdiction", "ME", "case"),
    ]


def test_inquiry_waits_twice(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """N-201, N-207: one wait for the whole record, one for the line in the log, once the roster is held."""
    counter.ask(new_vin())
    waits = waited_for(monkeypatch)
    counter.ask(new_vin())
    assert [len(statements) for statements in waits] == [2, 1]  # BEGIN goes along


def test_log_keeps_the_digest_of_what_was_read(counter: Counter) -> None:
    """N-207: the digest in the log is of the record as the database gave it."""
    vin = new_vin()
    counter.titled(vin, "NY", "1")
    counter.ask(vin)
    with counter.transaction() as connection:
        kept, read = (
            connection.execute(statement, {"vin": vin}).fetchone()
            for statement in (
                "SELECT encode(answer_hash, 'hex') FROM exchange.inquiry_log WHERE vin = %(vin)s",
                f"SELECT encode(sha256(convert_to(r.body::text, 'UTF8')), 'hex') FROM ({READ_BUNDLE}) AS r",
            )
        )
    assert kept == read


def test_no_answer_without_its_line_in_the_log(
    databases: ScratchDatabases, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """N-207: when the log cannot be written, no answer leaves, though the record was read."""
    message = inquiry(new_vin())
    answer_at_once(message, sender="CT", at=NOW)
    assert len(log_of(counter, message.vin)) == 1
    unwritable = vehicle.LOG_INQUIRY.replace("%(at)s)", "%(at)s, 'too much')")
    monkeypatch.setattr(vehicle, "LOG_INQUIRY", unwritable)
    with pytest.raises(psycopg.errors.SyntaxError):
        answer_at_once(inquiry(message.vin), sender="CT", at=NOW)
    assert len(log_of(counter, message.vin)) == 1


def test_update_waits_twice(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """N-309, P-4: an update whose pointer is held waits for what is on record and for all that it writes."""
    vin = new_vin()
    counter.titled(vin, "NY", "1")
    waits = waited_for(monkeypatch)
    counter.send(change_of_state(vin, ("NY", "1"), ("CT", "2")))
    assert len(waits) == 2
    counter.send(change_of_state(vin, ("NY", "1"), ("MA", "3")))
    assert len(waits) == 4  # a refusal too
    counter.send(first_title(new_vin(), "NY", "4"))
    assert len(waits) == 7  # no pointer is there to be held


def waited_for(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """From now on, the statements of each wait for the database; the roster is held as long as it takes."""
    monkeypatch.setattr(roster, "SECONDS_HELD", 60)
    waits: list[list[str]] = []
    execute, say_really = psycopg.Connection.execute, line._say

    def executed(self: psycopg.Connection[Any], query: Any, *args: Any, **more: Any) -> Any:
        waits.append([query])
        return execute(self, query, *args, **more)

    def say(pgconn: Any, queue: Any, **more: Any) -> Any:
        waits.append([statement.text for statement, *_rest in queue])
        return say_really(pgconn, queue, **more)

    monkeypatch.setattr(psycopg.Connection, "execute", executed)
    monkeypatch.setattr(line, "_say", say)
    return waits


@pytest.mark.parametrize(
    ("state", "may_ask", "may_report"),
    [
        ("CT", True, True),
        ("VT", True, False),
        ("ME", False, False),
        ("NH", False, False),
        ("DS", False, False),
    ],
)
def test_mode_allows_exactly_its_messages(
    counter: Counter, state: str, may_ask: bool, may_report: bool
) -> None:
    """N-106: on line, mode 1 asks and reports, mode 2 only asks, modes 3 and 4 neither; nobody unadmitted."""
    vin = new_vin()
    assert counter.ask(vin, state).answered is may_ask
    assert counter.send(first_title(vin, state, "1")).accepted is may_report


def test_report_to_use(counter: Counter, databases: Any) -> None:
    """N-105: seven days without an accepted update close inquiries, with a warning before; one opens them."""
    with counter.transaction() as connection:
        admit_jurisdiction.run("WY", mode=1, at=NOW, connection=connection)
    vin = new_vin()
    assert codes(counter.ask(vin, "WY", at=NOW + timedelta(days=4))) == []
    assert codes(counter.ask(vin, "WY", at=NOW + timedelta(days=6))) == [("V66", "origin")]
    closed = counter.ask(vin, "WY", at=NOW + timedelta(days=8))
    assert (closed.answered, codes(closed)) == (False, [("V05", "origin")])
    refused = counter.send(removal(vin, "WY", "1"), at=NOW + timedelta(days=8))
    assert not refused.accepted
    forget_roster()
    assert not counter.ask(vin, "WY", at=NOW + timedelta(days=8)).answered
    counter.send(first_title(vin, "WY", "1"), at=NOW + timedelta(days=8))
    forget_roster()
    assert counter.ask(vin, "WY", at=NOW + timedelta(days=9)).answered


def test_who_does_not_report_hears_of_no_case(counter: Counter) -> None:
    """N-105: seven days without an accepted update close questions about cases as they close inquiries."""
    with counter.transaction() as connection:
        admit_jurisdiction.run("AK", mode=1, at=NOW, connection=connection)
    vin = new_vin()
    assert ask_about_cases(counter, vin, "AK", at=NOW + timedelta(days=4)).answered
    closed = ask_about_cases(counter, vin, "AK", at=NOW + timedelta(days=8))
    assert (closed.answered, [found.code for found in closed.problems]) == (False, ["V05"])


def test_who_may_not_inquire_opens_no_case(counter: Counter) -> None:
    """N-106: who may not inquire on line, in modes 3 and 4 or not admitted, opens no case by message either."""
    vin = new_vin()
    counter.titled(vin, "NY", "1")
    for state, found in (("ME", "V04"), ("NH", "V04"), ("GA", "V07")):
        message = OpenDiscrepancy(
            message_id=uuid4(),
            origin=state,
            sent_at=NOW,
            vin=vin,
            paper_jurisdiction="NY",
            paper_number="2",
            paper_date=date(2020, 5, 1),
            question="Which is right?",
        )
        answer = counter.send(message)
        assert (answer.accepted, [one.code for one in answer.problems]) == (False, [found])


def test_unknown_jurisdiction_is_refused(counter: Counter) -> None:
    """N-108: codes follow D20; ZZ is none, and NB is New Brunswick, which holds no title here."""
    vin = new_vin()
    counter.titled(vin, "NY", "1")
    assert ("V06", "old_jurisdiction") in codes(counter.send(change_of_state(vin, ("ZZ", "1"), ("CT", "2"))))
    assert codes(counter.send(change_of_state(vin, ("NB", "1"), ("CT", "2")))) == [
        ("V11", "old_jurisdiction")
    ]


def test_make_is_corrected_with_a_warning(counter: Counter) -> None:
    """N-108: GIL is recorded as GILG, a leading space is removed: applied, and said."""
    vin = "15GGE271" + uuid4().hex[:9].upper().translate(str.maketrans("ABCDEFIOQ", "123456789"))
    answer = counter.send(first_title(vin, "CT", "1", make="GIL"))
    assert (answer.accepted, codes(answer)) == (True, [("V60", "make")])
    assert counter.record(vin).pointers[0].title.make == "GILG"
    spaced = counter.send(first_title(new_vin(), "CT", "1", make=" KIA"))
    assert (spaced.accepted, codes(spaced)) == (True, [("222", "make")])


def test_make_is_corrected_by_whatever_message_it_comes(counter: Counter) -> None:
    """N-108: a changed title and a brand bring makes too: a wrong code does not go on record by them."""
    vin = new_vin()
    counter.titled(vin, "CT", "1")
    changed = counter.send(in_state(vin, "CT", "1", "2", make="GLLG"))
    assert (changed.accepted, codes(changed)) == (True, [("V60", "make")])
    assert counter.record(vin).pointers[0].title.make == "GILG"
    branded = counter.send(brand(vin, "CT", "09", make="GIL"))
    assert (branded.accepted, codes(branded)) == (True, [("V60", "make")])
    assert [held.make for held in counter.record(vin).brands] == ["GILG"]


def test_brands_are_standard_codes(counter: Counter) -> None:
    """N-107: 68 codes; a retired one is refused with its successor, one of a closed programme or unknown refused."""
    vin = new_vin()
    retired = counter.send(brand(vin, "CT", "15"))
    assert codes(retired) == [("V31", "brand_code")]
    assert "09" in retired.problems[0].text
    assert codes(counter.send(brand(vin, "CT", "90"))) == [("V31", "brand_code")]
    assert codes(counter.send(brand(vin, "CT", "44"))) == [("V30", "brand_code")]
    with counter.transaction() as connection:
        rows = connection.execute("SELECT count(*) FROM exchange.brand_code").fetchone()
    assert rows == (68,)


def test_brand_is_recorded_by_vin_once(counter: Counter) -> None:
    """N-403: a brand is recorded with the receiving state as brander, titled or not; again changes nothing."""
    vin = new_vin()
    assert counter.send(brand(vin, "CT", "09")).effect == "brand_added"
    again = counter.send(brand(vin, "CT", "09"))
    assert (again.effect, codes(again)) == ("nothing_changed", [("V62", "brand_code")])
    assert codes(counter.send(brand(vin, "CT", "01", NOW.date() + timedelta(days=5)))) == [
        ("V32", "brand_date")
    ]
    assert [(b.code, b.brander) for b in counter.ask(vin).brands] == [("09", "CT")]


@pytest.mark.parametrize("code", ["07", "08", "53", "56"])
def test_junk_gets_no_title_for_the_road(counter: Counter, code: str) -> None:
    """N-402: junk or non-repairable: said on inquiry, no road title anywhere; a junk title may be issued."""
    vin = new_vin()
    counter.titled(vin, "NY", "1")
    counter.send(brand(vin, "NY", code))
    assert codes(counter.ask(vin)) == [("V40", "title_type")]
    refused = counter.send(change_of_state(vin, ("NY", "1"), ("CT", "2")))
    assert codes(refused) == [("V40", "title_type")]
    assert codes(counter.send(in_state(vin, "NY", "1", "2"))) == [("V40", "title_type")]
    assert counter.send(in_state(vin, "NY", "1", "2", title_type="nonrepairable")).accepted


def test_washed_brand_is_flagged(counter: Counter) -> None:
    """N-405: a brand recorded by a state and missing on a later title elsewhere is flagged on inquiry."""
    vin = new_vin()
    counter.titled(vin, "NY", "1")
    counter.send(brand(vin, "NY", "11", date(2022, 1, 10)))
    assert codes(counter.ask(vin)) == []
    counter.send(change_of_state(vin, ("NY", "1"), ("MA", "2"), date(2023, 1, 10)))
    flagged = counter.ask(vin)
    assert codes(flagged) == [("V63", "brands")]
    assert "NY" in flagged.problems[0].text
    assert "MA" in flagged.problems[0].text
    counter.send(brand(vin, "MA", "16", date(2023, 1, 10)))
    assert codes(counter.ask(vin)) == []


def test_answers_needed_before_a_title(counter: Counter) -> None:
    """N-401: the inquiry answers what paper is compared with: VIN, state, number, date, brands, theft."""
    vin = new_vin()
    counter.titled(vin, "NY", "1", date(2020, 5, 1))
    counter.send(
        ReportTheft(message_id=uuid4(), origin="NY", sent_at=NOW, vin=vin, stolen_on=date(2025, 1, 1))
    )
    counter.send(brand(vin, "NY", "01"))
    answer = counter.ask(vin, with_theft=True)
    title = answer.pointers[0]
    assert (answer.vin, title.jurisdiction, title.title_number, title.issue_date) == (
        *(vin, "NY", "1"),
        date(2020, 5, 1),
    )
    assert [b.code for b in answer.brands] == ["01"]
    assert answer.theft
    assert ("V68", "theft") in codes(answer)


def test_theft_is_closed_by_who_reported_it(counter: Counter) -> None:
    """N-102: the theft file: opened and closed by the same jurisdiction, reported once by each that reports it."""
    vin = new_vin()

    def stolen(state: str) -> ReportTheft:
        return ReportTheft(message_id=uuid4(), origin=state, sent_at=NOW, vin=vin, stolen_on=date(2025, 1, 1))

    def found(state: str) -> ClearTheft:
        return ClearTheft(
            message_id=uuid4(), origin=state, sent_at=NOW, vin=vin, recovered_on=date(2025, 3, 1)
        )

    assert counter.send(stolen("CT")).effect == "theft_reported"
    assert counter.send(stolen("CT")).effect == "nothing_changed"
    assert codes(counter.send(found("MA"))) == [("V33", "vin")]
    assert counter.send(stolen("MA")).effect == "theft_reported"
    assert counter.send(found("CT")).effect == "theft_cleared"
    assert [theft.reported_by for theft in counter.ask(vin, with_theft=True).theft] == ["MA"]
    assert counter.send(found("MA")).effect == "theft_cleared"
    assert counter.ask(vin, with_theft=True).theft == ()


def test_consumer_report(counter: Counter) -> None:
    """N-802: current state and last title date, 68 brands checked, odometer and title history, data dates."""
    vin = new_vin()
    counter.titled(vin, "NY", "NYSECRET1", date(2020, 5, 1), odometer=10)
    counter.send(brand(vin, "NY", "11"))
    counter.send(change_of_state(vin, ("NY", "NYSECRET1"), ("CT", "CTSECRET2"), odometer=60_000))
    recalled = change_of_state(vin, ("CT", "CTSECRET2"), ("MA", "MASECRET3"), date(2025, 1, 1))
    counter.send(recalled)
    counter.send(removal(vin, "MA", "MASECRET3"))
    forget_roster()
    shown = report(counter, vin)
    assert shown.located
    assert [(t.jurisdiction_name, t.issue_date) for t in shown.current] == [("Connecticut", date(2024, 6, 3))]
    assert [t.jurisdiction for t in shown.titles] == ["CT", "NY"]
    assert len(shown.brands) == 68
    assert [(b.code, b.records[0].brander_name) for b in shown.brands_on_record] == [("11", "New York")]
    assert [r.reading for r in shown.odometer] == [60_000, 10]
    assert {d.jurisdiction for d in shown.data_dates} == {"CT", "NY"}
    assert all(d.last_update_at for d in shown.data_dates)
    assert [p.code for p in shown.remarks] == ["V63"]


def test_consumer_sees_no_title_number(counter: Counter) -> None:
    """N-205: title history without title number, transaction date or theft: nowhere in the whole report."""
    vin = new_vin()
    counter.titled(vin, "NY", "NYSECRET1")
    counter.send(
        ReportTheft(message_id=uuid4(), origin="NY", sent_at=NOW, vin=vin, stolen_on=date(2025, 1, 1))
    )
    text = repr(report(counter, vin))
    assert "SECRET" not in text
    assert "2025" not in text
    assert "transaction" not in text


def test_consumer_report_of_an_unknown_vin(counter: Counter) -> None:
    """N-802: nothing located is said as such."""
    shown = report(counter, new_vin())
    assert (shown.located, shown.titles, shown.brands) == (False, (), ())


def test_impossible_odometer_is_said(counter: Counter) -> None:
    """N-803: a reading lower than an earlier one is said to states and consumers alike."""
    vin = new_vin()
    counter.titled(vin, "NY", "1", date(2020, 5, 1), odometer=90_000)
    counter.send(change_of_state(vin, ("NY", "1"), ("CT", "2"), odometer=30_000))
    assert codes(counter.ask(vin)) == [("V64", "odometer")]
    assert [p.code for p in report(counter, vin).remarks] == ["V64"]


def test_record_is_read_as_it_was_written(counter: Counter) -> None:
    """N-101: every published field of a title comes back as it was sent."""
    vin = new_vin()
    sent = counter.titled(vin, "CT", "1", odometer=5, odometer_unit="K", state_title_key="K" * 30)
    record: VehicleRecord = counter.record(vin)
    title = record.pointers[0].title
    for field in (
        *("title_number", "issue_date", "make", "model_year", "odometer", "odometer_unit", "state_title_key"),
    ):
        assert getattr(title, field) == getattr(sent, field)
    assert title.transaction_at == NOW

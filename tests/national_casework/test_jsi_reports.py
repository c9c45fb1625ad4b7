"""Junk and salvage reports: who may, what is kept from whom, what is refused, and who is late."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from counter import jsi_reports, new_vin
from django.test import Client

from both_systems import National
from exchange_people import Known
from people import World
from vinculum.access import service
from vinculum.access.database import Actor, CredentialRefused, acting, connected
from vinculum.access.permissions import Forbidden
from vinculum.config.scratch import ScratchDatabases
from vinculum.entrypoints.exchange.admission import issue_key
from vinculum.entrypoints.exchange.in_process import ExchangeInProcess
from vinculum.kernel.refusal import Refused
from vinculum.national.casework import check_paper, jsi, jsi_file, report_jsi, reporters
from vinculum.national.casework.compare_paper import Paper
from vinculum.national.queries import vehicle_history
from vinculum.protocol.inquiry import InquiryAnswer, UsedVehicleInquiry
from vinculum.protocol.json_codec import decode_answer, encode_answer
from vinculum.state.outbox.ask_exchange import findings_of

pytestmark = pytest.mark.database
AT = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
SECRET_SOURCE = "Zebulon Canaryperson"


@pytest.fixture
def yard(known: Known) -> Actor:
    return registered(known("jsi_reporter", "reporter"))


def registered(actor: Actor, *, at: datetime = AT) -> Actor:
    reporters.register(
        organisation_id=actor.organisation_id,
        kind="salvage_yard",
        name=actor.organisation_name,
        state="CT",
        actor=service.actor(),
        at=at,
    )
    return actor


def a_report(vin: str = "", **other: object) -> report_jsi.Request:
    given: dict[str, object] = {
        "vin": vin or new_vin(),
        "obtained_on": date(2026, 11, 2),
        "obtained_from": SECRET_SOURCE,
        "disposition": "to_be_determined",
        "for_export": False,
    }
    return report_jsi.Request(**(given | other))  # type: ignore[arg-type]


def codes(refused: Refused) -> set[str]:
    return {refusal.code for refusal in refused.refusals}


def test_report_is_shown_without_its_source(yard: Actor) -> None:
    """N-801, N-802: the public sees who reported what and when, and nowhere from whom."""
    request = a_report(for_export=True)
    report_jsi.run(request, actor=yard, at=AT, channel="form")
    with connected("national") as connection:
        report = vehicle_history.run(request.vin, at=AT, connection=connection)
    assert [(one.reporter_name, one.disposition, one.for_export) for one in report.jsi] == [
        (yard.organisation_name, "to be determined", True)
    ]
    assert SECRET_SOURCE not in repr(report)
    page = Client().get("/history/", {"vin": request.vin}).content.decode()
    assert yard.organisation_name in page
    assert "for export" in page
    assert SECRET_SOURCE not in page


def test_states_see_reports_with_their_check(yard: Actor, known: Known) -> None:
    """N-801: a state that checks a paper is told what yards reported of the vehicle, without from whom."""
    request = a_report()
    report_jsi.run(request, actor=yard, at=AT, channel="form")
    paper = Paper(vin=request.vin, jurisdiction="NY", title_number="NY1", issue_date=date(2024, 5, 6))
    checked = check_paper.run(paper, actor=known("title_clerk", "jurisdiction", "CT"), at=AT)
    assert [one.reporter_name for one in checked.jsi] == [yard.organisation_name]
    assert SECRET_SOURCE not in repr(checked)


def test_undercover_vehicle_has_no_reports_either(yard: Actor, known: Known, national: National) -> None:
    """N-206: to the public and to states not named, a marked vehicle is one that nobody ever reported."""
    request = a_report()
    national.title(jurisdiction="NY", vin=request.vin, number="NY1")
    report_jsi.run(request, actor=yard, at=AT, channel="form")
    with psycopg.connect(national.url) as connection:
        connection.execute(
            "INSERT INTO exchange.undercover (vin, mark_id, marked_by, agency, visible_to, marked_at)"
            " VALUES (%s, %s, 'NY', 'Fictional Agency', '{CT}', %s)",
            (request.vin, uuid4(), AT),
        )
    with connected("national") as connection:
        assert not vehicle_history.run(request.vin, at=AT, connection=connection).located
    paper = Paper(vin=request.vin, jurisdiction="NY", title_number="NY1", issue_date=date(2024, 5, 6))
    seen = {
        state: len(check_paper.run(paper, actor=known("title_clerk", "jurisdiction", state), at=AT).jsi)
        for state in ("CT", "NY", "MA")
    }
    assert seen == {"CT": 1, "NY": 1, "MA": 0}
    assert {state: len(answer_to(state, request.vin).jsi) for state in seen} == seen


def answer_to(state: str, vin: str) -> InquiryAnswer:
    """What the exchange's counter answers that jurisdiction's program."""
    message = UsedVehicleInquiry(message_id=uuid4(), origin=state, sent_at=AT, vin=vin)
    return ExchangeInProcess(jurisdiction=state, clock=lambda: AT).inquire(message)


def test_inquiry_has_the_reports_as_they_stand(yard: Actor, national: National) -> None:
    """N-201: the on-line answer has the last report of each chain, warns of it, and tells nobody from whom."""
    request = a_report(for_export=True)
    national.title(jurisdiction="NY", vin=request.vin, number="NY2")
    first = report_jsi.run(request, actor=yard, at=AT, channel="form")
    later = AT + timedelta(days=1)
    report_jsi.run(
        a_report(request.vin, disposition="crushed", for_export=True, supplements=first.report_id),
        actor=yard,
        at=later,
        channel="form",
    )
    answer = answer_to("CT", request.vin)
    assert [
        (told.reporter_kind, told.reporter_state, told.disposition, told.for_export, told.reported_at)
        for told in answer.jsi
    ] == [("salvage_yard", "CT", "crushed", True, later)]
    assert [problem.code for problem in answer.problems if problem.field == "jsi"] == ["V94"]
    assert SECRET_SOURCE not in encode_answer(answer).decode()
    assert decode_answer(InquiryAnswer, encode_answer(answer)) == answer
    assert [told.disposition for told in findings_of(answer).yard_reports] == ["crushed"]


def test_every_report_is_an_event(yard: Actor, databases: ScratchDatabases) -> None:
    """The audit trail of the exchange holds who reported, and from whom, for the verifier only."""
    request = a_report()
    report_jsi.run(request, actor=yard, at=AT, channel="form")
    with psycopg.connect(databases.admin_national_url) as connection:
        events = connection.execute(
            "SELECT payload::jsonb ->> 'table' FROM audit.event WHERE payload::jsonb -> 'after' ->> 'vin' = %s"
            " AND payload::jsonb ->> 'person' = %s ORDER BY 1",
            (request.vin, str(yard.person_id)),
        ).fetchall()
    assert events == [("exchange.jsi_report",), ("exchange.jsi_source",)]


def test_source_is_behind_a_wall(yard: Actor, known: Known) -> None:
    """N-801: itself reads from whom; the help desk only for a purpose; other reporters, states and nobody do not."""
    request = a_report()
    report_jsi.run(request, actor=yard, at=AT, channel="form")
    query = "SELECT count(*) FROM exchange.jsi_source WHERE vin = %s"
    others = registered(known("jsi_reporter", "reporter")), known("title_clerk", "jurisdiction", "NY")
    seen = {}
    for name, actor in (
        ("itself", yard),
        ("help desk", known("help_desk", "association", "ASSOC")),
        ("another yard", others[0]),
        ("a state", others[1]),
    ):
        with acting(actor, act="report_jsi", database="national") as connection:
            seen[name] = connection.execute(query, (request.vin,)).fetchone()
    with connected("national") as connection:
        seen["nobody"] = connection.execute(query, (request.vin,)).fetchone()
    assert seen == {"itself": (1,), "help desk": (0,), "another yard": (0,), "a state": (0,), "nobody": (0,)}


def test_nobody_reports_in_anothers_name(yard: Actor, known: Known) -> None:
    """The database refuses a report written for another reporter, by another role, or changed afterwards."""
    other = registered(known("jsi_reporter", "reporter"))
    insert = (
        "INSERT INTO exchange.jsi_report (vin, report_id, organisation_id, obtained_on, disposition, for_export,"
        " channel, reported_by, reported_at) VALUES (%s, %s, %s, '2026-11-02', 'sold', false, 'form', %s, %s)"
    )
    row = (new_vin(), uuid4(), other.organisation_id, yard.person_id, AT)
    for actor, act in ((yard, "report_jsi"), (known("title_clerk", "jurisdiction", "NY"), "report_jsi")):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            acting(actor, act=act, database="national") as connection,
        ):
            connection.execute(insert, row)
    with pytest.raises(Forbidden):
        report_jsi.run(a_report(), actor=known("title_clerk", "jurisdiction", "NY"), at=AT, channel="form")
    for statement in (
        "UPDATE exchange.jsi_report SET disposition = 'sold'",
        "DELETE FROM exchange.jsi_source",
    ):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            acting(yard, act="report_jsi", database="national") as connection,
        ):
            connection.execute(statement)


def test_supplement_follows_and_stands(yard: Actor, known: Known) -> None:
    """N-801: what changes is supplemented; the last one is shown, each is followed once, and only one's own."""
    first = report_jsi.run(a_report(), actor=yard, at=AT, channel="form")
    again = a_report(first.vin, disposition="crushed", supplements=first.report_id)
    second = report_jsi.run(again, actor=yard, at=AT, channel="form")
    with connected("national") as connection:
        assert [one.disposition for one in jsi_reports(connection, first.vin)] == ["crushed"]
    with pytest.raises(Refused) as refused:
        report_jsi.run(again, actor=yard, at=AT, channel="form")
    assert codes(refused.value) == {"jsi_supplemented_already"}
    stranger = registered(known("jsi_reporter", "reporter"))
    foreign = a_report(first.vin, supplements=second.report_id)
    with pytest.raises(Refused) as refused:
        report_jsi.run(foreign, actor=stranger, at=AT, channel="form")
    assert codes(refused.value) == {"jsi_report_not_found"}


def test_everything_wrong_is_said_at_once(yard: Actor, known: Known) -> None:
    """N-801, N-601: VIN, day, disposition and source are refused together; the same report twice is refused."""
    bad = a_report("1HG$82633A00435", obtained_on=date(2027, 1, 1), disposition="lost", obtained_from=" ")
    with pytest.raises(Refused) as refused:
        report_jsi.run(bad, actor=yard, at=AT, channel="form")
    assert {"jsi_date_impossible", "jsi_disposition_unknown", "jsi_source_missing"} < codes(refused.value)
    assert any(code.startswith("vin_") for code in codes(refused.value))
    good = a_report()
    report_jsi.run(good, actor=yard, at=AT, channel="form")
    with pytest.raises(Refused) as refused:
        report_jsi.run(good, actor=yard, at=AT, channel="form")
    assert codes(refused.value) == {"jsi_reported_already"}
    with pytest.raises(Refused) as refused:
        report_jsi.run(a_report(), actor=known("jsi_reporter", "reporter"), at=AT, channel="form")
    assert codes(refused.value) == {"reporter_not_registered"}


def test_file_takes_the_good_and_names_the_bad(yard: Actor) -> None:
    """N-801: each line of a file is accounted for, by its number."""
    header = ",".join(jsi_file.COLUMNS)
    lines = [
        f"{new_vin()},2026-11-02,{SECRET_SOURCE},sold,no,",
        f"{new_vin()},11/02/2026,{SECRET_SOURCE},sold,no,",
        f'{new_vin()},2026-11-03,"Yard, Fictional & Sons",crushed,yes,',
        f"{new_vin()},2026-11-03,{SECRET_SOURCE},eaten,maybe,",
        f"{new_vin()},2026-11-03",
    ]
    receipt = jsi_file.run("\r\n".join([header, *lines]).encode(), actor=yard, at=AT)
    assert (receipt.read, receipt.taken, receipt.rejected) == (5, 2, 3)
    assert [fault.line for fault in receipt.faults] == [3, 5, 6]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"vin,date\n",
        ",".join(jsi_file.COLUMNS).encode() + b"\n\x00,,,,,",
        b"\xff\xfe" + ",".join(jsi_file.COLUMNS).encode("utf-16-le"),
        ",".join(jsi_file.COLUMNS).encode() + b'\n"never closed',
        b"x" * (jsi_file.MOST_BYTES + 1),
        ",".join(jsi_file.COLUMNS).encode() + b"\n" + b"a" * 1001,
        ",".join(jsi_file.COLUMNS).encode() + b"\na,b,c,d,e,f" * (jsi_file.MOST_LINES + 1),
    ],
)
def test_unreadable_file_is_refused_whole(yard: Actor, content: bytes) -> None:
    """N-505: wrong header, NUL, encoding, length, open quote: said so, nothing taken."""
    with pytest.raises(jsi_file.FileRefused):
        jsi_file.run(content, actor=yard, at=AT)
    with acting(yard, act="report_jsi", database="national") as connection:
        assert jsi.own_reports(connection, yard.organisation_id) == ()


def test_late_months_are_listed(known: Known) -> None:
    """N-801: every ended month since registration without a word is late; a report or a nil return ends that."""
    yard = registered(known("jsi_reporter", "reporter"), at=AT - timedelta(days=100))
    desk = known("help_desk", "association", "ASSOC")
    late = {one.organisation_id: one.late_for for one in reporters.all_reporters(actor=desk, at=AT)}
    assert late[yard.organisation_id] == (date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1))
    report_jsi.say_nothing_obtained(actor=yard, month=date(2026, 9, 1), at=datetime(2026, 11, 3, tzinfo=UTC))
    report_jsi.run(
        a_report(obtained_on=date(2026, 10, 1)),
        actor=yard,
        at=datetime(2026, 10, 9, tzinfo=UTC),
        channel="form",
    )
    late = {one.organisation_id: one.late_for for one in reporters.all_reporters(actor=desk, at=AT)}
    assert late[yard.organisation_id] == (date(2026, 8, 1),)
    report_jsi.run(a_report(obtained_on=date(2026, 8, 20)), actor=yard, at=AT, channel="form")
    late = {one.organisation_id: one.late_for for one in reporters.all_reporters(actor=desk, at=AT)}
    assert late[yard.organisation_id] == (), "a report accounts for the month in which the vehicle came, too"
    # December comes once November is over; January is reached over the turn of the year.
    assert reporters.late_months(
        registered_at=datetime(2026, 11, 30, tzinfo=UTC),
        accounted=frozenset(),
        at=datetime(2027, 2, 1, tzinfo=UTC),
    ) == (date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1))


def test_penalty_is_no_invented_figure(yard: Actor) -> None:
    """N-801: without an amount on record the regulation is named, not a number."""
    with acting(yard, act="report_jsi", database="national") as connection:
        duty = reporters.duty(connection, at=AT)
    assert duty.penalty_per_violation is None
    assert "28 CFR 25" in duty.citation


def test_penalty_is_the_figure_of_the_day(databases: ScratchDatabases) -> None:
    """N-801: of several amounts the one in force on the day is shown, and none before its day has come."""
    with psycopg.connect(databases.admin_national_url) as connection:
        connection.execute("SET ROLE vinculum_owner")
        for since, amount in ((date(2090, 1, 1), 1000), (date(2095, 1, 1), 2000)):
            connection.execute(
                "INSERT INTO exchange.reporting_duty VALUES (%s, %s, '28 CFR 25.56')", (since, amount)
            )
        shown = {
            year: reporters.duty(connection, at=datetime(year, 6, 1, tzinfo=UTC)).penalty_per_violation
            for year in (2089, 2092, 2096)
        }
        connection.rollback()
    assert shown == {2089: None, 2092: 1000, 2096: 2000}


def test_program_reports_with_its_key(yard: Actor, national: National) -> None:
    """N-801: by API: taken once, then refused with its reason; a jurisdiction's key or none opens nothing."""
    key = issue_key(
        service.actor(),
        door="reports",
        organisation_id=yard.organisation_id,
        client="yard program",
        expires_at=datetime.now(UTC) + timedelta(days=30),
        live=False,
    )
    given = {
        "vin": new_vin(),
        "obtained_on": "2026-11-02",
        "obtained_from": SECRET_SOURCE,
        "disposition": "dismantled",
        "for_export": False,
    }
    bearer = {"Authorization": f"Bearer {key.secret}"}

    def post(body: object, headers: dict[str, str]) -> object:
        return Client().post(
            "/exchange/v1/jsi-reports", body, content_type="application/json", headers=headers
        )

    taken = post(given, bearer)
    assert taken.status_code == 201, taken.content  # type: ignore[attr-defined]
    again = post(given, bearer)
    assert again.status_code == 422  # type: ignore[attr-defined]
    assert b"jsi_reported_already" in again.content  # type: ignore[attr-defined]
    assert SECRET_SOURCE.encode() not in taken.content + again.content  # type: ignore[attr-defined]
    assert post(given | {"more": 1}, bearer).status_code == 400  # type: ignore[attr-defined]
    assert post(given | {"for_export": "no"}, bearer).status_code == 400  # type: ignore[attr-defined]
    assert post(given, {}).status_code == 401  # type: ignore[attr-defined]
    asked = Client().post("/exchange/v1/messages", {}, content_type="application/json", headers=bearer)
    assert asked.status_code in {400, 401, 403}


def test_signed_in_people_are_vouched_for_only_as_they_are(known: Known, world: World) -> None:
    """The exchange knows a person by the session of the other database; who signed in here is not vouched for."""
    clerk = known("title_clerk", "jurisdiction", "NY")
    with acting(clerk, act="show_exchange_desk", database="national") as connection:
        assert connection.execute("SELECT access.kind(), access.code(), access.role()").fetchone() == (
            "jurisdiction",
            "NY",
            "title_clerk",
        )
    examiner = world.examiner()
    with pytest.raises(CredentialRefused), acting(examiner, act="show_exchange_desk", database="national"):
        pass
    vouch = "SELECT access.vouch_for_session(%s, sha256('x'), %s, 'X', %s, %s)"
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        acting(clerk, act="vouch_for_session", database="national") as connection,
    ):
        connection.execute(vouch, (uuid4(), uuid4(), clerk.organisation_id, "title_clerk"))
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        acting(service.actor(), act="vouch_for_session") as connection,
    ):
        connection.execute(vouch, (uuid4(), examiner.person_id, examiner.organisation_id, "dmv_examiner"))
    with (
        pytest.raises(psycopg.errors.CheckViolation),
        acting(service.actor(), act="vouch_for_session", database="national") as connection,
    ):
        connection.execute(vouch, (uuid4(), uuid4(), clerk.organisation_id, "jsi_reporter"))

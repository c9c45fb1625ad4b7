"""The two ways to the exchange, in this process and by HTTPS, held to the same suite; and the wire's own rules."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import httpx
import psycopg
import pytest
from counter import Counter, change_of_state, first_title, inquiry, new_vin
from django.core.wsgi import get_wsgi_application
from django.test import Client, override_settings

from people import World
from vinculum.access.identity import hash_of, new_secret
from vinculum.access.line import line_of
from vinculum.config.scratch import ScratchDatabases
from vinculum.entrypoints.exchange import state_detail
from vinculum.entrypoints.exchange.clients import SECONDS_HELD
from vinculum.entrypoints.exchange.in_process import ExchangeInProcess
from vinculum.entrypoints.exchange.views import LONGEST_BODY
from vinculum.entrypoints.exchange.wire import messages_first
from vinculum.national.records import inbox
from vinculum.national.transactions import admit_jurisdiction
from vinculum.protocol.case_inquiry import CaseAnswer, CaseInquiry
from vinculum.protocol.exchange import Exchange, ExchangeUnavailable
from vinculum.protocol.json_codec import encode_message, message_digest
from vinculum.protocol.open_discrepancy import OpenDiscrepancy
from vinculum.protocol.problem import problem
from vinculum.protocol.update_answer import UpdateAnswer
from vinculum.state.outbox.exchange_over_https import ExchangeOverHttps

pytestmark = pytest.mark.database


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        """Nothing to the terminal of the tests."""


@pytest.fixture(scope="module")
def served(counter: Counter, databases: ScratchDatabases) -> Iterator[str]:
    """The product's own WSGI application on a port of this machine."""
    World(databases)  # the program has its credential: cases are opened in its name
    with override_settings(ROOT_URLCONF="vinculum.config.urls"):
        served_here = messages_first(get_wsgi_application())
        server: WSGIServer = make_server("127.0.0.1", 0, served_here, handler_class=QuietHandler)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/exchange/v1"
        server.shutdown()
        thread.join(10)
        server.server_close()


def issue_key(
    databases: ScratchDatabases,
    *,
    kind: str = "jurisdiction",
    code: str = "CT",
    scopes: tuple[str, ...] = ("ask_exchange", "report_to_exchange"),
    addresses: tuple[str, ...] = (),
    lives: timedelta = timedelta(days=1),
) -> str:
    """A bearer key in the national database, as an administrator would issue it."""
    key = f"vk_test_{new_secret()}"
    now = datetime.now(UTC) - timedelta(hours=1)
    with psycopg.connect(databases.admin_national_url) as connection:
        connection.execute("SET ROLE vinculum_owner")
        organisation: UUID = connection.execute(
            "INSERT INTO access.organisation (id, kind, code, name, created_at) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT (kind, code) DO UPDATE SET name = excluded.name RETURNING id",
            (uuid4(), kind, code, f"Test {code}", now),
        ).fetchone()[0]  # type: ignore[index]
        connection.execute(
            "INSERT INTO access.credential (token_hash, id, kind, label, person_id, person_name,"
            " organisation_id, role, scopes, addresses, created_at, expires_at, last_seen_at)"
            " VALUES (%s, %s, 'api_key', 'test', %s, 'Test program', %s, 'exchange_client', %s, %s::inet[],"
            " %s, %s, %s)",
            (
                *(hash_of(key), uuid4(), uuid4(), organisation, list(scopes), list(addresses)),
                *(now, now + timedelta(hours=1) + lives, now),
            ),
        )
    return key


@pytest.fixture(params=["in_process", "https"])
def exchange_of(
    request: pytest.FixtureRequest, served: str, databases: ScratchDatabases
) -> Iterator[Callable[[str], Exchange]]:
    """The exchange as a jurisdiction reaches it, by either way."""
    opened: list[ExchangeOverHttps] = []

    def reach(code: str) -> Exchange:
        with psycopg.connect(databases.national_url) as connection:
            admit_jurisdiction.run(code, mode=1, at=datetime.now(UTC), connection=connection, grace_days=3650)
        if request.param == "in_process":
            return ExchangeInProcess(jurisdiction=code, clock=lambda: datetime.now(UTC))
        opened.append(ExchangeOverHttps(served, key=issue_key(databases, code=code)))
        return opened[-1]

    yield reach
    for exchange in opened:
        exchange.close()


def test_title_moves_between_states(exchange_of: Callable[[str], Exchange]) -> None:
    """N-301: by either transport: asked before, reported after, and the same seen by both states."""
    vin = new_vin()
    new_york, connecticut = exchange_of("NY"), exchange_of("CT")
    added = new_york.send(first_title(vin, "NY", "1"))
    assert (added.accepted, added.effect) == (True, "title_added")
    before = connecticut.inquire(inquiry(vin, "CT", with_theft=True))
    assert [(p.jurisdiction, p.title_number) for p in before.pointers] == [("NY", "1")]
    moved = connecticut.send(change_of_state(vin, ("NY", "1"), ("CT", "2")))
    assert moved.effect == "pointer_moved"
    assert new_york.inquire(inquiry(vin, "NY")).ask_state == "CT"


def test_refusal_is_an_answer(exchange_of: Callable[[str], Exchange]) -> None:
    """N-301: by either transport a mismatch comes back as an answer that names the field."""
    vin = new_vin()
    connecticut = exchange_of("CT")
    connecticut.send(first_title(vin, "CT", "1"))
    answer = connecticut.send(change_of_state(vin, ("NY", "1"), ("CT", "2")))
    assert not answer.accepted
    assert answer.problems[0].field == "old_jurisdiction"


def test_same_message_twice(exchange_of: Callable[[str], Exchange]) -> None:
    """N-309: by either transport a repeated message is answered alike."""
    connecticut = exchange_of("CT")
    message = first_title(new_vin(), "CT", "1")
    assert connecticut.send(message) == connecticut.send(message)


def test_case_is_opened_and_asked_about(exchange_of: Callable[[str], Exchange]) -> None:
    """N-401: by either transport a state opens a case, and is told how its own cases stand and whom to call."""
    vin = new_vin()
    new_york, connecticut = exchange_of("NY"), exchange_of("CT")
    new_york.send(first_title(vin, "NY", "1"))
    message = OpenDiscrepancy(
        message_id=uuid4(),
        origin="CT",
        sent_at=datetime.now(UTC),
        vin=vin,
        paper_jurisdiction="NY",
        paper_number="2",
        paper_date=date(2020, 5, 1),
        question="Which is right?",
    )
    assert connecticut.send(message).effect == "case_opened"
    assert connecticut.send(message) == connecticut.send(message)

    def asked(exchange: Exchange, state: str) -> CaseAnswer:
        return exchange.cases(
            CaseInquiry(message_id=uuid4(), origin=state, sent_at=datetime.now(UTC), vin=vin, contact_of="NY")
        )

    told = asked(connecticut, "CT")
    (case,) = told.cases
    assert (case.case_id, case.holding, case.state, case.closed_because) == (
        message.message_id,
        "NY",
        "open",
        "",
    )
    assert [(found.code, found.on_paper, found.on_record) for found in case.findings] == [
        ("title_number_differs", "2", "1")
    ]
    assert told.help_desk is not None
    assert told.help_desk.name == "New York"
    assert asked(new_york, "NY").cases == ()
    assert not asked(connecticut, "NY").answered


def test_lengths_are_measured_alike(exchange_of: Callable[[str], Exchange]) -> None:
    """N-101: by either transport the published lengths hold."""
    connecticut = exchange_of("CT")
    answer = connecticut.send(first_title("1" * 31, "CT", "9" * 18))
    assert {(p.code, p.field) for p in answer.problems} == {("V02", "vin"), ("V02", "title_number")}
    refused = connecticut.inquire(inquiry("BAD\x00VIN", "CT"))
    assert (refused.answered, refused.problems[0].field) == (False, "vin")


def test_nobody_speaks_for_another(exchange_of: Callable[[str], Exchange]) -> None:
    """N-104: by either transport the sender is who was recognised, not who the message names."""
    answer = exchange_of("CT").send(first_title(new_vin(), "NY", "1"))
    assert answer.problems[0].code == "V01"


def post(served: str, body: bytes, *, key: str = "", **headers: str) -> httpx.Response:
    given = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
    return httpx.post(f"{served}/messages", content=body, headers=given | headers, trust_env=False)


def test_message_that_another_is_just_taking(
    served: str, counter: Counter, databases: ScratchDatabases
) -> None:
    """N-309: an inbox row that appears while the update is written undoes all of it; the answer is then found."""
    key, vin = issue_key(databases), new_vin()
    counter.titled(vin, "NY", "1")
    message = change_of_state(vin, ("NY", "1"), ("CT", "2"))
    told = UpdateAnswer(
        message_id=message.message_id,
        vin=vin,
        accepted=False,
        answered_at=message.sent_at,
        problems=(problem("V10", field="vin"),),
    )
    with psycopg.connect(databases.national_url) as other, ThreadPoolExecutor(1) as program:
        with line_of(other) as line:
            taking = {"digest": message_digest(message), "entry_id": uuid4(), "at": message.sent_at}
            assert inbox.take(line, message, told, **taking).row() is not None  # type: ignore[arg-type]
        answered = program.submit(post, served, encode_message(message), key=key)
        with pytest.raises(TimeoutError):
            answered.result(0.5)
        other.commit()
        response = answered.result(20)
    assert (response.status_code, response.json()["problems"][0]["code"]) == (200, "V10")
    record = counter.record(vin)
    assert [entry.title.jurisdiction for entry in record.history] == ["NY"]
    assert record.pointers[0].title.jurisdiction == "NY"


def test_wire_refuses_strangers(served: str, databases: ScratchDatabases) -> None:
    """N-205: without a jurisdiction's key there is no answer: absent, unknown, expired, a dealer's."""
    body = encode_message(inquiry(new_vin()))
    expired = issue_key(databases, lives=timedelta(seconds=-60))
    dealer = issue_key(databases, kind="dealer", code="D1")
    for key in ("", "unknown", expired, dealer, "x" * 5000):
        answer = post(served, body, key=key)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_wire_keeps_to_scope_and_address(served: str, databases: ScratchDatabases) -> None:
    """N-205: a key for inquiries reports nothing; a key for another address opens nothing here."""
    asking = issue_key(databases, scopes=("ask_exchange",))
    assert post(served, encode_message(inquiry(new_vin())), key=asking).status_code == 200
    assert post(served, encode_message(first_title(new_vin(), "CT", "1")), key=asking).status_code == 403
    elsewhere = issue_key(databases, addresses=("192.0.2.7/32",))
    assert post(served, encode_message(inquiry(new_vin())), key=elsewhere).status_code == 403


def test_revoked_key_ends(served: str, databases: ScratchDatabases) -> None:
    """N-205: a revoked key reports nothing from the next request on, and asks nothing after a second."""
    key = issue_key(databases)
    body = encode_message(inquiry(new_vin()))
    assert post(served, body, key=key).status_code == 200
    with psycopg.connect(databases.admin_national_url) as connection:
        connection.execute("SET ROLE vinculum_owner")
        connection.execute(
            "UPDATE access.credential SET revoked_at = now() WHERE token_hash = %s", (hash_of(key),)
        )
    assert post(served, encode_message(first_title(new_vin(), "CT", "1")), key=key).status_code == 401
    time.sleep(SECONDS_HELD)
    assert post(served, body, key=key).status_code == 401


def test_short_way_answers_as_the_ordinary_one(served: str, databases: ScratchDatabases) -> None:
    """N-205: a message that passes the pages' machinery by carries the same headers as one that does not."""
    key = issue_key(databases)
    body = encode_message(inquiry(new_vin()))
    short = post(served, body, key=key)
    ordinary = Client().post(
        "/exchange/v1/messages",
        data=body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )
    fixed = {name.lower() for name in ordinary.headers} - {
        "x-request-id",
        "content-length",
        "x-frame-options",
    }
    assert fixed > {"content-security-policy", "cache-control", "x-content-type-options", "referrer-policy"}
    for name in fixed - {"vary"}:
        assert short.headers[name] == ordinary.headers[name], name
    stranger = post(served, body, key=key, Host="elsewhere.example")
    assert stranger.status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"\xff\xfe", b"[]", b'"text"', b"{}", b'{"message": "sing"}', b"[" * 9000),
        encode_message(inquiry("X" * 17)).replace(b'"vin"', b'"vim"'),
        encode_message(inquiry("X" * 17)).replace(b'"purpose":"title"', b'"purpose":"curiosity"'),
        encode_message(first_title("X" * 17, "CT", "1")).replace(b'"odometer":12', b'"odometer":"12"'),
        encode_message(first_title("X" * 17, "CT", "1")).replace(b'"odometer":12', b'"odometer":12.5'),
    ],
)
def test_wire_refuses_what_is_no_message(served: str, databases: ScratchDatabases, body: bytes) -> None:
    """N-309: what is not exactly a message is a problem document and changes nothing."""
    answer = post(served, body, key=issue_key(databases))
    assert answer.status_code == 400
    document = answer.json()
    assert document["status"] == 400
    assert document["errors"]


def test_wire_limits(served: str, databases: ScratchDatabases) -> None:
    """N-309: only POST, only JSON, only so much of it."""
    key = issue_key(databases)
    assert post(served, b" " * (LONGEST_BODY + 1), key=key).status_code == 413
    assert post(served, b"{}", key=key, **{"Content-Type": "text/plain"}).status_code == 415
    answer = httpx.get(f"{served}/messages", trust_env=False)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_silent_exchange_is_unavailable() -> None:
    """N-309: no answer, a wrong answer or none in time is `ExchangeUnavailable`, never an empty record."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/exchange/v1"
        with (
            ExchangeOverHttps(address, key="k", timeout=httpx.Timeout(0.2)) as exchange,
            pytest.raises(ExchangeUnavailable, match="did not answer"),
        ):
            exchange.inquire(inquiry(new_vin()))
    with (
        ExchangeOverHttps(address, key="k", timeout=httpx.Timeout(0.2)) as exchange,
        pytest.raises(ExchangeUnavailable),
    ):
        exchange.send(first_title(new_vin(), "CT", "1", date(2020, 1, 1)))


def test_refused_key_is_unavailable(served: str) -> None:
    """N-309: a key that is not accepted leaves the update owed; nothing counts as delivered."""
    with (
        ExchangeOverHttps(served, key="unknown") as exchange,
        pytest.raises(ExchangeUnavailable, match="401"),
    ):
        exchange.send(first_title(new_vin(), "CT", "1"))


@pytest.mark.parametrize("answer", [b"", b"{}", b'{"accepted": true}', b"x" * 2_000_000])
def test_wrong_answer_is_unavailable(answer: bytes) -> None:
    """N-309: an answer that is not one of the protocol is no answer."""

    def application(_environ: object, start: Callable[..., object]) -> list[bytes]:
        start("200 OK", [("Content-Type", "application/json")])
        return [answer]

    server = make_server("127.0.0.1", 0, application, handler_class=QuietHandler)
    thread = threading.Thread(target=server.handle_request, daemon=True)
    thread.start()
    with (
        ExchangeOverHttps(f"http://127.0.0.1:{server.server_port}", key="k") as exchange,
        pytest.raises(ExchangeUnavailable),
    ):
        exchange.inquire(inquiry(new_vin()))
    thread.join(5)
    server.server_close()


def test_problem_documents_echo_no_content(served: str, databases: ScratchDatabases) -> None:
    """N-205: a problem document says where and why, and repeats nothing of what was sent."""
    body = json.dumps({"message": "add_title", "vin": "CANARYVALUE"}).encode()
    assert b"CANARY" not in post(served, body, key=issue_key(databases)).content


def get(served: str, address: str, *, key: str) -> httpx.Response:
    return httpx.get(f"{served}/{address}", headers={"Authorization": f"Bearer {key}"}, trust_env=False)


def test_advice_by_wire(served: str, databases: ScratchDatabases) -> None:
    """N-304: a jurisdiction's program asks what to send; the mode is its own unless it names another."""
    key = issue_key(databases)
    asked = get(served, "advice?previous=NY&document=NY&vehicle_changes=true", key=key)
    assert asked.status_code == 200
    assert asked.json()["published_names"] == ["UT-NM06"]
    batch = get(served, "advice?previous=NY&document=NY&vehicle_changes=true&mode=3", key=key)
    assert batch.json()["messages"] == ["add_title", "modify_title"]
    wrong = get(served, "advice?previous=XX&mode=7&vehicle_changes=maybe&vin=1", key=key)
    assert wrong.status_code == 400
    assert [error["field"] for error in wrong.json()["errors"]] == [
        *("vin", "mode", "previous", "vehicle_changes")
    ]
    assert get(served, "advice?previous=NY", key="unknown").status_code == 401


def test_notices_by_wire(
    served: str, databases: ScratchDatabases, counter: Counter, exchange_of: Callable[[str], Exchange]
) -> None:
    """N-310, N-301: a state fetches its notices page by page and acknowledges them; nobody else's are shown."""
    vins = sorted(new_vin() for _ in range(3))
    new_york, connecticut = exchange_of("NY"), exchange_of("CT")
    for vin in vins:
        new_york.send(first_title(vin, "NY", "1"))
        connecticut.send(change_of_state(vin, ("NY", "1"), ("CT", "2")))
    key, other = issue_key(databases, code="NY"), issue_key(databases, code="CT")
    page = get(served, "notices?limit=500", key=key).json()["notices"]
    mine = [notice for notice in page if notice["vin"] in vins]
    assert [(n["vin"], n["kind"], n["by"]) for n in mine] == [(vin, "title_left", "CT") for vin in vins]
    first = mine[0]
    after = get(served, f"notices?limit=1&after_vin={first['vin']}&after_id={first['notice_id']}", key=key)
    assert after.json()["notices"] == [page[page.index(first) + 1]]
    address = f"{served}/notices/{first['vin']}/{first['notice_id']}"
    for shown, status in ((other, 404), (key, 204), (key, 204)):
        answer = httpx.put(address, headers={"Authorization": f"Bearer {shown}"}, trust_env=False)
        assert answer.status_code == status
    left = get(served, "notices?limit=500", key=key).json()["notices"]
    assert first["notice_id"] not in {notice["notice_id"] for notice in left}
    for wrong in ("limit=0", "limit=" + "9" * 5000, "after_vin=X", "after_vin=%00&after_id=1"):
        assert get(served, f"notices?{wrong}", key=key).status_code == 400


def test_missing_stock_by_wire(served: str, databases: ScratchDatabases) -> None:
    """N-701: reported by one state's program, read by another's, recorded as destroyed by the first only."""
    reporter, reader = issue_key(databases, code="NY"), issue_key(databases, code="CT")
    report_id = uuid4()
    address = f"{served}/missing-stock/{report_id}"

    def put(where: str, body: object, *, key: str) -> httpx.Response:
        return httpx.put(where, json=body, headers={"Authorization": f"Bearer {key}"}, trust_env=False)

    given = {
        "first_number": "NY700001",
        "last_number": "NY700500",
        "circumstance": "stolen",
        "missing_since": "2026-02-01",
    }
    assert put(address, given, key=reporter).status_code == 204
    assert put(address, given, key=reporter).status_code == 204
    assert put(address, given | {"last_number": "NY700600"}, key=reporter).status_code == 409
    wrong = put(address, given | {"last_number": "NY6", "extra": "1"}, key=reporter)
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "extra")
    assert put(address, {**given, "first_number": 7}, key=reporter).status_code == 400
    assert put(address, [], key=reporter).status_code == 400
    listed = get(served, "missing-stock", key=reader).json()["missing_stock"]
    assert [row["jurisdiction"] for row in listed if row["report_id"] == str(report_id)] == ["NY"]
    destroyed = {"destroyed_on": "2026-02-20"}
    assert put(f"{address}/destruction", destroyed, key=reader).status_code == 404
    assert put(f"{address}/destruction", destroyed, key=reporter).status_code == 204


def test_state_detail_by_either_transport(exchange_of: Callable[[str], Exchange]) -> None:
    """N-202: by either transport the state of title is asked, and the answer passed on."""
    vin = new_vin()
    exchange_of("NY").send(first_title(vin, "NY", "1"))
    state_detail.configure(["NY=emulated:prompt"])
    try:
        answer = exchange_of("CT").inquire(inquiry(vin, "CT", with_state_detail=True))
    finally:
        state_detail.configure([])
    assert answer.state_detail is not None
    assert answer.state_detail.title_status == "active"

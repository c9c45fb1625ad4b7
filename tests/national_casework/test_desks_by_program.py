"""The desks of data changes by program: the same acts, walls and dual control as on the pages."""

import inspect
import json
import re
from contextlib import nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, get_origin
from uuid import UUID, uuid4

import psycopg
import pytest
from counter import Counter, brand, change_of_state, first_title, new_vin
from desk_program import Program, codes, program
from django.test import Client

from both_systems import National
from exchange_people import Known
from people import World
from vinculum.config.scratch import ScratchDatabases
from vinculum.entrypoints.cli.admission import DESKS, DOORS
from vinculum.entrypoints.cli.main import main
from vinculum.entrypoints.cli.station import Station
from vinculum.entrypoints.exchange.admission import DESK_ACTS, KEYS
from vinculum.entrypoints.exchange.desks.desk_door import desks
from vinculum.national.casework import rescind_brand, settle_clone_case
from vinculum.national.records.vehicle import read_vehicle

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("reporting", "unhurried")]
ROOT = Path(__file__).resolve().parents[2]
MAKING = {
    *("move_case", "ask_data_change", "draft_clone_case"),
    *("begin_vin_correction", "record_inspection", "propose_brand_rescission"),
}
OPERATIONS = sorted(
    (sorted(operation.methods)[0], path, operation.auth_callbacks[0].act)
    for router in desks._get_bound_routers()
    for path, view in router.path_operations.items()
    for operation in view.operations
)


def test_data_change_by_program(states: dict[str, Program], counter: Counter) -> None:
    """N-704: asked by one state's program, approved by the owner's, recorded with its message; others see nothing."""
    vin = new_vin()
    message = first_title(vin, "NY", "D1")
    assert counter.send(message).accepted
    asked = {"vin": vin, "owners": ["NY"], "change": "The make is HOND.", "evidence": "The title itself."}
    request_id = states["CT"].done("/data-changes", asked)["request_id"]
    where = f"/data-changes/{vin}/{request_id}"
    assert request_id in {one["request_id"] for one in states["NY"].seen("/data-changes")}
    assert request_id not in {one["request_id"] for one in states["MA"].seen("/data-changes")}
    said = {"approve": True, "words": "We looked at the file."}
    assert states["MA"].get(where).status_code == 404
    assert states["MA"].post(where + "/decision", said).status_code == 404
    assert codes(states["CT"].post(where + "/decision", said)) == {"nothing_to_decide", "decided_by_another"}
    assert states["NY"].done(where + "/decision", said)["standing"] == "approved"
    effect = {"origin": "NY", "message_id": str(message.message_id)}
    assert states["MA"].post(where + "/effect", effect).status_code == 404
    done = states["NY"].done(where + "/effect", effect)
    assert (done["standing"], done["approvals"][0]["jurisdiction"]) == ("carried_out", "NY")
    assert codes(states["CT"].post(where + "/withdrawal")) == {"change_not_withdrawn"}


def test_one_states_programs_are_one_person(
    states: dict[str, Program], databases: ScratchDatabases, counter: Counter, known: Known
) -> None:
    """N-404: what a program proposed another program of its state does not confirm; a person does."""
    vin = new_vin()
    for message in (first_title(vin, "CT", "B1"), brand(vin, "CT", "11")):
        assert counter.send(message).accepted
    proposed = {"vin": vin, "brand_code": "11", "brand_date": "2022-01-10", "reason": "Another vehicle"}
    ours, another = states["CT"], program(databases, "CT")
    rescission_id = ours.done("/brand-rescissions", proposed)["rescission_id"]
    where = f"/brand-rescissions/{vin}/{rescission_id}/decision"
    assert states["NY"].post(where, {"confirm": True}).status_code == 404
    assert rescission_id not in {one["rescission_id"] for one in states["NY"].seen("/brand-rescissions")}
    for one in (ours, another):
        assert codes(one.post(where, {"confirm": True})) == {"decided_by_another"}
    assert codes(states["NY"].post("/brand-rescissions", proposed)) == {"rescission_not_applied"}
    clerk = known("title_clerk", "jurisdiction", "CT")
    with psycopg.connect(databases.national_url) as connection:
        assert len(read_vehicle(connection, vin).brands) == 1
    assert another.done(where, {"confirm": False}) is None
    again = rescind_brand.propose(
        vin=vin,
        brand_code="11",
        brand_date=date(2022, 1, 10),
        reason="Another vehicle",
        actor=clerk,
        at=datetime.now(UTC),
    )
    assert ours.post(f"/brand-rescissions/{vin}/{again}/decision", {"confirm": True}).status_code == 204
    with psycopg.connect(databases.national_url) as connection:
        assert read_vehicle(connection, vin).brands == ()


def test_clone_case_by_program(states: dict[str, Program], counter: Counter, known: Known) -> None:
    """N-308: laid out, drafted and accepted by programs of its states; applied by two of the help desk only."""
    vin = new_vin()
    titles = (
        first_title(vin, "CT", "C1"),
        change_of_state(vin, ("CT", "C1"), ("NY", "N1"), date(2024, 6, 3)),
    )
    for minute, message in enumerate(titles):
        assert counter.send(message, at=datetime(2026, 3, 3, 12, minute, tzinfo=UTC)).accepted
    laid = states["CT"].seen(f"/clone-cases/record/{vin}")
    given = {one["entry_id"]: "remove" if one["jurisdiction"] == "NY" else "keep" for one in laid["titles"]}
    draft = {
        "vin": vin,
        "circumstance": "clone",
        "finding": "The frame of vehicle B was read.",
        "titles": given,
        "brands": [],
    }
    assert codes(states["MA"].post("/clone-cases", draft)) >= {"clone_not_concerned"}
    case_id = states["CT"].done("/clone-cases", draft)["case_id"]
    where = f"/clone-cases/{vin}/{case_id}"
    assert states["MA"].get(where).status_code == 404
    [waiting] = [one for one in states["NY"].seen(where)["items"] if one["needs_acceptance"]]
    said = {"places": [waiting["place"]], "accept": True, "words": "We looked at the file."}
    assert states["MA"].post(where + "/decision", said).status_code == 404
    assert "nothing_to_decide" in codes(states["CT"].post(where + "/decision", said))
    assert states["NY"].done(where + "/decision", said)["standing"] == "accepted"
    how: dict[str, Any] = {"vin": vin, "case_id": UUID(case_id), "at": datetime.now(UTC)}
    one, other = (known("help_desk", "association", "ASSOC") for _ in range(2))
    settle_clone_case.ask_for_application(**how, actor=one)
    settle_clone_case.apply(**how, actor=other)
    assert states["CT"].seen(where)["standing"] == "applied"
    assert codes(states["CT"].post(where + "/withdrawal")) == {"clone_not_withdrawn"}
    assert [title.title.title_number for title in counter.record(vin).standing_titles()] == ["C1"]


def test_corrected_vin_by_program(states: dict[str, Program], counter: Counter) -> None:
    """N-307: begun and inspected by the state to which the vehicle was presented; the other follows, others do not."""
    wrong, right = new_vin(), new_vin()
    assert counter.send(first_title(wrong, "NY", "W1")).accepted
    begun = states["CT"].done("/vin-corrections", {"vin": wrong, "right_vin": right, "origin": "NY"})
    where = f"/vin-corrections/{wrong}/{begun['correction_id']}"
    # The list does not look at the steps, and so says nothing of them.
    assert all({"steps", "is_done"}.isdisjoint(one) for one in states["CT"].seen("/vin-corrections"))
    inspection = {
        "inspected_on": "2026-03-02",
        "inspected_by": "Badge 7",
        "place": "frame",
        "read_vin": right,
    }
    assert states["MA"].get(where).status_code == 404
    assert states["MA"].post(where + "/inspections", inspection).status_code == 404
    assert codes(states["NY"].post(where + "/inspections", inspection)) == {"correction_not_yours"}
    told = states["CT"].done(where + "/inspections", inspection)
    assert told["verifications"][0]["read_vin"] == right
    assert told["steps"][0]["done"] is True
    assert states["NY"].seen(where)["is_done"] is False


def test_case_by_program(states: dict[str, Program], databases: ScratchDatabases) -> None:
    """N-401: each side makes its moves; the moves are those of the table; a third state sees no case."""
    vin, case_id = new_vin(), uuid4()
    fact = {
        "code": "state_differs",
        "on_paper": "CT",
        "on_record": "NY",
        "words": "They differ.",
        "about": "",
    }
    paper = {"jurisdiction": "MA", "title_number": "1", "issue_date": "2026-01-02", "brands": []}
    with psycopg.connect(databases.admin_national_url) as connection:
        connection.execute(
            "INSERT INTO exchange.discrepancy_case (vin, case_id, asking, holding, state, facts, paper, opened_at,"
            " opened_by, moved_at) VALUES (%s, %s, 'CT', 'NY', 'open', %s, %s, now(), %s, now())",
            (vin, case_id, json.dumps([fact]), json.dumps(paper), uuid4()),
        )
    where = f"/cases/{vin}/{case_id}"
    answer = {"move": "answer", "body": "Our record is right."}
    assert states["MA"].get(where).status_code == 404
    assert states["MA"].post(where + "/moves", answer).status_code == 404
    assert codes(states["CT"].post(where + "/moves", answer)) == {"case_move_not_allowed"}
    assert states["NY"].done(where + "/moves", answer) == {"state": "answered"}
    close = {"move": "close", "body": "Thank you."}
    assert codes(states["CT"].post(where + "/moves", close)) == {"case_reason_missing"}
    assert states["CT"].done(where + "/moves", close | {"reason": "paper_refused"}) == {"state": "closed"}
    told = states["NY"].seen(where)
    assert [event["move"] for event in told["events"]] == ["answer", "close"]
    assert str(case_id) in {one["case_id"] for one in states["CT"].seen("/cases", closed="true")}
    assert str(case_id) not in {one["case_id"] for one in states["MA"].seen("/cases", closed="true")}


def test_no_operation_answers_with_a_tuple() -> None:
    """A tuple of two would be taken for a status and its answer: a list of two things would be a fault."""
    for router in desks._get_bound_routers():
        for view in router.path_operations.values():
            for operation in view.operations:
                answered = inspect.signature(operation.view_func).return_annotation
                assert get_origin(answered) is not tuple, operation.operation_id


@pytest.mark.parametrize("act", DESK_ACTS)
def test_key_opens_its_own_desks_only(
    databases: ScratchDatabases, states: dict[str, Program], act: str
) -> None:
    """A key is let in where its scopes say so; nothing is answered without one, and nothing with a fault."""
    holder = program(databases, "NY", act)
    for method, path, asked in OPERATIONS:
        address = re.sub(r"{uuid\w*:\w+}", str(uuid4()), path)
        address = re.sub(r"{\w+}", "1HGCM82633A004352", address)
        for who, let_in in ((holder, asked == act), (Program("vk_test_none"), None)):
            answer = who.get(address) if method == "GET" else who.post(address)
            assert answer.status_code < 500, (method, path, answer.content)
            assert (answer.status_code == 401) == (let_in is None), (method, path)
            assert (answer.status_code == 403) == (let_in is False), (method, path)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"confirm": 1}', b'{"confirm": true, "x": 1}', b'{"a": "\\u0000"}', b"\xff"]
)
def test_malformed_bodies_are_400(states: dict[str, Program], body: bytes) -> None:
    """What is no body of the operation is refused with a problem document before anything is done."""
    answer = states["CT"].post(f"/brand-rescissions/X/{uuid4()}/decision", body)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_bodies_that_are_none_are_told_apart(states: dict[str, Program]) -> None:
    """Too large is 413, other than JSON 415, as in the JSON API; what is wrong with JSON is said."""
    client, path = states["CT"].client, "/exchange/v1/desks/data-changes"
    plain = client.post(path, b"{}", content_type="text/plain")
    large = client.post(path, b" " * (128 * 1024 + 1), content_type="application/json")
    broken = client.post(path, b"{", content_type="application/json")
    assert [answer.status_code for answer in (plain, large, broken)] == [415, 413, 400]
    assert broken.json()["detail"] == "The body is not a JSON document."


def test_description_and_page_list_each_operation(states: dict[str, Program]) -> None:
    """The description is OpenAPI 3.1 with problems, and docs/desks.md names every operation with its act."""
    document = json.loads(Client().get("/exchange/v1/desks/openapi.json").content)
    assert document["openapi"].startswith("3.1")
    page = (ROOT / "docs/desks.md").read_text()
    for method, path, act in OPERATIONS:
        plain = re.sub(r"{uuid\w*:(\w+)}", r"{\1}", path)
        assert f"| `{method} {plain}` | `{act}` |" in page
        said = document["paths"][f"/exchange/v1/desks{plain}"][method.lower()]
        assert said["description"]
        assert said["summary"] == said["operationId"].replace("_", " ").capitalize()
        assert {"413", "415"} <= set(said["responses"])
        takes_key = "Idempotency-Key" in {one["name"] for one in said["parameters"]}
        assert takes_key == (said["operationId"] in MAKING) == ("409" in said["responses"])
        assert "application/problem+json" in said["responses"]["422"]["content"]


def test_keys_by_command(
    world: World, national: National, databases: ScratchDatabases, capsys: pytest.CaptureFixture[str]
) -> None:
    """`vinculum exchange key --for desks`: issued for some desks or all, revoked at once."""
    assert set(DESKS.values()) == set(DESK_ACTS)
    assert set(DOORS) == set(KEYS)
    station = Station(key=lambda: "", terminal=lambda: "t", databases=nullcontext)

    def command(*arguments: str) -> Any:
        assert main(["--json", "exchange", "key", *arguments], station=station) == 0
        return json.loads(capsys.readouterr().out)

    ny = ("--for", "desks", "--organisation", "jurisdiction:ny", "--client", f"d{uuid4()}")
    issued = command("issue", *ny, "--desk", "cases")
    holder = Program(issued["key"])
    assert holder.get("/cases").status_code == 200
    assert holder.get("/clone-cases").status_code == 403
    command("revoke", issued["key_id"])
    assert holder.get("/cases").status_code == 401

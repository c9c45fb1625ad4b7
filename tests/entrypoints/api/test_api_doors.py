"""Who may in at the API, how much, and how it says no: keys, scopes, rates, sizes, addresses that are none."""

import json
from uuid import uuid4

import pytest

from lot import Lot
from people import World
from program import Program, codes, issue_key, program_of, wire
from vinculum.access.permissions import ACTS, PERMISSIONS, PUBLIC_ACTS
from vinculum.access.rate_limit import RateLimit
from vinculum.entrypoints.api import bearer, clock
from vinculum.entrypoints.api.bearer import Anybody, BearerKey
from vinculum.entrypoints.api.door import api
from vinculum.entrypoints.api.reading import LONGEST_BODY

pytestmark = pytest.mark.database


def test_every_operation_is_in_the_permission_table() -> None:
    """Each operation asks for one act, which the table has for some role or opens to the public."""
    seen = set()
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            for operation in view.operations:
                (door,) = operation.auth_callbacks
                assert isinstance(door, BearerKey | Anybody), path
                assert door.act in ACTS, path
                holders = {role for role, acts in PERMISSIONS.items() if door.act in acts}
                assert holders or door.act in PUBLIC_ACTS, path
                seen.add(operation.operation_id)
    assert len(seen) >= 17


def test_keys(lot: Lot) -> None:
    """No key, a nonsense key and an unknown key are 401 and say how to show one."""
    for secret in ("", "nonsense", "vk_test_" + "A" * 43, "vk_live_" + "A" * 43):
        response = Program(secret).get("/stock")
        assert response.status_code == 401
        assert response["WWW-Authenticate"].startswith("Bearer")
        assert response["Content-Type"] == "application/problem+json"


def test_scopes(lot: Lot) -> None:
    """A key does the acts it was issued for and no other act of its role: 403."""
    program = program_of(lot, scopes=("quote_registration",))
    assert program.post("/quotes", wire(lot.new_car())).status_code == 200
    response = program.post("/registrations", wire(lot.new_car()))
    assert response.status_code == 403
    assert json.loads(response.content)["type"] == "urn:vinculum:problem:not-permitted"


def test_rate(lot: Lot, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over its rate a client is told when to come again; another client is not held up."""
    monkeypatch.setattr(bearer, "CLIENTS", RateLimit(per_second=0.01, burst=2))
    assert [program.get("/stock").status_code for _ in range(3)] == [200, 200, 429]
    assert int(program.get("/stock")["Retry-After"]) >= 1
    assert program_of(lot).get("/stock").status_code == 200


def test_guessing_is_slowed_down(lot: Lot, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests without a valid key are limited by address; those with one from there are not."""
    monkeypatch.setattr(bearer, "STRANGERS", RateLimit(per_second=0.01, burst=3))
    guesses = [Program(f"vk_test_{n:043d}").get("/stock").status_code for n in range(5)]
    assert guesses == [401, 401, 401, 429, 429]
    assert program.get("/stock").status_code == 200


def test_bodies_that_cannot_be_read(program: Program) -> None:
    """Too large is 413, other than JSON 415, malformed 400; none of them reaches the books."""
    assert program.post("/quotes", "x" * (LONGEST_BODY + 1)).status_code == 413
    for body in (
        "[]",
        "{",
        "nul",
        '{"a": NaN}',
        "[" * 5000,
        '{"a": "\\u0000"}',
        '{"a": "\\ud800"}',
        "9" * 5000,
    ):
        assert program.post("/quotes", body).status_code == 400, body[:20]
    assert program.post("/quotes", json.dumps({"a": 10**30})).status_code == 400
    other = program.client.post(
        "/api/v1/quotes", data="a=b", content_type="text/plain", headers=program._headers()
    )
    assert other.status_code == 415


def test_addresses_that_are_none(program: Program) -> None:
    """Every address under the API answers with a problem document."""
    for path in ("/nothing", "/applications/not-an-id", "/"):
        response = program.get(path)
        assert response.status_code == 404
        assert response["Content-Type"] == "application/problem+json"
    assert program.get("/stock", {"dealer_id": "x"}).status_code == 400
    assert program.get("/vins/%00").status_code == 400


def test_terminal_is_a_name(lot: Lot) -> None:
    """D-205: a terminal's name is short and plain, for it stands in the book."""
    program = program_of(lot, terminal="a|b#c")
    assert program.get("/stock").status_code == 400


def test_books_out_of_reach(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the database does not answer, the API says 503 and when to come again."""
    import psycopg

    from vinculum.state.queries import stock_summary

    def unreachable(**_: object) -> None:
        raise psycopg.OperationalError("gone")

    monkeypatch.setattr(stock_summary, "run", unreachable)
    response = program.get("/stock")
    assert (response.status_code, response["Retry-After"]) == (503, "2")


def test_a_fault_names_nobody(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of the program answers 500 with the request's id and nothing of what was in hand."""

    def broken() -> None:
        raise RuntimeError("SAMPLE AVERY lives here")

    monkeypatch.setattr(clock, "now", broken)
    response = program.get("/funds")
    assert response.status_code == 500
    assert b"AVERY" not in response.content


def test_look_ups(lot: Lot, world: World, program: Program, national: object) -> None:
    """D-208, N-802: the customer by number with a purpose on record; VIN, stock and history as they are."""
    found = program.get(
        "/customers", {"kind": "customer_number", "number": lot.customer_number, "case_reference": "deal 1"}
    )
    assert json.loads(found.content)["name"] == "SAMPLE AVERY"
    missing = program.get("/customers", {"kind": "ct_licence", "number": "999", "case_reference": "deal 1"})
    assert (missing.status_code, codes(missing)) == (422, {"customer_not_on_file"})
    assert program.get("/customers", {"kind": "ct_licence", "number": "999"}).status_code == 400
    decoded = json.loads(program.get("/vins/1HGCY1F30PA000001").content)
    assert (decoded["make"], decoded["check_digit_valid"]) == ("HONDA", False)
    (stock,) = json.loads(program.get("/stock").content)["classes"]
    assert stock["plate_class"] == "passenger"
    vin = lot.new_car().vehicle.vin
    history = Program("").get(f"/vehicles/{vin}/history")
    assert json.loads(history.content)["located"] is False
    assert Program("").get("/vehicles/1HGCY1F30PA0000012/history").status_code == 400


def test_stories_need_a_purpose(lot: Lot, world: World) -> None:
    """An examiner's program reads a customer's story for a purpose and a case; a dealer's program never."""
    examiner = Program(
        issue_key(
            world.administrator(),
            organisation_id=world.administrator().organisation_id,
            role="dmv_examiner",
        )
    )
    path = f"/customers/{lot.customer_number}/story"
    told = examiner.get(path, {"purpose": "government_agency", "case_reference": "case 7"})
    assert told.status_code == 200, told.content
    assert json.loads(told.content)["entries"]
    assert examiner.get(path).status_code == 400
    wrong = examiner.get(path, {"purpose": "curiosity", "case_reference": "case 7"})
    assert (wrong.status_code, codes(wrong)) == (422, {"purpose_not_permitted"})
    assert (
        examiner.get("/titles/NONE/story", {"purpose": "research", "case_reference": "x"}).status_code == 404
    )
    assert program_of(lot).get(path, {"purpose": "research", "case_reference": "x"}).status_code == 403
    assert examiner.get(f"/applications/{uuid4()}").status_code == 404

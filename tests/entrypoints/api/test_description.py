"""The API's description is true: it validates, and what is sent by it is never answered with a fault."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from jsonschema_rs import validator_for
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from lot import Lot
from people import World
from program import Program, issue_key, program_of, wire
from vinculum.config.wsgi import application
from vinculum.entrypoints.api.door import api

pytestmark = pytest.mark.database
load_all_checks()
EXAMPLES = 15
OPERATIONS = sorted(
    operation.operation_id or ""
    for router in api._get_bound_routers()
    for view in router.path_operations.values()
    for operation in view.operations
)


@pytest.fixture(scope="module")
def described(lot: Lot) -> Any:
    """The description, as served."""
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.fixture(scope="module")
def keys_of_roles(lot: Lot, world: World) -> dict[str, str]:
    """A key of each side of the counter: which one an operation is tried with."""
    agency = world.administrator()
    return {
        "dealer": program_of(lot).secret,
        "dmv": issue_key(agency, organisation_id=agency.organisation_id, role="dmv_examiner"),
    }


def test_description_validates() -> None:
    """The document is OpenAPI 3.1 with a summary, an id and problems for each operation, and every reference holds."""
    document = json.loads(Program("").get("/openapi.json").content)
    assert document["openapi"].startswith("3.1")
    assert "Deal" in document["components"]["schemas"]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert operation["operationId"] in OPERATIONS
            assert operation["description"], (path, method)
            for status in ("400", "429", "500"):
                assert "application/problem+json" in operation["responses"][status]["content"]
    text = json.dumps(document)
    for name in set(_references(document)):
        assert name in document["components"]["schemas"], name
    assert "http://" not in text.replace("http://json-schema", "")


def test_page_lists_each_operation() -> None:
    """docs/api.md has every operation with the act it asks for."""
    page = (Path(__file__).resolve().parents[3] / "docs/api.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([A-Z]+) (/[^`]+)` \| `(\w+)` \|", page, re.M))
    there = {
        (method, re.sub(r"{ *\w+ *: *", "{", path), operation.auth_callbacks[0].act)
        for router in api._get_bound_routers()
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    }
    assert listed == there


def _references(held: Any) -> list[str]:
    if isinstance(held, dict):
        found = (
            [held["$ref"].removeprefix("#/components/schemas/")] if isinstance(held.get("$ref"), str) else []
        )
        return found + [name for value in held.values() for name in _references(value)]
    return [name for value in held for name in _references(value)] if isinstance(held, list) else []


def test_deals_are_described(lot: Lot) -> None:
    """D-203: a deal that can be processed fits its schema, and one without a vehicle does not."""
    document = json.loads(Program("").get("/openapi.json").content)
    schema = {"$ref": "#/components/schemas/RegistrationOrder", "components": document["components"]}
    fits: Callable[[Any], bool] = validator_for(schema).is_valid
    deal = wire(lot.new_car())
    assert fits(deal)
    del deal["vehicle"]
    assert not fits(deal)


@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_hostile_requests(operation_id: str, described: Any, keys_of_roles: dict[str, str]) -> None:
    """Requests made from the description, and beside it, get an answer or a problem as described: never a fault."""
    operation = described.find_operation_by_id(operation_id)
    role = "dmv" if "story" in operation_id else "dealer"

    @hypothesis.settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(case=operation.as_strategy())
    def send(case: Any) -> None:
        headers = {**(case.headers or {}), "Authorization": f"Bearer {keys_of_roles[role]}"}
        response = case.call(headers=headers)
        assert response.status_code < 500, (response.status_code, case.as_curl_command())
        case.validate_response(
            response,
            checks=(
                not_a_server_error,
                status_code_conformance,
                content_type_conformance,
                response_schema_conformance,
            ),
        )

    send()


def test_outlandish_deals(lot: Lot, program: Program) -> None:
    """Figures and days that no deal has are refused or priced, never a fault."""
    deal = wire(lot.new_car())
    strange: list[tuple[str, str, Any]] = [
        ("sale", "price", "1E+999999"),
        ("sale", "price", "NaN"),
        ("sale", "price", "-1"),
        ("sale", "price", "0.001"),
        ("sale", "price", "9" * 40),
        ("vehicle", "model_year", 10**11),
        ("vehicle", "model_year", -5),
        ("vehicle", "gvwr_pounds", 10**11),
        ("vehicle", "gvwr_pounds", -10),
        ("vehicle", "vin", "X" * 5000),
        ("vehicle", "make", "É" * 300),
        ("vehicle", "model", "x" * 3000),
        ("odometer", "reading", 10**11),
        ("odometer", "reading", -1),
        ("ownership", "issue_date", "0001-01-01"),
        ("ownership", "issue_date", "9999-12-31"),
        ("ownership", "number", "N" * 3000),
        ("insurance", "effective_date", "9999-12-31"),
        ("registration", "garaging_town", "x" * 3000),
    ]
    for part, name, value in strange:
        document = json.loads(json.dumps(deal))
        document[part][name] = value
        for path in ("/quotes", "/registrations"):
            response = program.post(path, document)
            assert response.status_code < 500, (part, name, value, path, response.content)
    for issue_date in ("0001-01-01", "9999-12-31", "2999-01-01", "1900-01-01"):
        for path in ("/quotes", "/registrations"):
            response = program.post(path, {**deal, "issue_date": issue_date})
            assert response.status_code < 500, (issue_date, path, response.content)

"""The exchange's description of itself and the page of examples, held against what the exchange does."""

import json
import re
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client, override_settings
from django.urls import URLPattern

from people import World
from vinculum.access.rate_limit import RateLimit
from vinculum.config.scratch import ScratchDatabases
from vinculum.entrypoints.api import bearer
from vinculum.entrypoints.cli.main import main
from vinculum.entrypoints.cli.station import Station
from vinculum.entrypoints.exchange.description import description
from vinculum.entrypoints.exchange.urls import urlpatterns
from vinculum.protocol.json_codec import MESSAGE_NAMES

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/messages.md").read_text()
SENT = re.compile(
    r"Bearer \$(\w+)\" -H \"Content-Type: application/json\" -d '\n(.*?)'\n```\n\n```json\n(.*?)\n```", re.S
)
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")


@pytest.fixture
def wire(databases: ScratchDatabases, monkeypatch: pytest.MonkeyPatch) -> Client:
    World(databases)
    monkeypatch.setattr(bearer, "STRANGERS", RateLimit(per_second=1000, burst=10_000))
    return Client()


def fits(value: Any, schema: dict[str, Any], schemas: dict[str, Any]) -> bool:
    """Whether a value is what a schema says, as far as this description uses JSON Schema."""
    if "$ref" in schema:
        return fits(value, schemas[schema["$ref"].rpartition("/")[2]], schemas)
    for name in ("anyOf", "oneOf"):
        if name in schema:
            return sum(fits(value, one, schemas) for one in schema[name]) >= 1
    if "const" in schema or "enum" in schema:
        return value in schema.get("enum", [schema.get("const")])
    if schema["type"] == "object":
        known = schema.get("properties", {})
        return (
            isinstance(value, dict)
            and set(value) <= set(known)
            and set(schema.get("required", ())) <= set(value)
            and all(fits(held, known[name], schemas) for name, held in value.items())
        )
    if schema["type"] == "array":
        return isinstance(value, list) and all(fits(one, schema["items"], schemas) for one in value)
    if schema["type"] == "string":
        pattern = schema.get("pattern", "")
        return isinstance(value, str) and re.search(pattern, value) is not None
    kinds = {"integer": int, "boolean": bool, "null": type(None)}
    return isinstance(value, kinds[schema["type"]])


def test_every_address_is_described(wire: Client) -> None:
    """Each address has its operations in the description, and each operation of it stands behind a key."""
    document = json.loads(wire.get("/exchange/v1/openapi.json").content)
    described = {path.removeprefix("/exchange/v1/"): methods for path, methods in document["paths"].items()}
    served = {
        re.sub(r"<\w+:(\w+)>", r"{\1}", str(one.pattern))
        for one in urlpatterns
        if isinstance(one, URLPattern)
    }
    assert set(described) == {
        path for path in served if path and not path.startswith(("openapi.json", "uploads"))
    }
    for path, methods in described.items():
        address = re.sub(r"{\w+}", "7a4ae5a0-7c36-4a0b-8f51-0000000000a1", path)
        for method in ("get", "post", "put", "delete"):
            answer = wire.generic(
                method.upper(),
                f"/exchange/v1/{address}",
                b"{}",
                content_type=_content_type(methods.get(method)),
            )
            assert answer.status_code == (401 if method in methods else 405), (method, path)


def _content_type(operation: dict[str, Any] | None) -> str:
    return next(iter((operation or {}).get("requestBody", {}).get("content", ())), "application/json")


def test_every_message_is_described() -> None:
    """Each message has its name, its needed fields, and the lengths and alphabets of the national fields."""
    schemas = description()["components"]["schemas"]
    for declared, name in MESSAGE_NAMES.items():
        schema = schemas[declared.__name__]
        assert schema["properties"]["message"] == {"const": name}
        assert {"message", "message_id", "origin", "sent_at", "vin"} <= set(schema["required"])
        assert schema["properties"]["vin"]["maxLength"] == 30
        assert not schema["additionalProperties"]
    assert schemas["Reassignment"]["properties"]["document_number"]["description"]


@override_settings(ROOT_URLCONF="vinculum.config.urls")
@pytest.mark.parametrize("path", ["messages/", "files/zzz", "nosuch", "desks/nosuch", ""])
def test_an_address_that_nothing_has(wire: Client, path: str) -> None:
    """A program that mistypes an address is answered with a problem document, not with a page."""
    for answer in (wire.get(f"/exchange/v1/{path}"), wire.post(f"/exchange/v1/{path}", {})):
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"message": "add_title",', "line 1, column 25"),
        (b'{"message": "\xff"}', "byte 14 is not UTF-8"),
        (b"[" * 9000, "too many brackets"),
        (b'{"message": "report_theft", "stolen": 1}', "is not a field of this message"),
        (b'{"message": "report_theft"}', "is missing"),
    ],
)
def test_what_is_no_message_is_told_in_plain_words(
    wire: Client, capsys: pytest.CaptureFixture[str], body: bytes, said: str
) -> None:
    """What is wrong and where; and to who shows no key that holds, nothing of it."""
    key = _admitted("NC", capsys)
    answer = _post(wire, key, body)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert _post(wire, "vk_test_none", body).status_code == 401


def test_what_an_address_cannot_read_is_not_called_a_message(
    wire: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    """Title stock that cannot be read is no faulty message: the document says so, and names the place."""
    answer = wire.put(
        f"/exchange/v1/missing-stock/{uuid4()}",
        {"first_number": "A1", "last_number": "A9", "circumstance": "lost", "missing_since": "2026-03-02"},
        content_type="application/json",
        headers={"Authorization": f"Bearer {_admitted('NC', capsys)}"},
    )
    assert (answer.status_code, answer.json()["title"]) == (400, "Cannot be read")
    assert answer.json()["errors"] == [{"field": "circumstance", "message": "must be stolen or missing"}]


def test_keys_are_not_guessed_at_speed(
    wire: Client, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wrong keys are answered 429 after some; a key that holds is answered from the same address all the while."""
    monkeypatch.setattr(bearer, "STRANGERS", RateLimit(per_second=0.01, burst=3))
    key = _admitted("NC", capsys)
    answers = [_post(wire, "vk_test_guess", b"{}") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert _post(wire, key, b"{}").status_code == 400


def test_examples_are_answered_as_the_page_says(wire: Client, capsys: pytest.CaptureFixture[str]) -> None:
    """docs/messages.md: each message, sent as it stands there, is answered so; both fit the description."""
    document = description()
    schemas = document["components"]["schemas"]
    operation = document["paths"]["/exchange/v1/messages"]["post"]
    asks = operation["requestBody"]["content"]["application/json"]["schema"]
    answers = operation["responses"]["200"]["content"]["application/json"]["schema"]
    keys = {code: _admitted(code, capsys) for code in ("NC", "SC")}
    walk = SENT.findall(PAGE)
    assert len(walk) == PAGE.count("$EXCHANGE/messages") >= 9
    for state, body, printed in walk:
        answer = _post(wire, keys[state], body.encode())
        assert MOMENT.sub("", json.dumps(answer.json())) == MOMENT.sub("", json.dumps(json.loads(printed))), (
            body
        )
        if answer.status_code == 200:
            assert fits(json.loads(body), asks, schemas), body
            assert fits(answer.json(), answers, schemas), body
        else:
            assert not fits(json.loads(body), asks, schemas), body


def _admitted(code: str, capsys: pytest.CaptureFixture[str]) -> str:
    """The key of a state on line, as the page has its operator make it."""
    station = Station(key=lambda: "", terminal=lambda: "cli", databases=nullcontext)
    assert main(["exchange", "admit", "--jurisdiction", code, "--mode", "1"], station=station) == 0
    capsys.readouterr()
    words = f"exchange key issue --for messages --organisation jurisdiction:{code} --client {uuid4()}"
    assert main(["--json", *words.split()], station=station) == 0
    issued: dict[str, str] = json.loads(capsys.readouterr().out)
    return issued["key"]


def _post(wire: Client, key: str, body: bytes) -> Any:
    return wire.post(
        "/exchange/v1/messages",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )

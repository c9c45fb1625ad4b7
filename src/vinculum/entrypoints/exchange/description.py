"""The exchange's description of itself (OpenAPI 3.1): messages from their declarations, addresses from a table.

Shown to anybody at /exchange/v1/openapi.json. The desks and the resumable upload have descriptions of their own.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from pydantic import TypeAdapter

from vinculum.entrypoints.exchange.door import wrong_method
from vinculum.protocol.case_inquiry import CaseAnswer
from vinculum.protocol.fields import NationalField, rulers_of
from vinculum.protocol.inquiry import InquiryAnswer
from vinculum.protocol.json_codec import MESSAGE_NAMES
from vinculum.protocol.notice import Notice
from vinculum.protocol.reassignment import Reassignment
from vinculum.protocol.update_answer import UpdateAnswer

_SCHEMAS: Final = "#/components/schemas/"
_ABOUT: Final = (
    "For the programs of jurisdictions, yards and insurers. A refusal by the rules is an answer (200); a problem"
    " document is about what never reached them. Files come in pieces as docs/uploads.md tells; the desks"
    " describe themselves at /exchange/v1/desks/openapi.json."
)
_PROBLEMS: Final = {
    "400": "Not a message, or a question of this address that cannot be read; `errors` names each place",
    "401": "No key, or none that holds",
    "403": "The key is not for this, or not for use from this address",
    "429": "Too many requests without a key that holds; come again after Retry-After",
    "503": "Out of reach for the moment; send the same again after Retry-After",
}
_ASK, _REPORT, _JSI = "ask_exchange", "report_to_exchange", "report_jsi"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What is done at an address: with a key of which scope, by which question or body, and with what answer.

    `body` and `answer` are `file`, `report`, `json` (an object of which docs/national.md tells) or the name of a
    schema.
    """

    does: str
    scope: str
    words: str
    asked: tuple[str, ...] = ()
    body: str = ""
    answer: str = ""


OPERATIONS: Final[dict[tuple[str, str], Operation]] = {
    ("get", "/advice"): Operation(
        does="advise",
        scope=_ASK,
        words="Which message a title needs, and what it requires (N-304)",
        asked=("mode", "previous", "document", "vehicle_changes", "reissued_unchanged"),
        answer="json",
    ),
    ("get", "/notices"): Operation(
        does="list_notices",
        scope=_ASK,
        words="The notices that wait, a page at a time (N-310)",
        asked=("limit", "after_vin", "after_id"),
        answer="Notices",
    ),
    ("put", "/notices/{vin}/{notice_id}"): Operation(
        does="acknowledge_notice", scope=_REPORT, words="A notice was taken in"
    ),
    ("get", "/notice-files"): Operation(
        does="list_notice_files",
        scope=_REPORT,
        words="Notice files, those to be confirmed first",
        answer="json",
    ),
    ("get", "/notice-files/{file_id}"): Operation(
        does="take_notice_file", scope=_REPORT, words="A notice file", asked=("form",), answer="file"
    ),
    ("put", "/notice-files/{file_id}/confirmation"): Operation(
        does="confirm_notice_file",
        scope=_REPORT,
        words="The file is here whole",
        body="ControlTotals",
        answer="json",
    ),
    ("get", "/code-counts"): Operation(
        does="count_codes",
        scope=_REPORT,
        words="How often each code was said of the files, day by day (N-503)",
        asked=("days",),
        answer="json",
    ),
    ("get", "/surrender-reports"): Operation(
        does="list_surrender_reports",
        scope=_REPORT,
        words="The months of which there is a surrender report (N-310)",
        answer="json",
    ),
    ("get", "/surrender-reports/{month}"): Operation(
        does="read_surrender_report",
        scope=_REPORT,
        words="Which of one's titles were surrendered elsewhere in a month, written 2026-03",
        asked=("form",),
        answer="file",
    ),
    ("get", "/recalled-titles"): Operation(
        does="list_recalled_titles",
        scope=_ASK,
        words="Titles that a state took back (N-303)",
        asked=("jurisdiction", "title_number", "after_number", "after_vin", "after_id"),
        answer="json",
    ),
    ("get", "/missing-stock"): Operation(
        does="list_missing_stock",
        scope=_ASK,
        words="Stolen and missing title stock (N-701)",
        asked=("after",),
        answer="json",
    ),
    ("put", "/missing-stock/{report_id}"): Operation(
        does="report_missing_stock",
        scope=_REPORT,
        words="Report a range, under an id of your own",
        body="MissingStock",
    ),
    ("put", "/missing-stock/{report_id}/destruction"): Operation(
        does="record_destroyed_stock",
        scope=_REPORT,
        words="Recovered stock was destroyed",
        body="Destruction",
    ),
    ("get", "/files"): Operation(
        does="list_files", scope=_REPORT, words="The newest files of the jurisdiction", answer="json"
    ),
    ("post", "/files"): Operation(
        does="send_file", scope=_REPORT, words="Hand a batch file in (N-501)", body="file", answer="json"
    ),
    ("get", "/files/{file_id}"): Operation(
        does="show_file", scope=_REPORT, words="How it stands with a file", answer="json"
    ),
    ("delete", "/files/{file_id}"): Operation(
        does="cancel_file", scope=_REPORT, words="Take a file back that is not applied yet"
    ),
    ("get", "/files/{file_id}/report"): Operation(
        does="read_report",
        scope=_REPORT,
        words="The SEW report; as JSON, 1,000 messages at a time (N-502)",
        asked=("form", "severity", "code", "after"),
        answer="report",
    ),
    ("get", "/files/{file_id}/answer"): Operation(
        does="read_answer",
        scope=_ASK,
        words="The answer to a file of inquiries (N-204)",
        asked=("form",),
        answer="file",
    ),
    ("post", "/jsi-reports"): Operation(
        does="report_jsi",
        scope=_JSI,
        words="A yard or an insurer obtained a vehicle (N-801)",
        body="JsiReportSent",
        answer="json",
    ),
    ("post", "/jsi-files"): Operation(
        does="send_jsi_file", scope=_JSI, words="Many vehicles as a JSIREP file", body="file", answer="json"
    ),
    ("get", "/jsi-files/{file_id}/report"): Operation(
        does="read_jsi_report", scope=_JSI, words="Its SEW report", asked=("form",), answer="file"
    ),
}
PARAMETERS: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "mode": ({"enum": ["1", "2", "3", "4"]}, "of taking part; your own unless said"),
    "previous": (
        {"type": "string", "pattern": "^[A-Z]{2}$"},
        "state of title on the pointer; left out for none",
    ),
    "document": (
        {"type": "string", "pattern": "^[A-Z]{2}$"},
        "state of the title presented; left out for a certificate of origin",
    ),
    "vehicle_changes": ({"enum": ["true", "false"]}, "VIN, make or model year change"),
    "reissued_unchanged": ({"enum": ["true", "false"]}, "a reprint: number, date and vehicle as before"),
    "days": ({"type": "integer", "minimum": 1, "maximum": 400, "default": 30}, "how many days back"),
    "limit": ({"type": "integer", "minimum": 1, "maximum": 500, "default": 100}, "how many at most"),
    "after": (
        {"type": "string"},
        "go on after this one: the id of the last report, or the number of the last record",
    ),
    "after_vin": ({"type": "string"}, "of the last one of the page before"),
    "after_id": ({"type": "string", "format": "uuid"}, "of the last one of the page before"),
    "after_number": ({"type": "string"}, "of `next`, of the page before"),
    "form": (
        {"enum": ["fixed", "csv", "json"]},
        "as docs/formats tells; json, which is then the default, for the report of a jurisdiction's file only",
    ),
    "severity": ({"enum": ["error", "warning"]}, "only messages of this severity; with form=json"),
    "code": ({"type": "string"}, "only messages of this code; with form=json"),
    "jurisdiction": ({"type": "string", "pattern": "^[A-Z]{2}$"}, "whose titles, a D20 code; needed"),
    "title_number": ({"type": "string", "maxLength": 17}, "only this number"),
}
_TEXT: Final = {"type": "string"}
_DAY: Final = {"type": "string", "format": "date"}
_BODIES: Final[dict[str, dict[str, Any]]] = {
    "ControlTotals": {"notice_count": {"type": "integer"}, "control": _TEXT},
    "MissingStock": {
        "first_number": _TEXT,
        "last_number": _TEXT,
        "circumstance": {"enum": ["stolen", "missing"]},
        "missing_since": _DAY,
    },
    "Destruction": {"destroyed_on": _DAY},
    "JsiReportSent": {
        "vin": _TEXT,
        "obtained_on": _DAY,
        "obtained_from": _TEXT | {"maxLength": 120},
        "disposition": {
            "enum": ["to_be_determined", "sold", "crushed", "dismantled", "scrapped", "rebuilt", "retained"]
        },
        "for_export": {"type": "boolean"},
        "supplements": _TEXT | {"format": "uuid"},
    },
}


def openapi(request: HttpRequest) -> HttpResponse:
    """GET the description; no key is needed."""
    if request.method != "GET":
        return wrong_method(allowed="GET", detail="The description is read with GET.")
    return HttpResponse(_printed(), content_type="application/json")


@cache
def _printed() -> bytes:
    return json.dumps(description()).encode()


def description() -> dict[str, Any]:
    """The whole document."""
    schemas = _declared()
    schemas["ProblemDocument"] = _object(
        {"type": _TEXT, "title": _TEXT, "status": {"type": "integer"}, "detail": _TEXT}
        | {"errors": {"type": "array", "items": {"type": "object"}}},
        optional={"errors"},
    )
    schemas["Notices"] = _object({"notices": {"type": "array", "items": _of("Notice")}})
    schemas |= {name: _object(body, optional={"supplements"}) for name, body in _BODIES.items()}
    paths: dict[str, dict[str, Any]] = {"/exchange/v1/messages": {"post": _messages()}}
    for (method, path), operation in OPERATIONS.items():
        paths.setdefault(f"/exchange/v1{path}", {})[method] = _described(path, operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Vinculum: the national title exchange", "version": "1", "description": _ABOUT},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"Key": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"Key": []}],
    }


def _messages() -> dict[str, Any]:
    mapping = {name: f"{_SCHEMAS}{declared.__name__}" for declared, name in MESSAGE_NAMES.items()}
    said = {
        "oneOf": [{"$ref": place} for place in mapping.values()],
        "discriminator": {"propertyName": "message", "mapping": mapping},
    }
    told = {"oneOf": [_of("UpdateAnswer"), _of("InquiryAnswer"), _of("CaseAnswer")]}
    return {
        "operationId": "send_message",
        "summary": "One message, and its answer",
        "description": f"Scope of the key: `{_ASK}` for inquiries and cases, `{_REPORT}` for updates."
        " At most 16 KiB. The same message again is answered as the first time (N-309).",
        "requestBody": {"required": True, "content": {"application/json": {"schema": said}}},
        "responses": {
            "200": _answer("The answer, accepted or refused", {"application/json": {"schema": told}})
        }
        | _no("400", "401", "403", "429", "503"),
    }


def _described(path: str, operation: Operation) -> dict[str, Any]:
    parameters = [
        {"in": "path", "name": piece[1:-1], "required": True, "schema": _TEXT}
        for piece in path.split("/")
        if piece.startswith("{")
    ]
    for name in operation.asked:
        schema, words = PARAMETERS[name]
        parameters.append({"in": "query", "name": name, "description": words, "schema": schema})
    said: dict[str, Any] = {
        "operationId": operation.does,
        "summary": operation.words,
        "description": f"Scope of the key: `{operation.scope}`.",
        "responses": {("200" if operation.answer else "204"): _answer("Done", _content(operation.answer))}
        | _no("400", "401", "403", "429", "503"),
    }
    if parameters:
        said["parameters"] = parameters
    if operation.body:
        said["requestBody"] = {"required": True, "content": _content(operation.body)}
    if operation.does in {"send_file", "send_jsi_file", "report_jsi"}:
        said["responses"] |= {"201": _answer("Taken", _content(operation.answer))} | _no("413", "415", "422")
    if "{" in path:
        said["responses"] |= _no("404")
    return said


def _content(kind: str) -> dict[str, Any]:
    """The content of a body or an answer."""
    if not kind:
        return {}
    if kind == "file":
        return {"text/plain": {"schema": _TEXT}, "text/csv": {"schema": _TEXT}}
    if kind == "report":
        return _content("file") | _content("json")
    return {"application/json": {"schema": {"type": "object"} if kind == "json" else _of(kind)}}


def _answer(words: str, content: dict[str, Any]) -> dict[str, Any]:
    return {"description": words} | ({"content": content} if content else {})


def _no(*statuses: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": _of("ProblemDocument")}}
    return {
        status: _answer(_PROBLEMS.get(status, "Not taken; `detail` says why"), content) for status in statuses
    }


def _of(name: str) -> dict[str, str]:
    return {"$ref": f"{_SCHEMAS}{name}"}


def _object(properties: dict[str, Any], *, optional: Collection[str] = ()) -> dict[str, Any]:
    needed = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}


def _declared() -> dict[str, Any]:
    """Every message and answer as JSON Schema, with lengths and alphabets of the national fields."""
    schemas: dict[str, Any] = {}
    for declared in (*MESSAGE_NAMES, InquiryAnswer, CaseAnswer, UpdateAnswer, Notice):
        schema = TypeAdapter(declared).json_schema(
            ref_template=_SCHEMAS + "{model}",
            mode="validation" if declared in MESSAGE_NAMES else "serialization",
        )
        schemas |= schema.pop("$defs", {})
        schemas[declared.__name__] = schema
    for declared in (*MESSAGE_NAMES, Reassignment):
        for name, ruler in rulers_of(declared):
            _measure(schemas[declared.__name__]["properties"][name], ruler)
    for declared, spoken in MESSAGE_NAMES.items():
        schema = schemas[declared.__name__]
        schema["properties"] = {"message": {"const": spoken}} | schema["properties"]
        schema["required"] = ["message", *schema["required"]]
        schema["additionalProperties"] = False
    return schemas


def _measure(schema: dict[str, Any], ruler: NationalField) -> None:
    """Put the ruler's length and alphabet on the schema of a field, on its items or on what it may be besides null."""
    schema["description"] = f"{ruler.meaning} ({ruler.mnemonic})" if ruler.mnemonic else ruler.meaning
    for part in (schema, schema.get("items", {}), *schema.get("anyOf", ())):
        if part.get("type") == "string":
            part |= {"minLength": ruler.shortest, "maxLength": ruler.length, "pattern": f"^{ruler.pattern}$"}
        elif part.get("type") == "integer":
            part |= {
                "minimum": 10 ** (ruler.shortest - 1) if ruler.shortest > 1 else 0,
                "maximum": 10**ruler.length - 1,
            }

"""The API itself: its operations together, what it says to each kind of no, and its description (OpenAPI 3.1)."""

import logging
from collections.abc import Iterator
from typing import Any

import psycopg
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from psycopg_pool import PoolTimeout

from vinculum.access.database import CredentialRefused
from vinculum.access.permissions import Forbidden
from vinculum.entrypoints.api import desk, lookups, title_details
from vinculum.entrypoints.api.bodies import NotFound, body_schemas
from vinculum.entrypoints.api.lookups import NoExchangeHere
from vinculum.entrypoints.api.problems import MEDIA_TYPE, PROBLEM_SCHEMA, REFUSAL_SCHEMA, problem
from vinculum.entrypoints.api.said_alike import say_alike
from vinculum.state.queries.list_applications import CursorUnreadable
from vinculum.state.reference.faults import NoScheduleInForce

_log = logging.getLogger("vinculum.api")
_ABOUT = (
    "The acts of a dealer's desk and of the agency's office, for programs with a bearer key. Every refusal lists"
    " all reasons at once. Money is text in dollars and cents, days and instants are ISO 8601."
)
# What any operation with a key may say instead of its answer.
_ANY_TIME = {
    400: "The request cannot be read",
    401: "No valid key",
    403: "Not an act of this key",
    422: "Refused, with every reason",
    429: "Over the rate; Retry-After says when to come again",
    500: "A fault of the service",
    503: "Unavailable for the moment",
}
_WITH_BODY = {413: "The body is too large", 415: "The body is not JSON"}
_TERMINAL = {
    "in": "header",
    "name": "X-Terminal",
    "required": False,
    "description": "the workstation; a deal taken up at one is finished at it (D-205)",
    "schema": {
        "type": "string",
        "pattern": "^[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}$",
        "default": "api",
    },
}


class Door(NinjaAPI):
    """The API with a description that names every body and every problem."""

    def get_openapi_schema(self, **where: Any) -> Any:
        """The description as django-ninja makes it, with our schemas, headers and problems added."""
        described = super().get_openapi_schema(**where)
        schemas = described["components"]["schemas"]
        schemas.update(body_schemas())
        schemas["Refusal"], schemas["Problem"] = REFUSAL_SCHEMA, PROBLEM_SCHEMA
        for path, method, operation in _operations(described):
            said = dict(_ANY_TIME)
            if "requestBody" in operation:
                said |= _WITH_BODY
            if "{" in path or path.endswith(("/registrations", "/funds", "/applications", "/title-details")):
                said[404] = "Not among what the caller may see"
            if method == "post":
                said[409] = "In conflict with what was done before"
                operation["parameters"].append(_TERMINAL)
            operation["responses"] = {
                str(status): held for status, held in operation["responses"].items() if status != "default"
            } | {str(status): _problem_response(words) for status, words in sorted(said.items())}
        return described


def _operations(described: Any) -> Iterator[tuple[str, str, Any]]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _problem_response(words: str) -> dict[str, Any]:
    return {
        "description": words,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


api = Door(
    title="Vinculum",
    version="1",
    description=_ABOUT,
    urls_namespace="api-v1",
    openapi_url="/openapi.json",
    docs_url=None,
)
api.add_router("", desk.router)
api.add_router("", lookups.router)
api.add_router("", title_details.router)
say_alike(api, log=_log)


@api.exception_handler(NotFound)
def _not_found(request: HttpRequest, _absent: NotFound) -> HttpResponse:
    return problem(request, 404, "There is no such thing among those you may see.")


@api.exception_handler(CursorUnreadable)
def _cursor(request: HttpRequest, fault: CursorUnreadable) -> HttpResponse:
    return problem(request, 400, str(fault))


@api.exception_handler(NoScheduleInForce)
def _no_law(request: HttpRequest, _fault: NoScheduleInForce) -> HttpResponse:
    return problem(request, 422, "No fee schedule is known for that day.")


@api.exception_handler(CredentialRefused)
def _no_key(request: HttpRequest, _fault: CredentialRefused) -> HttpResponse:
    return problem(
        request,
        401,
        "Show a key that holds: Authorization: Bearer vk_….",
        headers={"WWW-Authenticate": 'Bearer realm="vinculum"'},
    )


@api.exception_handler(Forbidden)
def _forbidden(request: HttpRequest, fault: Forbidden) -> HttpResponse:
    return problem(request, 403, f"This key may not {fault.act.replace('_', ' ')}.")


@api.exception_handler(psycopg.OperationalError)
@api.exception_handler(PoolTimeout)
@api.exception_handler(NoExchangeHere)
def _unavailable(request: HttpRequest, fault: Exception) -> HttpResponse:
    _log.warning("unavailable", extra={"fault": type(fault).__name__})
    return problem(
        request,
        503,
        "The books cannot be reached for the moment; nothing was done. Send the same request with the same key again.",
        headers={"Retry-After": "2"},
    )

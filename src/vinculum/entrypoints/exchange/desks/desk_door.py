"""The desks' operations together, what they say to each kind of no, and their description (OpenAPI 3.1)."""

import logging
from typing import Any, Final

import psycopg
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.parser import Parser
from psycopg_pool import PoolTimeout

from vinculum.access.database import CredentialRefused
from vinculum.access.permissions import Forbidden
from vinculum.entrypoints.api.problems import MEDIA_TYPE, PROBLEM_SCHEMA, REFUSAL_SCHEMA, problem
from vinculum.entrypoints.api.reading import BodyTooLarge, MalformedRequest, NotJson, read_document
from vinculum.entrypoints.api.said_alike import say_alike
from vinculum.entrypoints.exchange.clients import OutOfScope
from vinculum.entrypoints.exchange.desks import cases, clones, corrections
from vinculum.entrypoints.exchange.desks.desk_key import KEY_HEADER
from vinculum.kernel.refusal import Absent
from vinculum.national.records.write_change import PointerMoved

_log = logging.getLogger("vinculum.exchange")
_ABOUT: Final = (
    "What a jurisdiction's title clerks do at the desks, for its programs: discrepancy cases, data changes, two"
    " vehicles on one VIN, corrected VINs, brands taken back. Every refusal lists all reasons at once. What makes a"
    " thing takes an Idempotency-Key and is then safe to repeat."
)
_SAID: Final = {
    400: "The request cannot be read",
    401: "No valid key",
    403: "Not an act of this key",
    404: "Not among what the jurisdiction may see",
    413: "The body is larger than 128 KiB",
    415: "The body is not application/json",
    422: "Refused, with every reason",
    429: "Over the rate; Retry-After says when to come again",
    500: "A fault of the service",
    503: "Unavailable for the moment",
}
_SAID_OF_KEYS: Final = {409: "The Idempotency-Key was used before for a different request"}


class _PlainBody(Parser):
    """Bodies of bounded size, in characters that a database can keep."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The JSON object."""
        return read_document(request)


class Desks(NinjaAPI):
    """The desks, with a description that names every problem."""

    def get_openapi_schema(self, **where: Any) -> Any:
        """The description as django-ninja makes it, with problems added."""
        described = super().get_openapi_schema(**where)
        schemas = described["components"]["schemas"]
        schemas["Refusal"], schemas["Problem"] = REFUSAL_SCHEMA, PROBLEM_SCHEMA
        content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for methods in described["paths"].values():
            for operation in methods.values():
                takes_key = any(one["name"] == KEY_HEADER for one in operation.get("parameters", ()))
                said = _SAID | _SAID_OF_KEYS if takes_key else _SAID
                operation["summary"] = operation["operationId"].replace("_", " ").capitalize()
                operation["responses"] = {
                    str(status): held for status, held in operation["responses"].items()
                } | {
                    str(status): {"description": words, "content": content} for status, words in said.items()
                }
        return described


desks = Desks(
    title="Vinculum: the desks of the title exchange",
    version="1",
    description=_ABOUT,
    urls_namespace="exchange-desks-v1",
    openapi_url="/openapi.json",
    docs_url=None,
    parser=_PlainBody(),
)
for _router in (cases.router, clones.router, corrections.router):
    desks.add_router("", _router)


say_alike(desks, log=_log)


@desks.exception_handler(Absent)
def _not_there(request: HttpRequest, _absent: Exception) -> HttpResponse:
    return problem(request, 404, "There is no such thing among those your jurisdiction may see.")


@desks.exception_handler(HttpError)
def _no_body(request: HttpRequest, fault: HttpError) -> HttpResponse:
    """The framework hides why its parser gave up; the reason is said as anywhere else."""
    cause = fault.__cause__ or fault.__context__
    if isinstance(cause, BodyTooLarge | RequestDataTooBig | NotJson | MalformedRequest | UnreadablePostError):
        return desks.on_exception(request, cause)
    return problem(request, 400, "The request cannot be read.")


@desks.exception_handler(CredentialRefused)
def _no_key(request: HttpRequest, _fault: Exception) -> HttpResponse:
    return problem(
        request,
        401,
        "Show a desk key of a jurisdiction that holds: Authorization: Bearer vk_….",
        headers={"WWW-Authenticate": 'Bearer realm="exchange"'},
    )


@desks.exception_handler(OutOfScope)
@desks.exception_handler(Forbidden)
def _forbidden(request: HttpRequest, _fault: Exception) -> HttpResponse:
    return problem(request, 403, "This key was not issued for this desk, or not for use from this address.")


@desks.exception_handler(psycopg.OperationalError)
@desks.exception_handler(PoolTimeout)
@desks.exception_handler(PointerMoved)
def _unavailable(request: HttpRequest, fault: Exception) -> HttpResponse:
    _log.warning("unavailable", extra={"fault": type(fault).__name__})
    words = "The exchange cannot be reached for the moment. Send the same request with the same key again."
    return problem(request, 503, words, headers={"Retry-After": "5"})

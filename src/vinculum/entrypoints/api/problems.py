"""Problem documents (RFC 9457): every way in which the API says no, each with all reasons at once."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from vinculum.kernel.refusal import Refusal

MEDIA_TYPE: Final = "application/problem+json"

# Status → (last part of the type's name, title). The name is stable; the title is for people.
KINDS: Final[Mapping[int, tuple[str, str]]] = {
    400: ("malformed-request", "The request cannot be read"),
    401: ("no-valid-key", "No valid key"),
    403: ("not-permitted", "Not permitted"),
    404: ("not-found", "Not found"),
    409: ("conflict", "In conflict with what was done before"),
    413: ("too-large", "The request is too large"),
    415: ("unsupported-media-type", "The body is not JSON"),
    422: ("refused", "Refused"),
    429: ("too-many-requests", "Too many requests"),
    500: ("fault", "A fault of the service"),
    503: ("unavailable", "Unavailable for the moment"),
}
# Refusals that are about the state of an application or a key, not about the deal.
_CONFLICTS: Final = frozenset(
    {
        "terminal_mismatch",
        "idempotency_key_reused",
        "application_finished",
        "application_not_voidable",
        "funds_taken_meanwhile",
    }
)


def problem(
    request: HttpRequest,
    status: int,
    detail: str,
    *,
    refusals: Iterable[Refusal] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The problem document of a status; `detail` is a sentence for the person who reads it."""
    name, title = KINDS[status]
    document: dict[str, Any] = {
        "type": f"urn:vinculum:problem:{name}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": f"urn:vinculum:request:{getattr(request, 'request_id', '')}",
        "refusals": [_as_listed(refusal) for refusal in refusals],
    }
    response = HttpResponse(json.dumps(document), status=status, content_type=MEDIA_TYPE)
    response["Cache-Control"] = "no-store"
    for header, value in (headers or {}).items():
        response[header] = value
    return response


def refused(request: HttpRequest, refusals: Iterable[Refusal]) -> HttpResponse:
    """The problem document of refusals: 404 for what is not the caller's, 409 for conflicts, else 422."""
    listed = tuple(refusals)
    codes = {refusal.code for refusal in listed}
    if "application_not_found" in codes:
        status = 404
    elif codes <= _CONFLICTS:
        status = 409
    else:
        status = 422
    reasons = "one reason" if len(listed) == 1 else f"{len(listed)} reasons"
    return problem(request, status, f"Refused for {reasons}; see refusals.", refusals=listed)


def _as_listed(refusal: Refusal) -> dict[str, Any]:
    return {
        "code": refusal.code,
        "message": refusal.message,
        "remedy": refusal.remedy,
        "field": refusal.field,
        "rule": refusal.rule,
        "citation": refusal.citation,
    }


REFUSAL_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "description": "One reason: what is wrong and why, what to do about it, and the law behind it.",
    "required": ["code", "message", "remedy", "field", "rule", "citation"],
    "properties": {
        "code": {"type": "string", "description": "stable; listed in the catalogue of refusals"},
        "message": {"type": "string"},
        "remedy": {"type": "string"},
        "field": {"type": ["string", "null"], "description": "the input it belongs to, e.g. vehicle.vin"},
        "rule": {"type": "string"},
        "citation": {"type": "string"},
    },
}
PROBLEM_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "description": "RFC 9457 problem details with every refusal at once.",
    "required": ["type", "title", "status", "detail", "instance", "refusals"],
    "properties": {
        "type": {"type": "string", "enum": [f"urn:vinculum:problem:{name}" for name, _ in KINDS.values()]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "description": "names the request; quote it when asking for help"},
        "refusals": {"type": "array", "items": {"$ref": "#/components/schemas/Refusal"}},
    },
}

"""Reading what programs send: JSON bodies of bounded size, and text that a database can keep."""

import json
from typing import Any, Final

from django.http import HttpRequest
from pydantic import TypeAdapter, ValidationError

from vinculum.kernel.refusal import Refusal, Refused

# The longest deal with every extra is under 20 kilobytes.
LONGEST_BODY: Final = 128 * 1024
LONGEST_QUERY: Final = 4096
_DEEPEST: Final = 12
_LARGEST_NUMBER: Final = 10**12


class MalformedRequest(ValueError):
    """The request cannot be read; the message says why, in a sentence."""


class BodyTooLarge(ValueError):
    """The body is larger than any request of this API."""


class NotJson(ValueError):
    """The body is said to be something else than JSON."""


def read_document(request: HttpRequest) -> dict[str, Any]:
    """The JSON object in the body."""
    length = request.headers.get("Content-Length", "")
    if length.isdigit() and int(length) > LONGEST_BODY:
        raise BodyTooLarge
    if request.content_type != "application/json":
        raise NotJson
    body = request.body
    if len(body) > LONGEST_BODY:
        raise BodyTooLarge
    try:
        document = json.loads(body, parse_constant=_no_constant, parse_float=str)
    except (ValueError, RecursionError):
        raise MalformedRequest("The body is not a JSON document.") from None
    if not isinstance(document, dict):
        raise MalformedRequest("The body is not a JSON object.")
    check_plain(document)
    return document


def read_as(adapter: TypeAdapter[Any], document: dict[str, Any]) -> Any:
    """The document as what the adapter reads; raises Refused with one refusal per missing or invalid field."""
    try:
        return adapter.validate_python(document)
    except ValidationError as fault:
        raise Refused(
            Refusal(
                code="missing_field" if error["type"] == "missing" else "invalid_field",
                message=f"{'.'.join(map(str, error['loc']))}: {error['msg']}.",
                remedy="Fill it in." if error["type"] == "missing" else "Correct it.",
                field=".".join(map(str, error["loc"])) or None,
            )
            for error in fault.errors(include_url=False, include_context=False)
        ) from None


def check_query(request: HttpRequest) -> None:
    """Refuse a query that no operation could have asked for."""
    if len(request.META.get("QUERY_STRING", "")) > LONGEST_QUERY:
        raise MalformedRequest("The query is longer than any of this API.")
    for values in dict(request.GET.lists()).values():
        for value in values:
            check_plain(value)
    check_plain(request.path_info)


def check_plain(value: Any, *, depth: int = 0) -> None:
    """Refuse what could be neither shown nor kept: control characters, half characters, monstrous numbers."""
    if depth > _DEEPEST:
        raise MalformedRequest("The body is nested deeper than any request of this API.")
    if isinstance(value, dict):
        for key, held in value.items():
            check_plain(key, depth=depth + 1)
            check_plain(held, depth=depth + 1)
    elif isinstance(value, list):
        for held in value:
            check_plain(held, depth=depth + 1)
    elif isinstance(value, str):
        if not value.isprintable() and any(map(_cannot_be_kept, value)):
            raise MalformedRequest("The request contains control characters.")
    elif isinstance(value, int) and abs(value) > _LARGEST_NUMBER:
        raise MalformedRequest("The request contains a number larger than anything it could mean.")


def _cannot_be_kept(character: str) -> bool:
    """Control characters, and the halves of a surrogate pair that no database stores."""
    point = ord(character)
    return (point < 32 and character not in "\t\n\r") or point == 127 or 0xD800 <= point <= 0xDFFF


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")

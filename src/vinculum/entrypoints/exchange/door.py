"""What every address of the exchange does at its door: who asks, with which key, and what a fault looks like."""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Final, TypeVar

import psycopg
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from psycopg_pool import PoolTimeout

from vinculum.access import keys
from vinculum.access.database import Actor, CredentialRefused
from vinculum.entrypoints.api import bearer
from vinculum.entrypoints.api.bearer import TooManyRequests, take
from vinculum.entrypoints.exchange.clients import NotAClient, OutOfScope, recognise_client
from vinculum.national.records.write_change import PointerMoved
from vinculum.protocol.json_codec import MalformedMessage

_log = logging.getLogger("vinculum.exchange")
_PLAINER: Final = {
    "Field required": "is missing",
    "Unexpected keyword argument": "is not a field of this message",
}
_MOST_DIGITS: Final = 9
_Answer = TypeVar("_Answer", bound=HttpResponseBase)


class Misasked(Exception):
    """A question whose parameters are missing or wrong; `faults` name each and what is wrong there."""

    def __init__(self, *faults: tuple[str, str]) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{place}: {fault}" for place, fault in faults))


def number_asked(text: str, *, least: int, most: int) -> int | None:
    """The number that a question gives, of a few digits; None when it is none or lies outside."""
    number = int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else least - 1
    return number if least <= number <= most else None


def at_the_door(request: HttpRequest, answer: Callable[[str], _Answer]) -> _Answer | HttpResponse:
    """The answer for the bearer key that was shown; every expected fault becomes a problem document."""
    key = _bearer_key(request)
    if not key:
        return _not_recognised(request, "The exchange asks for the bearer key of a jurisdiction's program.")
    try:
        return answer(key)
    except (MalformedMessage, Misasked) as fault:
        errors = [{"field": place, "message": _plainly(why, fault)} for place, why in fault.faults]
        if isinstance(fault, Misasked):
            said = "What was asked or sent is not what this address reads; errors name each place."
            return problem_document(400, "Cannot be read", said, errors=errors)
        return problem_document(
            400, "Not a message", "The body is not a message of this protocol.", errors=errors
        )
    except NotAClient as fault:
        return _not_recognised(request, str(fault))
    except CredentialRefused:
        return _not_recognised(
            request, "This key is unknown, expired or revoked, or not for use from this address."
        )
    except OutOfScope as fault:
        return problem_document(403, "Not for this key", str(fault))
    except (psycopg.OperationalError, PoolTimeout, PointerMoved) as fault:
        _log.error("a message could not be answered: %s", type(fault).__name__)
        unavailable = problem_document(
            503, "Exchange unavailable", "Send the same message again later; it is applied once."
        )
        unavailable["Retry-After"] = "5"
        return unavailable


def recognised(request: HttpRequest, *, key: str) -> None:
    """Whoever shows a key that does not hold is told that, and not what is wrong with the body."""
    keys.actor_for(
        key, client_address=getattr(request, "client_address", ""), terminal="exchange", database="national"
    )


def client_of(request: HttpRequest, *, key: str, act: str, kind: str = "jurisdiction") -> Actor:
    """The program whose key this is: a jurisdiction's, or that of another kind of organisation."""
    return recognise_client(
        key,
        act=act,
        client_address=getattr(request, "client_address", ""),
        request_id=getattr(request, "request_id", ""),
        kind=kind,
    )


def wrong_method(*, allowed: str, detail: str) -> HttpResponse:
    """405, naming the method that is answered."""
    refused = problem_document(405, "Method not allowed", detail)
    refused["Allow"] = allowed
    return refused


def problem_document(
    status: int, title: str, detail: str, *, errors: list[dict[str, str]] | None = None
) -> HttpResponse:
    """`application/problem+json`."""
    document: Mapping[str, object] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        **({"errors": errors} if errors else {}),
    }
    return HttpResponse(json.dumps(document), status=status, content_type="application/problem+json")


def _plainly(why: str, fault: Exception) -> str:
    """The reader's words for a fault, or plainer ones where they are those of its machinery."""
    cause = fault.__cause__
    if isinstance(cause, json.JSONDecodeError):
        return f"not JSON: {cause.msg} at line {cause.lineno}, column {cause.colno}"
    if isinstance(cause, UnicodeDecodeError):
        return f"not JSON: byte {cause.start + 1} is not UTF-8"
    if isinstance(cause, RecursionError):
        return "not JSON that can be read: too many brackets in brackets"
    return _PLAINER.get(why, why)


def _bearer_key(request: HttpRequest) -> str:
    scheme, _, key = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def _not_recognised(request: HttpRequest, detail: str) -> HttpResponse:
    """401, at a pace at which guessing keys is hopeless; who shows one that holds is never slowed down by it."""
    try:
        take(bearer.STRANGERS, str(getattr(request, "client_address", "")))
    except TooManyRequests as over:
        slowed = problem_document(429, "Too many requests", "Too many requests without a key that holds.")
        slowed["Retry-After"] = str(over.seconds)
        return slowed
    response = problem_document(401, "Not recognised", detail)
    response["WWW-Authenticate"] = 'Bearer realm="exchange"'
    return response

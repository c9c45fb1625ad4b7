"""The exchange's door on the wire: POST /exchange/v1/messages, one JSON message in, its answer out.

A refusal by the rules is an answer like any other (200). Problem documents are for what never reached the
rules: no key, no message, too much of it, or a database that does not answer.
"""

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime

import psycopg
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from psycopg_pool import PoolTimeout

from vinculum.access.database import CredentialRefused, acting
from vinculum.entrypoints.exchange.clients import NotAClient, OutOfScope, recognise_client
from vinculum.entrypoints.exchange.dispatch import act_of, answer_message
from vinculum.national.records.write_change import PointerMoved
from vinculum.protocol.json_codec import MalformedMessage, decode_message, encode_answer

# The longest message of the protocol is under one kilobyte.
LONGEST_BODY = 16 * 1024
_log = logging.getLogger("vinculum.exchange")


@csrf_exempt  # no cookie is looked at here: whoever calls shows a key
@never_cache
def messages(request: HttpRequest) -> HttpResponse:
    """Take one message from a jurisdiction's program and answer it."""
    if request.method != "POST":
        refused = _problem(405, "Method not allowed", "Messages are sent with POST.")
        refused["Allow"] = "POST"
        return refused
    if request.content_type != "application/json":
        return _problem(415, "Unsupported media type", "A message is application/json.")
    key = _bearer_key(request)
    if not key:
        return _not_recognised("The exchange asks for the bearer key of a jurisdiction's program.")
    body = _read_body(request)
    if body is None:
        return _problem(413, "Message too long", f"A message has {LONGEST_BODY} bytes at most.")
    try:
        return _answer(request, key=key, body=body)
    except MalformedMessage as fault:
        errors = [{"field": place, "message": why} for place, why in fault.faults]
        return _problem(400, "Not a message", "The body is not a message of this protocol.", errors=errors)
    except (NotAClient, CredentialRefused) as fault:
        return _not_recognised(str(fault))
    except OutOfScope as fault:
        return _problem(403, "Not for this key", str(fault))
    except (psycopg.OperationalError, PoolTimeout, PointerMoved) as fault:
        _log.error("a message could not be answered: %s", type(fault).__name__)
        unavailable = _problem(
            503, "Exchange unavailable", "Send the same message again later; it is applied once."
        )
        unavailable["Retry-After"] = "5"
        return unavailable


def _answer(request: HttpRequest, *, key: str, body: bytes) -> HttpResponse:
    message = decode_message(body)
    act = act_of(message)
    client = recognise_client(
        key,
        act=act,
        client_address=getattr(request, "client_address", ""),
        request_id=getattr(request, "request_id", ""),
    )
    with acting(client, act=act, database="national") as connection:
        answer = answer_message(
            message, sender=client.organisation_code, at=datetime.now(UTC), connection=connection
        )
    return HttpResponse(encode_answer(answer), content_type="application/json")


def _bearer_key(request: HttpRequest) -> str:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def _read_body(request: HttpRequest) -> bytes | None:
    """The body, or None when it is too long; what is declared too long is not read at all."""
    declared = request.headers.get("Content-Length", "")
    if declared.isdigit() and int(declared) > LONGEST_BODY:
        return None
    body = request.read(LONGEST_BODY + 1)
    return body if len(body) <= LONGEST_BODY else None


def _not_recognised(detail: str) -> HttpResponse:
    response = _problem(401, "Not recognised", detail)
    response["WWW-Authenticate"] = 'Bearer realm="exchange"'
    return response


def _problem(
    status: int, title: str, detail: str, *, errors: list[dict[str, str]] | None = None
) -> HttpResponse:
    document: Mapping[str, object] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        **({"errors": errors} if errors else {}),
    }
    return HttpResponse(json.dumps(document), status=status, content_type="application/problem+json")

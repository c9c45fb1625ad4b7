"""The exchange's door on the wire: POST /exchange/v1/messages, one JSON message in, its answer out.

A refusal by the rules is an answer like any other (200). Problem documents are for what never reached the
rules: no key, no message, too much of it, or a database that does not answer.
"""

from datetime import UTC, datetime

import psycopg
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from vinculum.access.database import Actor, acting_together
from vinculum.entrypoints.exchange.at_once import answer_at_once
from vinculum.entrypoints.exchange.dispatch import act_of, answer_message
from vinculum.entrypoints.exchange.door import (
    at_the_door,
    client_of,
    problem_document,
    recognised,
    wrong_method,
)
from vinculum.entrypoints.exchange.state_detail import with_state_detail
from vinculum.national.records.inbox import INBOX_KEY
from vinculum.protocol.case_inquiry import CaseAnswer, CaseInquiry
from vinculum.protocol.exchange import Inquiry, UpdateMessage
from vinculum.protocol.inquiry import InquiryAnswer, UsedVehicleInquiry
from vinculum.protocol.json_codec import MalformedMessage, decode_message, encode_answer
from vinculum.protocol.update_answer import UpdateAnswer

# The longest message of the protocol is under one kilobyte.
LONGEST_BODY = 16 * 1024


@csrf_exempt  # no cookie is looked at here: whoever calls shows a key
def messages(request: HttpRequest) -> HttpResponse:
    """Take one message from a jurisdiction's program and answer it."""
    if request.method != "POST":
        return wrong_method(allowed="POST", detail="Messages are sent with POST.")
    if request.content_type != "application/json":
        return problem_document(415, "Unsupported media type", "A message is application/json.")
    return at_the_door(request, lambda key: _answer(request, key=key))


def _answer(request: HttpRequest, *, key: str) -> HttpResponse:
    body = _read_body(request)
    if body is None:
        return problem_document(413, "Message too long", f"A message has {LONGEST_BODY} bytes at most.")
    try:
        message = decode_message(body)
    except MalformedMessage:
        recognised(request, key=key)
        raise
    act = act_of(message)
    client = client_of(request, key=key, act=act)
    at = datetime.now(UTC)
    if isinstance(message, Inquiry):
        told = answer_at_once(message, sender=client.organisation_code, at=at)
        if isinstance(message, UsedVehicleInquiry):
            told = with_state_detail(told, message, at=at)
        return _as_json(told)
    try:
        return _as_json(_apply(message, client, act=act, at=at))
    except psycopg.errors.UniqueViolation as fault:
        if fault.diag.constraint_name != INBOX_KEY:
            raise
        # Taken by another transaction at this moment; nothing was written, and the answer is there now.
        return _as_json(_apply(message, client, act=act, at=at))


def _apply(
    message: UpdateMessage | CaseInquiry, client: Actor, *, act: str, at: datetime
) -> InquiryAnswer | CaseAnswer | UpdateAnswer:
    with acting_together(client, act=act, database="national") as connection:
        return answer_message(message, sender=client.organisation_code, at=at, connection=connection)


def _as_json(answer: InquiryAnswer | CaseAnswer | UpdateAnswer) -> HttpResponse:
    return HttpResponse(encode_answer(answer), content_type="application/json")


def _read_body(request: HttpRequest) -> bytes | None:
    """The body, or None when it is too long; what is declared too long is not read at all."""
    declared = request.META.get("CONTENT_LENGTH") or ""
    if declared.isdigit() and int(declared) > LONGEST_BODY:
        return None
    body = request.read(LONGEST_BODY + 1)
    return body if len(body) <= LONGEST_BODY else None

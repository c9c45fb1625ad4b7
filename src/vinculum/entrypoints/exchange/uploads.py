"""Files in pieces over the wire, by tus 1.0.0 with its extensions creation, checksum, expiration and termination.

The protocol is published at tus.io; nothing of it is changed here, and GET is added: it tells what became of the file.
"""

import base64
import binascii
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.urls import reverse
from django.utils.http import http_date
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from vinculum.access.database import acting
from vinculum.entrypoints.batch_spool import spool
from vinculum.entrypoints.exchange.door import at_the_door, client_of, problem_document, wrong_method
from vinculum.national.batch.partial_file import HeldByAnother
from vinculum.national.batch.reading import FileRefused
from vinculum.national.batch.take_file import acts_of
from vinculum.national.batch.uploads import (
    ALGORITHMS,
    MOST_OPEN,
    NoSuchUpload,
    Piece,
    TooLong,
    TooManyUploads,
    Upload,
    UploadEnded,
    Uploads,
    WrongDigest,
    WrongOffset,
)
from vinculum.national.law.standing import Act, check_mode
from vinculum.national.records.roster import read_roster

_ACTS: Final[tuple[Act, ...]] = ("update", "inquiry")
ACT: Final = "report_to_exchange"
VERSION: Final = "1.0.0"
_EXTENSIONS: Final = "creation,checksum,expiration,termination"
_PIECE: Final = "application/offset+octet-stream"
_BLOCK: Final = 256 * 1024
_CHECKSUM_MISMATCH: Final = 460
_MOST_DIGITS: Final = 15


class _Unfit(Exception):
    """A request that the protocol does not allow."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.title, self.detail = status, title, detail


@csrf_exempt  # no cookie is looked at here: whoever calls shows a key
@never_cache
def uploads(request: HttpRequest) -> HttpResponse:
    """OPTIONS what the server can do; POST to announce a file."""
    if _method(request) == "OPTIONS":
        return _options()
    if _method(request) != "POST":
        return _sealed(wrong_method(allowed="OPTIONS, POST", detail="An upload is begun with POST."))
    return _answer(request, _begin)


@csrf_exempt
@never_cache
def upload(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """HEAD how far it has come, PATCH to go on, DELETE to give it up, GET what became of it."""
    if _method(request) == "OPTIONS":
        return _options()
    steps: dict[str, Callable[[HttpRequest, Uploads], HttpResponse]] = {
        "HEAD": lambda _request, own: _stands(own.look(upload_id)),
        "GET": lambda _request, own: JsonResponse(document_of(own.look(upload_id))),
        "PATCH": lambda asked, own: _go_on(asked, own, upload_id),
        "DELETE": lambda _request, own: _end(own, upload_id),
    }
    step = steps.get(_method(request))
    if step is None:
        allowed = ", ".join(("OPTIONS", *steps))
        return _sealed(wrong_method(allowed=allowed, detail="An upload is gone on with by PATCH."))
    return _answer(request, step)


def document_of(found: Upload) -> dict[str, Any]:
    """An upload as JSON tells it."""
    fault = {"code": found.fault_code, "line": found.fault_line, "text": found.fault_text}
    return {
        "upload_id": str(found.upload_id),
        "state": found.state,
        "length": found.byte_count,
        "received": found.received,
        "expires_at": found.expires_at.isoformat(),
        "file_id": str(found.file_id) if found.file_id else None,
        "fault": fault if found.fault_code else None,
    }


def _answer(request: HttpRequest, step: Callable[[HttpRequest, Uploads], HttpResponse]) -> HttpResponse:
    def answered(key: str) -> HttpResponse:
        client = client_of(request, key=key, act=ACT)
        own = Uploads(
            connect=lambda: acting(client, act=ACT, database="national"),
            spool=spool(),
            jurisdiction=client.organisation_code,
            by=client.person_name,
            clock=lambda: datetime.now(UTC),
            acts=acts_of(client.scopes),
        )
        try:
            if _method(request) != "GET" and request.headers.get("Tus-Resumable") != VERSION:
                raise _Unfit(412, "Another version", f"This server speaks version {VERSION} of tus.")
            return step(request, own)
        except _Unfit as unfit:
            return problem_document(unfit.status, unfit.title, unfit.detail)
        except FileRefused as refused:
            return problem_document(413, "Too large", refused.fault.text)
        except (NoSuchUpload, UploadEnded, HeldByAnother, WrongOffset, WrongDigest, TooLong) as fault:
            return _fault(fault)
        except TooManyUploads:
            return problem_document(
                429, "Too many uploads", f"At most {MOST_OPEN} uploads are open at once. Finish or end one."
            )

    return _sealed(at_the_door(request, answered))


def _fault(fault: Exception) -> HttpResponse:
    match fault:
        case NoSuchUpload():
            return problem_document(
                404, "No such upload", "This jurisdiction has begun no upload of that id."
            )
        case UploadEnded():
            return problem_document(
                410, "Ended", "The upload is done, was ended, or nothing was sent for too long."
            )
        case HeldByAnother():
            held = problem_document(423, "Being written", "Another request is writing to this upload.")
            held["Retry-After"] = "2"
            return held
        case WrongOffset():
            wrong = problem_document(409, "Wrong offset", f"The file goes on at {fault.received}.")
            wrong["Upload-Offset"] = str(fault.received)
            return wrong
        case WrongDigest():
            mismatch = problem_document(
                _CHECKSUM_MISMATCH, "Checksum mismatch", "Nothing of this piece was kept; send it again."
            )
            mismatch.reason_phrase = "Checksum Mismatch"
            return mismatch
        case _:
            return problem_document(413, "Too long", "There are more bytes than were announced.")


def _begin(request: HttpRequest, own: Uploads) -> HttpResponse:
    if "Upload-Defer-Length" in request.headers:
        raise _Unfit(400, "No length", "The length of the file is said when the upload is begun.")
    byte_count = _number(request, "Upload-Length", least=1)
    _check_mode(own)
    begun = own.begin(byte_count=byte_count)
    answer = HttpResponse(status=201)
    answer["Location"] = reverse("exchange-upload", args=(begun.upload_id,))
    answer["Upload-Expires"] = http_date(begun.expires_at.timestamp())
    return answer


def _check_mode(own: Uploads) -> None:
    """Before the bytes come: who sends no files at all is told so now, not with the last of them (N-106)."""
    with own.connect() as connection:
        standing = read_roster(connection).standings.get(own.jurisdiction)
    ways = [check_mode(standing, code=own.jurisdiction, act=act, channel="batch") for act in _ACTS]
    refused = [list(problems) for problems in ways]
    if all(refused):
        raise _Unfit(422, "Not by file", f"{refused[0][0].code} {refused[0][0].text}")


def _stands(found: Upload) -> HttpResponse:
    if found.state == "ended":
        raise UploadEnded
    answer = HttpResponse()
    answer["Upload-Offset"] = str(found.received)
    answer["Upload-Length"] = str(found.byte_count)
    if found.state == "open":
        answer["Upload-Expires"] = http_date(found.expires_at.timestamp())
    return answer


def _go_on(request: HttpRequest, own: Uploads, upload_id: UUID) -> HttpResponse:
    if request.content_type != _PIECE:
        raise _Unfit(415, "Unsupported media type", f"A piece of a file is sent as {_PIECE}.")
    algorithm, digest = _checksum(request)
    blocks: Iterator[bytes] = iter(lambda: request.read(_BLOCK), b"")
    piece = Piece(
        offset=_number(request, "Upload-Offset", least=0), blocks=blocks, algorithm=algorithm, digest=digest
    )
    try:
        found = own.append(upload_id, piece)
    except UnreadablePostError:
        raise _Unfit(400, "The connection broke", "What arrived is kept; ask with HEAD and go on.") from None
    answer = HttpResponse(status=204)
    answer["Upload-Offset"] = str(found.received)
    if found.state == "open":
        answer["Upload-Expires"] = http_date(found.expires_at.timestamp())
    return answer


def _end(own: Uploads, upload_id: UUID) -> HttpResponse:
    own.end(upload_id)
    return HttpResponse(status=204)


def _checksum(request: HttpRequest) -> tuple[str, bytes]:
    said = request.headers.get("Upload-Checksum", "")
    if not said:
        return "", b""
    algorithm, _, encoded = said.partition(" ")
    if algorithm not in ALGORITHMS:
        raise _Unfit(400, "Unknown checksum", f"Checksums are {' or '.join(ALGORITHMS)}.")
    try:
        return algorithm, base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise _Unfit(400, "Unreadable checksum", "The checksum is not base64.") from None


def _number(request: HttpRequest, header: str, *, least: int) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS) or int(text) < least:
        raise _Unfit(400, f"No {header}", f"{header} must be a whole number of at least {least}.")
    return int(text)


def _method(request: HttpRequest) -> str:
    """The method; who cannot send PATCH or DELETE names it in a header, as the protocol has it."""
    return request.headers.get("X-HTTP-Method-Override", "").upper() or request.method or ""


def _options() -> HttpResponse:
    answer = HttpResponse(status=204)
    answer["Tus-Version"] = VERSION
    answer["Tus-Extension"] = _EXTENSIONS
    answer["Tus-Max-Size"] = str(spool().largest)
    answer["Tus-Checksum-Algorithm"] = ",".join(ALGORITHMS)
    return _sealed(answer)


def _sealed(answer: HttpResponse) -> HttpResponse:
    answer["Tus-Resumable"] = VERSION
    if answer.status_code == 412:
        answer["Tus-Version"] = VERSION
    return answer

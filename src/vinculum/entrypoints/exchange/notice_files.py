"""Notice files on the wire: listed, taken, and confirmed by their control totals (N-310)."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from vinculum.access.database import Actor, acting
from vinculum.entrypoints.exchange.door import (
    Misasked,
    at_the_door,
    client_of,
    problem_document,
    wrong_method,
)
from vinculum.entrypoints.exchange.file_to_keep import file_to_keep, form_asked
from vinculum.national.batch import notice_files as files_of_notices
from vinculum.national.batch.layout import Form
from vinculum.national.batch.notice_files import NoSuchFile, NoticeFile, TotalsDiffer

ACT: Final = "report_to_exchange"
_LONGEST_BODY: Final = 1024


@csrf_exempt  # no cookie is looked at here: whoever calls shows a key
@never_cache
def notice_files(request: HttpRequest) -> HttpResponse:
    """GET the files, those to be confirmed first."""
    if request.method != "GET":
        return wrong_method(allowed="GET", detail="Notice files are listed with GET.")
    return at_the_door(request, lambda key: _list(client_of(request, key=key, act=ACT)))


@csrf_exempt
@never_cache
def notice_file(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """GET a file: `form` fixed (unless said otherwise) or csv; as often as it is wanted."""
    if request.method != "GET":
        return wrong_method(allowed="GET", detail="A notice file is taken with GET.")
    return at_the_door(request, lambda key: _give(request, client_of(request, key=key, act=ACT), file_id))


@csrf_exempt
@never_cache
def confirmation(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """PUT `notice_count` and `control`: the file is here whole; its notices are acknowledged."""
    if request.method != "PUT":
        return wrong_method(allowed="PUT", detail="A notice file is confirmed with PUT.")
    return at_the_door(request, lambda key: _confirm(request, client_of(request, key=key, act=ACT), file_id))


def given(file: NoticeFile, *, actor: Actor, act: str, form: Form) -> StreamingHttpResponse:
    """A notice file as a file to keep."""

    def blocks() -> Iterator[bytes]:
        with acting(actor, act=act, database="national") as connection:
            for line in files_of_notices.read_lines(connection, file, form=form):
                yield line.encode("ascii")

    return file_to_keep(blocks(), form=form, name=f"NOTICE-{file.jurisdiction}-{file.number:06}")


def document_of(file: NoticeFile) -> dict[str, Any]:
    """A notice file as JSON tells it."""
    return {
        "file_id": str(file.file_id),
        "number": file.number,
        "made_at": file.made_at.isoformat(),
        "notice_count": file.notice_count,
        "control": file.control,
        "confirmed_at": file.confirmed_at.isoformat() if file.confirmed_at else None,
    }


def _list(client: Actor) -> HttpResponse:
    with acting(client, act=ACT, database="national") as connection:
        found = files_of_notices.newest(connection, jurisdiction=client.organisation_code)
    return _json({"notice_files": [document_of(file) for file in found]})


def _give(request: HttpRequest, client: Actor, file_id: UUID) -> HttpResponseBase:
    form = form_asked(request)
    with acting(client, act=ACT, database="national") as connection:
        found = files_of_notices.find(connection, file_id, jurisdiction=client.organisation_code)
    return _unknown() if found is None else given(found, actor=client, act=ACT, form=form)


def _confirm(request: HttpRequest, client: Actor, file_id: UUID) -> HttpResponse:
    count, control = _totals(request)
    try:
        with acting(client, act=ACT, database="national") as connection:
            done = files_of_notices.confirm(
                connection,
                file_id,
                jurisdiction=client.organisation_code,
                notice_count=count,
                control=control,
                by=client.person_id,
                by_name=client.person_name,
                at=datetime.now(UTC),
            )
    except NoSuchFile:
        return _unknown()
    except TotalsDiffer:
        return problem_document(
            409, "Control totals differ", "Nothing was acknowledged. Take the file again and count it anew."
        )
    return _json(document_of(done))


def _totals(request: HttpRequest) -> tuple[int, str]:
    try:
        body = json.loads(request.read(_LONGEST_BODY + 1)[:_LONGEST_BODY])
    except ValueError:
        raise Misasked(("body", "is not a JSON object")) from None
    count = body.get("notice_count") if isinstance(body, dict) else None
    control = body.get("control") if isinstance(body, dict) else None
    if not isinstance(count, int) or isinstance(count, bool):
        raise Misasked(("notice_count", "must be the number of notices"))
    if not isinstance(control, str):
        raise Misasked(("control", "must be the control total of the trailer"))
    return count, control


def _unknown() -> HttpResponse:
    return problem_document(404, "No such file", "No notice file of that id was made for this jurisdiction.")


def _json(document: dict[str, Any]) -> HttpResponse:
    return HttpResponse(json.dumps(document), content_type="application/json")

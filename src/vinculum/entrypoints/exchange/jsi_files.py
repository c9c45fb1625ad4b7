"""Files of yards' and insurers' reports by program: POST /exchange/v1/jsi-files, and their SEW reports (N-801)."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from vinculum.access.database import Actor, acting
from vinculum.entrypoints.exchange.door import at_the_door, client_of, problem_document, wrong_method
from vinculum.entrypoints.exchange.file_in_body import blocks_of, refused_at_once, wrong_kind
from vinculum.entrypoints.exchange.file_to_keep import form_asked
from vinculum.entrypoints.exchange.files import document_of
from vinculum.entrypoints.exchange.report_lines import download
from vinculum.national.batch import file_row
from vinculum.national.batch.reading import FileRefused
from vinculum.national.batch.spool import Spool
from vinculum.national.batch.take_reports import LARGEST_FILE, take_reports

ACT: Final = "report_jsi"


@csrf_exempt  # no cookie is looked at here: whoever calls shows a key
@never_cache
def jsi_files(request: HttpRequest) -> HttpResponse:
    """Take a file of reports and apply it; the same file again answers as the first time."""
    if request.method != "POST":
        return wrong_method(allowed="POST", detail="Files are sent with POST.")
    return wrong_kind(request) or at_the_door(request, lambda key: _take(request, _reporter(request, key)))


@csrf_exempt
@never_cache
def jsi_file_report(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """GET the SEW report of one's own file: `form` fixed (unless said otherwise) or csv."""
    if request.method != "GET":
        return wrong_method(allowed="GET", detail="A report is read with GET.")
    return at_the_door(request, lambda key: _report(request, _reporter(request, key), file_id))


def _reporter(request: HttpRequest, key: str) -> Actor:
    return client_of(request, key=key, act=ACT, kind="reporter")


def _take(request: HttpRequest, client: Actor) -> HttpResponse:
    at = datetime.now(UTC)
    try:
        # It says from whom vehicles came, and nothing needs it once it was applied.
        with TemporaryDirectory(prefix="vinculum-reports-") as directory:
            place = Spool(directory=Path(directory), largest=LARGEST_FILE)
            spooled = place.receive(blocks_of(request))
            with acting(client, act=ACT, database="national") as connection:
                taken = take_reports(connection, spooled, spool=place, actor=client, at=at)
    except FileRefused as refused:
        return refused_at_once(refused)
    return JsonResponse(document_of(taken, None), status=201 if taken.received_at == at else 200)


def _report(request: HttpRequest, client: Actor, file_id: UUID) -> HttpResponseBase:
    form = form_asked(request)
    with acting(client, act=ACT, database="national") as connection:
        found = file_row.find(connection, file_id, jurisdiction=str(client.organisation_id))
    if found is None:
        return problem_document(404, "No such file", "You have sent no file of that id.")
    return download(found, actor=client, act=ACT, form=form)

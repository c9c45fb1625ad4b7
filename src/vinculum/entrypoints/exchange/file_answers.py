"""The answer to an inquiry file on the wire: GET /exchange/v1/files/{id}/answer, for who asked (N-204)."""

from typing import Final
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from vinculum.access.database import Actor, acting
from vinculum.entrypoints.batch_spool import spool
from vinculum.entrypoints.exchange.door import at_the_door, client_of, problem_document, wrong_method
from vinculum.entrypoints.exchange.file_to_keep import file_to_keep, form_asked
from vinculum.national.batch.answer_file import Missing, NoAnswer, answer_blocks, answer_file

ACT: Final = "ask_exchange"
_MISSING: Final[dict[Missing, tuple[int, str, str]]] = {
    "unknown": (404, "No such file", "This jurisdiction has sent no file of that id."),
    "not_an_inquiry": (409, "No inquiry", "The file reports; its answer is the SEW report."),
    "not_answered": (
        409,
        "No answer",
        "The answer is there when the file was applied; a rejected one has none.",
    ),
    "removed": (410, "Removed", "Answers are kept for 30 days. Send the inquiries again."),
}


@csrf_exempt  # no cookie is looked at here: whoever calls shows a key
@never_cache
def answer(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """GET the answer: `form` fixed (unless said otherwise) or csv."""
    if request.method != "GET":
        return wrong_method(allowed="GET", detail="An answer is read with GET.")
    return at_the_door(request, lambda key: _give(request, client_of(request, key=key, act=ACT), file_id))


def _give(request: HttpRequest, client: Actor, file_id: UUID) -> HttpResponseBase:
    form = form_asked(request)
    try:
        with acting(client, act=ACT, database="national") as connection:
            found = answer_file(connection, file_id, jurisdiction=client.organisation_code, spool=spool())
    except NoAnswer as none:
        return problem_document(*_MISSING[none.missing])
    blocks = answer_blocks(found, spool=spool(), form=form)
    return file_to_keep(blocks, form=form, name=f"ANSWER-{found.sender_file_id}")

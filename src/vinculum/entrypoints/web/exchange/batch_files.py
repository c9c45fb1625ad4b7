"""A jurisdiction's batch files: sent by its title clerk, followed while they are applied, taken back before (N-501)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from vinculum.access.database import Actor, acting
from vinculum.entrypoints.batch_spool import spool
from vinculum.entrypoints.web.doors import is_partial
from vinculum.entrypoints.web.exchange.into_spool import IntoSpool
from vinculum.entrypoints.web.exchange.speaking_for import exchange_actor
from vinculum.kernel.refusal import Refusal
from vinculum.national.batch import file_row
from vinculum.national.batch.answer_file import NoAnswer, answer_blocks, answer_file
from vinculum.national.batch.file_row import BatchFile
from vinculum.national.batch.file_types import ENCODING, FILE_TYPES, LAYOUT_VERSION
from vinculum.national.batch.progress import Progress, progress_of_all
from vinculum.national.batch.reading import FileRefused
from vinculum.national.batch.spool import Spool
from vinculum.national.batch.take_file import take_file
from vinculum.national.records.roster import read_roster
from vinculum.national.reports.jurisdiction_dashboard import MODES

ACT: Final = "work_batch_files"
# What a browser sends in one piece; larger files go by program, which can resume.
LARGEST_BY_WEB: Final = 512 * 1024**2
_LISTED: Final = 25
_BATCH_MODES: Final = frozenset({2, 3, 4})
_SEND_AGAIN: Final = (
    "Correct the file and send it again; nothing of it was taken, and its name is free."
    " How each kind is written stands below."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A file as the list shows it."""

    file: BatchFile
    progress: Progress | None

    @property
    def state(self) -> str:
        """As it is said: a waiting file that somebody is at is being applied."""
        return "applying" if self.progress is not None else self.file.state

    @property
    def may_cancel(self) -> bool:
        """Until somebody is at it."""
        return self.state == "waiting"

    @property
    def has_answer(self) -> bool:
        """A file of inquiries that was applied (N-204)."""
        return self.file.state == "applied" and self.file.kind.act == "inquiry"

    @property
    def has_report(self) -> bool:
        """When it is done."""
        return self.file.state in {"applied", "rejected"}


def listed(request: HttpRequest) -> HttpResponse:
    """The files, newest first; for the page that follows them, only the list."""
    actor = exchange_actor(request)
    context = _list_context(actor, before=_page_mark(request.GET.get("before", "")))
    if is_partial(request):
        return render(request, "exchange/files_list.html", context)
    return render(request, "exchange/files.html", context | _mode_context(actor))


@csrf_exempt  # checked below, when the handler that reads the form is in place
def upload(request: HttpRequest) -> HttpResponseBase:
    """Send a file. The form is read only here, so that the file runs into the spool."""
    own = spool()
    handler = IntoSpool(spool=Spool(directory=own.directory, largest=min(own.largest, LARGEST_BY_WEB)))
    request.upload_handlers = [handler]
    checked: HttpResponseBase = csrf_protect(_uploaded)(request)
    return checked


def _uploaded(request: HttpRequest) -> HttpResponseBase:
    actor = exchange_actor(request)
    handler = request.upload_handlers[0]
    assert isinstance(handler, IntoSpool)
    # Reading a field of the form has read the file with it.
    chosen = request.FILES.get("file")
    try:
        if handler.refused is not None:
            raise handler.refused
        if handler.spooled is None or chosen is None:
            return _refused_page(
                request, actor, message="No file was chosen.", line=0, remedy="Choose one, then press Send."
            )
        at = datetime.now(UTC)
        with acting(actor, act=ACT, database="national") as connection:
            taken = take_file(
                connection,
                handler.spooled,
                spool=spool(),
                sender=actor.organisation_code,
                received_from=actor.person_name,
                at=at,
                acts=frozenset({"update", "inquiry"}),
            )
    except FileRefused as refused:
        message = f"{refused.fault.code}: {refused.fault.text}"
        return _refused_page(request, actor, message=message, line=refused.line)
    if taken.received_at == at:
        messages.success(request, f"{taken.sender_file_id} was taken. It waits to be applied.")
    else:
        messages.info(request, f"{taken.sender_file_id} was taken before; nothing was done again.")
    return redirect("exchange_files")


def cancel(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """Take a file back that is not being applied yet."""
    actor = exchange_actor(request)
    own = actor.organisation_code
    with acting(actor, act=ACT, database="national") as connection:
        found = file_row.find(connection, file_id, jurisdiction=own)
        done = found is not None and file_row.cancel(
            connection, file_id, jurisdiction=own, at=datetime.now(UTC)
        )
    if done and found is not None:
        messages.success(request, f"{found.sender_file_id} was taken back. Its name may be used again.")
    else:
        # Another state's file and one that never was are answered alike.
        messages.error(request, "There is no such file that still waits: it is being applied or done.")
    return redirect("exchange_files")


def answer(request: HttpRequest, file_id: UUID, form: str) -> HttpResponseBase:
    """The answer to a file of inquiries, to keep (N-204); another's is as if it did not exist."""
    actor, wanted = exchange_actor(request), "csv" if form == "csv" else "txt"
    try:
        with acting(actor, act=ACT, database="national") as connection:
            found = answer_file(connection, file_id, jurisdiction=actor.organisation_code, spool=spool())
    except NoAnswer:
        raise Http404 from None
    blocks = answer_blocks(found, spool=spool(), form="csv" if wanted == "csv" else "fixed")
    given = StreamingHttpResponse(blocks, content_type="text/csv" if wanted == "csv" else "text/plain")
    given["Content-Disposition"] = f'attachment; filename="ANSWER-{found.sender_file_id}.{wanted}"'
    return given


def _refused_page(
    request: HttpRequest, actor: Actor, *, message: str, line: int, remedy: str = _SEND_AGAIN
) -> HttpResponse:
    refusal = Refusal(
        code="file_refused",
        message=f"Line {line}: {message}" if line else message,
        remedy=remedy,
        field="file",
        rule="N-501",
    )
    context = _list_context(actor, before=None) | _mode_context(actor) | {"refusals": (refusal,)}
    return render(request, "exchange/files.html", context, status=422)


def _mode_context(actor: Actor) -> dict[str, object]:
    with acting(actor, act=ACT, database="national") as connection:
        standing = read_roster(connection).standings.get(actor.organisation_code)
    mode = standing.mode if standing is not None else None
    return {
        "speaker": actor,
        "mode": MODES.get(mode, "") if mode is not None else "",
        "by_batch": mode in _BATCH_MODES,
        "kinds": [kind for kind in FILE_TYPES.values() if kind.act != "jsi"],
        "example": f"{actor.organisation_code},EXAMPLE-1,{datetime.now(UTC):%Y%m%d},{LAYOUT_VERSION},{ENCODING}",
        "largest": LARGEST_BY_WEB,
        "largest_mebibytes": LARGEST_BY_WEB // 1024**2,
    }


def _list_context(actor: Actor, *, before: tuple[datetime, UUID] | None) -> dict[str, object]:
    own = actor.organisation_code
    with acting(actor, act=ACT, database="national") as connection:
        found = list(file_row.newest(connection, jurisdiction=own, before=before, limit=_LISTED + 1))
        progress = progress_of_all(connection, jurisdiction=own)
    shown = [Listed(file=file, progress=progress.get(file.file_id)) for file in found[:_LISTED]]
    last = shown[-1].file if len(found) > _LISTED else None
    return {
        "files": shown,
        "older": f"{last.received_at.isoformat()}_{last.file_id}" if last else "",
        "first_page": before is None,
        # The page asks again only while something may change.
        "follow": before is None and any(one.file.state == "waiting" for one in shown),
    }


def _page_mark(text: str) -> tuple[datetime, UUID] | None:
    """Where the page before ended; what cannot be read begins anew."""
    at, _, file_id = text.partition("_")
    try:
        moment = datetime.fromisoformat(at)
        return (moment, UUID(file_id)) if moment.tzinfo is not None else None
    except ValueError:
        return None

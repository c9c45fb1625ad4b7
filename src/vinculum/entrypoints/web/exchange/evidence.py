"""Evidence files of cases on the pages: let in by what they contain, given out so that nothing in them acts (N-704)."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from vinculum.entrypoints.web.exchange.speaking_for import exchange_actor
from vinculum.kernel.refusal import Refusal, Refused
from vinculum.national.alerts.file_contents import LARGEST_FILE, FileRefused, Judged, judge
from vinculum.national.alerts.file_store import FileStore
from vinculum.national.casework import evidence
from vinculum.national.casework.evidence import LetIn, Subject

_MOST_AT_ONCE: Final = 5
_FILE_POLICY: Final = "default-src 'none'; sandbox"
# The page of each kind of case, and the name of its id in the address.
_PAGES: Final[dict[str, tuple[str, str]]] = {
    "data_change": ("exchange_change", "request_id"),
    "clone_case": ("exchange_clone", "case_id"),
    "vin_correction": ("exchange_correction", "correction_id"),
}


def with_case(request: HttpRequest, subject: Subject, *, vin: str, subject_id: UUID) -> dict[str, Any]:
    """What the part of a case's page that shows its files is made of."""
    return {
        "evidence": evidence.of_case(subject, vin=vin, subject_id=subject_id, actor=exchange_actor(request)),
        "evidence_of": {"kind": subject, "vin": vin, "id": subject_id},
        "most_at_once": _MOST_AT_ONCE,
        "largest": LARGEST_FILE // 1024 // 1024,
    }


def keep(request: HttpRequest, kind: str, vin: str, subject_id: UUID) -> HttpResponseBase:
    """Take files in with a case; what is refused is said on the case's page."""
    if kind not in _PAGES:
        raise Http404
    actor, at = exchange_actor(request), datetime.now(UTC)

    def store(file: LetIn) -> None:
        _store().keep(cast(Judged, file))

    try:
        evidence.keep(
            _let_in(request),
            subject=cast(Subject, kind),
            vin=vin,
            subject_id=subject_id,
            store=store,
            actor=actor,
            at=at,
        )
        messages.success(request, "The evidence is with the case; its sides see it.")
    except Refused as refused:
        for refusal in refused.refusals:
            messages.error(request, f"Nothing was kept: {refusal.message} {refusal.remedy}")
    page, name = _PAGES[kind]
    return redirect(reverse(page, kwargs={"vin": vin, name: subject_id}))


def show(request: HttpRequest, vin: str, evidence_id: UUID) -> HttpResponse:
    """A file: it is on record who looked before anything is given out."""
    found = evidence.look_up(
        vin=vin, evidence_id=evidence_id, actor=exchange_actor(request), at=datetime.now(UTC)
    )
    content = _store().read(found.content_name)
    response = HttpResponse(content, content_type=found.media_type)
    response["Content-Disposition"] = f'attachment; filename="{found.name}"'
    response["Content-Security-Policy"] = _FILE_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def _let_in(request: HttpRequest) -> list[LetIn]:
    sent = request.FILES.getlist("files")
    if len(sent) > _MOST_AT_ONCE:
        raise Refused([_refused(f"More than {_MOST_AT_ONCE} files came at once.")])
    judged: list[LetIn] = []
    faults = []
    for file in sent:
        try:
            judged.append(judge(str(file.name or "file"), file.read(LARGEST_FILE + 1)))
        except FileRefused as fault:
            faults.append(_refused(f"{str(file.name or 'file')[:60]}: {fault}"))
    if faults:
        raise Refused(faults)
    return judged


def _store() -> FileStore:
    return FileStore(directory=Path(settings.DATA_DIR) / "evidence-files")


def _refused(message: str) -> Refusal:
    return Refusal(
        code="evidence_refused",
        message=message,
        remedy="PDF, PNG, JPEG or plain text, 5 MiB each at most.",
        field="files",
        rule="N-704",
    )

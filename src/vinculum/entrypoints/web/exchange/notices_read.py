"""Notices to one's own jurisdiction in words, one by one: those that wait, and those of a file (N-301, N-310)."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from vinculum.access.database import Actor, acting
from vinculum.entrypoints.web.exchange.speaking_for import exchange_actor
from vinculum.entrypoints.web.exchange.told_by_file import NOTICES
from vinculum.national.batch import notice_files
from vinculum.national.batch.notice_files import NoticeFile
from vinculum.national.queries import notices_for
from vinculum.protocol.notice import Notice, NoticeKind

_LINES: Final = 100
WORDS: Final[Mapping[NoticeKind, str]] = {
    "title_left": "Your title was taken in: another title took its place",
    "title_returned": "Your title is current again",
    "brand_corrected": "A brand of the vehicle was corrected",
    "brand_removed": "A brand of the vehicle was taken back",
    "vehicles_separated": "Two vehicles on this VIN were taken apart",
}


def waiting(request: HttpRequest) -> HttpResponse:
    """Those that nobody has acknowledged and no file holds yet; to read one acknowledges nothing."""
    actor = exchange_actor(request)
    with acting(actor, act=NOTICES, database="national") as connection:
        found = notices_for.run(
            actor.organisation_code, connection=connection, after=_after(request), limit=_LINES + 1
        )
    return _page(request, actor, found, file=None)


def of_file(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """Those of a file, in its order; another's file is as if it did not exist."""
    actor = exchange_actor(request)
    own = actor.organisation_code
    with acting(actor, act=NOTICES, database="national") as connection:
        file = notice_files.find(connection, file_id, jurisdiction=own)
        if file is None:
            raise Http404
        found = notices_for.of_file(
            file_id, jurisdiction=own, connection=connection, after=_after(request), limit=_LINES + 1
        )
    return _page(request, actor, found, file=file)


def _page(
    request: HttpRequest, actor: Actor, found: tuple[Notice, ...], *, file: NoticeFile | None
) -> HttpResponse:
    shown = found[:_LINES]
    last = shown[-1] if len(found) > _LINES else None
    context = {
        "speaker": actor,
        "file": file,
        "notices": [(notice, WORDS[notice.kind]) for notice in shown],
        "begun": "vin" in request.GET,
        "next_page": urlencode({"vin": last.vin, "id": str(last.notice_id)}) if last else "",
    }
    return render(request, "exchange/notices_read.html", context)


def _after(request: HttpRequest) -> tuple[str, UUID] | None:
    try:
        return request.GET["vin"][:30], UUID(request.GET["id"])
    except (KeyError, ValueError):
        return None

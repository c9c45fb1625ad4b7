"""The SEW report of a file on its way out: read in pages, each in a transaction of its own, however slow the reader."""

from collections.abc import Iterator
from contextlib import closing
from typing import Final, Literal

from django.http import StreamingHttpResponse

from vinculum.access.database import Actor, acting
from vinculum.national.batch import sew_report
from vinculum.national.batch.file_row import BatchFile
from vinculum.national.batch.sew_report import Message

Form = Literal["fixed", "csv"]
_AT_ONCE: Final = 5000


def download(found: BatchFile, *, actor: Actor, act: str, form: Form) -> StreamingHttpResponse:
    """The report as a file to keep."""
    lines = report_lines(found, actor=actor, act=act, form=form)
    answer = StreamingHttpResponse(lines, content_type="text/csv" if form == "csv" else "text/plain")
    ending = "csv" if form == "csv" else "txt"
    answer["Content-Disposition"] = f'attachment; filename="SEW-{found.sender_file_id}.{ending}"'
    return answer


def report_lines(found: BatchFile, *, actor: Actor, act: str, form: Form) -> Iterator[bytes]:
    """The report line by line."""
    printed = sew_report.csv_lines if form == "csv" else sew_report.fixed_lines
    for line in printed(found, _messages(found, actor=actor, act=act)):
        yield line.encode("ascii", errors="replace")


def _messages(found: BatchFile, *, actor: Actor, act: str) -> Iterator[Message]:
    """Every message. A file that is done says nothing new, so that its pages fit together."""
    after = -1
    while True:
        with (
            acting(actor, act=act, database="national") as connection,
            closing(sew_report.read_messages(connection, found, after=after, limit=_AT_ONCE)) as messages,
        ):
            page = list(messages)
        yield from page
        if len(page) < _AT_ONCE:
            return
        after = page[-1].record_number

"""The SEW report of a file on its way out: read in pages, each in a transaction of its own, however slow the reader."""

from collections.abc import Iterator
from contextlib import closing
from typing import Final

from django.http import StreamingHttpResponse

from vinculum.access.database import Actor, acting
from vinculum.entrypoints.exchange.file_to_keep import file_to_keep
from vinculum.national.batch import sew_report
from vinculum.national.batch.file_row import BatchFile
from vinculum.national.batch.layout import Form
from vinculum.national.batch.sew_report import Message

_AT_ONCE: Final = 5000


def download(found: BatchFile, *, actor: Actor, act: str, form: Form) -> StreamingHttpResponse:
    """The report as a file to keep."""
    lines = report_lines(found, actor=actor, act=act, form=form)
    return file_to_keep(lines, form=form, name=f"SEW-{found.sender_file_id}")


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

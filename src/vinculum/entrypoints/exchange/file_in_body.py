"""A batch file sent as the body of a request: which bodies may be one, its bytes, and what a refused one is told."""

from collections.abc import Iterator
from typing import Final

from django.http import HttpRequest, HttpResponse

from vinculum.entrypoints.exchange.door import problem_document
from vinculum.national.batch.reading import FileRefused

_PLAIN: Final = frozenset({"text/plain", "text/csv", "application/octet-stream"})
_BLOCK: Final = 256 * 1024


def wrong_kind(request: HttpRequest) -> HttpResponse | None:
    """415 for a body that cannot be a batch file."""
    if request.content_type in _PLAIN:
        return None
    return problem_document(415, "Unsupported media type", "A file is sent as text/plain or text/csv.")


def blocks_of(request: HttpRequest) -> Iterator[bytes]:
    """The file as it arrives; never whole in memory."""
    return iter(lambda: request.read(_BLOCK), b"")


def refused_at_once(refused: FileRefused) -> HttpResponse:
    """The fault that keeps a file from being taken at all, with its line."""
    said = [{"field": f"line {refused.line}", "message": f"{refused.fault.code} {refused.fault.text}"}]
    status = 413 if refused.fault.code == "V88" else 422
    return problem_document(status, "File refused", refused.fault.text, errors=said)

"""A file that the exchange gives to whoever asks: in the form that is asked for, under a name to keep it by."""

from collections.abc import Iterable
from typing import cast, get_args

from django.http import HttpRequest, StreamingHttpResponse

from vinculum.entrypoints.exchange.door import Misasked
from vinculum.national.batch.layout import Form


def form_asked(request: HttpRequest) -> Form:
    """`form` of the question: fixed unless said otherwise, or csv."""
    form = request.GET.get("form", "fixed")
    if form not in get_args(Form):
        raise Misasked(("form", "must be fixed or csv"))
    return cast(Form, form)


def file_to_keep(blocks: Iterable[bytes], *, form: Form, name: str) -> StreamingHttpResponse:
    """The file, sent while it is read; its name gets the ending of its form."""
    given = StreamingHttpResponse(blocks, content_type="text/csv" if form == "csv" else "text/plain")
    given["Content-Disposition"] = f'attachment; filename="{name}.{"csv" if form == "csv" else "txt"}"'
    return given

"""A batch file read strictly, line by line, in bounded memory: header, details, trailer, nothing else.

What cannot be cut into records refuses the file as a whole (`FileRefused`, with the line); what is wrong within
one line is that record's own fault and is found later. Record number n stands in line n + 1.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO, Final

from vinculum.national.batch.file_types import FILE_TYPES, HEADER, TRAILER, FileType
from vinculum.national.batch.layout import Form, Layout
from vinculum.protocol.problem import Problem, problem

LONGEST_LINE: Final = 1024
_BYTES_AT_ONCE: Final = 1024 * 1024
_NOT_TEXT: Final = (
    (b"\x1f\x8b", "it is compressed (gzip); send it as plain text"),
    (b"PK\x03\x04", "it is an archive (zip); send it as plain text"),
    (b"PK\x05\x06", "it is an archive (zip); send it as plain text"),
    (b"BZh", "it is compressed (bzip2); send it as plain text"),
    (b"\xfd7zXZ", "it is compressed (xz); send it as plain text"),
    (b"7z\xbc\xaf", "it is an archive (7z); send it as plain text"),
    (b"\x28\xb5\x2f\xfd", "it is compressed (zstd); send it as plain text"),
    (b"\x04\x22\x4d\x18", "it is compressed (lz4); send it as plain text"),
    (b"\xef\xbb\xbf", "it begins with a byte order mark; US-ASCII has none"),
    (b"\xff\xfe", "it is UTF-16; the encoding of files is US-ASCII"),
    (b"\xfe\xff", "it is UTF-16; the encoding of files is US-ASCII"),
)


class FileRefused(Exception):
    """The file is not taken or not applied: why, and in which line."""

    def __init__(self, fault: Problem, *, line: int) -> None:
        super().__init__(f"line {line}: {fault.code} {fault.text}")
        self.fault = fault
        self.line = line


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the first line says of the file."""

    kind: FileType
    jurisdiction: str
    file_id: str
    created_on: date
    form: Form
    line_end: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Some detail lines in a row, each with its line feed; `first` is the number of the first record."""

    first: int
    count: int
    text: bytes

    @property
    def lines(self) -> list[bytes]:
        """The lines one by one."""
        return self.text[:-1].split(b"\n")


def read_header(stream: BinaryIO) -> Header:
    """The header, which is the first line; the stream stands behind it then. Raises FileRefused."""
    line = stream.readline(LONGEST_LINE + 2)
    for beginning, why in _NOT_TEXT:
        if line.startswith(beginning):
            raise FileRefused(problem("V80", given=why), line=1)
    if not line:
        raise FileRefused(problem("V80", given="it is empty"), line=1)
    if b"\0" in line or not line.isascii():
        raise FileRefused(problem("V80", given="its first line is not US-ASCII"), line=1)
    if not line.endswith(b"\n"):
        if len(line) > LONGEST_LINE:
            raise FileRefused(problem("V82", wanted=str(LONGEST_LINE)), line=1)
        raise FileRefused(problem("V83"), line=1)
    line_end = b"\r\n" if line.endswith(b"\r\n") else b"\n"
    text = line[: -len(line_end)].decode("ascii")
    form: Form = "csv" if text.startswith("H,") else "fixed"
    values = _bookend(HEADER, text, form=form, code="V81", line=1)
    if not all(letter.isupper() or letter.isdigit() or letter in "-_" for letter in values["file_id"]):
        raise FileRefused(problem("V81", given="the file id holds other characters than A-Z 0-9 - _"), line=1)
    return Header(
        kind=FILE_TYPES[values["file_type"]],
        jurisdiction=values["jurisdiction"],
        file_id=values["file_id"],
        created_on=values["created_on"],
        form=form,
        line_end=line_end,
    )


def read_details(
    stream: BinaryIO, header: Header, *, bytes_at_once: int = _BYTES_AT_ONCE
) -> Iterator[Details]:
    """The detail lines, many at once; raises FileRefused unless the trailer is the last line and agrees."""
    seen, trailer, tail = 0, None, b""
    while block := stream.read(bytes_at_once):
        ends = block.rfind(b"\n") + 1
        text, tail = (tail + block[:ends], block[ends:]) if ends else (b"", tail + block)
        if text:
            _check_lengths(text, before=seen + 1)
        if len(tail) > LONGEST_LINE:
            raise FileRefused(problem("V82", wanted=str(LONGEST_LINE)), line=seen + text.count(b"\n") + 2)
        if trailer is not None:
            raise FileRefused(problem("V86"), line=seen + 2)
        if header.line_end == b"\r\n":
            text = text.replace(b"\r\n", b"\n")
        count, ends = _details_in(text)
        details, rest = text[:ends], text[ends:]
        if rest:
            trailer, _, beyond = rest.partition(b"\n")
            if beyond:
                raise FileRefused(problem("V86"), line=seen + count + 2)
        if details:
            yield Details(first=seen + 1, count=count, text=details)
            seen += count
    if trailer is None or tail:
        raise FileRefused(problem("V83" if trailer is None else "V86"), line=seen + 2)
    _check_trailer(trailer, header=header, seen=seen)


def _details_in(text: bytes) -> tuple[int, int]:
    """How many lines stand before the trailer or the end of the text, and where that is."""
    count, step = text.count(b"\n"), text.find(b"\n") + 1
    if (
        count
        and len(text) == step * count
        and text[step - 1 :: step] == b"\n" * count
        and b"T" not in text[::step]
    ):
        # Lines of one length: their first characters were looked at, without looking for line feeds.
        return count, len(text)
    ends = 0 if text[:1] == b"T" else text.find(b"\nT") + 1 or len(text)
    return text.count(b"\n", 0, ends), ends


def _check_lengths(text: bytes, *, before: int) -> None:
    width = text.index(b"\n")
    if width <= LONGEST_LINE and text[width :: width + 1] == b"\n" * (len(text) // (width + 1)):
        # So many line feeds at this distance: no line is longer, though some may be shorter.
        return
    for place, line in enumerate(text.split(b"\n"), before + 1):
        if len(line) > LONGEST_LINE:
            raise FileRefused(problem("V82", wanted=str(LONGEST_LINE)), line=place)


def _check_trailer(line: bytes, *, header: Header, seen: int) -> None:
    text = line.decode("ascii", errors="replace")
    values = _bookend(TRAILER, text, form=header.form, code="V84", line=seen + 2)
    if values["file_id"] != header.file_id:
        said = f"file {values['file_id']}"
        raise FileRefused(problem("V84", given=said, held=f"file {header.file_id}"), line=seen + 2)
    if values["detail_count"] != seen:
        said = f"{values['detail_count']} detail records"
        raise FileRefused(problem("V84", given=said, held=str(seen)), line=seen + 2)


def _bookend(layout: Layout, text: str, *, form: Form, code: str, line: int) -> dict[str, Any]:
    """The values of header or trailer; whatever is wrong there is wrong with the whole file."""
    letter, *cells = text.split(",") if form == "csv" else (text[:1], *layout.cut(text))
    why = ""
    if letter != layout.letter:
        why = f"the line begins with {_printable(letter)} and not with {layout.letter}"
    elif form == "csv" and len(cells) != len(layout.columns):
        why = f"the line has {len(cells)} fields and not {len(layout.columns)}"
    elif form == "fixed" and len(text) != layout.length:
        why = f"the line has {len(text)} characters and not {layout.length}"
    else:
        values, faults = layout.read(cells)
        if not faults:
            return values
        why = f"{faults[0].field}: {faults[0].text.rstrip('.')}"
    held = {"held": f"not to be read ({why})", "given": "something"} if code == "V84" else {"given": why}
    raise FileRefused(problem(code, **held), line=line)


def _printable(text: str) -> str:
    return "".join(letter if " " <= letter <= "~" else "?" for letter in text[:5]) or "nothing"

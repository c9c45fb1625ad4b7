"""A PDF that only shows pages: one with scripts, actions, attachments or forms that act is not let in.

It is searched as bytes, and so is every stream in it that unpacks to objects: a name that makes a reader act may
stand nowhere. What cannot be looked into (encryption, unusual packing) is refused for that. Whoever opens one gets it
as a download all the same; no page shows it.
"""

import base64
import itertools
import re
import zlib
from collections.abc import Iterator
from typing import Final

MOST_PAGES: Final = 60
_MOST_UNPACKED: Final = 64 * 1024 * 1024
# Scripts, programs, files inside, films, forms that fill themselves, sending of forms; whatever would start them.
_FORBIDDEN: Final = frozenset(
    {
        "JavaScript",
        "JS",
        "Launch",
        "EmbeddedFile",
        "EmbeddedFiles",
        "RichMedia",
        "XFA",
        "SubmitForm",
        "ImportData",
    }
    | {"GoToR", "GoToE", "Movie", "Sound", "Rendition", "Encrypt"}
)
_NAME: Final = re.compile(rb"/((?:[^\x00-\x20()<>\[\]{}/%])+)")
_STREAM: Final = re.compile(rb"stream\r?\n")
_HEADER_REACH: Final = 600
# A stream of objects begins with their numbers and places.
_OBJECTS: Final = re.compile(rb"\s*\d+\s+\d+[\s<\[(/]")
_LOOKED_AT: Final = 64
_PICTURES: Final = frozenset({"DCTDecode", "JPXDecode", "CCITTFaxDecode", "JBIG2Decode"})
_UNPACKED: Final = frozenset({"ASCII85Decode", "FlateDecode"})


class PdfRefused(Exception):
    """A PDF that is not let in; the message says why."""


def check_pdf(content: bytes) -> None:
    """Look through the whole file. Raises PdfRefused."""
    if b"%%EOF" not in content[-2048:]:
        raise PdfRefused("the PDF is cut off.")
    pages = 0
    for part in _parts(content):
        names = [_plain(name) for name in _NAME.findall(part)]
        for name in names:
            if name in _FORBIDDEN:
                raise PdfRefused(
                    f"the PDF has something that acts or hides (/{name}); print it to a new PDF."
                )
        pages += sum(one == "Type" and following == "Page" for one, following in itertools.pairwise(names))
    if pages == 0:
        raise PdfRefused("no page was found in the PDF.")
    if pages > MOST_PAGES:
        raise PdfRefused(f"the PDF has {pages} pages; {MOST_PAGES} are the most.")


def _parts(content: bytes) -> Iterator[bytes]:
    """Each stream of objects unpacked, then what stands outside of streams; pictures and drawings are left alone."""
    outside, at, room = [], 0, _MOST_UNPACKED
    for match in _STREAM.finditer(content):
        if match.start() < at:
            continue
        end = content.find(b"endstream", match.end())
        if end < 0:
            raise PdfRefused("a stream of the PDF has no end.")
        outside.append(content[at : match.start()])
        header = content[max(at, match.start() - _HEADER_REACH) : match.start()]
        names = [_plain(name) for name in _NAME.findall(header[header.rfind(b" obj") + 1 :])]
        objects = _objects(content[match.end() : end], names, room=room)
        room -= len(objects)
        yield objects
        at = end + len(b"endstream")
    outside.append(content[at:])
    yield b"".join(outside)


def _objects(stream: bytes, names: list[str], *, room: int) -> bytes:
    """The objects of a stream, unpacked; nothing when it holds something else."""
    filters = [name for name in names if name.endswith(("Decode", "Crypt"))]
    if filters and filters[-1] in _PICTURES and "ObjStm" not in names:
        return b""
    if set(filters) - _UNPACKED:
        raise PdfRefused("a part of the PDF is packed in a way that cannot be looked into.")
    if "Predictor" in names:
        if "ObjStm" in names or not {"XRef", "Image"} & set(names):
            raise PdfRefused("a part of the PDF is packed in a way that cannot be looked into.")
        return b""
    if _OBJECTS.match(_unpacked(stream, filters, room=_LOOKED_AT)) is None:
        return b""
    body = _unpacked(stream, filters, room=room)
    if len(body) >= room:
        raise PdfRefused("unpacked, the PDF is larger than any paper.")
    return body


def _unpacked(stream: bytes, filters: list[str], *, room: int) -> bytes:
    for name in filters:
        try:
            if name == "ASCII85Decode":
                stream = base64.a85decode(stream.strip().removesuffix(b"~>").strip())
            else:
                stream = zlib.decompressobj().decompress(stream, room)
        except (zlib.error, ValueError):
            raise PdfRefused("a part of the PDF cannot be unpacked.") from None
    return stream[:room]


def _plain(name: bytes) -> str:
    """A name as readers read it: `#4A` is J."""
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), name).decode("latin-1")

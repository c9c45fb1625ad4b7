"""What a file of an alert really is: known by its contents, pictures drawn anew, nothing in it that acts."""

import hashlib
import io
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from vinculum.national.alerts.pdf_contents import PdfRefused, check_pdf

LARGEST_FILE: Final = 5 * 1024 * 1024
_MOST_PIXELS: Final = 40_000_000
_LONGEST_SIDE: Final = 2400
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
_NOTHING_KNOWN: Final = "it is no PDF, PNG or JPEG, and no text in UTF-8."


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A file that was let in: what is kept of it, under which type and name."""

    name: str
    media_type: str
    content: bytes

    @property
    def content_name(self) -> str:
        """Its SHA-256: where the bytes lie."""
        return hashlib.sha256(self.content).hexdigest()


class FileRefused(Exception):
    """A file that is not let in; the message says why."""


def judge(name: str, content: bytes) -> Judged:
    """Let a file in by what it contains, whatever it calls itself. Raises FileRefused."""
    if not content:
        raise FileRefused("the file is empty.")
    if len(content) > LARGEST_FILE:
        raise FileRefused(f"the file has more than {LARGEST_FILE // 1024 // 1024} MiB.")
    if content.startswith(_PNG):
        return _judged(name, "image/png", _drawn_anew(content, form="PNG"))
    if content.startswith(_JPEG):
        return _judged(name, "image/jpeg", _drawn_anew(content, form="JPEG"))
    if content.startswith(b"%PDF-"):
        try:
            check_pdf(content)
        except PdfRefused as fault:
            raise FileRefused(str(fault)) from fault
        return _judged(name, "application/pdf", content)
    text = _plain_text(content)
    if (said := _SAID_BY_NAME.get(name.rsplit(".", 1)[-1].lower())) is not None:
        raise FileRefused(f"it is no {said}, though its name says so.")
    return _judged(name, "text/plain", text)


_ENDINGS: Final = {"image/png": "png", "image/jpeg": "jpg", "application/pdf": "pdf", "text/plain": "txt"}
_SAID_BY_NAME: Final = {"pdf": "PDF", "png": "PNG", "jpg": "JPEG", "jpeg": "JPEG"}


def _judged(name: str, media_type: str, content: bytes) -> Judged:
    """The name keeps letters, digits and a few signs, and ends in what the file is."""
    stem = unicodedata.normalize("NFKC", name).rsplit("/", 1)[-1].rsplit("\\", 1)[-1].rsplit(".", 1)[0]
    plain = re.sub(r"[^A-Za-z0-9 ()_-]+", "_", stem).strip(" _")[:70] or "file"
    return Judged(name=f"{plain}.{_ENDINGS[media_type]}", media_type=media_type, content=content)


def _drawn_anew(content: bytes, *, form: str) -> bytes:
    """The picture alone: what a camera or an attacker wrote beside the pixels stays behind."""
    try:
        with Image.open(io.BytesIO(content), formats=[form]) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise FileRefused(f"the picture has more than {_MOST_PIXELS:,} pixels.")
            if getattr(image, "n_frames", 1) > 1:
                raise FileRefused("the picture moves.")
            image.load()
            upright = ImageOps.exif_transpose(image)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as fault:
        raise FileRefused("the picture is damaged.") from fault
    upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    drawn = io.BytesIO()
    if form == "JPEG":
        _pixels_of(upright, "RGB").save(drawn, "JPEG", quality=88)
    else:
        has_holes = "A" in upright.getbands() or "transparency" in upright.info
        _pixels_of(upright, "RGBA" if has_holes else "RGB").save(drawn, "PNG", optimize=True)
    if drawn.tell() > LARGEST_FILE:
        raise FileRefused("drawn anew, the picture is too large; send it as JPEG.")
    return drawn.getvalue()


def _pixels_of(image: Image.Image, mode: str) -> Image.Image:
    """A new picture of the same pixels, so that nothing else comes along."""
    converted = image.convert(mode)
    clean = Image.new(mode, converted.size)
    clean.paste(converted)
    return clean


def _plain_text(content: bytes) -> bytes:
    """UTF-8 that can be read: no control characters, nothing that turns the direction of the writing."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused(_NOTHING_KNOWN) from None
    if "\0" in text:
        raise FileRefused(_NOTHING_KNOWN)
    for character in text:
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"} and character not in "\n\r\t":
            raise FileRefused(f"the text has a character that is not written: U+{ord(character):04X}.")
    if re.match(r"\s*<(!doctype|html|svg|script|\?xml)", text, flags=re.IGNORECASE):
        raise FileRefused("it is a page or a drawing in text, not plain text.")
    return text.encode()

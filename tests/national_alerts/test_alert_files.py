"""Files of alerts: known by their contents, pictures drawn anew, nothing that acts, bytes that are what was kept."""

import io
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen import canvas

from national_alerts.conftest import AT, Office
from vinculum.national.alerts import file_contents, find_alerts, post_alert
from vinculum.national.alerts.file_contents import LARGEST_FILE, FileRefused, judge
from vinculum.national.alerts.file_store import FileGone, FileStore


def picture(form: str, *, size: tuple[int, int] = (60, 40)) -> bytes:
    image = Image.new("RGB", size, "darkred")
    exif = Image.Exif()
    exif[0x010E] = "taken at a secret place"
    written = io.BytesIO()
    image.save(written, form, exif=exif)
    return written.getvalue()


def paper(pages: int = 2) -> bytes:
    written = io.BytesIO()
    drawing = canvas.Canvas(written)
    for number in range(pages):
        drawing.drawString(72, 72, f"Specimen {number}")
        drawing.showPage()
    drawing.save()
    return written.getvalue()


def packed(objects: bytes, *, header: bytes = b"/Type /ObjStm /N 1 /First 5 ") -> bytes:
    """A paper with objects packed into a stream."""
    stream = zlib.compress(b"9 0 " + objects)
    body = b"9 0 obj <<" + header + b"/Filter /FlateDecode>> stream\n" + stream + b"\nendstream endobj\n"
    return paper().replace(b"%%EOF", body + b"%%EOF")


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_pictures_are_drawn_anew(form: str) -> None:
    """N-703: what a camera wrote beside the pixels, or somebody hid behind them, does not come along."""
    sent = picture(form, size=(3000, 100)) + b"<script>alert(1)</script>"
    assert b"secret place" in sent
    kept = judge("../evil name<1>.php", sent)
    assert kept.media_type == f"image/{form.lower()}"
    assert b"secret place" not in kept.content
    assert b"script" not in kept.content
    with Image.open(io.BytesIO(kept.content)) as image:
        assert image.size == (2400, 80)
        assert not image.getexif()
    assert kept.name == f"evil name_1.{'png' if form == 'PNG' else 'jpg'}"


def test_papers_are_let_in() -> None:
    """N-703: papers as printers and programs write them, packed or not."""
    rewritten = io.BytesIO()
    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(paper())))
    writer.write(rewritten)
    for content in (paper(), rewritten.getvalue(), packed(b"<< /Type /Catalog >>")):
        assert judge("guide.pdf", content).media_type == "application/pdf"
    text = judge("notes.html", b"Look for the blue thread.\r\n")
    assert (text.media_type, text.name) == ("text/plain", "notes.txt")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"x" * (LARGEST_FILE + 1),
        b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
        b"\xff\xd8\xff\xe0 no picture",
        b"GIF89a\x01\x00\x01\x00\x80\xff",
        b"PK\x03\x04\x00",
        b"MZ\x90\x00",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b" <!DOCTYPE html><script>alert(1)</script>",
        "turned \u202e text".encode(),
        "latin \xe9".encode("latin-1"),
        b"%PDF-1.7 nothing",
        paper()[:-40],
        paper(pages=61),
        paper().replace(b"/Type /Catalog", b"/Type /Catalog /OpenAction << /S /JavaScript /JS (x) >>"),
        paper().replace(b"/Type /Catalog", b"/Type /Catalog /AA << /O << /S /#4aavaScript >> >>"),
        paper().replace(b"/Type /Catalog", b"/Type /Catalog /A << /S /Launch /F (cmd.exe) >>"),
        paper().replace(b"/Type /Catalog", b"/Type /Catalog /Names << /EmbeddedFiles 1 0 R >>"),
        paper().replace(b"trailer\n<<", b"trailer\n<< /Encrypt 5 0 R"),
        packed(b"<< /S /JavaScript /JS (app.alert(1)) >>"),
        packed(b"<< /S /JavaScript /JS (app.alert(1)) >>", header=b""),
        packed(b"<< /S /Launch >>", header=b"/Type /ObjStm /DecodeParms << /Predictor 12 >> "),
        packed(b"<< >>", header=b"/Type /ObjStm /X /LZWDecode "),
    ],
    ids=lambda content: f"{zlib.crc32(content):08x}",
)
def test_what_is_not_let_in(content: bytes) -> None:
    """N-703: other types, damaged ones, whatever acts or hides: by content, not by name."""
    assert content != paper()
    with pytest.raises(FileRefused):
        judge("innocent", content)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("title.pdf", b"not a paper", "it is no PDF, though its name says so"),
        ("Front.JPG", b"not a picture", "it is no JPEG, though its name says so"),
        ("seal.png", b"not a picture", "it is no PNG, though its name says so"),
        ("program.exe", b"MZ\0\0", "it is no PDF, PNG or JPEG, and no text"),
    ],
)
def test_what_is_not_what_its_name_says(name: str, content: bytes, words: str) -> None:
    """N-703, N-704: a paper that is none is not kept as text under another name; who sent it is told."""
    with pytest.raises(FileRefused, match=words):
        judge(name, content)


def test_checks_of_papers_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """N-703: without the look into packed objects a script goes through: the check is what stops it."""
    hidden = packed(b"<< /S /JavaScript /JS (app.alert(1)) >>")
    monkeypatch.setattr(file_contents, "check_pdf", lambda content: None)
    assert judge("a.pdf", hidden).media_type == "application/pdf"


def test_too_many_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    """N-703: a small file that would unfold into a huge picture is refused before it does."""
    monkeypatch.setattr(file_contents, "_MOST_PIXELS", 2399)
    with pytest.raises(FileRefused, match="pixels"):
        judge("a.png", picture("PNG"))


def test_store_holds_bytes_to_their_name(store: FileStore) -> None:
    """N-703: kept under their hash, once; bytes that were changed on the disk are not given out."""
    kept = judge("a.png", picture("PNG"))
    for _ in range(2):
        store.keep(kept)
    place = store.directory / kept.content_name[:2] / kept.content_name
    assert [path for path in store.directory.rglob("*") if path.is_file()] == [place]
    assert place.stat().st_mode & 0o077 == 0
    assert store.read(kept.content_name) == kept.content
    place.write_bytes(b"changed")
    for name in (kept.content_name, "0" * 64, "../../etc/passwd"):
        with pytest.raises(FileGone):
            store.read(name)


@pytest.mark.database
def test_files_come_with_their_alert(office: Office, store: FileStore, tmp_path: Path) -> None:
    """N-703: an alert has its files or is not posted; a sixth file is one too many."""
    from test_alerts import REQUEST

    from vinculum.kernel.refusal import Refused

    user = office.user()
    request = replace(REQUEST, files=[("a.png", picture("PNG")), ("b.pdf", paper())])
    alert = find_alerts.show(post_alert.run(request, actor=user, at=AT, store=store), actor=user, at=AT)
    assert [(one.position, one.name, one.media_type) for one in alert.files] == [
        (1, "a.png", "image/png"),
        (2, "b.pdf", "application/pdf"),
    ]
    assert store.read(alert.files[1].content_name) == dict(request.files)["b.pdf"]
    with pytest.raises(Refused) as refused:
        post_alert.run(replace(request, files=[("n.txt", b"x")] * 6), actor=user, at=AT, store=store)
    assert [one.code for one in refused.value.refusals] == ["alert_files_too_many"]

"""The registration certificate: one page that proves a vehicle may be on the road, for the glove box."""

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

import reportlab
from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.colors import HexColor, black
from reportlab.lib.pagesizes import letter
from reportlab.lib.units import inch
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

PARKWAY_LIMIT_POUNDS: Final = 7500
_LEFT: Final[float] = 0.75 * inch
_RIGHT: Final[float] = letter[0] - 0.75 * inch
_TOP: Final[float] = letter[1] - 0.8 * inch
_INK, _GREY, _RULE = black, HexColor("#454545"), HexColor("#a9aeb1")


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFee:
    """One fee as it prints."""

    description: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationCertificate:
    """What stands on the certificate. `voided_on` prints it VOID (D-604)."""

    agency: str
    state_name: str
    plate_number: str
    plate_class: str
    usage: str
    vin: str
    model_year: int
    make: str
    model: str
    body_style: str
    vehicle_type: str
    colour: str
    fuel: str
    gvwr_pounds: int | None
    light_weight_pounds: int | None
    declared_weight_pounds: int | None
    owners: tuple[str, ...]
    conjunction: str | None
    residence: str
    mailing: str
    tax_town: str
    issue_date: date
    processed_on: date
    expires_on: date
    title_number: str
    lienholders: tuple[str, ...]
    dealer: str
    fees: tuple[CertificateFee, ...]
    application_number: str
    printed_at: datetime
    parkway_warning: bool
    voided_on: date | None = None


def render(certificate: RegistrationCertificate) -> bytes:
    """The certificate as a PDF of one US letter page, without scripts, links or actions."""
    _use_fonts()
    page = io.BytesIO()
    canvas = Canvas(page, pagesize=letter, pageCompression=1, invariant=True, lang="en-US")
    canvas.setTitle(f"Registration certificate {certificate.plate_number}")
    canvas.setAuthor(certificate.agency)
    canvas.setSubject(f"Vehicle {certificate.vin}")
    y = _head(canvas, certificate)
    y = _grid(canvas, y, "VEHICLE", _vehicle(certificate))
    y = _grid(canvas, y, "REGISTRATION", _registration(certificate))
    y = _grid(canvas, y, "OWNER", _owner(certificate))
    y = _notices(canvas, y, certificate)
    y = _fees(canvas, y, certificate)
    _foot(canvas, certificate)
    if certificate.voided_on is not None:
        _void_across(canvas, certificate.voided_on)
    canvas.showPage()
    canvas.save()
    return page.getvalue()


@cache
def _use_fonts() -> None:
    fonts = Path(reportlab.__file__).parent / "fonts"
    pdfmetrics.registerFont(TTFont("Plain", fonts / "Vera.ttf"))
    pdfmetrics.registerFont(TTFont("Bold", fonts / "VeraBd.ttf"))


def _printable(text: str, font: str) -> str:
    """The text in letters the font has: an accent it lacks is dropped rather than printed as a box."""
    glyphs = pdfmetrics.getFont(font).face.charToGlyph
    letters = []
    for character in text:
        if ord(character) in glyphs:
            letters.append(character)
        else:
            plain = unicodedata.normalize("NFKD", character)
            letters.append("".join(c for c in plain if ord(c) in glyphs) or "?")
    return "".join(letters)


def _write(canvas: Canvas, x: float, y: float, text: str, *, size: float, font: str = "Plain") -> None:
    canvas.setFont(font, size)
    canvas.drawString(x, y, _printable(text, font))


def _fitted(canvas: Canvas, x: float, y: float, text: str, *, size: float, width: float) -> None:
    """The text in bold, made smaller until it fits its box."""
    text = _printable(text, "Bold")
    while size > 6 and pdfmetrics.stringWidth(text, "Bold", size) > width:
        size -= 0.5
    canvas.setFont("Bold", size)
    canvas.drawString(x, y, text)


def _head(canvas: Canvas, certificate: RegistrationCertificate) -> float:
    top = _TOP
    canvas.setFillColor(_INK)
    _write(canvas, _LEFT, top, certificate.state_name.upper(), size=9)
    _write(canvas, _LEFT, top - 13, certificate.agency, size=9)
    _write(canvas, _LEFT, top - 38, "Certificate of registration", size=18, font="Bold")
    canvas.setLineWidth(1.5)
    canvas.roundRect(_RIGHT - 2.3 * inch, top - 44, 2.3 * inch, 0.75 * inch, 6)
    _write(canvas, _RIGHT - 2.2 * inch, top - 4, "PLATE", size=7)
    canvas.setFont("Bold", 26)
    canvas.drawCentredString(_RIGHT - 1.15 * inch, top - 32, certificate.plate_number)
    return top - 66


def _word(code: str) -> str:
    return code.replace("_", " ").capitalize()


def _vehicle(c: RegistrationCertificate) -> list[tuple[str, str, int]]:
    return [
        ("Vehicle identification number", c.vin, 2),
        ("Year", str(c.model_year), 1),
        ("Make", c.make, 1),
        ("Model", c.model or "–", 1),
        ("Body style", c.body_style or "–", 1),
        ("Type", _word(c.vehicle_type), 1),
        ("Colour", c.colour or "–", 1),
        ("Fuel", _word(c.fuel), 1),
        ("GVWR", _pounds(c.gvwr_pounds), 1),
        ("Light weight", _pounds(c.light_weight_pounds), 1),
        ("Declared weight", _pounds(c.declared_weight_pounds), 1),
    ]


def _registration(c: RegistrationCertificate) -> list[tuple[str, str, int]]:
    return [
        ("Class", _word(c.plate_class), 1),
        ("Usage", _word(c.usage), 1),
        ("Date of issue", _day(c.issue_date), 1),
        ("Expires", _day(c.expires_on), 1),
        ("Date of transaction", _day(c.processed_on), 1),
        ("Tax town", c.tax_town, 1),
        ("Title number", c.title_number or "none required", 1),
        ("Issued by dealer", c.dealer, 1),
    ]


def _owner(c: RegistrationCertificate) -> list[tuple[str, str, int]]:
    joined = f" {(c.conjunction or '').upper()} ".join(c.owners) if len(c.owners) > 1 else c.owners[0]
    boxes = [
        ("Registered owner", joined, 4),
        ("Residence", c.residence, 2),
        ("Mailing address", c.mailing or "same", 2),
    ]
    if c.lienholders:
        boxes.append(("Lienholder", "; ".join(c.lienholders), 4))
    return boxes


def _grid(canvas: Canvas, y: float, heading: str, boxes: Sequence[tuple[str, str, int]]) -> float:
    """Boxes of a label above a value, four columns wide; answers where the next block begins."""
    canvas.setFillColor(_INK)
    _write(canvas, _LEFT, y, heading, size=8, font="Bold")
    canvas.setStrokeColor(_RULE)
    canvas.setLineWidth(0.75)
    canvas.line(_LEFT, y - 4, _RIGHT, y - 4)
    width, column, y = (_RIGHT - _LEFT) / 4, 0, y - 18
    for label, value, span in boxes:
        if column + span > 4:
            column, y = 0, y - 31
        x = _LEFT + column * width
        canvas.setFillColor(_GREY)
        _write(canvas, x, y, label, size=7)
        canvas.setFillColor(_INK)
        _fitted(canvas, x, y - 12, value, size=10.5, width=span * width - 8)
        column += span
    return y - 38


def _notices(canvas: Canvas, y: float, c: RegistrationCertificate) -> float:
    if c.parkway_warning:
        canvas.setFillColor(_INK)
        _fitted(
            canvas,
            _LEFT,
            y,
            f"Over {PARKWAY_LIMIT_POUNDS:,} lb: not allowed on the Merritt and Wilbur Cross Parkways.",
            size=9,
            width=_RIGHT - _LEFT,
        )
        y -= 20
    return y


def _fees(canvas: Canvas, y: float, c: RegistrationCertificate) -> float:
    _write(canvas, _LEFT, y, "FEES PAID", size=8, font="Bold")
    canvas.line(_LEFT, y - 4, _RIGHT, y - 4)
    y -= 16
    for fee in c.fees:
        _write(canvas, _LEFT, y, fee.description, size=8.5)
        canvas.drawRightString(_RIGHT, y, f"${fee.amount:,.2f}")
        y -= 12
    canvas.setFont("Bold", 9)
    canvas.drawString(_LEFT, y - 2, "Total")
    canvas.drawRightString(_RIGHT, y - 2, f"${sum((fee.amount for fee in c.fees), Decimal(0)):,.2f}")
    return y - 24


def _foot(canvas: Canvas, c: RegistrationCertificate) -> None:
    canvas.setFillColor(_INK)
    barcode = Code128(c.application_number.replace("-", "")[:12].upper(), barHeight=0.38 * inch, barWidth=1.0)
    barcode.drawOn(canvas, _LEFT - 0.25 * inch, 1.05 * inch)
    _write(canvas, _LEFT, 0.9 * inch, f"Application {c.application_number}", size=7)
    canvas.setStrokeColor(_INK)
    canvas.line(_RIGHT - 2.6 * inch, 1.25 * inch, _RIGHT, 1.25 * inch)
    _write(canvas, _RIGHT - 2.6 * inch, 1.11 * inch, "Signature of registrant", size=7)
    _write(
        canvas,
        _LEFT,
        0.62 * inch,
        f"Carry this certificate in the vehicle. Printed {c.printed_at:%m/%d/%Y %H:%M} Eastern time.",
        size=7,
    )


def _void_across(canvas: Canvas, day: date) -> None:
    canvas.saveState()
    canvas.translate(letter[0] / 2, letter[1] / 2)
    canvas.rotate(35)
    canvas.setFillColor(HexColor("#b50909"))
    canvas.setFont("Bold", 120)
    canvas.drawCentredString(0, -40, "VOID")
    canvas.setFont("Bold", 14)
    canvas.drawCentredString(0, -66, f"voided {_day(day)}")
    canvas.restoreState()


def _pounds(weight: int | None) -> str:
    return f"{weight:,} lb" if weight is not None else "–"


def _day(day: date) -> str:
    return f"{day:%m/%d/%Y}"

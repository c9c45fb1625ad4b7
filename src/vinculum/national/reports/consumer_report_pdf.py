"""The consumer report on paper: the same answers, chart, checklist and words as on the page (N-802)."""

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

import reportlab
from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.pagesizes import letter
from reportlab.lib.units import inch
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from vinculum.kernel.spoken_day import days_spoken, spoken_day
from vinculum.national.queries.vehicle_history import BrandChecked, VehicleHistory
from vinculum.national.reports import vehicle_chart
from vinculum.national.reports.consumer_report import (
    HOW_TO_READ,
    WHAT_IT_CANNOT_TELL,
    at_a_glance,
    brand_groups,
    is_grave,
    remarks,
    state_names,
)
from vinculum.national.reports.vehicle_chart import VehicleChart

_LEFT, _RIGHT, _TOP, _BOTTOM = 0.7 * inch, letter[0] - 0.7 * inch, letter[1] - 0.7 * inch, 0.8 * inch
_INK, _GREY, _RULE = HexColor("#1b1b1b"), HexColor("#565c65"), HexColor("#c6cace")
_NAVY, _BLUE, _RED, _GREEN = (
    HexColor("#0b2545"),
    HexColor("#005ea2"),
    HexColor("#b50909"),
    HexColor("#146947"),
)
_BAND, _BAND_ODD = HexColor("#c9d8ee"), HexColor("#e4ecf7")
_MOST_LINES: Final = 400
_Place = Callable[[float], float]


def render(history: VehicleHistory, *, vehicle: str, issued_by: str = "") -> bytes:
    """The report as a PDF of US letter pages, without scripts, links or actions.

    `vehicle` is what the VIN says of year, make and model, empty when it says nothing; `issued_by` stands at the
    foot of each page.
    """
    sheet = _Sheet(history, vehicle=vehicle, issued_by=issued_by)
    sheet.head()
    if not history.located:
        sheet.heading("Nothing on record")
        sheet.paragraph(
            "No participating state has reported a title or a brand for this VIN, and no insurer or yard has "
            "reported it. That is no proof of a clean history: the vehicle may be new, the VIN mistyped, or "
            "its state does not report."
        )
    else:
        sheet.glances()
        sheet.warnings()
        sheet.chart()
        sheet.tables()
        sheet.checklist()
    sheet.words()
    return sheet.finish()


@cache
def _use_fonts() -> None:
    fonts = Path(reportlab.__file__).parent / "fonts"
    pdfmetrics.registerFont(TTFont("Plain", fonts / "Vera.ttf"))
    pdfmetrics.registerFont(TTFont("Bold", fonts / "VeraBd.ttf"))


class _Sheet:
    """A pen that goes down the page and begins a new one when it is full."""

    def __init__(self, history: VehicleHistory, *, vehicle: str, issued_by: str) -> None:
        _use_fonts()
        self.history = history
        self.vehicle = vehicle
        self.issued_by = issued_by
        self.bytes = io.BytesIO()
        self.canvas = Canvas(self.bytes, pagesize=letter, pageCompression=1, invariant=True, lang="en-US")
        self.canvas.setTitle(f"Vehicle history report {history.vin}")
        self.canvas.setSubject(f"Vehicle {history.vin}")
        self.page = 1
        self.y = _TOP

    def finish(self) -> bytes:
        self._foot()
        self.canvas.save()
        return self.bytes.getvalue()

    def head(self) -> None:
        self._text(_LEFT, self.y, "VEHICLE HISTORY REPORT", size=9, colour=_GREY)
        self._text(_LEFT, self.y - 24, self.history.vin, size=20, font="Bold", colour=_NAVY)
        said = f"{self.vehicle}, as the VIN says. " if self.vehicle else ""
        at = self.history.reported_at
        self._text(_LEFT, self.y - 40, f"{said}Reported {spoken_day(at)}, {at:%H:%M} UTC.", size=9)
        self.y -= 58

    def glances(self) -> None:
        width = (_RIGHT - _LEFT - 24) / 4
        for number, glance in enumerate(at_a_glance(self.history)):
            x = _LEFT + number * (width + 8)
            self.canvas.setStrokeColor(_RED if glance.warns else _RULE)
            self.canvas.setLineWidth(1.5 if glance.warns else 0.75)
            self.canvas.roundRect(x, self.y - 66, width, 66, 4)
            self._text(x + 8, self.y - 14, glance.heading.upper(), size=7, colour=_GREY)
            lines = _wrapped(glance.answer, font="Bold", size=12, width=width - 16)
            self._text(
                x + 8, self.y - 30, lines[0], size=12, font="Bold", colour=_RED if glance.warns else _NAVY
            )
            for line, words in enumerate(_wrapped(glance.words, font="Plain", size=7, width=width - 16)[:3]):
                self._text(x + 8, self.y - 42 - 9 * line, words, size=7)
        self.y -= 84

    def warnings(self) -> None:
        found = tuple(remarks(self.history))
        if not found:
            return
        self.heading("What does not fit together")
        for sentence in found[:_MOST_LINES]:
            self.paragraph(f"! {days_spoken(sentence)}", colour=_RED)
        self.y -= 6

    def chart(self) -> None:
        drawn = vehicle_chart.draw(self.history)
        if drawn is None:
            return
        scale = (_RIGHT - _LEFT) / vehicle_chart.WIDTH
        self._room(vehicle_chart.HEIGHT * scale + 24)
        self.heading("Where it was titled and what its odometer showed")
        top = self.y + 8
        _draw(self.canvas, drawn, left=_LEFT, top=top, scale=scale)
        self.y = top - vehicle_chart.HEIGHT * scale - 6
        for mark in drawn.marks:
            self.paragraph(f"{mark.number}: {mark.names}, {spoken_day(mark.day)}", colour=_RED)

    def tables(self) -> None:
        self.heading("Titles, newest first")
        for title in self.history.titles[:_MOST_LINES]:
            standing = "current title" if title.current else "former title"
            self._row(
                (spoken_day(title.issue_date), 80),
                (title.jurisdiction_name, 160),
                (f"{title.model_year} {title.make}", 90),
                (standing, 90),
            )
        self._brands()
        self.heading("Odometer readings, newest first")
        falls = tuple(reversed(vehicle_chart.fallen(tuple(reversed(self.history.odometer)))))
        states = state_names(self.history)
        for reading, low in zip(self.history.odometer, falls, strict=True):
            shown = f"{reading.reading:,} {'miles' if reading.unit == 'M' else 'km'}"
            self._row(
                (spoken_day(reading.read_on), 80),
                (states.get(reading.jurisdiction, reading.jurisdiction), 160),
                (shown, 90),
                ("lower than before: impossible" if low else "", 160),
                colour=_RED if low else _INK,
            )
        if self.history.jsi:
            self.heading("Reports of junk and salvage yards and insurers")
        for report in self.history.jsi[:_MOST_LINES]:
            said = f"{report.disposition}{', for export' if report.for_export else ''}"
            by = f"{report.reporter_name} ({report.reporter_kind}, {report.reporter_state})"
            self._row((spoken_day(report.obtained_on), 80), (by, 250), (said, 150), colour=_RED)
        self.heading("Up to when states had reported")
        for state in self.history.data_dates:
            last = state.last_update_at
            said = f"{spoken_day(last)}, {last:%H:%M} UTC" if last else "records taken over; no report since"
            self._row((state.jurisdiction_name, 240), (said, 200))

    def _brands(self) -> None:
        """Each brand on record with its meaning: its name alone tells a buyer little."""
        found = self.history.brands_on_record
        if found:
            self.heading("Brands on record")
        for brand in found:
            colour = _RED if is_grave(brand) else _INK
            for record in brand.records[:_MOST_LINES]:
                said = f"{brand.name}, by {record.brander_name}"
                self._row((spoken_day(record.brand_date), 80), (said, 400), colour=colour)
            self.paragraph(brand.meaning, colour=_GREY)

    def checklist(self) -> None:
        self._room(100)
        self.heading(f"The {len(self.history.brands)} standard brands")
        for group in brand_groups(self.history):
            self._room(30)
            self._text(_LEFT, self.y, group.heading, size=8, font="Bold")
            self.y -= 12
            for first in range(0, len(group.brands), 2):
                self._room(14)
                for column, brand in enumerate(group.brands[first : first + 2]):
                    self._brand(_LEFT + column * 265, brand)
                self.y -= 11 + 9 * max(len(brand.records) for brand in group.brands[first : first + 2])
            self.y -= 4

    def words(self) -> None:
        self.heading("How to read this report")
        for word, meaning in HOW_TO_READ:
            self.paragraph(f"{word}: {meaning}")
        self.heading("What this report does not say")
        for sentence in WHAT_IT_CANNOT_TELL:
            self.paragraph(sentence)

    def heading(self, words: str) -> None:
        self._room(40)
        self.y -= 8
        self._text(_LEFT, self.y, words, size=11, font="Bold", colour=_NAVY)
        self.canvas.setStrokeColor(_RULE)
        self.canvas.setLineWidth(0.75)
        self.canvas.line(_LEFT, self.y - 4, _RIGHT, self.y - 4)
        self.y -= 18

    def paragraph(self, words: str, *, colour: Color = _INK) -> None:
        for line in _wrapped(words, font="Plain", size=8.5, width=_RIGHT - _LEFT):
            self._room(12)
            self._text(_LEFT, self.y, line, size=8.5, colour=colour)
            self.y -= 12
        self.y -= 2

    def _brand(self, x: float, brand: BrandChecked) -> None:
        found = bool(brand.records)
        colour = _RED if is_grave(brand) else _GREEN if found else _GREY
        self._text(
            x,
            self.y,
            "FOUND" if found else "not found",
            size=7,
            font="Bold" if found else "Plain",
            colour=colour,
        )
        size = 8.0 if len(_wrapped(brand.name, font="Plain", size=8, width=205)) == 1 else 6.5
        name = _wrapped(brand.name, font="Plain", size=size, width=205)[0]
        self._text(x + 50, self.y, name, size=size, colour=_INK if found else _GREY)
        for number, record in enumerate(brand.records, start=1):
            said = f"{spoken_day(record.brand_date)}, {record.brander_name}"
            self._text(x + 50, self.y - 9 * number, said, size=7, colour=colour)

    def _row(self, *cells: tuple[str, int], colour: Color = _INK) -> None:
        self._room(12)
        x = _LEFT
        for words, width in cells:
            fitting = _wrapped(words, font="Plain", size=8.5, width=width)
            self._text(x, self.y, fitting[0] if fitting else "", size=8.5, colour=colour)
            x += width
        self.y -= 12

    def _room(self, needed: float) -> None:
        if self.y - needed < _BOTTOM:
            self._foot()
            self.canvas.showPage()
            self.page += 1
            self.y = _TOP

    def _foot(self) -> None:
        words = f"{self.history.vin} · page {self.page}"
        if self.issued_by:
            words = f"{words} · {self.issued_by}"
        self._text(_LEFT, 0.5 * inch, words, size=7, colour=_GREY)

    def _text(
        self, x: float, y: float, words: str, *, size: float, font: str = "Plain", colour: Color = _INK
    ) -> None:
        self.canvas.setFillColor(colour)
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, y, words)


def _wrapped(words: str, *, font: str, size: float, width: float) -> list[str]:
    """The words in lines that fit the width; one that does not fit alone stands alone."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and pdfmetrics.stringWidth(longer, font, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _draw(canvas: Canvas, chart: VehicleChart, *, left: float, top: float, scale: float) -> None:
    """The chart with the pen of the PDF: the same places, the vertical axis turned."""

    def x(place: float) -> float:
        return left + place * scale

    def y(place: float) -> float:
        return top - place * scale

    _draw_grid(canvas, chart, x=x, y=y)
    for band in chart.bands:
        canvas.setFillColor(_BAND_ODD if band.odd else _BAND)
        canvas.setStrokeColor(white)
        bottom = vehicle_chart.BAND_TOP + vehicle_chart.BAND_HEIGHT
        canvas.rect(x(band.x), y(bottom), band.width * scale, vehicle_chart.BAND_HEIGHT * scale, fill=1)
        canvas.setFillColor(_NAVY)
        canvas.setFont("Bold", 7.5)
        canvas.drawString(x(band.x + 5), y(vehicle_chart.BAND_TOP + 19), band.label)
    for mark in chart.marks:
        canvas.setStrokeColor(_RED)
        canvas.setDash(2, 2)
        canvas.line(x(mark.x), y(mark.y), x(mark.x), y(vehicle_chart.PLOT_BOTTOM))
        canvas.setDash()
        canvas.setFillColor(_RED)
        canvas.circle(x(mark.x), y(mark.y), vehicle_chart.MARK_RADIUS * scale, stroke=0, fill=1)
        canvas.setFillColor(white)
        canvas.setFont("Bold", 6.5)
        canvas.drawCentredString(x(mark.x), y(mark.y) - 2.3, str(mark.number))
    canvas.setLineWidth(1.5)
    for leg in chart.legs:
        canvas.setStrokeColor(_RED if leg.falls else _BLUE)
        canvas.setDash([4, 3] if leg.falls else [])
        canvas.line(x(leg.x1), y(leg.y1), x(leg.x2), y(leg.y2))
    canvas.setDash()
    for dot in chart.dots:
        canvas.setFillColor(_RED if dot.falls else _BLUE)
        canvas.circle(x(dot.x), y(dot.y), 3, stroke=0, fill=1)


def _draw_grid(canvas: Canvas, chart: VehicleChart, *, x: _Place, y: _Place) -> None:
    canvas.setStrokeColor(_RULE)
    canvas.setLineWidth(0.5)
    canvas.setFillColor(_GREY)
    canvas.setFont("Plain", 7)
    for tick in chart.miles:
        canvas.line(x(vehicle_chart.LEFT), y(tick.at), x(vehicle_chart.RIGHT), y(tick.at))
        canvas.drawRightString(x(vehicle_chart.LEFT - 8), y(tick.at + 3), tick.label)
    canvas.drawRightString(x(vehicle_chart.LEFT - 8), y(vehicle_chart.PLOT_TOP - 10), "miles")
    for tick in chart.years:
        canvas.line(x(tick.at), y(vehicle_chart.PLOT_TOP), x(tick.at), y(vehicle_chart.PLOT_BOTTOM))
        canvas.drawCentredString(x(tick.at), y(vehicle_chart.PLOT_BOTTOM + 18), tick.label)

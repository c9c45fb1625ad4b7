"""The consumer report: found at a glance, drawn, on paper, passed on; never personal, never a title number."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from counter import NOW, Counter, brand, change_of_state, new_vin
from django.test import Client
from pypdf import PdfReader

from vinculum.entrypoints.web.public import shared_link
from vinculum.entrypoints.web.public.history import PACE
from vinculum.national.casework import jsi
from vinculum.national.law.odometer import Reading
from vinculum.national.queries import vehicle_history
from vinculum.national.queries.vehicle_history import VehicleHistory
from vinculum.national.reports import consumer_report, consumer_report_pdf, vehicle_chart

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def _fresh_pace() -> Iterator[None]:
    PACE.forget()
    yield
    PACE.forget()


def a_life(counter: Counter) -> str:
    """New York 2020, Massachusetts 2022 with 90,000 miles, Connecticut 2024 with 60,000; flood brand in between."""
    vin = new_vin()
    counter.titled(vin, "NY", "NY-SECRET-1", date(2020, 5, 1))
    assert counter.send(brand(vin, "NY", "01", date(2021, 3, 3))).accepted
    assert counter.send(
        change_of_state(vin, ("NY", "NY-SECRET-1"), ("MA", "MA-SECRET-2"), date(2022, 7, 1), odometer=90_000)
    ).accepted
    assert counter.send(
        change_of_state(vin, ("MA", "MA-SECRET-2"), ("CT", "CT-SECRET-3"), date(2024, 6, 3), odometer=60_000)
    ).accepted
    return vin


def report_of(counter: Counter, vin: str) -> VehicleHistory:
    with counter.transaction() as connection:
        return vehicle_history.run(vin, at=NOW, connection=connection)


def test_page_says_what_matters_at_a_glance(counter: Counter) -> None:
    """N-802: current state, last title date, brands, odometer, data dates, explanations and the disclaimer."""
    vin = a_life(counter)
    page = Client().get("/history/", {"vin": vin}).content.decode()
    for words in (
        "Connecticut",
        "Last title issued Jun 3, 2024. 3 titles in 3 states.",
        "Flood damage",
        "The 68 standard brands, each checked",
        "How current this is",
        "How to read this report",
        "have an independent mechanic inspect",
    ):
        assert words in page, words
    assert "The brand “Flood damage”, recorded by New York, is missing on a later title" in page
    assert page.count("<strong>not found</strong>") == 67
    assert page.count("<strong>found</strong>") == 1
    assert "SECRET" not in page
    assert "<script>" not in page.split("<main", 1)[1]


def test_impossible_odometer_is_said(counter: Counter) -> None:
    """N-803: 90,000 and two years later 60,000 cannot be: said in words, in the table and in the drawing."""
    vin = a_life(counter)
    page = Client().get("/history/", {"vin": vin}).content.decode()
    assert "The odometer cannot have shown this in this order." in page
    assert (
        "90,000 miles on Jul 1, 2022 (Massachusetts), then 60,000 miles on Jun 3, 2024 (Connecticut)" in page
    )
    assert page.count("<td>Massachusetts</td>") == page.count("<td>Connecticut</td>") == 1
    assert page.count("lower than before</span>") == 1
    assert page.count('class="vc-leg vc-leg--falls"') == 1
    drawn = vehicle_chart.draw(report_of(counter, vin))
    assert drawn is not None
    assert [dot.falls for dot in drawn.dots] == [False, False, True]


def test_two_current_titles_are_said_and_warn(counter: Counter) -> None:
    """N-103, N-802: a buyer is told that several states hold a current title, at a glance and in a sentence."""
    vin = new_vin()
    counter.titled(vin, "NY", "NY1", make="HOND")
    one = report_of(counter, vin)
    assert not consumer_report.at_a_glance(one)[0].warns
    counter.titled(vin, "MA", "MA1", date(2021, 2, 3), make="TOYT")
    both = report_of(counter, vin)
    glance = consumer_report.at_a_glance(both)[0]
    assert (glance.answer, glance.warns) == ("Massachusetts, New York", True)
    (said,) = consumer_report.remarks(both)
    assert "Several states hold a current title of this vehicle: Massachusetts, New York." in said


def test_possible_odometer_is_not_accused(counter: Counter) -> None:
    """N-803: rising readings, equal ones and kilometres that are more miles raise no remark."""
    readings = (
        Reading(reading=100_000, unit="K", read_on=date(2020, 1, 1), jurisdiction="ON"),
        Reading(reading=62_137, unit="M", read_on=date(2021, 1, 1), jurisdiction="NY"),
        Reading(reading=62_137, unit="M", read_on=date(2022, 1, 1), jurisdiction="NY"),
    )
    assert vehicle_chart.fallen(readings) == (False, False, False)
    vin = new_vin()
    counter.titled(vin, "NY", "NY1")
    assert tuple(consumer_report.remarks(report_of(counter, vin))) == ()


def test_chart_lies_within_its_frame(counter: Counter) -> None:
    """Everything drawn is inside the drawing, bands follow each other without gap, names that do not fit are short."""
    drawn = vehicle_chart.draw(report_of(counter, a_life(counter)))
    assert drawn is not None
    assert [band.label for band in drawn.bands] == ["New York", "Massachusetts", "Connecticut"]
    for first, second in zip(drawn.bands, drawn.bands[1:], strict=False):
        assert abs(first.x + first.width - second.x) < 0.2
    for dot in drawn.dots:
        assert vehicle_chart.LEFT <= dot.x <= vehicle_chart.RIGHT
        assert vehicle_chart.PLOT_TOP <= dot.y <= vehicle_chart.PLOT_BOTTOM
    assert drawn.miles[-1].label == "100,000"
    assert "lower than before" in drawn.words


def test_reports_of_yards_are_drawn(counter: Counter) -> None:
    """N-801, N-802: a yard's report is a mark on its day, after the brand of an earlier one; alone it is drawn too."""
    report = jsi.JsiReport(
        reporter_name="Fictional Yard",
        reporter_kind="salvage yard",
        reporter_state="NY",
        obtained_on=date(2023, 1, 9),
        disposition="crushed",
        for_export=False,
        reported_at=NOW,
    )
    known = replace(report_of(counter, a_life(counter)), jsi=(report,))
    drawn = vehicle_chart.draw(known)
    assert drawn is not None
    assert [(mark.number, mark.names, mark.day) for mark in drawn.marks] == [
        (1, "Flood damage", date(2021, 3, 3)),
        (2, "Salvage yard's report: crushed", date(2023, 1, 9)),
    ]
    assert drawn.bands[1].x < drawn.marks[1].x < drawn.bands[2].x, (
        "obtained while it was titled in Massachusetts"
    )
    alone = vehicle_chart.draw(replace(known, titles=(), odometer=(), brands=()))
    assert alone is not None
    assert alone.bands == ()
    assert len(alone.marks) == 1
    text = PdfReader(io.BytesIO(consumer_report_pdf.render(known, vehicle=""))).pages[0].extract_text()
    assert "2: Salvage yard's report: crushed, Jan 9, 2023" in " ".join(text.split())


@pytest.mark.parametrize("miles", [0, 1, 999, 1001, 44_321, 100_000, 999_999_999])
def test_scale_holds_every_reading(miles: int) -> None:
    """The scale reaches over the highest reading, in four even parts."""
    top = vehicle_chart._round_up(miles)
    assert top >= miles
    assert top % 4 == 0
    assert top <= max(miles, 1000) * 2.6


def test_paper_says_the_same(counter: Counter) -> None:
    """N-802: the PDF has the answers, the warning, every brand and the disclaimer, and no script, link or number."""
    vin = a_life(counter)
    answer = Client().get("/history/report.pdf", {"vin": vin})
    assert answer.headers["Content-Type"] == "application/pdf"
    assert vin in answer.headers["Content-Disposition"]
    reader = PdfReader(io.BytesIO(answer.content))
    text = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    for words in (
        vin,
        "Flood damage",
        "The odometer cannot have shown this in this order.",
        "lower than before: impossible",
        "have an independent mechanic",
        "Massachusetts",
    ):
        assert words in text, words
    assert text.count("not found") == 67
    assert "Jun 3, 2024" in text
    assert not re.search(r"\b20[0-9]{2}-[01][0-9]-[0-3][0-9]\b", text), "days are written as on the page"
    assert "SECRET" not in text
    assert b"/JavaScript" not in answer.content
    assert b"/URI" not in answer.content


def test_paper_says_what_a_brand_means(counter: Counter) -> None:
    """N-802: a brand on record stands with its meaning; thefts are said not to be in the report."""
    content = consumer_report_pdf.render(report_of(counter, a_life(counter)), vehicle="")
    text = " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages)
    assert re.search(r"Flood damage, by [A-Z].{0,40}Fresh-water flood damage", text)
    assert "does not say whether the vehicle is reported stolen" in text


def test_paper_of_nothing(counter: Counter) -> None:
    """N-802: an unknown vehicle is printed as unknown, not clean."""
    content = consumer_report_pdf.render(report_of(counter, new_vin()), vehicle="")
    text = PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert "Nothing on record" in text
    assert "no proof of a clean history" in " ".join(text.split())


def test_link_can_be_passed_on_and_ends(counter: Counter) -> None:
    """N-802: a link opens its VIN for thirty days; one changed by a letter, or made elsewhere, opens nothing."""
    vin, now = a_life(counter), datetime.now(UTC)
    token = shared_link.make(vin, at=now)
    page = Client().get(f"/history/shared/{token}/")
    assert page.status_code == 200
    assert vin in page.content.decode()
    old = shared_link.make(vin, at=now - shared_link.LIFE)
    assert Client().get(f"/history/shared/{old}/").status_code == 410
    for forged in (token[:-1] + ("A" if token[-1] != "A" else "B"), "x" + token, "none"):
        assert Client().get(f"/history/shared/{forged}/").status_code == 404
    with pytest.raises(shared_link.LinkExpired):
        shared_link.open_link(token, at=now + shared_link.LIFE + timedelta(seconds=1))


def test_every_form_of_the_report_is_counted(counter: Counter) -> None:
    """N-802: page, paper and link share one pace: the twenty-first report of a minute is refused."""
    vin = new_vin()
    client, token = Client(), shared_link.make(vin, at=datetime.now(UTC))
    for _ in range(19):
        assert client.get("/history/", {"vin": vin}).status_code == 200
    assert client.get("/history/report.pdf", {"vin": vin}).status_code == 200
    for address in (f"/history/report.pdf?vin={vin}", f"/history/shared/{token}/", f"/history/?vin={vin}"):
        assert client.get(address).status_code == 429


def test_each_showing_is_logged(counter: Counter) -> None:
    """N-207: page, paper and link each leave a line in the inquiry log."""
    vin = new_vin()
    Client().get("/history/", {"vin": vin})
    Client().get("/history/report.pdf", {"vin": vin})
    Client().get(f"/history/shared/{shared_link.make(vin, at=datetime.now(UTC))}/")
    with psycopg.connect(counter.url) as connection:
        asked = connection.execute(
            "SELECT count(*) FROM exchange.inquiry_log WHERE vin = %s AND asker_kind = 'consumer'", (vin,)
        ).fetchone()
    assert asked == (3,)

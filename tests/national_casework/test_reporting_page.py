"""A yard at its page: a VIN that looks mistyped, supplements, months with reports, files that cannot be read."""

from datetime import UTC, datetime, timedelta

import pytest
from counter import new_vin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from test_jsi_reports import AT, a_report, registered

from both_systems import National
from exchange_people import Known, signed_in_person
from people import World
from signed_in import client_of
from vinculum.access import service
from vinculum.access.database import Actor
from vinculum.access.vouching import at_the_exchange
from vinculum.kernel.refusal import Refused
from vinculum.kernel.vin import check_digit
from vinculum.national.casework import jsi_file, report_jsi, reporters

pytestmark = pytest.mark.database
HEADER = ",".join(jsi_file.COLUMNS)


def sound_vin() -> str:
    vin = new_vin()
    return vin[:8] + check_digit(vin) + vin[9:]


def mistyped_vin() -> str:
    vin = sound_vin()
    return vin[:8] + ("1" if vin[8] != "1" else "2") + vin[9:]


@pytest.fixture
def yard(known: Known) -> Actor:
    return registered(known("jsi_reporter", "reporter"))


@pytest.fixture
def browser(world: World, national: National) -> Client:
    person = signed_in_person(world, "jsi_reporter", "reporter")
    name = person.organisation_name
    known = at_the_exchange(person, kind="reporter", code=person.organisation_code, name=name)
    reporters.register(
        organisation_id=known.organisation_id,
        kind="salvage_yard",
        name=name,
        state="CT",
        actor=service.actor(),
        at=datetime.now(UTC) - timedelta(days=1),
    )
    return client_of(person)


def posted(vin: str, **other: str) -> dict[str, str]:
    day = datetime.now(UTC).date().isoformat()
    return {"vin": vin, "obtained_on": day, "obtained_from": "A tow", "disposition": "crushed"} | other


@pytest.mark.parametrize("make", [mistyped_vin, lambda: new_vin()[-6:]])
def test_a_vin_that_looks_mistyped_is_asked_about_once(browser: Client, make: object) -> None:
    """N-602, N-801: a wrong check digit or a short VIN is compared with the vehicle before anything is reported."""
    vin = make()  # type: ignore[operator]
    asked = browser.post(reverse("jsi_report"), posted(vin.lower()))
    assert asked.status_code == 422
    page = asked.content.decode()
    assert f"{vin} stands so on the vehicle" in page
    other = mistyped_vin()
    assert browser.post(reverse("jsi_report"), posted(other, vin_as_seen=vin)).status_code == 422
    done = browser.post(reverse("jsi_report"), posted(vin, vin_as_seen=vin), follow=True)
    assert f"{vin} is reported." in done.content.decode()


def test_a_sound_vin_is_reported_at_once(browser: Client) -> None:
    """N-801: nothing is asked about a VIN whose check digit fits."""
    assert browser.post(reverse("jsi_report"), posted(sound_vin())).status_code == 302


def test_what_becomes_of_it_is_asked_for_in_words(browser: Client) -> None:
    """N-801: a form that leaves the list alone is answered with words of the list, never with codes of files."""
    page = browser.post(reverse("jsi_report"), posted(sound_vin(), disposition="")).content.decode()
    said = page.split("Report many at once")[0]
    assert "Choose it." in said
    assert "Say one of" not in said


def test_a_supplement_is_filled_from_its_report(browser: Client) -> None:
    """N-801: the list leads to a form that has VIN, day, source and number in it; nobody copies a number."""
    vin = sound_vin()
    home = browser.post(reverse("jsi_report"), posted(vin), follow=True).content.decode()
    address = home.split(f"?vin={vin}&amp;supplements=")[1].split("#")[0]
    form = browser.get(reverse("jsi_home"), {"vin": vin, "supplements": address}).content.decode()
    assert "Supplement a report" in form
    for value in (vin, "A tow", address):
        assert f'value="{value}"' in form
    assert '<option value="crushed" selected>' in form
    again = posted(vin, supplements=address, disposition="sold")
    done = browser.post(reverse("jsi_report"), again, follow=True).content.decode()
    assert f"{vin} is supplemented" in done
    assert "superseded" in browser.get(reverse("jsi_home"), {"vin": vin}).content.decode()


def test_no_month_with_reports_is_without_a_vehicle(yard: Actor) -> None:
    """N-801: who has reported a vehicle of a month does not say that there was none, whichever tab is open."""
    month = a_report().obtained_on.replace(day=1)
    report_jsi.check_month(actor=yard, month=month, at=AT)
    report_jsi.run(a_report(), actor=yard, at=AT, channel="form")
    with pytest.raises(Refused) as refused:
        report_jsi.say_nothing_obtained(actor=yard, month=month, at=AT)
    assert [one.code for one in refused.value.refusals] == ["jsi_month_has_reports"]
    assert "November 2026" in refused.value.refusals[0].message
    before = (month - timedelta(days=1)).replace(day=1)
    report_jsi.say_nothing_obtained(actor=yard, month=before, at=AT)


def test_doubtful_vins_of_a_file_are_told(browser: Client) -> None:
    """N-602, N-801: a file's lines are taken all the same, and each VIN that looks mistyped is named with its line."""
    day = datetime.now(UTC).date().isoformat()
    sound, doubtful = sound_vin(), mistyped_vin()
    lines = f"{HEADER}\n{sound},{day},A tow,sold,no,\n{doubtful},{day},A tow,sold,no,\n"
    page = browser.post(
        reverse("jsi_upload"), {"file": SimpleUploadedFile("a.csv", lines.encode())}
    ).content.decode()
    receipt = page.split("h-receipt")[2].split("</section>")[0]
    assert "2 read: 2 taken" in receipt
    assert f"Line 3: The check digit of {doubtful}" in receipt
    assert sound not in receipt


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (HEADER.encode(), "no vehicle"),
        (HEADER.replace(",", ";").encode(), "semicolons"),
        (HEADER.encode() + b"\nx,2026-01-01,Caf\xe9,sold,no,\n", "Line 2"),
    ],
)
def test_a_file_that_cannot_be_read_says_how_to_mend_it(yard: Actor, content: bytes, words: str) -> None:
    """N-505: the place and the cure are said, not the number of a byte."""
    with pytest.raises(jsi_file.FileRefused, match=words):
        jsi_file.run(content, actor=yard, at=AT)


def test_an_unknown_word_is_answered_with_those_known(yard: Actor) -> None:
    """N-505: a line whose disposition is none says which there are."""
    line = f"{sound_vin()},2026-11-01,A tow,gone,no,"
    receipt = jsi_file.run(f"{HEADER}\n{line}\n".encode(), actor=yard, at=AT)
    assert "dismantled, scrapped" in receipt.faults[0].reasons[0]

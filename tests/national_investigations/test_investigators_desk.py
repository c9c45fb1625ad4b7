"""The pages of investigators, the job and the command that scan."""

import json
import re
import threading
from contextlib import nullcontext
from datetime import date, timedelta

import psycopg
import pytest
from django.test import Client
from django.urls import reverse

from exchange_people import Known, signed_in_person
from national_investigations.laid_files import AT, Files, Titled, sound_vin
from people import World
from signed_in import client_of, post_after_step_up
from vinculum.access.database import Actor
from vinculum.entrypoints.cli.main import parser
from vinculum.entrypoints.cli.station import Station
from vinculum.entrypoints.jobs import findings_scan
from vinculum.national.investigations import findings, scan

pytestmark = pytest.mark.database
DAY = date(2024, 5, 6)


@pytest.fixture(scope="module")
def people(world: World, files: Files) -> dict[str, Client]:
    return {
        "NY": client_of(signed_in_person(world, "investigator", "jurisdiction", "NY")),
        "RI": client_of(signed_in_person(world, "investigator", "jurisdiction", "RI")),
        "desk": client_of(signed_in_person(world, "help_desk", "association", "ASSOC")),
        "clerk": client_of(signed_in_person(world, "title_clerk", "jurisdiction", "NY")),
    }


@pytest.fixture
def found(files: Files, system: Actor, known: Known) -> findings.Finding:
    """A vehicle with current titles in two states, its odometer turned back."""
    vin = sound_vin()
    files.lay(vin, Titled(state="NY", day=DAY, odometer=80_000, current=True))
    files.lay(vin, Titled(state="MA", day=DAY + timedelta(days=500), odometer=80_100, current=True))
    scan.run(actor=system, at=AT, whole=True)
    [one] = findings.of_vehicle(vin=vin, actor=known("help_desk", "association", "ASSOC"))
    return one


def address(name: str, found: findings.Finding) -> str:
    return reverse(name, kwargs={"vin": found.vin, "finding_id": found.finding_id})


def test_finding_is_listed_read_and_decided(people: dict[str, Client], found: findings.Finding) -> None:
    """N-206, N-207: shown with rule, entries and chart to whom it concerns, decided there; nothing to anybody else."""
    listed = people["NY"].get(reverse("exchange_findings"), {"kind": "two_places", "score": "90"})
    assert found.vin in listed.content.decode()
    assert (
        found.vin
        not in people["NY"].get(reverse("exchange_findings"), {"kind": "look_alike"}).content.decode()
    )
    page = people["NY"].get(address("exchange_finding", found)).content.decode()
    assert found.rule[:40] in page
    assert "80,100 miles" in page
    assert "Massachusetts, New York" in page
    assert re.search(
        r"(New York and Massachusetts|Massachusetts and New York) each hold a current title", page
    )
    assert "<svg" in page
    for stranger, status in (("RI", 404), ("clerk", 403)):
        assert people[stranger].get(address("exchange_finding", found)).status_code == status
    decide = address("exchange_decide_finding", found)
    assert post_after_step_up(people["RI"], decide, {"move": "confirm", "words": "Yes."}).status_code == 404
    nothing = post_after_step_up(people["NY"], decide, {}).content.decode()
    assert "What is to be done with the finding is missing" in nothing
    assert "Say why" in nothing
    refused = people["NY"].post(decide, {"move": "dismiss", "words": "No."})
    assert refused.status_code == 422
    assert "dismissed with a reason" in refused.content.decode()
    before = waits_at(people["desk"])
    assert people["NY"].post(decide, {"move": "confirm", "words": "Two cars."}).status_code == 302
    assert waits_at(people["desk"]) == before + 1
    page = people["NY"].get(address("exchange_finding", found)).content.decode()
    assert "The help desk of the exchange sees it and puts it to the states." in page
    assert '<span class="vn-tag">Confirmed</span>' in page
    ask = address("exchange_ask_states", found)
    assert people["NY"].post(ask, {"words": "Undo it."}).status_code == 403
    asked = people["desk"].post(ask, {"words": "Undo it."})
    assert asked.status_code == 302
    assert "/title-exchange/changes/" in asked["Location"]
    assert waits_at(people["desk"]) == before


def waits_at(desk: Client) -> int:
    """How many confirmed findings the home of the help desk lists as its work (N-705)."""
    page = desk.get(reverse("exchange_home")).content.decode()
    told = re.search(r'<strong class="vn-num">(\d+)</strong> confirmed findings? to put to the states', page)
    return int(told[1]) if told else 0


def test_a_dismissal_keeps_its_reason(people: dict[str, Client], found: findings.Finding) -> None:
    """N-405: opened again, a finding still tells why somebody had dismissed it, and what was done in plain words."""
    decide = address("exchange_decide_finding", found)
    gone = {"move": "dismiss", "reason": "lawful_exception", "words": "A dealer's plate."}
    assert post_after_step_up(people["NY"], decide, gone).status_code == 302
    assert people["NY"].post(decide, {"move": "reopen", "words": "Not so."}).status_code == 302
    page = people["NY"].get(address("exchange_finding", found)).content.decode()
    assert "Lawful in this case: A dealer&#x27;s plate." in page
    for done in ("Dismissed", "Opened again"):
        assert f'<span class="vn-tag">{done}</span>' in page
    too_long = people["NY"].post(decide, gone | {"words": "x" * 3990})
    assert (too_long.status_code, "Say why" in too_long.content.decode()) == (422, True)


def test_what_is_no_vin_is_told(people: dict[str, Client]) -> None:
    """N-601: a search for something that is no VIN says what is wrong with it."""
    for typed, said in (("1FMCU9GD6KU00100O", "the letter O"), (sound_vin(), "There is none that your")):
        assert said in people["NY"].get(reverse("exchange_findings"), {"vin": typed}).content.decode()


def test_reading_a_finding_is_an_inquiry(
    people: dict[str, Client], found: findings.Finding, files: Files
) -> None:
    """N-207, N-206: each look at the record is logged; a record marked undercover is as if there were none."""
    people["NY"].get(address("exchange_finding", found))
    with psycopg.connect(files.url) as connection:
        logged = connection.execute(
            "SELECT asker, purpose FROM exchange.inquiry_log WHERE vin = %s", (found.vin,)
        ).fetchall()
    assert logged == [("NY", "investigation of a finding")]
    files.mark(found.vin, "MA")
    for who in ("NY", "desk"):
        assert people[who].get(address("exchange_finding", found)).status_code == 404
        assert (
            found.vin not in people[who].get(reverse("exchange_findings"), {"score": "90"}).content.decode()
        )
        assert (
            "There is none"
            in people[who].get(reverse("exchange_findings"), {"vin": found.vin}).content.decode()
        )


def test_job_and_command_scan(files: Files, system: Actor, capsys: pytest.CaptureFixture[str]) -> None:
    """The job scans what is new and ends when told to; a scan that was stopped does not count as one."""
    vin, now = sound_vin(), files.after_scans()
    scan.run(actor=system, at=now)
    files.lay(vin, Titled(state="NY", day=date(2016, 12, 30), current=True), at=now)
    stop = threading.Event()
    stop.set()
    assert findings_scan.scan_once(now=lambda: now, stop=stop) is None
    assert files.kinds(vin) == []
    stop.clear()
    scanned = findings_scan.scan_once(now=lambda: now, stop=stop)
    assert scanned is not None
    assert scanned.found == 1
    assert files.kinds(vin) == ["before_built"]
    stop.set()
    findings_scan.run_until(stop, pause_seconds=0)
    options = parser().parse_args(["exchange", "findings", "scan", "--json"])
    station = Station(key=str, terminal=str, databases=nullcontext)
    assert options.run(options, station) == 0
    assert json.loads(capsys.readouterr().out)["found"] == 0

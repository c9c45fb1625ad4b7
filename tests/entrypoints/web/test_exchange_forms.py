"""The exchange's forms sent empty: everything that is missing is said at once, each at its own field."""

import re
from datetime import UTC, date, datetime
from uuid import uuid4

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from test_exchange_steps import registered_yard

from both_systems import National
from exchange_people import signed_in_person
from lot import new_vin
from people import World
from signed_in import client_of, post_after_step_up
from vinculum.access.vouching import at_the_exchange
from vinculum.entrypoints.web.jurisdictions import JURISDICTIONS
from vinculum.national.alerts import alert_users
from vinculum.national.transactions import admit_jurisdiction

pytestmark = pytest.mark.database


@pytest.fixture(scope="module")
def clerk(world: World, national: National) -> Client:
    return client_of(world.title_clerk())


@pytest.fixture(scope="module")
def desk(world: World, national: National) -> Client:
    return client_of(signed_in_person(world, "help_desk", "association", "ASSOC"))


def said_at_fields(answer: HttpResponse) -> dict[str, str]:
    """What the page says is wrong, by field; each one that the summary links to is on the page and marked."""
    page = answer.content.decode()
    assert answer.status_code == 422, page[:400]
    linked = set(re.findall(r'class="vn-refusal__message"><a href="#f-([^"]+)"', page))
    said = dict(re.findall(r'<span class="vn-error" id="f-([^"]+)-fault">([^<]+)</span>', page))
    assert linked == set(said)
    for field in said:
        control = re.search(rf'<(\w+)[^>]* id="f-{re.escape(field)}"[^>]*>', page)
        assert control is not None, field
        assert f"f-{field}-fault" in control[0], control[0]
        assert control[1] in {"fieldset", "ol", "div"} or 'aria-invalid="true"' in control[0], control[0]
    return said


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("exchange_check", {"vin", "jurisdiction", "title_number", "issue_date"}),
        ("exchange_begin_correction", {"vin", "right_vin", "origin"}),
        ("exchange_propose_rescission", {"vin", "brand_code", "brand_date", "reason"}),
        ("exchange_propose_change", {"vin", "owners", "change", "evidence"}),
        ("exchange_keep_contact", {"telephone", "mailbox"}),
    ],
)
def test_an_empty_form_says_everything(clerk: Client, name: str, fields: set[str]) -> None:
    """N-401, N-307, N-404, N-704, N-702: all refusals at once, each at its field with what to do."""
    said = said_at_fields(clerk.post(reverse(name)))
    assert set(said) == fields
    for field, words in said.items():
        assert len(re.findall(r"[.](?:\s|$)", words)) >= 2, (field, words)  # what is wrong, and what to do
        assert "D20" not in words, words


def test_an_empty_form_of_the_help_desk_says_everything(desk: Client) -> None:
    """N-801, N-702: the same at the help desk, whose form of a reporter waits for the second factor first."""
    said = said_at_fields(post_after_step_up(desk, reverse("exchange_register_reporter"), {}))
    assert set(said) == {"code", "name", "kind", "state"}
    said = said_at_fields(desk.post(reverse("exchange_jsi_sources")))
    assert set(said) == {"vin", "purpose", "case_reference"}
    said = said_at_fields(desk.post(reverse("exchange_keep_contact")))
    assert set(said) == {"jurisdiction", "telephone", "mailbox"}


def test_questions_of_the_address_say_what_is_missing(clerk: Client, desk: Client) -> None:
    """N-303, N-304, N-308: pages that are asked by their address answer an empty question in the same way."""
    assert set(said_at_fields(desk.get(reverse("exchange_recalled"), {"jurisdiction": ""}))) == {
        "jurisdiction"
    }
    asked = {"mode": "", "titling": "", "previous": "-", "document": "-"}
    assert set(said_at_fields(desk.get(reverse("exchange_advice"), asked))) == {"mode", "titling"}
    assert set(said_at_fields(clerk.get(reverse("exchange_draft_clone"), {"vin": ""}))) == {"vin"}


def test_which_vin_is_missing(clerk: Client) -> None:
    """N-307: of two VINs, the refusal names the one that it is about."""
    address = reverse("exchange_begin_correction")
    said = said_at_fields(clerk.post(address, {"origin": "NY"}))
    assert said["vin"].startswith("The wrong VIN is missing.")
    assert said["right_vin"].startswith("The right VIN is missing.")
    odd = {"origin": "NY", "vin": "A/B", "right_vin": "1IGCM82633A004352"}
    said = said_at_fields(clerk.post(address, odd))
    assert said["vin"].startswith("The wrong VIN is no number that the exchange can hold")
    assert said["right_vin"].startswith("The right VIN: Position 2 is the letter I")


def test_a_question_that_was_forgotten_keeps_what_was_found(clerk: Client, national: National) -> None:
    """N-401: without a question no case is opened, and the page shows again what differs, with the field for it."""
    vin = new_vin()
    national.title(jurisdiction="NY", vin=vin, number="NY900")
    paper = {"vin": vin, "jurisdiction": "NY", "title_number": "NY901", "issue_date": "2024-05-06"}
    answer = clerk.post(reverse("exchange_open_case"), paper)
    assert set(said_at_fields(answer)) == {"question"}
    assert "Title number differs" in answer.content.decode()


def test_a_draft_says_everything(clerk: Client, national: National) -> None:
    """N-308: what happened, what was found and the brand's day are all missed at once."""
    vin = new_vin()
    national.title(jurisdiction="CT", vin=vin, number="CT900")
    posted = {"vin": vin, "brand_code": "36"}
    said = said_at_fields(clerk.post(reverse("exchange_draft_clone"), posted))
    assert set(said) == {"titles", "circumstance", "finding", "brander", "brand_date"}


def test_one_long_word_is_taken_as_it_is(clerk: Client) -> None:
    """N-704: quotation marks, mark-up and signs of every script stand on the page as they were typed."""
    odd = "<b>'\"&amp;</b> \U0001f697 " + "x" * 300
    posted = {"vin": new_vin(), "owners": ["NY"], "change": odd, "evidence": odd}
    page = clerk.post(reverse("exchange_propose_change"), posted, follow=True).content.decode()
    assert escape(odd) in page
    assert "<b>" not in page


def test_steps_name_messages_in_words(clerk: Client) -> None:
    """N-307: the steps of a correction name what is sent as the field does, never as programs do."""
    posted = {"vin": new_vin(), "right_vin": new_vin(), "origin": "NY", "enters": "both"}
    page = clerk.post(reverse("exchange_begin_correction"), posted, follow=True).content.decode()
    assert "By: a change of state of title (UT-NM06), with the new VIN" in page
    assert "change_of_state_of_title" not in page


@pytest.fixture
def yard(world: World, national: National) -> Client:
    return client_of(registered_yard(world))


def test_a_report_says_everything(yard: Client) -> None:
    """N-801: day and number of the supplement are read together with all the rest, by form and by file."""
    said = said_at_fields(yard.post(reverse("jsi_report"), {"supplements": "x"}))
    assert set(said) == {"vin", "obtained_on", "obtained_from", "disposition", "supplements"}
    header = "vin,date_obtained,obtained_from,disposition,for_export,supplements"
    file = SimpleUploadedFile("a.csv", f"{header}\n,2026-13-01,,gone,perhaps,x\n".encode())
    page = yard.post(reverse("jsi_upload"), {"file": file}).content.decode()
    for words in (
        "VIN is empty",
        "day obtained must",
        "From whom",
        "gone",
        "for_export is",
        "supplemented report",
    ):
        assert words in page, words


def test_a_removal_says_both(world: World, national: National) -> None:
    """N-703: who is removed, why and what happened: both are asked for, at that user's own form."""
    administrator = signed_in_person(world, "exchange_administrator", "jurisdiction")
    code, name = administrator.organisation_code, administrator.organisation_name
    user = signed_in_person(world, "title_clerk", "jurisdiction", code)
    known = {"kind": "jurisdiction", "code": code, "name": name}
    at = datetime.now(UTC)
    alert_users.ask(wanted_for="Counter", actor=at_the_exchange(user, **known), at=at)
    decider = at_the_exchange(administrator, **known)
    alert_users.decide(person_id=user.person_id, approve=True, actor=decider, at=at)
    address = reverse("alert_end", kwargs={"person_id": user.person_id})
    said = said_at_fields(post_after_step_up(client_of(administrator), address, {}))
    assert set(said) == {f"because-{user.person_id}", f"what-{user.person_id}"}


def test_names_of_two_states(clerk: Client, national: National) -> None:
    """N-108: two names of the published table are written as the states write them, in the pages and the record."""
    with psycopg.connect(national.url) as connection:
        known = dict(connection.execute("SELECT code, name FROM exchange.jurisdiction").fetchall())
    assert dict(JURISDICTIONS).items() <= known.items()
    assert (known["MH"], known["FM"]) == ("Marshall Islands", "Federated States of Micronesia")


def test_days_are_said_as_elsewhere(clerk: Client, national: National) -> None:
    """N-401, N-802: days inside what was found are written as on the rest of the pages."""
    vin = new_vin()
    national.title(jurisdiction="NY", vin=vin, number="NY900", issue_date=date(2024, 5, 6))
    paper = {"vin": vin, "jurisdiction": "NY", "title_number": "NY900", "issue_date": "2024-05-07"}
    page = clerk.post(reverse("exchange_check"), paper).content.decode()
    found = page[page.index('id="found"') : page.index("</section>", page.index('id="found"'))]
    assert "May 7, 2024" in found
    assert "May 6, 2024" in found
    assert "2024-05-06" not in re.sub(r'value="[^"]*"', "", found)


def test_who_was_just_admitted_does_not_take_part_yet(world: World, national: National) -> None:
    """N-705, N-105: before the first update the page says so, with the day by which it is due."""
    with psycopg.connect(national.url) as connection:
        admit_jurisdiction.run("GM", mode=1, at=datetime.now(UTC), connection=connection)
    guam = client_of(signed_in_person(world, "title_clerk", "jurisdiction", "GM"))
    page = guam.get(reverse("exchange_home")).content.decode()
    assert "admitted, no update yet" in page
    assert "The first is due by" in page
    assert "taking part" not in page


def test_names_not_codes_in_what_was_done(clerk: Client) -> None:
    """N-702: whose contact is confirmed is said by name."""
    posted = {"telephone": "555-0100 100", "mailbox": "titles@ct.example", "hours": f"{uuid4()}"}
    page = clerk.post(reverse("exchange_keep_contact"), posted, follow=True).content.decode()
    assert "The contact of Connecticut is confirmed" in page

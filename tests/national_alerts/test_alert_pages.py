"""The alert site by its pages: asked, approved with a second factor, read, removed; hidden from everybody else."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from counter import new_vin
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from test_alert_files import paper, picture

from both_systems import National
from exchange_people import signed_in_person
from people import World
from signed_in import PASSWORD, client_of
from vinculum.access import service
from vinculum.access.database import acting
from vinculum.access.vouching import at_the_exchange
from vinculum.entrypoints.alert_files import store
from vinculum.national.alerts import alert_users, post_alert
from vinculum.national.mailroom.mail import MailFolder
from vinculum.national.mailroom.send_out import Mailroom
from vinculum.national.mailroom.webhook import WebhookCaller

pytestmark = pytest.mark.database


def step_up(client: Client, answer: object) -> None:
    """Prove again who sits there; the form that was sent goes on by itself."""
    location = answer.headers["Location"]  # type: ignore[attr-defined]
    assert location.startswith(reverse("mfa_reauthenticate")), location
    cache.clear()
    where = location.replace(reverse("mfa_reauthenticate"), reverse("account_reauthenticate"))
    assert client.post(where, {"password": PASSWORD}).status_code == 302


def test_from_asking_to_removal(world: World, national: National) -> None:
    """N-703: asked for, approved after stepping up, an alert with files read, removed: all by pages."""
    administrator = signed_in_person(world, "exchange_administrator", "jurisdiction")
    clerk = signed_in_person(world, "title_clerk", "jurisdiction", administrator.organisation_code)
    desk, office = client_of(clerk), client_of(administrator)
    assert desk.get(reverse("alerts")).headers["Location"] == reverse("alert_access")
    assert desk.get(reverse("alert_new")).status_code == 404
    desk.post(reverse("alert_ask"), {"wanted_for": "Counter training"})
    assert "Counter training" in office.get(reverse("alert_users")).content.decode()
    decide = reverse("alert_decide", kwargs={"person_id": clerk.person_id})
    answer = office.post(decide, {"act": "approve"})
    assert desk.get(reverse("alerts")).status_code == 302
    step_up(office, answer)
    assert desk.get(reverse("alerts")).status_code == 200
    posted = {
        "kind": "document",
        "title": f"Forged titles {uuid4()}",
        "body": "The blue thread is printed.",
        "vins": "1HGCM82633A004352",
        "files": [
            SimpleUploadedFile("a.png", picture("PNG"), content_type="text/html"),
            SimpleUploadedFile("b.html", paper(), content_type="text/html"),
        ],
    }
    answer = desk.post(reverse("alert_new"), posted)
    assert answer.status_code == 302, answer.content.decode()
    page = desk.get(answer.headers["Location"])
    assert "The blue thread is printed." in page.content.decode()
    assert f'href="{reverse("history_search")}?vin=1HGCM82633A004352"' in page.content.decode()
    for position, media, shown in ((1, "image/png", "inline"), (2, "application/pdf", "attachment")):
        file = desk.get(f"{answer.headers['Location']}files/{position}/")
        assert file.headers["Content-Type"] == media
        assert file.headers["Content-Disposition"].startswith(shown)
        assert file.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert file.headers["X-Content-Type-Options"] == "nosniff"
        assert file.headers["Cache-Control"] == "no-store"
    end = reverse("alert_end", kwargs={"person_id": clerk.person_id})
    removed = office.post(end, {"because": "unauthorised_use", "words": "Sent a picture on"})
    assert removed.headers["Location"] == reverse("alert_users")
    gone = desk.get(answer.headers["Location"])
    assert gone.headers["Location"].startswith(reverse("account_login"))
    assert "Sent a picture on" in office.get(reverse("alert_users")).content.decode()


def test_what_was_never_approved_is_not_said_to_have_ended(world: World, national: National) -> None:
    """N-703: who was declined reads that, with the administrator's word, and can ask again."""
    administrator = signed_in_person(world, "exchange_administrator", "jurisdiction")
    clerk = signed_in_person(world, "title_clerk", "jurisdiction", administrator.organisation_code)
    desk, office = client_of(clerk), client_of(administrator)
    desk.post(reverse("alert_ask"), {"wanted_for": "Counter"})
    decide = reverse("alert_decide", kwargs={"person_id": clerk.person_id})
    step_up(office, office.post(decide, {"act": "decline", "words": "Ask in spring."}))
    page = desk.get(reverse("alert_access")).content.decode()
    for said in (
        ">not approved</span>",
        "the request was declined",
        "Ask in spring.",
        "Ask the administrator",
    ):
        assert said in page, said
    assert ">ended</span>" not in page


def test_hidden_from_everybody_else(world: World, national: National) -> None:
    """N-703: dealers and reporters, and desks without approval, are answered as if nothing were there."""
    nothing = Client().get("/title-exchange/nothing-of-the-kind/").status_code
    dealer = client_of(world.make_dealer().clerk)
    clerk = client_of(signed_in_person(world, "title_clerk", "jurisdiction"))
    address = reverse("alert", kwargs={"alert_id": uuid4()})
    assert [one.get(address).status_code for one in (dealer, clerk)] == [nothing, nothing] == [404, 404]
    for name in ("alerts", "alert_new", "alert_access", "alert_users"):
        assert dealer.get(reverse(name)).status_code == 404, name
    assert clerk.get(reverse("alert_users")).status_code == 404
    assert "lert" not in dealer.get(reverse("dealer_home")).content.decode().split("<main")[0]


def test_told_by_mail_into_the_emulator(
    world: World, national: National, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """N-703: chosen by page after stepping up; the mail lies in the emulator's mailbox of that person only."""
    folder = MailFolder(directory=tmp_path)
    monkeypatch.setattr("vinculum.entrypoints.web.exchange.alert_users.emulator", lambda: folder)
    clerk, poster = world.title_clerk(), world.title_clerk()
    speaker = partial(at_the_exchange, kind="jurisdiction", code="CT", name="Connecticut")
    decider, at = speaker(world.administrator(), role="exchange_administrator"), datetime.now(UTC)
    for one in (speaker(clerk), speaker(poster)):
        with acting(service.actor(), act="grant_role", database="national") as connection:
            alert_users.set_places(connection, organisation_id=one.organisation_id, most_users=50)
        alert_users.ask(wanted_for="Counter", actor=one, at=at)
        alert_users.decide(person_id=one.person_id, approve=True, actor=decider, at=at)
    desk = client_of(clerk)
    answer = desk.post(reverse("alert_subscribe"), {"channel": "email", "kinds": ["vehicle"]})
    step_up(desk, answer)
    title = f"Cloned van {uuid4()}"
    request = post_alert.Request(kind="vehicle", title=title, body="Look twice.")
    post_alert.run(request, actor=speaker(poster), at=at, store=store())
    room = Mailroom(mailer=folder, caller=WebhookCaller(), sender="x@x.example", site="https://x.example")
    room.send_all_due(actor=service.actor(), at=at)
    mailbox = desk.get(reverse("alert_mailbox")).content.decode()
    assert title in mailbox
    assert 'href="https://x.example/title-exchange/alerts/' in mailbox
    assert title not in client_of(poster).get(reverse("alert_mailbox")).content.decode()
    shown = desk.post(
        reverse("alert_subscribe"), {"channel": "webhook", "kinds": ["vehicle"], "url": "https://x.example/"}
    )
    assert "vw_" in shown.content.decode()
    later = desk.get(reverse("alert_access")).content.decode()
    assert "vw_" not in later
    # Loading the page again that shows the secret sends its form again: the secret stays as it was shown.
    form = {"channel": "webhook", "kinds": ["vehicle"], "url": "https://x.example/"}
    form["press"] = later.split('name="press" value="')[1].split('"')[0]
    assert "vw_" in desk.post(reverse("alert_subscribe"), form).content.decode()
    again = desk.post(reverse("alert_subscribe"), form, follow=True).content.decode()
    assert "kept before" in again
    assert "vw_" not in again
    association = client_of(signed_in_person(world, "help_desk", "association", "ASSOC"))
    all_mails = association.get(reverse("alert_mailbox")).content.decode()
    assert title in all_mails
    assert "Shown are those for" not in all_mails
    monkeypatch.setattr("vinculum.entrypoints.web.exchange.alert_users.emulator", lambda: None)
    assert desk.get(reverse("alert_mailbox")).status_code == 404


@pytest.mark.parametrize(
    "query",
    ["after=x", "after=2026-01-01_x", "after=2026-01-01T00:00:00_" + str(uuid4()), "vin=%00", "kind=x"],
)
def test_odd_questions_are_answered(world: World, national: National, query: str) -> None:
    """N-703: an address that somebody wrote by hand is never a fault of the page."""
    clerk = client_of(signed_in_person(world, "title_clerk", "jurisdiction"))
    assert clerk.get(reverse("alerts") + "?" + query).status_code == 302


def test_agencys_administrator_is_the_jurisdictions(world: World, national: National) -> None:
    """N-703: an agency's administrator decides for its jurisdiction, and has no other right at the exchange."""
    administrator = world.administrator()
    clerk = world.title_clerk()
    client_of(clerk).post(reverse("alert_ask"), {"wanted_for": f"Training {clerk.person_id}"})
    page = client_of(administrator).get(reverse("alert_users")).content.decode()
    assert f"Training {clerk.person_id}" in page
    known = at_the_exchange(
        administrator, kind="jurisdiction", code="CT", name="Connecticut", role="exchange_administrator"
    )
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        acting(known, act="decide_alert_user", database="national") as connection,
    ):
        connection.execute(
            "SELECT access.create_organisation(%s, 'jurisdiction', 'ZZ', 'Nowhere')", (uuid4(),)
        )


def test_alerts_beside_a_title_check(world: World, national: National) -> None:
    """N-703: an alert that names a VIN stands beside its title check for approved desks, and nowhere for consumers."""
    vin, title = new_vin(), f"Cloned saloon {uuid4()}"
    national.title(jurisdiction="NY", vin=vin, number="NY77")
    administrator, approved, plain = world.administrator(), world.title_clerk(), world.title_clerk()
    speaker = partial(at_the_exchange, kind="jurisdiction", code="CT", name="Connecticut")
    user, decider = speaker(approved), speaker(administrator, role="exchange_administrator")
    at = datetime.now(UTC)
    with acting(service.actor(), act="grant_role", database="national") as connection:
        alert_users.set_places(connection, organisation_id=user.organisation_id, most_users=50)
    alert_users.ask(wanted_for="Counter", actor=user, at=at)
    alert_users.decide(person_id=user.person_id, approve=True, actor=decider, at=at)
    request = post_alert.Request(
        kind="vehicle", title=title, body="Look at the dashboard rivets.", vins=[vin]
    )
    post_alert.run(request, actor=user, at=at, store=store())
    paper_shown = {"vin": vin, "jurisdiction": "NY", "title_number": "NY78", "issue_date": "2024-05-06"}
    pages = [client_of(one).post(reverse("exchange_check"), paper_shown) for one in (approved, plain)]
    assert [page.status_code for page in pages] == [200, 200]
    assert [title in page.content.decode() for page in pages] == [True, False]
    public = Client().get(reverse("history_search"), {"vin": vin}).content.decode()
    assert vin in public
    assert title not in public

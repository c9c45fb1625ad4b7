"""Contacts: beside each discrepancy, flagged when stale, asked for by dashboard and mail before that (N-702)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from counter import new_vin
from django.urls import reverse

from both_systems import National
from exchange_people import Known, signed_in_person
from people import World
from signed_in import client_of
from vinculum.access import service
from vinculum.config.scratch import ScratchDatabases
from vinculum.entrypoints.jobs import mailroom as mailroom_job
from vinculum.national.casework import contact_reminders, contacts
from vinculum.national.mailroom.mail import MailFolder
from vinculum.national.mailroom.send_out import Mailroom
from vinculum.national.mailroom.webhook import WebhookCaller

pytestmark = pytest.mark.database


def confirmed(known: Known, code: str, *, days_ago: int) -> datetime:
    """Confirmed so long ago; the moment."""
    at = datetime.now(UTC) - timedelta(days=days_ago, hours=1)
    contacts.keep(
        jurisdiction=code,
        telephone="555-0100 200",
        mailbox=f"titles@{code.lower()}.example",
        hours="",
        actor=known("title_clerk", "jurisdiction", code),
        at=at,
    )
    return at


def mails_owed(databases: ScratchDatabases, code: str) -> list[tuple[str, str]]:
    with psycopg.connect(databases.admin_national_url) as connection:
        return connection.execute(
            "SELECT address, subject FROM exchange.outgoing WHERE cause LIKE %s ORDER BY cause",
            (f"contact {code} of %",),
        ).fetchall()


def test_asked_by_mail_once_a_month(known: Known, databases: ScratchDatabases, tmp_path: Path) -> None:
    """N-702: from a month before it goes stale the contact is asked by mail, each month once; confirming ends it."""
    began = confirmed(known, "RI", days_ago=300)
    program = service.actor()
    days = (0, 334, 336, 337, 360, 367, 396, 397, 480, 600, 900)
    counted = []
    for day in days:
        contact_reminders.owe(actor=program, at=began + timedelta(days=day))
        counted.append(len(mails_owed(databases, "RI")))
    assert counted == [0, 0, 1, 1, 1, 2, 3, 3, 4, 4, 4]
    assert set(mails_owed(databases, "RI")) == {("titles@ri.example", "Confirm the contact of Rhode Island")}
    folder = MailFolder(directory=tmp_path)
    room = Mailroom(mailer=folder, caller=WebhookCaller(), sender="x@x.example", site="https://x.example")
    room.send_all_due(actor=program, at=began + timedelta(days=1000))
    said = [mail.get_content() for mail in folder.mails() if mail["To"] == "titles@ri.example"]
    assert len(said) == 4
    assert "Jurisdiction: Rhode Island" in said[0]
    assert "Read it at https://x.example/title-exchange/contacts/" in said[0]
    again = confirmed(known, "RI", days_ago=0)
    assert contact_reminders.owe(actor=program, at=again + timedelta(days=300)) == 0


def test_the_job_asks(known: Known, databases: ScratchDatabases) -> None:
    """N-702: the mailroom's job asks those that are due."""
    confirmed(known, "MA", days_ago=340)
    assert mailroom_job.ask_contacts(now=lambda: datetime.now(UTC))
    assert len(mails_owed(databases, "MA")) == 1


@pytest.mark.parametrize(
    ("days_ago", "said", "unsaid"),
    [
        (1, "", "Confirm it"),
        (340, "goes stale", "was last confirmed"),
        (370, "was last confirmed", "goes stale"),
    ],
)
def test_dashboard_asks(
    world: World, known: Known, national: National, days_ago: int, said: str, unsaid: str
) -> None:
    """N-702: the jurisdiction's dashboard asks for the confirmation in time, and the help desk's counts the stale."""
    confirmed(known, "NY", days_ago=days_ago)
    page = client_of(signed_in_person(world, "title_clerk", "jurisdiction", "NY")).get(
        reverse("exchange_home")
    )
    text = page.content.decode()
    assert said in text
    assert unsaid not in text
    desk = client_of(signed_in_person(world, "help_desk", "association", "ASSOC"))
    assert "stale or missing" in desk.get(reverse("exchange_home")).content.decode()


@pytest.mark.parametrize(("days_ago", "stale"), [(1, False), (370, True)])
def test_beside_a_discrepancy(
    world: World, known: Known, national: National, reporting: None, days_ago: int, stale: bool
) -> None:
    """N-702: whom to call stands beside the discrepancy, flagged when nobody confirmed it for a year."""
    confirmed(known, "NY", days_ago=days_ago)
    vin = new_vin()
    national.title(jurisdiction="NY", vin=vin, number="NY5")
    paper = {"vin": vin, "jurisdiction": "NY", "title_number": "NY6", "issue_date": "2024-05-06"}
    page = client_of(world.title_clerk()).post(reverse("exchange_check"), paper).content.decode()
    assert "555-0100 200" in page
    assert ("not confirmed" in page or "stale" in page) == stale

"""Told of new alerts: owed with the alert, sent until delivered or given up, with no more in it than it must."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.urls import reverse

from national_alerts.conftest import AT, Office
from vinculum.access import service
from vinculum.access.database import Actor, acting
from vinculum.access.sealing import unseal
from vinculum.config.scratch import ScratchDatabases
from vinculum.kernel.refusal import Refused
from vinculum.national.alerts import alert_users, post_alert, subscriptions
from vinculum.national.alerts.file_store import FileStore
from vinculum.national.alerts.find_alerts import NoSuchAlert
from vinculum.national.mailroom.mail import MailFolder, NoMailer
from vinculum.national.mailroom.send_out import MOST_ATTEMPTS, Mailroom
from vinculum.national.mailroom.webhook import NotDelivered, WebhookCaller

pytestmark = pytest.mark.database
SECRET_BODY = "Zacharias Canaryperson of Nowhere Lane"
SENT = AT + timedelta(minutes=1)


class Hook(WebhookCaller):
    """A caller that notes what it would send."""

    def __init__(self) -> None:
        super().__init__()
        object.__setattr__(self, "sent", [])

    def send(self, url: str, **said: Any) -> None:
        self.sent.append((url, said))  # type: ignore[attr-defined]


def a_mailroom(tmp_path: Path, **other: Any) -> Mailroom:
    given = {"mailer": MailFolder(directory=tmp_path / "mail"), "caller": Hook(), "site": "https://x.example"}
    return Mailroom(**(given | {"sender": "exchange@x.example"} | other))


def posted(user: Actor, store: FileStore, **other: Any) -> Any:
    request = post_alert.Request(
        kind="material", title=f"Seals stolen {uuid4()}", body=SECRET_BODY, jurisdiction="CT"
    )
    request = replace(request, **other)
    return post_alert.run(request, actor=user, at=AT, store=store), request.title


def subscribed(user: Actor, channel: str = "email", kinds: tuple[str, ...] = ("material",)) -> str:
    return subscriptions.choose(
        channel=channel,
        kinds=kinds,
        email=f"{user.person_id}@desk.example",
        url="https://hooks.example/in?x=1",
        actor=user,
        at=AT,
    )


def owed_to(user: Actor) -> list[tuple[str, str]]:
    return [(one.subject, one.state) for one in subscriptions.own(actor=user)[1]]


@pytest.fixture(autouse=True)
def _nothing_waits(databases: ScratchDatabases, world: object) -> None:
    with psycopg.connect(databases.admin_national_url) as connection:
        connection.execute("DELETE FROM exchange.alert_subscription")
        connection.execute(
            "UPDATE exchange.outgoing SET state = 'withdrawn', settled_at = created_at WHERE state = 'pending'"
        )


def test_a_mail_says_no_more_than_it_must(
    office: Office, new_office: Callable[[], Office], store: FileStore, tmp_path: Path
) -> None:
    """N-703: kind, jurisdiction, title and a link; never the text of the alert, nor who posted it."""
    poster, reader = office.user(), new_office().user()
    subscribed(reader)
    alert_id, title = posted(poster, store, vins=["1HGCM82633A004352"])
    assert owed_to(reader) == [(f"Alert (material, CT): {title}", "pending")]
    room = a_mailroom(tmp_path)
    assert room.send_all_due(actor=service.actor(), at=SENT) == 1
    assert owed_to(reader) == [(f"Alert (material, CT): {title}", "delivered")]
    (mail,) = room.mailer.mails()  # type: ignore[attr-defined]
    text: str = mail.get_content()
    link = reverse("alert", kwargs={"alert_id": alert_id})
    assert mail["To"] == f"{reader.person_id}@desk.example"
    assert text.splitlines() == [
        "Kind: material",
        f"Title: {title}",
        "Jurisdiction: CT",
        "",
        f"Read it at https://x.example{link}",
    ]
    for unsaid in (SECRET_BODY, "1HGCM82633A004352", poster.person_name):
        assert unsaid not in mail.as_string()
    assert room.send_all_due(actor=service.actor(), at=SENT) == 0


def test_a_webhook_is_signed_with_its_secret(office: Office, store: FileStore, tmp_path: Path) -> None:
    """N-703: by webhook the same facts as JSON, signed with the secret that was shown once and lies sealed."""
    reader = office.user()
    secret = subscribed(reader, "webhook")
    alert_id, title = posted(office.user(), store)
    room = a_mailroom(tmp_path)
    assert room.send_all_due(actor=service.actor(), at=SENT) == 1
    ((url, said),) = room.caller.sent  # type: ignore[attr-defined]
    assert url == "https://hooks.example/in?x=1"
    assert said["secret"] == secret
    for part in (b'"event":"alert.posted"', str(alert_id).encode(), title.encode()):
        assert part in said["body"]
    assert SECRET_BODY.encode() not in said["body"]
    with acting(reader, act="show_alerts", database="national") as connection:
        row = connection.execute("SELECT secret_sealed FROM exchange.alert_subscription").fetchone()
    assert row is not None
    assert secret not in row[0]
    assert unseal(row[0]) == secret


def test_who_is_told_of_what(office: Office, store: FileStore) -> None:
    """N-703: not of other kinds, not who posted it, not who wants none or is no user any more."""
    poster, other_kind, none, gone = (office.user() for _ in range(4))
    subscribed(poster)
    subscribed(other_kind, kinds=("vehicle",))
    subscribed(none)
    subscribed(none, "none")
    subscribed(gone)
    _, first = posted(poster, store)
    assert [subject for subject, _ in owed_to(gone)] == [f"Alert (material, CT): {first}"]
    assert owed_to(poster) == owed_to(other_kind) == owed_to(none) == []
    alert_users.end(
        person_id=gone.person_id,
        because="unauthorised_use",
        words="Sent it on",
        actor=office.administrator,
        at=AT,
        close_sessions=lambda _: None,
    )
    posted(poster, store)
    with acting(service.actor(), act="deliver_notices", database="national") as connection:
        states = connection.execute(
            "SELECT state FROM exchange.outgoing WHERE person_id = %s", (gone.person_id,)
        ).fetchall()
    assert states == [("withdrawn",)]


def test_owed_in_the_alerts_own_transaction(office: Office, databases: ScratchDatabases) -> None:
    """N-703: an alert that is not posted owes nothing; one that is owes at once, by the same transaction."""
    reader, poster = office.user(), office.user()
    subscribed(reader)
    for ends_well in (False, True):
        with acting(poster, act="post_alert", database="national") as connection:
            connection.execute(
                "INSERT INTO exchange.alert (alert_id, kind, title, body, organisation_id, posted_for, posted_at,"
                " posted_by, posted_by_name) VALUES (%s, 'material', 'Title', 'Body', %s, 'x', %s, %s, 'x')",
                (uuid4(), poster.organisation_id, AT, poster.person_id),
            )
            if not ends_well:
                connection.rollback()
        assert len(owed_to(reader)) == ends_well


class Broken:
    """A mail server that is not there."""

    def send(self, message: EmailMessage) -> None:
        raise NotDelivered("No answer: ConnectionRefusedError.")


def test_tried_again_and_given_up(office: Office, store: FileStore, tmp_path: Path) -> None:
    """N-703: a failure is noted and tried again after a pause that grows; after two days it is given up."""
    reader = office.user()
    subscribed(reader)
    posted(office.user(), store)
    broken, sound = a_mailroom(tmp_path, mailer=Broken()), a_mailroom(tmp_path)
    assert broken.send_all_due(actor=service.actor(), at=SENT) == 1
    assert broken.send_all_due(actor=service.actor(), at=SENT + timedelta(seconds=29)) == 0
    (delivery,) = subscriptions.own(actor=reader)[1]
    assert (delivery.state, delivery.attempts) == ("pending", 1)
    assert delivery.last_error == "No answer: ConnectionRefusedError."
    assert sound.send_all_due(actor=service.actor(), at=SENT + timedelta(seconds=30)) == 1
    assert owed_to(reader)[0][1] == "delivered"
    posted(office.user(), store)
    at: datetime = SENT
    for _ in range(MOST_ATTEMPTS):
        at += timedelta(hours=6)
        assert broken.send_all_due(actor=service.actor(), at=at) == 1
    assert sorted(state for _, state in owed_to(reader)) == ["delivered", "given_up"]
    assert broken.send_all_due(actor=service.actor(), at=at + timedelta(days=9)) == 0
    assert at - SENT > timedelta(days=2)


def test_without_a_mail_server(office: Office, store: FileStore, tmp_path: Path) -> None:
    """N-703: where no server is set, the mail waits and says why."""
    reader = office.user()
    subscribed(reader)
    posted(office.user(), store)
    a_mailroom(tmp_path, mailer=NoMailer()).send_all_due(actor=service.actor(), at=SENT)
    assert "VINCULUM_MAIL" in subscriptions.own(actor=reader)[1][0].last_error


@pytest.mark.parametrize(
    ("channel", "kinds", "url", "fields"),
    [
        ("pigeon", ["vehicle"], "", {"channel"}),
        ("email", [], "", {"kinds"}),
        ("email", ["rumour"], "", {"kinds"}),
        ("webhook", ["vehicle"], "http://hooks.example/", {"url"}),
        ("webhook", ["vehicle"], "https://hooks.example:8443/", {"url"}),
        ("webhook", ["vehicle"], "https://me:secret@hooks.example/", {"url"}),
        ("webhook", [], "ftp://x", {"kinds", "url"}),
    ],
)
def test_choices_that_are_none(
    office: Office, channel: str, kinds: list[str], url: str, fields: set[str]
) -> None:
    """N-703: all that is wrong with a choice is said together."""
    with pytest.raises(Refused) as refused:
        subscriptions.choose(
            channel=channel, kinds=kinds, email="a@b.example", url=url, actor=office.user(), at=AT
        )
    assert {one.field for one in refused.value.refusals} == fields


def test_only_users_choose_and_only_for_themselves(office: Office) -> None:
    """N-703: who is no user cannot subscribe, nor anybody for another; nobody reads another's deliveries."""
    with pytest.raises(NoSuchAlert):
        subscribed(office.clerk())
    user, other = office.user(), office.user()
    subscribed(other)
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        acting(user, act="show_alerts", database="national") as connection,
    ):
        connection.execute(
            "INSERT INTO exchange.alert_subscription VALUES (%s, %s, 'email', '{vehicle}', 'a@b.c', '', now())",
            (uuid4(), user.organisation_id),
        )
    with acting(user, act="show_alerts", database="national") as connection:
        assert connection.execute("SELECT 1 FROM exchange.alert_subscription").fetchone() is None
        assert (
            connection.execute(
                "UPDATE exchange.outgoing SET state = 'withdrawn', settled_at = now()"
            ).rowcount
            == 0
        )

"""The alert site of the demonstration: users who were approved, one who asks, and alerts about things that never were.

Made by the acts of the product, in the names of those who sign in.
"""

import io
from dataclasses import dataclass
from datetime import datetime, timedelta

from PIL import Image, ImageDraw

from vinculum.access.database import Actor
from vinculum.entrypoints.alert_files import store
from vinculum.national.alerts import alert_users, post_alert, subscriptions
from vinculum.national.alerts.alert import KINDS


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertDesks:
    """Those of the demonstration who use the site, and who decide on it."""

    new_york: Actor
    new_york_administrator: Actor
    connecticut: Actor
    agency: Actor
    help_desk: Actor


_ALERTS = (
    (
        60,
        post_alert.Request(
            kind="document",
            title="Invented example: titles of Nowhere with a printed thread",
            body="Genuine specimens of this demonstration have a woven blue thread on the left; the forgeries show a"
            " printed one that does not stand out under a lamp held flat.\n\nDetection: tilt the paper, feel the"
            " thread, look for the doubled serial number.\n\nCall: the title desk of New York, demonstration line"
            " 555-0100.",
            jurisdiction="NY",
            numbers=("NOWHERE-000417",),
        ),
    ),
    (
        9,
        post_alert.Request(
            kind="material",
            title="Invented example: box of blank titles lost between printer and office",
            body="One hundred blank titles of this demonstration were not in the van when it arrived. Whoever is shown"
            " one asks its state before anything is issued.",
            jurisdiction="NY",
            numbers=("DEMO000100 to DEMO000199",),
        ),
    ),
)


def load_alerts(*, vin: str, desks: AlertDesks, at: datetime) -> None:
    """Approve the users, leave one who asks, and post the alerts; one names a vehicle of the documented cases."""
    for user, administrator in (
        (desks.new_york, desks.new_york_administrator),
        (desks.connecticut, desks.agency),
    ):
        asked = at - timedelta(days=90)
        alert_users.ask(wanted_for="Training at the counter", actor=user, at=asked)
        alert_users.decide(person_id=user.person_id, approve=True, actor=administrator, at=asked)
    for user, email in (
        (desks.new_york, "titles@newyork.example"),
        (desks.connecticut, "titles@dmv.example"),
    ):
        subscriptions.choose(channel="email", kinds=tuple(KINDS), email=email, url="", actor=user, at=at)
    alert_users.ask(wanted_for="Answering states that call", actor=desks.help_desk, at=at)
    for days, request in _ALERTS:
        post_alert.run(request, actor=desks.new_york, at=at - timedelta(days=days), store=store())
    cloned = post_alert.Request(
        kind="vehicle",
        title="Invented example: one number on two cars",
        body="The same number was seen on a red and on a blue car of this demonstration in one week. Compare the plate"
        " behind the windscreen with the one in the door frame.",
        jurisdiction="CT",
        vins=(vin,),
        files=(("both cars.png", _drawing()),),
    )
    post_alert.run(cloned, actor=desks.connecticut, at=at - timedelta(days=1), store=store())


def _drawing() -> bytes:
    """Two cars as a child would draw them."""
    image = Image.new("RGB", (640, 240), "#f5f6f8")
    pen = ImageDraw.Draw(image)
    for left, colour in ((40, "#b50909"), (350, "#005ea2")):
        pen.rounded_rectangle((left, 110, left + 250, 180), radius=24, fill=colour)
        pen.polygon(((left + 50, 112), (left + 90, 60), (left + 180, 60), (left + 215, 112)), fill=colour)
        for wheel in (left + 40, left + 170):
            pen.ellipse((wheel, 155, wheel + 46, 201), fill="#1b1b1b")
    drawn = io.BytesIO()
    image.save(drawn, "PNG")
    return drawn.getvalue()

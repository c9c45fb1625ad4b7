"""The mailroom's round: every piece that is due, by its way (N-703)."""

import json
from datetime import datetime
from typing import Final

from vinculum.access import delivery
from vinculum.access.database import Actor
from vinculum.access.sealing import SealBroken, unseal
from vinculum.national.mailroom.mail import Mailer, compose
from vinculum.national.mailroom.queue import MailroomQueue, Outgoing
from vinculum.national.mailroom.webhook import NotDelivered, WebhookCaller

# Half a minute after the first failure, then longer and longer; given up after two days.
WAITS: Final = (30, 120, 600, 3600, 6 * 3600)
MOST_ATTEMPTS: Final = 12


class Mailroom:
    """How pieces leave the house here: the mail server, the caller of webhooks, the address of our pages."""

    def __init__(self, *, mailer: Mailer, caller: WebhookCaller, sender: str, site: str) -> None:
        self.mailer = mailer
        self.caller = caller
        self.sender = sender
        self.site = site

    def send_all_due(self, *, actor: Actor, at: datetime, limit: int = 200) -> int:
        """Send whatever is due at that instant; how many pieces were tried."""
        tried = 0
        while tried < limit and self._send_next(actor=actor, at=at):
            tried += 1
        return tried

    def _send_next(self, *, actor: Actor, at: datetime) -> bool:
        return delivery.deliver_next(
            MailroomQueue(actor=actor),
            send=lambda owed: self._send(owed, at=at),
            failures=(NotDelivered, SealBroken),
            at=at,
            waits=WAITS,
            most_attempts=MOST_ATTEMPTS,
        )

    def _send(self, owed: Outgoing, *, at: datetime) -> None:
        if owed.channel == "email":
            self.mailer.send(compose(owed, sender=self.sender, site=self.site))
            return
        document = {**owed.facts, "link": self.site.rstrip("/") + owed.link}
        self.caller.send(
            owed.address,
            secret=unseal(owed.secret_sealed),
            delivery_id=str(owed.outgoing_id),
            body=json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(),
            at=at,
        )

"""Asking jurisdictions to confirm their contact, by mail, from a month before it goes stale (N-702)."""

from datetime import datetime
from typing import Final

from psycopg.types.json import Jsonb

from vinculum.access.database import Actor, acting
from vinculum.access.permissions import require
from vinculum.national.casework.contacts import ASKED_BEFORE, all_contacts
from vinculum.national.mailroom.queue import ACT

# A mail when it is due, and again every month; a mailbox that nobody reads is left alone after half a year.
_MOST_MAILS: Final = 6
_LINK: Final = "/title-exchange/contacts/"


def owe(*, actor: Actor, at: datetime) -> int:
    """Owe a mail to each contact that is due to be confirmed, once a month; how many were owed anew."""
    require(actor, ACT)
    owed = 0
    with acting(actor, act=ACT, database="national") as connection:
        for contact in all_contacts(connection):
            stale_from = contact.stale_from
            if contact.confirmed_at is None or stale_from is None or not contact.is_due(at=at):
                continue
            month = (at - (stale_from - ASKED_BEFORE)) // ASKED_BEFORE + 1
            if month > _MOST_MAILS:
                continue
            facts = {
                "jurisdiction": contact.name,
                "confirmed": f"{contact.confirmed_at:%Y-%m-%d}",
                "stale from": f"{stale_from:%Y-%m-%d}",
            }
            owed += connection.execute(
                "INSERT INTO exchange.outgoing (cause, channel, address, subject, facts, link, next_attempt_at,"
                " created_at) VALUES (%s, 'email', %s, %s, %s, %s, %s, %s) ON CONFLICT (cause) DO NOTHING",
                (
                    f"contact {contact.jurisdiction} of {contact.confirmed_at.isoformat()}, mail {month}",
                    *(contact.mailbox, f"Confirm the contact of {contact.name}", Jsonb(facts), _LINK, at, at),
                ),
            ).rowcount
    return owed

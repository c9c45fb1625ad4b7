"""Being told of new alerts: by e-mail to the own address, by webhook, or not at all; of which kinds (N-703)."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from vinculum.access.database import Actor, acting
from vinculum.access.permissions import require
from vinculum.access.sealing import seal
from vinculum.kernel.refusal import Refused
from vinculum.national.alerts.alert import KINDS
from vinculum.national.alerts.find_alerts import NoSuchAlert
from vinculum.national.alerts.refusals import refusal
from vinculum.national.mailroom.webhook import AddressRefused, check_address

CHANNELS: Final = {
    "none": "not at all",
    "email": "by e-mail to my sign-in address",
    "webhook": "by webhook",
}
_ACT: Final = "show_alerts"
_SHOWN: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What somebody wants to be told, and how."""

    channel: str = "none"
    kinds: tuple[str, ...] = tuple(KINDS)
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of a piece that was owed."""

    subject: str
    channel: str
    state: str
    attempts: int
    last_error: str
    created_at: datetime
    settled_at: datetime | None


def own(*, actor: Actor) -> tuple[Subscription, tuple[Delivery, ...]]:
    """The actor's choice, and the latest that were sent."""
    require(actor, _ACT)
    with acting(actor, act=_ACT, database="national") as connection:
        row = connection.execute(
            "SELECT channel, kinds, address FROM exchange.alert_subscription WHERE person_id = %s",
            (actor.person_id,),
        ).fetchone()
        sent = connection.execute(
            "SELECT subject, channel, state, attempts, last_error, created_at, settled_at FROM exchange.outgoing"
            " WHERE person_id = %s ORDER BY created_at DESC LIMIT %s",
            (actor.person_id, _SHOWN),
        ).fetchall()
    deliveries = tuple(
        Delivery(
            subject=one[0],
            channel=one[1],
            state=one[2],
            attempts=one[3],
            last_error=one[4],
            created_at=one[5],
            settled_at=one[6],
        )
        for one in sent
    )
    return (
        Subscription(channel=row[0], kinds=tuple(row[1]), address=row[2]) if row else Subscription(),
        deliveries,
    )


def choose(*, channel: str, kinds: Sequence[str], email: str, url: str, actor: Actor, at: datetime) -> str:
    """Keep the choice; of a webhook the secret that signs it, made anew and shown this once. Raises Refused.

    `email` is the address under which the person signs in; nobody has mail sent to another.
    """
    require(actor, _ACT)
    _check(channel, kinds=kinds, url=url)
    secret = f"vw_{secrets.token_urlsafe(32)}" if channel == "webhook" else ""
    address = {"email": email, "webhook": url.strip()}.get(channel, "")
    with acting(actor, act=_ACT, database="national") as connection:
        row = connection.execute("SELECT exchange.uses_alerts()").fetchone()
        if row is None or not row[0]:
            raise NoSuchAlert
        connection.execute(
            "INSERT INTO exchange.alert_subscription (person_id, organisation_id, channel, kinds, address,"
            " secret_sealed, changed_at) VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (person_id) DO UPDATE SET"
            " channel = excluded.channel, kinds = excluded.kinds, address = excluded.address,"
            " secret_sealed = excluded.secret_sealed, changed_at = excluded.changed_at",
            (
                *(actor.person_id, actor.organisation_id, channel, list(kinds), address),
                *(seal(secret) if secret else "", at),
            ),
        )
        # What still waits was meant for the way that was chosen before.
        connection.execute(
            "UPDATE exchange.outgoing SET state = 'withdrawn', settled_at = %s"
            " WHERE person_id = %s AND state = 'pending'",
            (at, actor.person_id),
        )
    return secret


def _check(channel: str, *, kinds: Sequence[str], url: str) -> None:
    refusals = []
    if channel not in CHANNELS:
        refusals.append(
            refusal("missing_field", "Say how you want to be told.", "Choose one.", field="channel")
        )
    if set(kinds) - set(KINDS) or (channel != "none" and not kinds):
        refusals.append(
            refusal("missing_field", "Say of which alerts.", "Choose at least one kind.", field="kinds")
        )
    if channel == "webhook":
        try:
            check_address(url.strip())
        except AddressRefused as fault:
            remedy = "Give the https address of a program of yours."
            refusals.append(refusal("invalid_field", str(fault), remedy, field="url"))
    if refusals:
        raise Refused(refusals)

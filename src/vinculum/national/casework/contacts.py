"""Whom to call in another jurisdiction: a group's telephone and mailbox, confirmed every year (N-702)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import psycopg

from vinculum.access.database import Actor, acting
from vinculum.access.permissions import require
from vinculum.kernel.refusal import Refusal, Refused

CONFIRMED_FOR: Final = timedelta(days=365)
# So long before it goes stale its own people are asked to confirm it.
ASKED_BEFORE: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A jurisdiction's help desk as others reach it; empty where nothing was entered."""

    jurisdiction: str
    name: str
    telephone: str = ""
    mailbox: str = ""
    hours: str = ""
    confirmed_at: datetime | None = None

    def is_stale(self, *, at: datetime) -> bool:
        """Not confirmed for a year, or never entered."""
        return self.confirmed_at is None or at > self.confirmed_at + CONFIRMED_FOR

    def is_due(self, *, at: datetime) -> bool:
        """To be confirmed: stale, or within a month of it."""
        return self.confirmed_at is None or at > self.confirmed_at + CONFIRMED_FOR - ASKED_BEFORE

    @property
    def stale_from(self) -> datetime | None:
        """When it goes stale; None when nothing was entered."""
        return None if self.confirmed_at is None else self.confirmed_at + CONFIRMED_FOR


_READ: Final = (
    "SELECT j.code, j.name, coalesce(c.telephone, ''), coalesce(c.mailbox, ''), coalesce(c.hours, ''), c.confirmed_at"
    "  FROM exchange.jurisdiction AS j LEFT JOIN exchange.contact AS c ON c.jurisdiction = j.code"
)


def all_contacts(connection: psycopg.Connection[Any]) -> tuple[Contact, ...]:
    """The contacts of every jurisdiction that was admitted or has entered one."""
    rows = connection.execute(
        _READ + " WHERE j.participation_mode IS NOT NULL OR c.jurisdiction IS NOT NULL ORDER BY j.name"
    ).fetchall()
    return tuple(_contact(row) for row in rows)


def contact_of(connection: psycopg.Connection[Any], jurisdiction: str) -> Contact | None:
    """One jurisdiction's contact; None when there is no such jurisdiction."""
    row = connection.execute(_READ + " WHERE j.code = %s", (jurisdiction,)).fetchone()
    return _contact(row) if row else None


def keep(*, jurisdiction: str, telephone: str, mailbox: str, hours: str, actor: Actor, at: datetime) -> None:
    """Enter a contact, or confirm it by keeping it as it is. Raises Refused."""
    require(actor, "keep_contact")
    try:
        with acting(actor, act="keep_contact", database="national") as connection:
            connection.execute(
                "INSERT INTO exchange.contact (jurisdiction, telephone, mailbox, hours, confirmed_at, confirmed_by)"
                " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (jurisdiction) DO UPDATE SET"
                " telephone = excluded.telephone, mailbox = excluded.mailbox, hours = excluded.hours,"
                " confirmed_at = excluded.confirmed_at, confirmed_by = excluded.confirmed_by",
                (jurisdiction, telephone, mailbox, hours, at, actor.person_id),
            )
    except psycopg.errors.CheckViolation as fault:
        raise Refused([_misread(fault.diag.constraint_name or "")]) from fault
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ForeignKeyViolation) as fault:
        refusal = Refusal(
            code="contact_not_yours",
            message="There is no contact of yours with this jurisdiction code.",
            remedy="A jurisdiction keeps its own contact; the help desk keeps any.",
            field="jurisdiction",
            rule="N-702",
        )
        raise Refused([refusal]) from fault


def _misread(constraint: str) -> Refusal:
    field, message = {
        "contact_telephone_is_7_to_40_characters": (
            "telephone",
            "The telephone number has 7 to 40 characters.",
        ),
        "contact_mailbox_is_an_address": ("mailbox", "The mailbox is no e-mail address."),
    }.get(constraint, ("hours", "The hours have 120 characters at most."))
    return Refusal(code="invalid_field", message=message, remedy="Correct it.", field=field, rule="N-702")


def _contact(row: tuple[Any, ...]) -> Contact:
    return Contact(
        jurisdiction=row[0],
        name=row[1],
        telephone=row[2],
        mailbox=row[3],
        hours=row[4],
        confirmed_at=row[5],
    )

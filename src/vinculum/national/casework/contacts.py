"""Whom to call in another jurisdiction: a group's telephone and mailbox, confirmed every year (N-702)."""

import re
from collections.abc import Iterator
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
_LONGEST_MAILBOX: Final = 120
_LONGEST_HOURS: Final = 120
_MAILBOX: Final = re.compile(r"[^@\s]+@[^@\s]+[.][^@\s]+")


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
    faults = tuple(_check(jurisdiction, telephone=telephone, mailbox=mailbox, hours=hours))
    if faults:
        raise Refused(faults)
    try:
        with acting(actor, act="keep_contact", database="national") as connection:
            connection.execute(
                "INSERT INTO exchange.contact (jurisdiction, telephone, mailbox, hours, confirmed_at, confirmed_by)"
                " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (jurisdiction) DO UPDATE SET"
                " telephone = excluded.telephone, mailbox = excluded.mailbox, hours = excluded.hours,"
                " confirmed_at = excluded.confirmed_at, confirmed_by = excluded.confirmed_by",
                (jurisdiction, telephone, mailbox, hours, at, actor.person_id),
            )
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ForeignKeyViolation) as fault:
        refusal = Refusal(
            code="contact_not_yours",
            message="There is no contact of yours with this jurisdiction code.",
            remedy="A jurisdiction keeps its own contact; the help desk keeps any.",
            field="jurisdiction",
            rule="N-702",
        )
        raise Refused([refusal]) from fault


def _check(jurisdiction: str, *, telephone: str, mailbox: str, hours: str) -> Iterator[Refusal]:
    """Everything that can be seen from what was typed; the database checks the same again."""
    if not jurisdiction:
        yield _misread("jurisdiction", "The jurisdiction is missing.", "Choose whose contact it is.")
    if not 7 <= len(telephone) <= 40 or not telephone.isprintable():
        words = "The telephone number is missing, or has fewer than 7 or more than 40 characters."
        yield _misread("telephone", words, "Enter the number of a group that answers in office hours.")
    if len(mailbox) > _LONGEST_MAILBOX or not _MAILBOX.fullmatch(mailbox):
        words = f"The mailbox is missing, or is no e-mail address of at most {_LONGEST_MAILBOX} characters."
        yield _misread("mailbox", words, "Enter a group's address, such as titles@state.example.")
    if len(hours) > _LONGEST_HOURS or not (hours.isprintable() or not hours):
        words = f"The hours have more than {_LONGEST_HOURS} characters."
        yield _misread("hours", words, "Shorten them.")


def _misread(field: str, message: str, remedy: str) -> Refusal:
    return Refusal(code="invalid_field", message=message, remedy=remedy, field=field, rule="N-702")


def _contact(row: tuple[Any, ...]) -> Contact:
    return Contact(
        jurisdiction=row[0],
        name=row[1],
        telephone=row[2],
        mailbox=row[3],
        hours=row[4],
        confirmed_at=row[5],
    )

"""How organisations and people are named on the command line, and found by that name."""

import argparse
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from vinculum.entrypoints.cli.station import Misused

if TYPE_CHECKING:
    from vinculum.access.database import Actor


def add_organisation_option(command: argparse.ArgumentParser) -> None:
    """Add `--organisation KIND:CODE`."""
    command.add_argument(
        "--organisation", required=True, metavar="KIND:CODE", help="the organisation, e.g. dealer:D1001"
    )


def day(text: str) -> date:
    """A day as an option names it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no day; write it as 2026-03-02") from None


def organisation_id_of(actor: "Actor", named: str) -> UUID:
    """The organisation named KIND:CODE."""
    from vinculum.access import people

    kind, _, code = named.partition(":")
    found = people.find_organisation(actor, kind=kind, code=code)
    if found is None:
        raise Misused(f"there is no {kind} {code}.")
    return found


def person_id_of(email: str) -> UUID:
    """The person with this address."""
    from vinculum.access.models import Person

    try:
        found: UUID = Person.objects.get_by_natural_key(email).pk
    except Person.DoesNotExist:
        raise Misused(f"there is nobody with the address {email}.") from None
    return found


def organisation_at_the_exchange(program: "Actor", *, kind: str, code: str) -> UUID:
    """An organisation as the exchange's database knows it."""
    from vinculum.access.database import acting

    with acting(program, act="create_organisation", database="national") as connection:
        row = connection.execute(
            "SELECT id FROM access.organisation WHERE kind = %s AND code = %s", (kind, code)
        ).fetchone()
    if row is None:
        raise Misused(
            f"the exchange knows no {kind} {code}; a jurisdiction is admitted with vinculum exchange admit, a reporter"
            " registered with vinculum exchange reporter register."
            if code
            else f"{kind} is no organisation; write it as KIND:CODE, e.g. jurisdiction:NY."
        )
    found: UUID = row[0]
    return found

"""Commands for people and programs: entering people, their sign-in, and the keys of programs.

A key is issued in the name of a person who may, proved by password and code.
"""

import argparse
import getpass
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from vinculum.entrypoints.cli.naming import add_organisation_option, organisation_id_of, person_id_of
from vinculum.entrypoints.cli.station import Misused, NotSignedIn, Station, say

if TYPE_CHECKING:
    from vinculum.access.database import Actor


def add_to(commands: Any) -> None:
    """Add `person` and `key`."""
    _add_person(commands)
    _add_key(commands)


def _add_person(commands: Any) -> None:
    person = commands.add_parser("person", help="enter people and give them their sign-in")
    acts = person.add_subparsers(required=True, metavar="ACT")
    create = acts.add_parser("create", help="enter a person and the role in an organisation")
    create.add_argument("--email", required=True, help="the address to sign in with")
    create.add_argument("--name", required=True, help="the person's name")
    add_organisation_option(create)
    create.add_argument("--role", required=True, help="the role, as in docs/permissions.md")
    create.set_defaults(run=run_person_create, databases=True)

    enrol = acts.add_parser(
        "enrol",
        help="set a person's password and authenticator",
        description="Asks for the password (one line of standard input when that is no terminal) and writes the"
        " authenticator's address, to be typed or scanned by the person.",
    )
    enrol.add_argument("email", metavar="EMAIL", help="the person's address")
    enrol.set_defaults(run=run_person_enrol, databases=True)

    leave = acts.add_parser("leave", help="end a person's membership; sessions and keys end at once")
    leave.add_argument("email", metavar="EMAIL", help="the person's address")
    leave.set_defaults(run=run_person_leave, databases=True)


def _add_key(commands: Any) -> None:
    key = commands.add_parser("key", help="issue, list and revoke API keys")
    acts = key.add_subparsers(required=True, metavar="ACT")
    issue = acts.add_parser(
        "issue",
        help="issue a key to a program; it is shown once",
        description="Asks for the password and the code of the person named by --as, an administrator or a manager"
        " of the dealer (two lines of standard input when that is no terminal).",
    )
    _signing(issue)
    issue.add_argument("--client", required=True, help="the program's name; two keys each at most")
    add_organisation_option(issue)
    issue.add_argument("--role", required=True, help="the role it acts in")
    issue.add_argument(
        "--scope", action="append", required=True, metavar="ACT", help="an act it may do; repeatable"
    )
    issue.add_argument("--days", type=int, default=90, help="how long it lives, up to 400")
    issue.add_argument(
        "--address", action="append", default=[], metavar="NETWORK", help="only from there; repeatable"
    )
    issue.set_defaults(run=run_key_issue, databases=True)

    listed = acts.add_parser("list", help="list the keys of an organisation")
    _signing(listed)
    add_organisation_option(listed)
    listed.set_defaults(run=run_key_list, databases=True)

    revoke = acts.add_parser("revoke", help="revoke a key; it stops at once")
    _signing(revoke)
    revoke.add_argument("key", type=UUID, metavar="KEY", help="the key's id")
    revoke.set_defaults(run=run_key_revoke, databases=True)


def _signing(command: argparse.ArgumentParser) -> None:
    command.add_argument("--as", dest="signer", required=True, metavar="EMAIL", help="who does it")


def run_person_create(options: argparse.Namespace, station: Station) -> int:
    """Enter the person with the membership."""
    from vinculum.access import people

    program = station.program()
    made = people.add_person(
        program,
        email=options.email,
        name=options.name,
        organisation_id=organisation_id_of(program, options.organisation),
        role=options.role,
    )
    say({"person_id": made, "email": options.email, "role": options.role}, as_json=options.json)
    return 0


def run_person_enrol(options: argparse.Namespace, _station: Station) -> int:
    """Set password and authenticator; what the person needs for the authenticator is written once."""
    from urllib.parse import quote

    from allauth.mfa.totp.internal.auth import generate_totp_secret
    from django.core.exceptions import ValidationError

    from vinculum.access import people

    (password,) = _secrets_typed("Password for the person: ")
    secret = generate_totp_secret()
    try:
        people.enrol(person_id=person_id_of(options.email), password=password, totp_secret=secret)
    except ValidationError as fault:
        raise Misused(" ".join(fault.messages)) from None
    address = f"otpauth://totp/{quote('Vinculum:' + options.email)}?secret={secret}&issuer=Vinculum"
    say({"email": options.email, "authenticator": address}, as_json=options.json)
    return 0


def run_person_leave(options: argparse.Namespace, station: Station) -> int:
    """End the membership."""
    from vinculum.access import people

    people.end_membership(station.program(), person_id=person_id_of(options.email))
    say({"email": options.email, "ended": True}, as_json=options.json)
    return 0


def run_key_issue(options: argparse.Namespace, station: Station) -> int:
    """Issue the key and show it once."""
    from django.conf import settings

    from vinculum.access import keys
    from vinculum.entrypoints.exchange.admission import KEYS

    # In the state's database such a key would open nothing: the exchange looks for it in its own.
    for door, kept in KEYS.items():
        if kept.role == options.role:
            raise Misused(
                f"keys of the role {options.role} are kept by the exchange: vinculum exchange key issue --for {door}."
            )
    organisation_id = organisation_id_of(station.program(), options.organisation)
    issuer = _signed_in(options.signer, station)
    try:
        key = keys.issue(
            issuer,
            client=options.client,
            organisation_id=organisation_id,
            role=options.role,
            scopes=options.scope,
            expires_at=datetime.now(UTC) + timedelta(days=options.days),
            live=bool(settings.PRODUCTION),
            addresses=options.address,
        )
    except ValueError as fault:
        raise Misused(f"--address: {fault}.") from None
    say({"key_id": key.id, "key": key.secret, "expires_at": key.expires_at}, as_json=options.json)
    return 0


def run_key_list(options: argparse.Namespace, station: Station) -> int:
    """The keys, without their secrets."""
    from vinculum.access import keys

    organisation_id = organisation_id_of(station.program(), options.organisation)
    found = keys.of_organisation(_signed_in(options.signer, station), organisation_id=organisation_id)
    say({"keys": found}, as_json=options.json)
    return 0


def run_key_revoke(options: argparse.Namespace, station: Station) -> int:
    """Revoke it."""
    import psycopg

    from vinculum.access import keys

    try:
        keys.revoke(_signed_in(options.signer, station), key_id=options.key)
    except psycopg.errors.NoDataFound as fault:
        raise Misused(f"{fault.diag.message_primary}.") from None
    say({"key_id": options.key, "revoked": True}, as_json=options.json)
    return 0


def _signed_in(email: str, station: Station) -> "Actor":
    """The person of this address, having typed password and code; raises NotSignedIn."""
    from allauth.mfa.models import Authenticator

    from vinculum.access import people
    from vinculum.access.models import Person
    from vinculum.access.sign_in import actor_of_session

    password, code = _secrets_typed("Password: ", "Code: ")
    person = Person.objects.filter(email=email.strip().lower(), is_active=True).first()
    second = (
        Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).first() if person else None
    )
    if person is None or not person.check_password(password):
        raise NotSignedIn(f"{email} is not signed in: address and password do not fit.")
    if second is None or not second.wrap().validate_code(code):
        raise NotSignedIn(
            f"{email} is not signed in: the code does not fit. Each code holds once;"
            " wait for the authenticator's next one."
        )
    actor = actor_of_session(people.open_session(station.program(), person_id=person.pk), terminal="cli")
    if actor is None:
        raise NotSignedIn(f"{email} is not signed in: the session was ended at once.")
    return actor


def _secrets_typed(*prompts: str) -> list[str]:
    """What is typed unseen, or read line by line when standard input is no terminal."""
    if sys.stdin.isatty():
        return [getpass.getpass(prompt) for prompt in prompts]
    return [sys.stdin.readline().rstrip("\n") for _ in prompts]

"""Commands of administration: organisations, people, keys, dealers' papers, stock, funds, customers.

They are done in the name of the program itself, on its own machine. A key is issued in the name of a person who
may, proved by password and code.
"""

import argparse
import getpass
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from uuid import UUID

from vinculum.entrypoints.cli.station import Misused, Station, read_json, say

if TYPE_CHECKING:
    from vinculum.access.database import Actor

_KINDS = ("dealer", "dmv", "town", "jurisdiction", "association")
_PAPERS = (
    "letter_of_intent",
    "issuance_bond",
    "program_agreement",
    "dealer_licence",
    "training_certificate",
)


def add_to(commands: Any) -> None:
    """Add the commands of administration."""
    organisation = commands.add_parser("organisation", help="enter an organisation")
    acts = organisation.add_subparsers(required=True, metavar="ACT")
    create = acts.add_parser("create", help="enter a dealer, DMV unit, town, jurisdiction or association")
    create.add_argument("--kind", required=True, choices=_KINDS, help="what it is")
    create.add_argument("--code", required=True, help="its code: licence number, town code, D20 code")
    create.add_argument("--name", required=True, help="its name")
    create.set_defaults(run=run_organisation_create, databases=True)
    _add_person(commands)
    _add_key(commands)
    _add_dealer(commands)


def _add_person(commands: Any) -> None:
    person = commands.add_parser("person", help="enter people and give them their sign-in")
    acts = person.add_subparsers(required=True, metavar="ACT")
    create = acts.add_parser("create", help="enter a person and the role in an organisation")
    create.add_argument("--email", required=True, help="the address to sign in with")
    create.add_argument("--name", required=True, help="the person's name")
    _organisation(create)
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
    _organisation(issue)
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
    _organisation(listed)
    listed.set_defaults(run=run_key_list, databases=True)

    revoke = acts.add_parser("revoke", help="revoke a key; it stops at once")
    _signing(revoke)
    revoke.add_argument("key", type=UUID, metavar="KEY", help="the key's id")
    revoke.set_defaults(run=run_key_revoke, databases=True)


def _add_dealer(commands: Any) -> None:
    paper = commands.add_parser(
        "paper", help="accept a dealer's papers, and lienholders on the approved list"
    )
    acts = paper.add_subparsers(required=True, metavar="ACT")
    accept = acts.add_parser(
        "accept", help="accept or withdraw a paper a dealer transacts by (D-101 to D-104)"
    )
    accept.add_argument("--dealer", required=True, metavar="CODE", help="the dealer's code")
    accept.add_argument("--kind", required=True, choices=_PAPERS, help="which paper")
    accept.add_argument(
        "--from", dest="valid_from", type=date.fromisoformat, metavar="DAY", help="valid from"
    )
    accept.add_argument(
        "--until", dest="valid_until", type=date.fromisoformat, metavar="DAY", help="valid until"
    )
    accept.add_argument("--number", default="", help="the paper's number")
    accept.add_argument("--amount", type=_amount, help="the sum of a bond")
    accept.add_argument("--person", metavar="EMAIL", help="whose training certificate it is")
    accept.add_argument("--withdraw", action="store_true", help="take the paper away instead")
    accept.set_defaults(run=run_paper_accept, databases=True)
    lienholder = acts.add_parser("lienholder", help="put a lienholder on the approved list (D-410)")
    lienholder.add_argument("--code", required=True, help="the code dealers use")
    lienholder.add_argument("--name", required=True, help="the name as it prints on titles")
    lienholder.add_argument("--address", default="", help="the address")
    lienholder.set_defaults(run=run_lienholder, databases=True)


def add_stock_add(acts: Any) -> None:
    """Add `stock add`."""
    add = acts.add_parser("add", help="give a dealer a run of plates")
    add.add_argument("--dealer", required=True, metavar="CODE", help="the dealer's code")
    add.add_argument("--class", dest="plate_class", required=True, help="the plate class")
    add.add_argument("--first", required=True, metavar="PLATE", help="the first mark of the run")
    add.add_argument("--count", type=int, required=True, help="how many, in steps of the class")
    add.add_argument("--unconfirmed", action="store_true", help="the dealer has not counted them yet (I-105)")
    add.set_defaults(run=run_stock_add, databases=True)


def add_funds_deposit(acts: Any) -> None:
    """Add `funds deposit`."""
    deposit = acts.add_parser("deposit", help="post money that arrived for a dealer")
    deposit.add_argument("--dealer", required=True, metavar="CODE", help="the dealer's code")
    deposit.add_argument("--amount", type=_amount, required=True, help="dollars and cents")
    deposit.add_argument("--reference", required=True, help="the bank's reference; it is posted once only")
    deposit.set_defaults(run=run_funds_deposit, databases=True)


def add_customer_keep(acts: Any) -> None:
    """Add `customer keep`."""
    keep = acts.add_parser(
        "keep",
        help="enter or correct a customer record (D-207)",
        description="The file holds kind, name, last_name, date_of_birth, residence_street, residence_town,"
        " residence_state, residence_zip, mailing_address, tax_town_code, us_dot_number, military, and"
        " identifications: a list of kind and number.",
    )
    keep.add_argument(
        "--particulars", required=True, metavar="FILE", help="the particulars as JSON, - for input"
    )
    keep.add_argument(
        "--number", help="the customer number, to correct a record; without it a new one is opened"
    )
    keep.add_argument("--reason", default="customer record", help="why, as it stands in the book")
    keep.set_defaults(run=run_customer_keep, databases=True)


def run_organisation_create(options: argparse.Namespace, station: Station) -> int:
    """Enter it."""
    from vinculum.access import people

    made = people.add_organisation(station.program(), kind=options.kind, code=options.code, name=options.name)
    say({"organisation_id": made, "kind": options.kind, "code": options.code}, as_json=options.json)
    return 0


def run_person_create(options: argparse.Namespace, station: Station) -> int:
    """Enter the person with the membership."""
    from vinculum.access import people

    program = station.program()
    made = people.add_person(
        program,
        email=options.email,
        name=options.name,
        organisation_id=_organisation_id(program, options.organisation),
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
        people.enrol(person_id=_person_id(options.email), password=password, totp_secret=secret)
    except ValidationError as fault:
        raise Misused(" ".join(fault.messages)) from None
    address = f"otpauth://totp/{quote('Vinculum:' + options.email)}?secret={secret}&issuer=Vinculum"
    say({"email": options.email, "authenticator": address}, as_json=options.json)
    return 0


def run_person_leave(options: argparse.Namespace, station: Station) -> int:
    """End the membership."""
    from vinculum.access import people

    people.end_membership(station.program(), person_id=_person_id(options.email))
    say({"email": options.email, "ended": True}, as_json=options.json)
    return 0


def run_key_issue(options: argparse.Namespace, station: Station) -> int:
    """Issue the key and show it once."""
    from django.conf import settings

    from vinculum.access import keys

    organisation_id = _organisation_id(station.program(), options.organisation)
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

    organisation_id = _organisation_id(station.program(), options.organisation)
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


def run_paper_accept(options: argparse.Namespace, station: Station) -> int:
    """Accept or withdraw the paper."""
    from vinculum.kernel.business_calendar import local_date
    from vinculum.state.transactions import keep_dealer_paper

    at = datetime.now(UTC)
    program = station.program()
    receipt = keep_dealer_paper.run(
        keep_dealer_paper.Request(
            dealer_id=_organisation_id(program, f"dealer:{options.dealer}"),
            kind=options.kind,
            valid_from=options.valid_from or local_date(at),
            valid_until=options.valid_until,
            number=options.number,
            amount=options.amount,
            person_id=_person_id(options.person) if options.person else None,
            withdraw=options.withdraw,
        ),
        actor=program,
        at=at,
    )
    say(receipt, as_json=options.json)
    return 0


def run_lienholder(options: argparse.Namespace, station: Station) -> int:
    """Put the lienholder on the list."""
    from vinculum.state.transactions import keep_lienholder

    request = keep_lienholder.Request(code=options.code, name=options.name, address=options.address)
    say(keep_lienholder.run(request, actor=station.program(), at=datetime.now(UTC)), as_json=options.json)
    return 0


def run_stock_add(options: argparse.Namespace, station: Station) -> int:
    """Give the dealer the plates."""
    from typing import get_args

    from vinculum.kernel.plate_number import PlateSequenceExhausted
    from vinculum.state.law.deal import PlateClass
    from vinculum.state.transactions import add_stock

    if options.plate_class not in get_args(PlateClass):
        raise Misused(f"--class is one of {', '.join(get_args(PlateClass))}.")
    program = station.program()
    request = add_stock.Request(
        dealer_id=_organisation_id(program, f"dealer:{options.dealer}"),
        plate_class=options.plate_class,
        first_number=options.first,
        count=options.count,
        confirmed=not options.unconfirmed,
    )
    try:
        receipt = add_stock.run(request, actor=program, at=datetime.now(UTC))
    except PlateSequenceExhausted as fault:
        raise Misused(f"--first: {fault}") from None
    say(receipt, as_json=options.json)
    return 0


def run_funds_deposit(options: argparse.Namespace, station: Station) -> int:
    """Post the deposit; the same reference again answers the posting it made before."""
    from vinculum.state.transactions import deposit_funds

    program = station.program()
    request = deposit_funds.Request(
        dealer_id=_organisation_id(program, f"dealer:{options.dealer}"),
        amount=options.amount,
        reference=options.reference,
    )
    say(deposit_funds.run(request, actor=program, at=datetime.now(UTC)), as_json=options.json)
    return 0


def run_customer_keep(options: argparse.Namespace, station: Station) -> int:
    """Open the record or bring it up to date."""
    from pydantic import TypeAdapter, ValidationError

    from vinculum.state.records.customer_keeping import CustomerParticulars, Identification
    from vinculum.state.transactions import keep_customer

    given = read_json(options.particulars)
    known = set(CustomerParticulars.__dataclass_fields__)
    identifications = given.pop("identifications", [])
    if set(given) - known:
        raise Misused(f"not among the particulars of a customer: {', '.join(sorted(set(given) - known))}.")
    try:
        request = keep_customer.Request(
            particulars=TypeAdapter(CustomerParticulars).validate_python(given),
            identifications=TypeAdapter(tuple[Identification, ...]).validate_python(identifications),
            number=options.number,
            reason=options.reason,
        )
    except ValidationError as fault:
        said = "; ".join(f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in fault.errors())
        raise Misused(f"{options.particulars}: {said}.") from None
    say(keep_customer.run(request, actor=station.program(), at=datetime.now(UTC)), as_json=options.json)
    return 0


def _organisation(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--organisation", required=True, metavar="KIND:CODE", help="the organisation, e.g. dealer:D1001"
    )


def _signing(command: argparse.ArgumentParser) -> None:
    command.add_argument("--as", dest="signer", required=True, metavar="EMAIL", help="who does it")


def _organisation_id(actor: "Actor", named: str) -> UUID:
    from vinculum.access import people

    kind, _, code = named.partition(":")
    found = people.find_organisation(actor, kind=kind, code=code)
    if found is None:
        raise Misused(f"there is no {kind} {code}.")
    return found


def _person_id(email: str) -> UUID:
    from vinculum.access.models import Person

    try:
        found: UUID = Person.objects.get_by_natural_key(email).pk
    except Person.DoesNotExist:
        raise Misused(f"there is nobody with the address {email}.") from None
    return found


def _signed_in(email: str, station: Station) -> "Actor":
    """The person of this address, having typed password and code; raises CredentialRefused."""
    from allauth.mfa.models import Authenticator

    from vinculum.access import people
    from vinculum.access.database import CredentialRefused
    from vinculum.access.models import Person
    from vinculum.access.sign_in import actor_of_session

    password, code = _secrets_typed("Password: ", "Code: ")
    person = Person.objects.filter(email=email.strip().lower(), is_active=True).first()
    second = (
        Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).first() if person else None
    )
    if person is None or not person.check_password(password):
        raise CredentialRefused("address and password do not fit")
    if second is None or not second.wrap().validate_code(code):
        raise CredentialRefused("the code does not fit")
    actor = actor_of_session(people.open_session(station.program(), person_id=person.pk), terminal="cli")
    if actor is None:
        raise CredentialRefused("the session was ended at once")
    return actor


def _secrets_typed(*prompts: str) -> list[str]:
    """What is typed unseen, or read line by line when standard input is no terminal."""
    if sys.stdin.isatty():
        return [getpass.getpass(prompt) for prompt in prompts]
    return [sys.stdin.readline().rstrip("\n") for _ in prompts]


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or abs(amount) > 10**10:
        raise argparse.ArgumentTypeError(f"{text} is no amount in dollars and cents")
    return amount

"""Commands of administration: organisations, dealers' papers, lienholders, stock, funds, customers.

They are done in the name of the program itself, on its own machine.
"""

import argparse
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from vinculum.entrypoints.cli.naming import day, organisation_id_of, person_id_of
from vinculum.entrypoints.cli.station import Misused, Station, read_json, say

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
    _add_dealer(commands)


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
    accept.add_argument("--from", dest="valid_from", type=day, metavar="DAY", help="valid from")
    accept.add_argument("--until", dest="valid_until", type=day, metavar="DAY", help="valid until")
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


def run_paper_accept(options: argparse.Namespace, station: Station) -> int:
    """Accept or withdraw the paper."""
    from vinculum.kernel.business_calendar import local_date
    from vinculum.state.transactions import keep_dealer_paper

    at = datetime.now(UTC)
    program = station.program()
    receipt = keep_dealer_paper.run(
        keep_dealer_paper.Request(
            dealer_id=organisation_id_of(program, f"dealer:{options.dealer}"),
            kind=options.kind,
            valid_from=options.valid_from or local_date(at),
            valid_until=options.valid_until,
            number=options.number,
            amount=options.amount,
            person_id=person_id_of(options.person) if options.person else None,
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
        dealer_id=organisation_id_of(program, f"dealer:{options.dealer}"),
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
        dealer_id=organisation_id_of(program, f"dealer:{options.dealer}"),
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


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or abs(amount) > 10**10:
        raise argparse.ArgumentTypeError(f"{text} is no amount in dollars and cents")
    return amount

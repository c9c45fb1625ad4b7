"""Commands that only ask: applications, customers, stock, funds, vehicle history."""

import argparse
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from vinculum.entrypoints.cli import office
from vinculum.entrypoints.cli.naming import day
from vinculum.entrypoints.cli.station import Misused, Station, say

_STATES = ("open", "held", "processed", "voided", "abandoned")
_KINDS = (
    "customer_number",
    "ct_licence",
    "ct_non_driver_id",
    "ct_learner_permit",
    "ct_adult_learner_permit",
    "fein",
    "us_dot",
)


def add_to(commands: Any) -> None:
    """Add the look-ups, and the acts of the office that go by the same names."""
    listed = commands.add_parser("applications", help="list applications, the latest first")
    listed.add_argument(
        "--state", action="append", default=[], choices=_STATES, help="only this state; repeatable"
    )
    listed.add_argument("--limit", type=int, default=25, help="how many at most, up to 100")
    listed.add_argument(
        "--after", default="", metavar="CURSOR", help="go on after the page that gave this cursor"
    )
    listed.set_defaults(run=run_applications, databases=True)

    shown = commands.add_parser("application", help="show one application with its deal and every move")
    shown.add_argument("application", type=UUID, metavar="APPLICATION", help="the application's id")
    shown.set_defaults(run=run_application, databases=True)

    customer = commands.add_parser("customer", help="find a customer; enter or correct one")
    acts = customer.add_subparsers(required=True, metavar="ACT")
    find = acts.add_parser("find", help="find the customer that a number on a document belongs to")
    find.add_argument("--kind", required=True, choices=_KINDS, help="what the number is")
    find.add_argument("--number", required=True, help="the number as shown at the counter")
    find.add_argument("--case", required=True, help="which case it is for; kept with the purpose record")
    find.add_argument("--purpose", default="verification_by_business", help="a purpose of 18 U.S.C. 2721(b)")
    find.set_defaults(run=run_find, databases=True)
    office.add_customer_keep(acts)

    stock = commands.add_parser("stock", help="show plates in stock")
    stock.set_defaults(run=run_stock, databases=True)
    office.add_stock_add(stock.add_subparsers(metavar="ACT"))

    funds = commands.add_parser("funds", help="show the funds account")
    funds.add_argument("--from", dest="first_day", type=day, metavar="DAY", help="first day")
    funds.add_argument("--to", dest="last_day", type=day, metavar="DAY", help="last day")
    funds.set_defaults(run=run_funds, databases=True)
    office.add_funds_deposit(funds.add_subparsers(metavar="ACT"))

    history = commands.add_parser("history", help="national history of a vehicle, without personal data")
    history.add_argument("vin", help="the VIN")
    history.set_defaults(run=run_history, databases=True)


def run_applications(options: argparse.Namespace, station: Station) -> int:
    """One page of the list."""
    from vinculum.state.queries import list_applications

    try:
        page = list_applications.run(
            list_applications.Request(states=tuple(options.state), after=options.after, limit=options.limit),
            actor=station.desk(),
        )
    except list_applications.CursorUnreadable as fault:
        raise Misused(str(fault)) from None
    say(page, as_json=options.json)
    return 0


def run_application(options: argparse.Namespace, station: Station) -> int:
    """One application; another dealer's and one that never was are refused alike (D-105)."""
    from vinculum.kernel.refusal import Refused
    from vinculum.state.law.catalogue import refuse
    from vinculum.state.queries import show_application

    shown = show_application.run(options.application, actor=station.desk())
    if shown is None:
        raise Refused([refuse("application_not_found", application=options.application)])
    say(shown, as_json=options.json)
    return 0


def run_find(options: argparse.Namespace, station: Station) -> int:
    """The customer, after the look-up is on record."""
    from vinculum.state.queries import find_customer

    found = find_customer.run(
        find_customer.Request(
            kind=options.kind, number=options.number, case_reference=options.case, purpose=options.purpose
        ),
        actor=station.desk(),
    )
    say(found, as_json=options.json)
    return 0


def run_stock(options: argparse.Namespace, station: Station) -> int:
    """Plates by class."""
    from vinculum.state.queries import stock_summary

    say({"classes": stock_summary.run(actor=station.desk())}, as_json=options.json)
    return 0


def run_funds(options: argparse.Namespace, station: Station) -> int:
    """The statement of some days, today without any."""
    from vinculum.kernel.business_calendar import local_date
    from vinculum.kernel.refusal import Refused
    from vinculum.state.law.catalogue import refuse
    from vinculum.state.queries import funds_statement

    today = local_date(datetime.now(UTC))
    first = options.first_day or options.last_day or today
    last = options.last_day or max(first, today)
    if first > last:
        raise Misused("--from lies after --to.")
    statement = funds_statement.run(
        funds_statement.Request(first_day=first, last_day=last), actor=station.desk()
    )
    if statement is None:
        raise Refused([refuse("dealer_unknown")])
    say(statement, as_json=options.json)
    return 0


def run_history(options: argparse.Namespace, _station: Station) -> int:
    """The consumer's report, as the public page shows it."""
    from vinculum.access.database import connected
    from vinculum.kernel.vin import normalise_vin
    from vinculum.national.queries import vehicle_history

    vin = normalise_vin(options.vin)
    faults = vehicle_history.not_to_be_asked(vin)
    if faults:
        raise Misused(" ".join(fault.message for fault in faults))
    with connected("national") as connection:
        report = vehicle_history.run(vin, at=datetime.now(UTC), connection=connection)
    if options.json:
        say(report, as_json=True)
        return 0
    say(
        {
            "vin": report.vin,
            "located": report.located,
            "titles": report.titles,
            "brands": [
                f"{brand.code} {brand.name}: "
                + ", ".join(f"{record.brander_name} {record.brand_date}" for record in brand.records)
                for brand in report.brands_on_record
            ],
            "odometer": report.odometer,
            "remarks": [remark.text for remark in report.remarks],
            "data_dates": report.data_dates,
        },
        as_json=False,
    )
    return 0

"""`vinculum exchange reporter …` and `alert-places`: yards and insurers, and places at the alert site.

Done in the name of the program, on its own machine; the help desk does the same for reporters on its pages.
"""

import argparse
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from vinculum.entrypoints.cli.naming import day, organisation_at_the_exchange
from vinculum.entrypoints.cli.station import Misused, Station, say

_KINDS = ("junk_yard", "salvage_yard", "insurer")


def add_to(acts: Any) -> None:
    """Add `reporter` and `alert-places` to the commands of the exchange."""
    reporter = acts.add_parser("reporter", help="register yards and insurers (N-801)")
    steps = reporter.add_subparsers(required=True, metavar="STEP")
    register = steps.add_parser("register", help="register a yard or an insurer; its months count from now")
    register.add_argument("--code", required=True, help="the code under which its people sign in")
    register.add_argument("--name", required=True, help="its name as the public sees it")
    register.add_argument("--kind", required=True, choices=_KINDS, help="what it is")
    register.add_argument("--state", required=True, metavar="CODE", help="its state, a D20 code")
    register.set_defaults(run=run_register, databases=True)
    listed = steps.add_parser("list", help="list reporters with the months of which nothing was heard")
    listed.add_argument("--late", action="store_true", help="only those who are late")
    listed.set_defaults(run=run_list, databases=True)
    penalty = steps.add_parser("penalty", help="enter the civil penalty in force, with its citation")
    penalty.add_argument("--from", dest="since", type=day, required=True, metavar="DAY", help="from")
    penalty.add_argument("--amount", required=True, help="dollars for each violation")
    penalty.add_argument("--citation", required=True, help="where the amount is published")
    penalty.set_defaults(run=run_penalty, databases=True)
    places = acts.add_parser(
        "alert-places", help="say how many of an organisation may use the alert site (N-703)"
    )
    places.add_argument(
        "--organisation",
        required=True,
        metavar="KIND:CODE",
        help="a jurisdiction or association, e.g. jurisdiction:NY",
    )
    places.add_argument("--most", type=int, required=True, help="how many, 1 to 50")
    places.set_defaults(run=run_places, databases=True)


def run_register(options: argparse.Namespace, station: Station) -> int:
    """Register, entering the organisation at the exchange when it is new there."""
    from vinculum.access.vouching import find_or_enter
    from vinculum.national.casework import reporters

    program, code = station.program(), options.code.strip().upper()
    organisation_id = find_or_enter(program, kind="reporter", code=code, name=options.name)
    reporters.register(
        organisation_id=organisation_id,
        kind=options.kind,
        name=options.name,
        state=options.state.upper(),
        actor=program,
        at=datetime.now(UTC),
    )
    say({"organisation_id": organisation_id, "code": code, "name": options.name}, as_json=options.json)
    return 0


def run_list(options: argparse.Namespace, station: Station) -> int:
    """Those who are late first."""
    from vinculum.national.casework import reporters

    known = reporters.all_reporters(actor=station.program(), at=datetime.now(UTC))
    said = [
        {
            "name": one.name,
            "kind": one.kind,
            "state": one.state,
            "late_for": ", ".join(f"{month:%Y-%m}" for month in one.late_for),
        }
        for one in known
        if one.late_for or not options.late
    ]
    say(said, as_json=options.json)
    return 0


def run_penalty(options: argparse.Namespace, _station: Station) -> int:
    """Enter the amount with the migration login, which alone may write what the regulation says."""
    import psycopg

    from vinculum.entrypoints import wired

    try:
        amount = Decimal(options.amount)
    except InvalidOperation:
        raise Misused(f"{options.amount} is no amount in dollars.") from None
    if not 0 < amount < 10_000_000:
        raise Misused(f"{options.amount} is no penalty.")
    _, national_url = wired.owner_urls()
    with psycopg.connect(national_url) as connection:
        connection.execute("SET ROLE vinculum_owner")
        connection.execute(
            "INSERT INTO exchange.reporting_duty (in_force_from, penalty_per_violation, citation) VALUES (%s, %s, %s)"
            " ON CONFLICT (in_force_from) DO UPDATE SET penalty_per_violation = excluded.penalty_per_violation,"
            " citation = excluded.citation",
            (options.since, amount, options.citation),
        )
    said = {"from": options.since, "penalty_per_violation": str(amount), "citation": options.citation}
    say(said, as_json=options.json)
    return 0


def run_places(options: argparse.Namespace, station: Station) -> int:
    """Set the number of places."""
    from vinculum.access.database import acting
    from vinculum.national.alerts import alert_users

    if not 1 <= options.most <= 50:
        raise Misused("--most is 1 to 50.")
    program = station.program()
    kind, _, code = options.organisation.partition(":")
    organisation_id = organisation_at_the_exchange(program, kind=kind, code=code)
    with acting(program, act="create_organisation", database="national") as connection:
        alert_users.set_places(connection, organisation_id=organisation_id, most_users=options.most)
    say({"organisation": options.organisation, "places": options.most}, as_json=options.json)
    return 0

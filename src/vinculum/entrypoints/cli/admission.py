"""`vinculum exchange admit` and `exchange key …`: who takes part in the exchange, and with which keys.

Done in the name of the program, on its own machine, by the exchange's operator.
"""

import argparse
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from vinculum.entrypoints.cli.naming import organisation_at_the_exchange
from vinculum.entrypoints.cli.station import Misused, Station, say

if TYPE_CHECKING:
    from vinculum.access.database import Actor

# Written here too so that a listing of commands loads no machinery; a test keeps them equal.
DOORS: Final = {
    "messages": "messages and files of a jurisdiction",
    "desks": "the desks of a jurisdiction",
    "reports": "reports of a yard or an insurer",
}
DESKS: Final = {
    "cases": "work_exchange_case",
    "clones": "work_clone_case",
    "corrections": "work_vin_correction",
    "rescissions": "rescind_brand",
}


def add_to(acts: Any) -> None:
    """Add `admit` and `key` to the commands of the exchange."""
    admit = acts.add_parser(
        "admit",
        help="admit a jurisdiction, or change how it takes part",
        description="Admit a jurisdiction in a mode of taking part (N-106), or change its mode and days of grace"
        " (N-105). Its program then needs a key: vinculum exchange key issue --for messages.",
    )
    admit.add_argument("--jurisdiction", required=True, metavar="CODE", help="its D20 code")
    admit.add_argument(
        "--mode",
        type=int,
        choices=(1, 2, 3, 4),
        required=True,
        help="1 on line; 2 asks on line, reports by file; 3 both by file; 4 asks on the pages, reports by file",
    )
    admit.add_argument(
        "--grace-days",
        type=int,
        default=7,
        help="days without an update before inquiries close; 7 unless said",
    )
    admit.set_defaults(run=run_admit, databases=True)
    _add_key(acts.add_parser("key", help="keys of programs that speak to the exchange"))


def _add_key(key: argparse.ArgumentParser) -> None:
    steps = key.add_subparsers(required=True, metavar="STEP")
    issue = steps.add_parser("issue", help="issue a key to a program; it is shown once")
    issue.add_argument(
        "--for",
        dest="door",
        required=True,
        choices=tuple(DOORS),
        help="; ".join(f"{door}: {what}" for door, what in DOORS.items()),
    )
    _of(issue)
    issue.add_argument("--client", required=True, help="the program's name; two keys each at most")
    issue.add_argument(
        "--desk",
        action="append",
        choices=sorted(DESKS),
        help="with --for desks: only this one; repeatable; all without",
    )
    issue.add_argument(
        "--address", action="append", default=[], metavar="NETWORK", help="only from there; repeatable"
    )
    issue.add_argument("--days", type=int, default=365, help="how long it lives, up to 400")
    issue.set_defaults(run=run_issue, databases=True)
    listed = steps.add_parser("list", help="list the keys of an organisation at the exchange")
    _of(listed)
    listed.set_defaults(run=run_list, databases=True)
    revoke = steps.add_parser("revoke", help="revoke a key of the exchange; it stops at once")
    revoke.add_argument("key", type=UUID, metavar="KEY", help="the key's id, as list shows it")
    revoke.set_defaults(run=run_revoke, databases=True)


def _of(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--organisation", required=True, metavar="KIND:CODE", help="e.g. jurisdiction:NY or reporter:YARD7"
    )


def run_admit(options: argparse.Namespace, station: Station) -> int:
    """Admit; doing it again says anew how the jurisdiction takes part."""
    from vinculum.entrypoints.exchange.admission import admit
    from vinculum.national.transactions.admit_jurisdiction import UnknownJurisdiction

    code = options.jurisdiction.strip().upper()
    if not 1 <= options.grace_days <= 3650:
        raise Misused("--grace-days is 1 to 3650.")
    try:
        organisation_id = admit(
            station.program(),
            code=code,
            mode=options.mode,
            at=datetime.now(UTC),
            grace_days=options.grace_days,
        )
    except UnknownJurisdiction as fault:
        raise Misused(f"{fault} The codes are in the table exchange.jurisdiction.") from None
    said = {
        "jurisdiction": code,
        "mode": options.mode,
        "grace_days": options.grace_days,
        "organisation_id": organisation_id,
    }
    say(said, as_json=options.json)
    return 0


def run_issue(options: argparse.Namespace, station: Station) -> int:
    """Issue the key; nothing keeps its secret but whoever reads it now."""
    from django.conf import settings

    from vinculum.entrypoints.exchange.admission import KEYS, issue_key

    if options.desk and options.door != "desks":
        raise Misused("--desk goes with --for desks.")
    wanted = KEYS[options.door].organisation_kind
    if options.organisation.partition(":")[0] != wanted:
        raise Misused(f"a key for {options.door} is one of {wanted}:CODE.")
    program = station.program()
    try:
        issued = issue_key(
            program,
            door=options.door,
            organisation_id=_organisation(program, options.organisation),
            client=options.client,
            expires_at=datetime.now(UTC) + timedelta(days=options.days),
            live=settings.PRODUCTION,
            acts=tuple(DESKS[desk] for desk in options.desk or ()),
            addresses=options.address,
        )
    except ValueError as fault:
        raise Misused(f"--address: {fault}.") from None
    say({"key_id": issued.id, "key": issued.secret, "expires_at": issued.expires_at}, as_json=options.json)
    return 0


def run_list(options: argparse.Namespace, station: Station) -> int:
    """The keys, the latest first, without their secrets."""
    from vinculum.access import keys

    program = station.program()
    found = keys.of_organisation(
        program, organisation_id=_organisation(program, options.organisation), database="national"
    )
    say({"keys": found}, as_json=options.json)
    return 0


def run_revoke(options: argparse.Namespace, station: Station) -> int:
    """Revoke."""
    import psycopg

    from vinculum.access import keys

    try:
        keys.revoke(station.program(), key_id=options.key, database="national")
    except psycopg.errors.NoDataFound:
        raise Misused(f"the exchange has no key {options.key} that still holds.") from None
    say({"key_id": options.key, "revoked": True}, as_json=options.json)
    return 0


def _organisation(program: "Actor", named: str) -> UUID:
    kind, _, code = named.partition(":")
    return organisation_at_the_exchange(program, kind=kind, code=code.strip().upper())

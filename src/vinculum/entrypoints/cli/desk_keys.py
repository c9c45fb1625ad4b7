"""`vinculum exchange desk-key …`: keys with which jurisdictions' programs come to the desks of data changes.

Done in the name of the program, on its own machine, by the exchange's operator.
"""

import argparse
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from vinculum.entrypoints.cli.naming import organisation_at_the_exchange
from vinculum.entrypoints.cli.station import Misused, Station, say

# The acts, written here too so that a listing of commands loads no machinery; a test keeps them equal.
DESKS: Final = {
    "cases": "work_exchange_case",
    "clones": "work_clone_case",
    "corrections": "work_vin_correction",
    "rescissions": "rescind_brand",
}


def add_to(acts: Any) -> None:
    """Add `desk-key` to the commands of the exchange."""
    desk_key = acts.add_parser("desk-key", help="keys for the desks of data changes (N-704)")
    steps = desk_key.add_subparsers(required=True, metavar="STEP")
    issue = steps.add_parser("issue", help="issue a key to a program of a jurisdiction; it is shown once")
    issue.add_argument("--jurisdiction", required=True, metavar="CODE", help="an admitted D20 code")
    issue.add_argument("--client", required=True, help="the program's name; two keys each at most")
    issue.add_argument(
        "--desk", action="append", choices=sorted(DESKS), help="only this desk; may be repeated; all without"
    )
    issue.add_argument(
        "--address", action="append", default=[], metavar="NETWORK", help="only from there; may be repeated"
    )
    issue.add_argument("--days", type=int, default=365, help="how long it lives, up to 400")
    issue.set_defaults(run=run_issue, databases=True)
    revoke = steps.add_parser("revoke", help="revoke a desk key; it stops at once")
    revoke.add_argument("key", type=UUID, metavar="KEY", help="the key's id")
    revoke.set_defaults(run=run_revoke, databases=True)


def run_issue(options: argparse.Namespace, station: Station) -> int:
    """Issue the key; nothing keeps its secret but whoever reads it now."""
    from django.conf import settings

    from vinculum.entrypoints.exchange.admission import issue_desk_key

    program = station.program()
    issued = issue_desk_key(
        program,
        organisation_id=organisation_at_the_exchange(
            program, kind="jurisdiction", code=options.jurisdiction.strip().upper()
        ),
        client=options.client,
        expires_at=datetime.now(UTC) + timedelta(days=options.days),
        live=settings.PRODUCTION,
        acts=tuple(DESKS[desk] for desk in options.desk or DESKS),
        addresses=options.address,
    )
    say({"key": issued.secret, "id": issued.id, "expires_at": issued.expires_at}, as_json=options.json)
    return 0


def run_revoke(options: argparse.Namespace, station: Station) -> int:
    """Revoke."""
    import psycopg

    from vinculum.access import keys

    try:
        keys.revoke(station.program(), key_id=options.key, database="national")
    except psycopg.errors.NoDataFound:
        raise Misused(f"there is no key {options.key} that still holds.") from None
    say({"revoked": options.key}, as_json=options.json)
    return 0

"""`vinculum exchange findings …`: scan the national files for what cannot be true together.

Scans are done in the name of the program, on its own machine; people work the findings on the pages.
"""

import argparse
from datetime import UTC, datetime
from typing import Any

from vinculum.entrypoints.cli.station import Station, say


def add_to(acts: Any) -> None:
    """Add `findings` to the commands of the exchange."""
    findings = acts.add_parser("findings", help="find what of vehicles' records cannot be true together")
    steps = findings.add_subparsers(required=True, metavar="STEP")
    scan = steps.add_parser(
        "scan",
        help="scan what has changed since the last scan",
        description="Scan what has changed since the last scan; everything at the first time, or when told to.",
    )
    scan.add_argument("--whole", action="store_true", help="scan everything, whatever was scanned before")
    scan.set_defaults(run=run_scan, databases=True)


def run_scan(options: argparse.Namespace, station: Station) -> int:
    """Scan here and now, and say what it came to."""
    from vinculum.national.investigations import scan

    scanned = scan.run(actor=station.program(), at=datetime.now(UTC), whole=options.whole)
    assert scanned is not None, "Nobody told it to stop."
    say(
        {
            "whole": scanned.whole,
            "vehicles": scanned.vehicles,
            "found": scanned.found,
            "mended": scanned.mended,
        },
        as_json=options.json,
    )
    return 0

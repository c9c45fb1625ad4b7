"""`vinculum exchange advise`: which message a title needs, and what it requires; needs no database."""

import argparse
import json
import sys
from typing import Any

from vinculum.entrypoints.cli import (
    admission,
    batch_files,
    emulation,
    investigations,
    notice_files,
    reporters,
)
from vinculum.entrypoints.cli.station import Misused, Station


def add_to(commands: Any) -> None:
    """Add `exchange`."""
    exchange = commands.add_parser("exchange", help="the national title exchange")
    acts = exchange.add_subparsers(required=True, metavar="ACT")
    advise = acts.add_parser(
        "advise",
        help="say which message to send for a title, and what it requires",
        description="Say which message to send for a title, and what it requires (N-304).",
    )
    advise.add_argument("--mode", type=int, choices=(1, 2, 3, 4), required=True, help="how you take part")
    advise.add_argument("--titling", metavar="CODE", required=True, help="the state that issues the title")
    advise.add_argument("--previous", metavar="CODE", help="state of title on the pointer; none when unknown")
    advise.add_argument("--document", metavar="CODE", help="state of the title presented; none for an origin")
    advise.add_argument("--vehicle-changes", action="store_true", help="VIN, make or model year change")
    advise.add_argument(
        "--reissued-unchanged", action="store_true", help="a reprint: number, date and vehicle as before"
    )
    advise.set_defaults(run=run_advise, databases=False)
    admission.add_to(acts)
    batch_files.add_to(acts)
    notice_files.add_to(acts)
    emulation.add_to(acts)
    investigations.add_to(acts)
    reporters.add_to(acts)


def run_advise(options: argparse.Namespace, _station: Station) -> int:
    """Print the messages, in order, and the requirements."""
    from vinculum.entrypoints.web.jurisdictions import JURISDICTIONS
    from vinculum.national.law.advise import Situation, advise

    named = {name: (getattr(options, name) or "").upper() for name in ("titling", "previous", "document")}
    codes = {code for code, _name in JURISDICTIONS}
    unknown = [f"--{name} {code}" for name, code in named.items() if code and code not in codes]
    if unknown:
        raise Misused(f"not a D20 jurisdiction code: {', '.join(unknown)}.")
    given = advise(
        Situation(
            mode=options.mode,
            titling=named["titling"],
            previous=named["previous"] or None,
            document=named["document"] or None,
            vehicle_changes=options.vehicle_changes,
            reissued_unchanged=options.reissued_unchanged,
        )
    )
    if options.json:
        document = {
            "messages": list(given.messages),
            "published_names": list(given.sends),
            "requires": list(given.requires),
            "citation": given.citation,
        }
        sys.stdout.write(json.dumps(document) + "\n")
        return 0
    sends = [f"{name} ({sent})" for name, sent in zip(given.messages, given.sends, strict=True)]
    sys.stdout.write(f"Send: {', then '.join(sends) or 'nothing'}\n")
    sys.stdout.writelines(f"  - {requirement}\n" for requirement in given.requires)
    sys.stdout.write(f"{given.citation}\n")
    return 0

"""Commands of the dealer's desk: quote, register, void, hold, release, abandon, certificate."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from vinculum.entrypoints.cli.station import Misused, Station, read_json, say


def add_to(commands: Any) -> None:
    """Add the acts of the desk."""
    quote = commands.add_parser(
        "quote", help="price a deal and list its papers and refusals; nothing is written"
    )
    _deal(quote)
    quote.set_defaults(run=run_quote, databases=True)

    register = commands.add_parser("register", help="process a new issue, or put it on hold with --hold")
    _deal(register)
    register.add_argument(
        "--hold", action="store_true", help="keep the deal for later instead, complete or not"
    )
    register.add_argument(
        "--application", type=UUID, metavar="ID", help="the application it was taken up from"
    )
    _key(register)
    register.set_defaults(run=run_register, databases=True)

    void = commands.add_parser("void", help="void a registration in its window")
    _application(void)
    void.add_argument("--reason", required=True, help="why")
    void.add_argument(
        "--not-left-lot", action="store_true", help="certify that the vehicle has not left the lot (D-603)"
    )
    _key(void)
    void.set_defaults(run=run_void, databases=True)

    release = commands.add_parser("release", help="take a held deal up again at this terminal")
    _application(release)
    release.set_defaults(run=run_release, databases=True)

    abandon = commands.add_parser("abandon", help="give a deal up")
    _application(abandon)
    abandon.set_defaults(run=run_abandon, databases=True)

    certificate = commands.add_parser("certificate", help="write the registration certificate to a file")
    _application(certificate)
    certificate.add_argument(
        "-o", "--output", metavar="FILE", help="the PDF; named after the plate without it"
    )
    certificate.set_defaults(run=run_certificate, databases=True)


def run_quote(options: argparse.Namespace, station: Station) -> int:
    """Price the deal; refusals are listed and make the exit code 1."""
    from vinculum.entrypoints import wired
    from vinculum.entrypoints.deals import read_draft, with_law
    from vinculum.kernel.business_calendar import local_date
    from vinculum.kernel.refusal import Refused
    from vinculum.state.transactions import register_vehicle

    at = datetime.now(UTC)
    deal, faults = read_draft(read_json(options.deal), today=local_date(at))
    if deal is None:
        raise Refused(faults)
    preview = register_vehicle.preview(deal, actor=station.desk(), at=at, exchange=wired.exchange())
    refusals = with_law(faults, preview.refusals)
    if options.json:
        document = {
            "processable": not refusals,
            "refusals": [refusal.as_document() for refusal in refusals],
            "quote": preview.quote,
            "total": preview.quote and preview.quote.total,
            "checklist": preview.checklist,
            "expires_on": preview.expires_on,
            "warnings": preview.warnings,
            "next_plate": preview.next_plate,
        }
        say(document, as_json=True)
        return 1 if refusals else 0
    if preview.quote is not None:
        for line in preview.quote.lines:
            sys.stdout.write(f"{line.amount:>12}  {line.description} ({line.rule}; {line.citation})\n")
        sys.stdout.write(f"{preview.quote.total:>12}  total, {preview.quote.payable_to_dmv} of it to DMV\n")
    for item in preview.checklist:
        sys.stdout.write(f"  [{'x' if item.marked else ' '}] {item.title}: {item.why}\n")
    sys.stdout.write(
        f"next plate: {preview.next_plate or 'none'}; expires: {preview.expires_on or 'not known'}\n"
    )
    for warning in preview.warnings:
        sys.stdout.write(f"note: {warning}\n")
    if refusals:
        raise Refused(refusals)
    return 0


def run_register(options: argparse.Namespace, station: Station) -> int:
    """Process or hold the deal."""
    from vinculum.entrypoints import wired
    from vinculum.entrypoints.deals import read_deal
    from vinculum.kernel.refusal import Refused
    from vinculum.state.transactions import hold_application, register_vehicle

    document = read_json(options.deal)
    if options.hold:
        held = hold_application.run(
            hold_application.Request(
                draft=document, idempotency_key=_key_of(options), application_id=options.application
            ),
            actor=station.desk(),
            at=datetime.now(UTC),
        )
        say(held, as_json=options.json)
        return 0
    deal, faults = read_deal(document)
    if deal is None:
        raise Refused(faults)
    receipt = register_vehicle.run(
        register_vehicle.Request(
            deal=deal, idempotency_key=_key_of(options), application_id=options.application
        ),
        actor=station.desk(),
        at=datetime.now(UTC),
        exchange=wired.exchange(),
    )
    say(receipt, as_json=options.json)
    return 0


def run_void(options: argparse.Namespace, station: Station) -> int:
    """Void the registration."""
    from vinculum.state.transactions import void_registration

    receipt = void_registration.run(
        void_registration.Request(
            application_id=options.application,
            reason=options.reason,
            not_left_lot=options.not_left_lot,
            idempotency_key=_key_of(options),
        ),
        actor=station.desk(),
        at=datetime.now(UTC),
    )
    say(receipt, as_json=options.json)
    return 0


def run_release(options: argparse.Namespace, station: Station) -> int:
    """Take the application up here; its deal is written, to be completed and registered."""
    from vinculum.state.transactions import release_application

    taken = release_application.run(
        release_application.Request(application_id=options.application),
        actor=station.desk(),
        at=datetime.now(UTC),
    )
    say(
        {"application_id": taken.application_id, "state": taken.state, "deal": taken.deal},
        as_json=options.json,
    )
    return 0


def run_abandon(options: argparse.Namespace, station: Station) -> int:
    """Give the application up."""
    from vinculum.state.transactions import abandon_application

    given_up = abandon_application.run(
        abandon_application.Request(application_id=options.application),
        actor=station.desk(),
        at=datetime.now(UTC),
    )
    say({"application_id": given_up.application_id, "state": given_up.state}, as_json=options.json)
    return 0


def run_certificate(options: argparse.Namespace, station: Station) -> int:
    """Write the PDF; another dealer's application and one that never was are refused alike."""
    from vinculum.kernel.refusal import Refused
    from vinculum.state.law.catalogue import refuse
    from vinculum.state.queries import print_certificate

    printed = print_certificate.run(options.application, actor=station.desk(), at=datetime.now(UTC))
    if printed is None:
        raise Refused([refuse("application_not_found", application=options.application)])
    path = Path(options.output or printed.file_name)
    try:
        path.write_bytes(printed.pdf)
    except OSError as fault:
        raise Misused(f"{path} cannot be written: {fault.strerror}.") from None
    say({"file": str(path), "bytes": len(printed.pdf)}, as_json=options.json)
    return 0


def _deal(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--deal", required=True, metavar="FILE", help="the deal as JSON (docs/api.md), - for standard input"
    )


def _application(command: argparse.ArgumentParser) -> None:
    command.add_argument("application", type=UUID, metavar="APPLICATION", help="the application's id")


def _key(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--idempotency-key",
        metavar="KEY",
        help="say the same key to repeat the very same request safely (D-206)",
    )


def _key_of(options: argparse.Namespace) -> str:
    key: str = options.idempotency_key or f"cli-{uuid4()}"
    if not 8 <= len(key) <= 200:
        raise Misused("--idempotency-key has 8 to 200 characters.")
    return key

"""Commands that keep the service: the law's files, the audit trail, the databases, jobs, the demonstration."""

import argparse
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vinculum.entrypoints.cli.station import Misused, Station, say


def add_to(commands: Any) -> None:
    """Add them."""
    reference = commands.add_parser("reference", help="check and publish a jurisdiction's files")
    acts = reference.add_subparsers(required=True, metavar="ACT")
    check = acts.add_parser("check", help="read the files strictly and list every fault; needs no database")
    check.add_argument("path", type=Path, metavar="PATH", help="the jurisdiction's folder")
    check.set_defaults(run=run_reference_check, databases=False)
    publish = acts.add_parser("publish", help="make the files the law in force")
    publish.add_argument("path", type=Path, metavar="PATH", help="the jurisdiction's folder")
    publish.set_defaults(run=run_reference_publish, databases=True)
    _add_audit(commands)
    database = commands.add_parser("database", help="bring the databases up to date")
    acts = database.add_subparsers(required=True, metavar="ACT")
    prepare = acts.add_parser(
        "prepare", help="make logins, databases, tables and law what this program needs"
    )
    prepare.set_defaults(run=run_database_prepare, databases=True)
    jobs = commands.add_parser("jobs", help="run the jobs beside the server")
    acts = jobs.add_subparsers(required=True, metavar="ACT")
    run = acts.add_parser(
        "run", help="deliver what is owed to the exchange and apply batch files, until Ctrl-C"
    )
    run.set_defaults(run=run_jobs, databases=True)
    _add_demo(commands)


def _add_audit(commands: Any) -> None:
    audit = commands.add_parser("audit", help="verify the audit trail")
    acts = audit.add_subparsers(required=True, metavar="ACT")
    verify = acts.add_parser("verify", help="compute every link of the trail again")
    verify.add_argument(
        "--checkpoints", type=Path, metavar="FOLDER", help="hold it against signed checkpoints"
    )
    verify.add_argument("--key", type=Path, metavar="FILE", help="the key the checkpoints were signed with")
    verify.set_defaults(run=run_audit_verify, databases=True)
    checkpoint = acts.add_parser("checkpoint", help="sign the trail's present ends")
    checkpoint.add_argument(
        "--checkpoints", type=Path, metavar="FOLDER", required=True, help="where to write it"
    )
    checkpoint.add_argument(
        "--key", type=Path, metavar="FILE", required=True, help="the signing key; made if absent"
    )
    checkpoint.set_defaults(run=run_audit_checkpoint, databases=True)


def _add_demo(commands: Any) -> None:
    demo = commands.add_parser("demo", help="the demonstration world")
    acts = demo.add_subparsers(required=True, metavar="ACT")
    load = acts.add_parser("load", help="make the demonstration world, once")
    load.add_argument("--size", default="small", help="small, medium, large, state, or a number of vehicles")
    load.add_argument("--seed", type=int, default=1, help="another seed makes another world")
    load.set_defaults(run=run_demo_load, databases=True)
    cases = acts.add_parser("cases", help="list the documented vehicles and customers")
    cases.set_defaults(run=run_demo_cases, databases=True)
    code = acts.add_parser("code", help="the code that a demonstration person's authenticator shows now")
    code.add_argument("email", metavar="EMAIL", help="the person's address")
    code.set_defaults(run=run_demo_code, databases=True)
    key = acts.add_parser(
        "exchange-key", help="a new key by which the exchange asks this state for title details"
    )
    key.set_defaults(run=run_demo_exchange_key, databases=True)


def run_reference_check(options: argparse.Namespace, _station: Station) -> int:
    """Every fault at once; exit code 1 when there is one."""
    from vinculum.state.reference.faults import ReferenceInvalid
    from vinculum.state.reference.jurisdiction import load_jurisdiction

    try:
        files = load_jurisdiction(_folder(options.path))
    except ReferenceInvalid as invalid:
        sys.stderr.write(f"{invalid}\n")
        return 1
    say({"jurisdiction": files.code, "hash": files.content_hash}, as_json=options.json)
    return 0


def run_reference_publish(options: argparse.Namespace, _station: Station) -> int:
    """Publish with the migration login, which alone may write the law."""
    import psycopg

    from vinculum.entrypoints import wired
    from vinculum.state.reference.faults import ReferenceInvalid
    from vinculum.state.reference.jurisdiction import load_jurisdiction
    from vinculum.state.reference.publication import publish

    try:
        files = load_jurisdiction(_folder(options.path))
    except ReferenceInvalid as invalid:
        sys.stderr.write(f"{invalid}\n")
        return 1
    state_url, _ = wired.owner_urls()
    with psycopg.connect(state_url) as connection:
        done = publish(connection, files, published_at=datetime.now(UTC), published_by="command line")
    say(done, as_json=options.json)
    return 0


def run_audit_verify(options: argparse.Namespace, station: Station) -> int:
    """Verify; exit code 1 when the trail does not hold."""
    from vinculum.access import audit
    from vinculum.access.database import acting

    if (options.checkpoints is None) != (options.key is None):
        raise Misused("say --checkpoints and --key together.")
    key = _signing_key(options.key).public_key() if options.key else None
    try:
        with acting(station.program(), act="verify_audit") as connection:
            verdict = audit.verify(connection, checkpoints=options.checkpoints, public_key=key)
    except audit.CheckpointRefused as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    say(
        {
            "holds": verdict.holds,
            "events": verdict.events,
            "checkpoints": verdict.checkpoints,
            "faults": verdict.faults,
        },
        as_json=options.json,
    )
    return 0 if verdict.holds else 1


def run_audit_checkpoint(options: argparse.Namespace, station: Station) -> int:
    """Sign and write; the key is made at first use and is to be kept off the database's machine."""
    from vinculum.access import audit
    from vinculum.access.database import acting

    key = _signing_key(options.key) if options.key.exists() else audit.make_key(options.key)
    with acting(station.program(), act="verify_audit") as connection:
        path = audit.write_checkpoint(
            connection, directory=options.checkpoints, key=key, at=datetime.now(UTC)
        )
    say({"checkpoint": str(path)}, as_json=options.json)
    return 0


def run_database_prepare(options: argparse.Namespace, _station: Station) -> int:
    """The databases are brought up to date before any command; this one does nothing else."""
    say({"databases": "up to date"}, as_json=options.json)
    return 0


def run_jobs(_options: argparse.Namespace, _station: Station) -> int:
    """Work until told to stop; a piece of work that was begun is finished first."""
    from vinculum.entrypoints.jobs.all_jobs import run_until

    stop = threading.Event()
    for stop_signal in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop_signal, lambda _signal, _frame: stop.set())
    run_until(stop)
    return 0


def run_demo_load(options: argparse.Namespace, _station: Station) -> int:
    """Make the world, and say how to sign in."""
    from vinculum.entrypoints.demo import load

    if options.size not in load.SIZES and not options.size.isdigit():
        raise Misused(f"--size is a number or one of {', '.join(load.SIZES)}.")
    try:
        summary = load.load(options.size, options.seed, datetime.now(UTC))
    except load.WorldHalfMade as fault:
        sys.stderr.write(f"vinculum: {fault}\n")
        return 1
    sys.stdout.write(summary.words() + "\n")
    return 0


def run_demo_cases(_options: argparse.Namespace, _station: Station) -> int:
    """The cases."""
    from vinculum.entrypoints.demo import load

    sys.stdout.write("\n".join(load.case_lines()) + "\n")
    return 0


def run_demo_code(options: argparse.Namespace, _station: Station) -> int:
    """The code; a production service never says one."""
    from allauth.mfa.models import Authenticator
    from django.conf import settings

    from vinculum.access.models import Person
    from vinculum.access.people import current_code

    if settings.PRODUCTION:
        raise Misused("a production service tells nobody's code.")
    try:
        sys.stdout.write(current_code(options.email) + "\n")
    except (Person.DoesNotExist, Authenticator.DoesNotExist):
        raise Misused(f"nobody with the address {options.email} has an authenticator.") from None
    return 0


def run_demo_exchange_key(_options: argparse.Namespace, _station: Station) -> int:
    """The key, this once; a production service's administrator issues a real one."""
    from django.conf import settings

    from vinculum.access import service
    from vinculum.entrypoints.demo.exchange_key import NoWorldYet, issue_exchange_key

    if settings.PRODUCTION:
        raise Misused("a production service's keys are issued by its administrator: vinculum key issue.")
    try:
        secret = issue_exchange_key(service.actor(terminal="demonstration"), at=datetime.now(UTC))
    except NoWorldYet as fault:
        raise Misused(str(fault)) from None
    sys.stdout.write(secret + "\n")
    return 0


def _folder(path: Path) -> Path:
    if not path.is_dir():
        raise Misused(f"{path} is no folder.")
    return path


def _signing_key(path: Path) -> Any:
    from vinculum.access import audit

    try:
        return audit.read_key(path)
    except (OSError, ValueError, audit.CheckpointRefused) as fault:
        raise Misused(f"{path} is no signing key: {fault}.") from None

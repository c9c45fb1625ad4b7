"""`vinculum exchange notices …`: what the exchange tells a jurisdiction by file, taken and confirmed (N-310)."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from vinculum.entrypoints.cli.client import client_at
from vinculum.entrypoints.cli.station import Misused, Station, say

_ACT = "report_to_exchange"


def add_to(acts: Any) -> None:
    """Add `notices` to the commands of the exchange."""
    notices = acts.add_parser("notices", help="take files of notices and confirm them (N-310)")
    steps = notices.add_subparsers(required=True, metavar="STEP")
    listed = steps.add_parser("list", help="list the notice files, those to be confirmed first")
    listed.set_defaults(run=run_list, databases=True)
    take = steps.add_parser("take", help="print a notice file; it may be taken again until it is confirmed")
    take.add_argument("file_id", type=UUID, metavar="ID", help="the id that list shows")
    take.add_argument("--form", choices=("fixed", "csv"), default="fixed", help="how it is printed")
    take.set_defaults(run=run_take, databases=True)
    confirm = steps.add_parser(
        "confirm",
        help="confirm a notice file that was taken",
        description="Count the file that was taken and confirm it with these totals: its notices are then"
        " acknowledged. A file that lost something on its way is not confirmed.",
    )
    confirm.add_argument("file_id", type=UUID, metavar="ID", help="the id that list shows")
    confirm.add_argument("path", type=Path, metavar="FILE", help="the file as it was taken")
    confirm.set_defaults(run=run_confirm, databases=True)


def run_list(options: argparse.Namespace, station: Station) -> int:
    """Number, count, control total, and whether it is confirmed."""
    from vinculum.access.database import acting
    from vinculum.entrypoints.exchange.notice_files import document_of
    from vinculum.national.batch import notice_files

    client = client_at(station, act=_ACT)
    with acting(client, act=_ACT, database="national") as connection:
        found = notice_files.newest(connection, jurisdiction=client.organisation_code)
    say([document_of(file) for file in found], as_json=options.json)
    return 0


def run_take(options: argparse.Namespace, station: Station) -> int:
    """Print the file line by line."""
    from vinculum.access.database import acting
    from vinculum.national.batch import notice_files

    client = client_at(station, act=_ACT)
    with acting(client, act=_ACT, database="national") as connection:
        found = notice_files.find(connection, options.file_id, jurisdiction=client.organisation_code)
        if found is None:
            raise Misused(f"no notice file {options.file_id} was made for {client.organisation_code}.")
        sys.stdout.writelines(notice_files.read_lines(connection, found, form=options.form))
    return 0


def run_confirm(options: argparse.Namespace, station: Station) -> int:
    """Count and confirm; exit code 1 when the totals differ."""
    from vinculum.access.database import acting
    from vinculum.entrypoints.exchange.notice_files import document_of
    from vinculum.national.batch import notice_files

    client = client_at(station, act=_ACT)
    try:
        with options.path.open(encoding="ascii", errors="replace") as lines:
            count, control = notice_files.totals_of(lines)
        with acting(client, act=_ACT, database="national") as connection:
            done = notice_files.confirm(
                connection,
                options.file_id,
                jurisdiction=client.organisation_code,
                notice_count=count,
                control=control,
                by=client.person_id,
                by_name=client.person_name,
                at=datetime.now(UTC),
            )
    except OSError as fault:
        raise Misused(f"{options.path} cannot be read: {fault.strerror}.") from None
    except notice_files.NoSuchFile:
        raise Misused(f"no notice file {options.file_id} was made for {client.organisation_code}.") from None
    except notice_files.TotalsDiffer:
        sys.stderr.write(
            "vinculum: the control totals differ; nothing was acknowledged. Take the file again.\n"
        )
        return 1
    say(document_of(done), as_json=options.json)
    return 0

"""`vinculum exchange file …`: a jurisdiction's batch files, handed in with its key, followed, answered.

All of it is done in the name of the key in VINCULUM_KEY, and with that jurisdiction's own files only.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from vinculum.entrypoints.cli import batch_answers, upload_file
from vinculum.entrypoints.cli.client import client_at
from vinculum.entrypoints.cli.station import Misused, Station, say

if TYPE_CHECKING:
    from vinculum.access.database import Actor
    from vinculum.national.batch.file_row import BatchFile

_ACT = "report_to_exchange"
_BLOCK = 1 << 20
# A file that was just written to may not be whole yet.
_SETTLED_SECONDS = 5.0
_LOOK_SECONDS = 5.0


def add_to(acts: Any) -> None:
    """Add `file` to the commands of the exchange."""
    file = acts.add_parser("file", help="send batch files, follow them, read the SEW report")
    steps = file.add_subparsers(required=True, metavar="STEP")
    send = steps.add_parser("send", help="hand a file in; it waits to be applied")
    send.add_argument("path", type=Path, metavar="FILE", help="the file, as docs/formats tells")
    send.set_defaults(run=run_send, databases=True)
    batch_answers.add_to(steps)
    upload_file.add_to(steps)
    newest = steps.add_parser("list", help="list the newest files of the jurisdiction")
    newest.set_defaults(run=run_list, databases=True)
    show = steps.add_parser("show", help="say how it stands with a file")
    show.add_argument("file_id", type=UUID, metavar="ID", help="the id that send answered")
    show.set_defaults(run=run_show, databases=True)
    report = steps.add_parser("report", help="print the SEW report (N-502)")
    report.add_argument("file_id", type=UUID, metavar="ID", help="the id that send answered")
    report.add_argument("--form", choices=("fixed", "csv"), default="fixed", help="how it is printed")
    report.set_defaults(run=run_report, databases=True)
    trend = steps.add_parser("trends", help="count the codes of the jurisdiction's files, day by day")
    trend.add_argument("--days", type=int, default=30, help="how many days back; 30 unless said")
    trend.set_defaults(run=run_trends, databases=True)
    cancel = steps.add_parser("cancel", help="take a file back that is not applied yet")
    cancel.add_argument("file_id", type=UUID, metavar="ID", help="the id that send answered")
    cancel.set_defaults(run=run_cancel, databases=True)
    apply = steps.add_parser("apply", help="apply all files that wait, here and now, instead of the jobs")
    apply.set_defaults(run=run_apply, databases=True)
    watch = steps.add_parser(
        "watch",
        help="hand in every file that appears in a folder",
        description="Hand in every file (*.txt, *.csv) that appears in a folder. What was taken goes to its"
        " folder sent, what was refused to refused, with the reason beside it.",
    )
    watch.add_argument("folder", type=Path, metavar="FOLDER", help="the folder of this jurisdiction")
    watch.add_argument("--once", action="store_true", help="look once and end")
    watch.set_defaults(run=run_watch, databases=True)


def run_send(options: argparse.Namespace, station: Station) -> int:
    """Hand the file in; exit code 1 when it is refused."""
    from vinculum.entrypoints.exchange.files import document_of
    from vinculum.national.batch.reading import FileRefused

    try:
        taken = _send(options.path, client=client_at(station, act=_ACT))
    except OSError as fault:
        raise Misused(f"{options.path} cannot be read: {fault.strerror}.") from None
    except FileRefused as refused:
        sys.stderr.write(f"[{refused.fault.code}] line {refused.line}: {refused.fault.text}\n")
        return 1
    say(document_of(taken, None), as_json=options.json)
    return 0


def run_list(options: argparse.Namespace, station: Station) -> int:
    """The newest first."""
    from vinculum.access.database import acting
    from vinculum.entrypoints.exchange.files import document_of
    from vinculum.national.batch import file_row

    client = client_at(station, act=_ACT)
    with acting(client, act=_ACT, database="national") as connection:
        found = file_row.newest(connection, jurisdiction=client.organisation_code)
        say([document_of(one, None) for one in found], as_json=options.json)
    return 0


def run_show(options: argparse.Namespace, station: Station) -> int:
    """State, progress and counts."""
    from vinculum.access.database import acting
    from vinculum.entrypoints.exchange.files import document_of
    from vinculum.national.batch.progress import read_progress

    client = client_at(station, act=_ACT)
    found = _find(client, options.file_id)
    with acting(client, act=_ACT, database="national") as connection:
        progress = read_progress(connection, found.file_id) if found.state == "waiting" else None
    say(document_of(found, progress), as_json=options.json)
    return 0


def run_report(options: argparse.Namespace, station: Station) -> int:
    """Print the report line by line."""
    from vinculum.access.database import acting
    from vinculum.national.batch import sew_report

    client = client_at(station, act=_ACT)
    found = _find(client, options.file_id)
    if found.state not in {"applied", "rejected"}:
        raise Misused("the report is there when the file was applied.")
    printed = sew_report.csv_lines if options.form == "csv" else sew_report.fixed_lines
    with (
        acting(client, act=_ACT, database="national") as connection,
        closing(sew_report.read_messages(connection, found)) as messages,
    ):
        sys.stdout.writelines(printed(found, messages))
    return 0


def run_trends(options: argparse.Namespace, station: Station) -> int:
    """Each code of each day, with how often it was said."""
    from vinculum.access.database import acting
    from vinculum.national.batch.code_counts import trends

    client = client_at(station, act=_ACT)
    since = datetime.now(UTC) - timedelta(days=max(options.days, 0))
    with acting(client, act=_ACT, database="national") as connection:
        counted = trends(connection, jurisdiction=client.organisation_code, since=since)
    say(
        [{"day": one.day, "code": one.code, "severity": one.severity, "count": one.count} for one in counted],
        as_json=options.json,
    )
    return 0


def run_cancel(options: argparse.Namespace, station: Station) -> int:
    """Take it back; exit code 1 when it is too late."""
    from vinculum.access.database import acting
    from vinculum.national.batch import file_row

    client = client_at(station, act=_ACT)
    found = _find(client, options.file_id)
    with acting(client, act=_ACT, database="national") as connection:
        done = file_row.cancel(
            connection, found.file_id, jurisdiction=client.organisation_code, at=datetime.now(UTC)
        )
    if not done:
        sys.stderr.write("vinculum: too late: the file is being applied, or it is done already.\n")
        return 1
    say({"file_id": found.file_id, "state": "cancelled"}, as_json=options.json)
    return 0


def run_apply(options: argparse.Namespace, station: Station) -> int:
    """Apply file after file until none waits."""
    from vinculum.entrypoints.jobs.batch_files import apply_one

    client_at(station, act=_ACT)
    done = 0
    while apply_one(now=lambda: datetime.now(UTC)) is not None:
        done += 1
    say({"files_done": done}, as_json=options.json)
    return 0


def run_watch(options: argparse.Namespace, station: Station) -> int:
    """Look into the folder again and again."""
    if not options.folder.is_dir():
        raise Misused(f"{options.folder} is not a folder.")
    while True:
        look_into(
            options.folder,
            client=client_at(station, act=_ACT),
            settled=0.0 if options.once else _SETTLED_SECONDS,
            tell=lambda said: say(said, as_json=options.json),
        )
        if options.once:
            return 0
        time.sleep(_LOOK_SECONDS)


def look_into(
    folder: Path,
    *,
    client: "Actor",
    settled: float,
    tell: Callable[[dict[str, str]], None] = lambda _said: None,
) -> None:
    """Hand in what lies there, the oldest first, put it away, and tell of each file where it went."""
    from vinculum.national.batch.reading import FileRefused

    for path in _files_in(folder, settled=settled):
        try:
            taken = _send(path, client=client)
        except FileRefused as refused:
            why = f"line {refused.line}: {refused.fault.code} {refused.fault.text}"
            _put_away(path, "refused", f"{why}\n")
            tell({"refused": path.name, "why": why})
        else:
            _put_away(path, "sent", f"{taken.file_id}\n")
            tell({"sent": path.name, "file_id": str(taken.file_id)})
        sys.stdout.flush()


def _files_in(folder: Path, *, settled: float) -> Iterator[Path]:
    before = time.time() - settled
    found = [path for path in folder.iterdir() if path.suffix in {".txt", ".csv"} and path.is_file()]
    dated = sorted((path.stat().st_mtime, path) for path in found if not path.is_symlink())
    yield from (path for written, path in dated if written <= before)


def _put_away(path: Path, where: str, note: str) -> None:
    place = path.parent / where
    place.mkdir(exist_ok=True)
    name = path.name if not (place / path.name).exists() else f"{path.stem}-{time.time_ns()}{path.suffix}"
    (place / f"{name}.note").write_text(note, encoding="utf-8")
    path.rename(place / name)


def _send(path: Path, *, client: "Actor") -> "BatchFile":
    from vinculum.access.database import acting
    from vinculum.entrypoints.batch_spool import spool
    from vinculum.national.batch.take_file import acts_of, take_file

    with path.open("rb") as stream:
        spooled = spool().receive(iter(lambda: stream.read(_BLOCK), b""))
    with acting(client, act=_ACT, database="national") as connection:
        return take_file(
            connection,
            spooled,
            spool=spool(),
            sender=client.organisation_code,
            received_from=client.person_name,
            at=datetime.now(UTC),
            acts=acts_of(client.scopes),
        )


def _find(client: "Actor", file_id: UUID) -> "BatchFile":
    from vinculum.access.database import acting
    from vinculum.national.batch import file_row

    with acting(client, act=_ACT, database="national") as connection:
        found = file_row.find(connection, file_id, jurisdiction=client.organisation_code)
    if found is None:
        raise Misused(f"{client.organisation_code} has sent no file {file_id}.")
    return found

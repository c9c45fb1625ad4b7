"""`vinculum exchange file answer`: the answer to an inquiry file, printed for the jurisdiction that asked (N-204)."""

import argparse
import sys
from typing import TYPE_CHECKING, Any
from uuid import UUID

from vinculum.entrypoints.cli.client import client_at
from vinculum.entrypoints.cli.station import Misused, Station

if TYPE_CHECKING:
    from vinculum.national.batch.answer_file import Missing

_ACT = "ask_exchange"
_MISSING: "dict[Missing, str]" = {
    "unknown": "there is no such file of this jurisdiction.",
    "not_an_inquiry": "the file reports; its answer is the SEW report.",
    "not_answered": "the answer is there when the file was applied; a rejected one has none.",
    "removed": "answers are kept for 30 days; send the inquiries again.",
}


def add_to(steps: Any) -> None:
    """Add `answer` to the steps of a file."""
    answer = steps.add_parser("answer", help="print the answer to an inquiry file (N-204)")
    answer.add_argument("file_id", type=UUID, metavar="ID", help="the id that send answered")
    answer.add_argument("--form", choices=("fixed", "csv"), default="fixed", help="how it is printed")
    answer.set_defaults(run=run_answer, databases=True)


def run_answer(options: argparse.Namespace, station: Station) -> int:
    """Print the answer block by block."""
    from vinculum.access.database import acting
    from vinculum.entrypoints.batch_spool import spool
    from vinculum.national.batch.answer_file import NoAnswer, answer_blocks, answer_file

    client = client_at(station, act=_ACT)
    try:
        with acting(client, act=_ACT, database="national") as connection:
            found = answer_file(
                connection, options.file_id, jurisdiction=client.organisation_code, spool=spool()
            )
    except NoAnswer as none:
        raise Misused(_MISSING[none.missing]) from None
    for block in answer_blocks(found, spool=spool(), form=options.form):
        sys.stdout.write(block.decode("ascii"))
    return 0

"""`vinculum vin decode`: what VINs say, one JSON object per line; needs no database."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from vinculum.entrypoints.cli.station import Station

_AT_ONCE = 1000
# Longer than any VIN with its blanks; what lies beyond is no VIN and is not echoed whole.
_LONGEST_LINE = 200


def add_to(commands: Any) -> None:
    """Add `vin`."""
    vin = commands.add_parser("vin", help="read vehicle identification numbers")
    acts = vin.add_subparsers(required=True, metavar="ACT")
    decode = acts.add_parser(
        "decode",
        help="decode VINs: one JSON object per line",
        description="Decode the VINs given, or one per line of standard input. One JSON object per line.",
    )
    decode.add_argument("vin", nargs="*", help="VINs; without any, lines of standard input")
    decode.set_defaults(run=run_decode, databases=False)


def run_decode(options: argparse.Namespace, _station: Station) -> int:
    """Decode and write, a batch at a time; blank lines of the input are passed over."""
    from vinculum.decoding import decode_vins

    given = options.vin or (line.strip() for line in sys.stdin)
    for batch in _batches(text[:_LONGEST_LINE] for text in given if text):
        lines = [
            json.dumps(
                {
                    "vin": decoded.vin,
                    "check_digit_valid": decoded.check_digit_valid,
                    "model_year": decoded.model_year,
                    "make": decoded.make,
                    "model": decoded.model,
                    "messages": list(decoded.messages),
                },
                ensure_ascii=False,
            )
            for decoded in decode_vins(batch)
        ]
        sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _batches(vins: Iterable[str]) -> Iterator[list[str]]:
    """The VINs in lists; the first is short, so that a person who types sees an answer at once."""
    source = iter(vins)
    size = 1
    while batch := list(islice(source, size)):
        yield batch
        sys.stdout.flush()
        size = 1 if sys.stdin.isatty() else _AT_ONCE

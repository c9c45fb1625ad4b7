"""`vinculum exchange emulate`: states that are played over the real protocol, for tests, demonstration and load."""

import argparse
import json
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vinculum.entrypoints.cli.station import Misused, Station

if TYPE_CHECKING:
    from vinculum.entrypoints.emulation.cast import Part

BROKEN, UNREACHED = 1, 3


def add_to(acts: Any) -> None:
    """Add `exchange emulate`."""
    emulate = acts.add_parser(
        "emulate",
        help="play states over the real protocol",
        description="Play states over the real protocol: their vehicles are made up, their title numbers begin with EM"
        " (docs/runbooks/emulated-states.md). Exit code 1 when the exchange broke a promise, 3 when nothing answered.",
    )
    emulate.add_argument("--address", required=True, metavar="URL", help="where the exchange is")
    emulate.add_argument(
        "--states", default="8", metavar="N|LIST", help="how many of the company, or CODE:MODE:WORD,WORD;…"
    )
    emulate.add_argument("--keys", type=Path, metavar="FILE", help='the states\' keys: {"PA": "vk_test_…"}')
    emulate.add_argument(
        "--admit", action="store_true", help="admit the states here and make their keys; never in production"
    )
    emulate.add_argument("--seed", type=int, default=1, help="another seed says other things")
    emulate.add_argument(
        "--run",
        dest="named",
        metavar="NAME",
        help="keeps runs apart; the same run again repeats the same messages",
    )
    emulate.add_argument("--vehicles", type=int, default=40, help="how many vehicles they title")
    emulate.add_argument(
        "--turns", type=int, default=0, help="acts of each state, in turn, instead of a time"
    )
    emulate.add_argument("--rate", type=float, default=20.0, help="acts a second, of all states together")
    emulate.add_argument("--seconds", type=float, default=30.0, help="how long they play")
    emulate.add_argument("--answer-port", type=int, help="also answer for titles at this port (N-202)")
    emulate.set_defaults(run=run_emulate, databases=False)


def run_emulate(options: argparse.Namespace, station: Station) -> int:
    """Play, then say what was done and seen."""
    from contextlib import nullcontext

    from vinculum.entrypoints.emulation.answering import answering
    from vinculum.entrypoints.emulation.cast import NotPlayed
    from vinculum.entrypoints.emulation.play import Plan, play

    try:
        parts = _parts(options.states)
        keys = _keys(options, parts, station)
        plan = Plan(
            address=options.address,
            keys=keys,
            parts=parts,
            seed=options.seed,
            run=options.named or datetime.now(UTC).isoformat(),
            vehicles=options.vehicles,
            turns=options.turns,
            rate=options.rate,
            seconds=options.seconds,
        )
        port = options.answer_port
        with answering(parts, port=port) if port is not None else nullcontext(""):
            began = time.monotonic()
            watch = play(plan)
            seconds = time.monotonic() - began
    except NotPlayed as fault:
        raise Misused(str(fault)) from None
    if options.json:
        sys.stdout.write(json.dumps(watch.document(seconds=seconds)) + "\n")
    else:
        sys.stdout.write(watch.words(seconds=seconds) + "\n")
    if not watch.statuses:
        sys.stderr.write(
            f"vinculum: nothing at {options.address} has answered; no promise was put to the test.\n"
        )
        return UNREACHED
    return BROKEN if watch.breaches else 0


def _parts(said: str) -> "tuple[Part, ...]":
    from vinculum.entrypoints.emulation.cast import Part, company

    if said.isdecimal():
        return company(int(said))
    return tuple(Part.read(text.strip()) for text in said.split(";") if text.strip())


def _keys(options: argparse.Namespace, parts: "tuple[Part, ...]", station: Station) -> dict[str, str]:
    if options.keys is not None:
        try:
            given = json.loads(options.keys.read_text(encoding="utf-8"))
        except (OSError, ValueError) as fault:
            raise Misused(f"{options.keys} has no keys: {fault}") from None
        if not isinstance(given, dict):
            raise Misused(f'{options.keys} has no keys: it is to be an object, as {{"PA": "vk_test_…"}}.')
        return {str(code): str(key) for code, key in given.items()}
    if not options.admit:
        raise Misused("name the states' keys with --keys, or let them be made with --admit.")
    with station.databases():
        return _admitted(parts)


def _admitted(parts: "tuple[Part, ...]") -> dict[str, str]:
    """Admit each state in its mode, and give its emulator a key for a day."""
    from django.conf import settings

    from vinculum.access import service
    from vinculum.entrypoints.exchange.admission import admit, issue_key
    from vinculum.national.transactions.admit_jurisdiction import UnknownJurisdiction

    if settings.PRODUCTION:
        raise Misused("emulated states are never admitted to an exchange in production.")
    at, keys = datetime.now(UTC), {}
    for part in parts:
        operator = service.actor(terminal="emulator")
        try:
            organisation = admit(operator, code=part.code, mode=part.mode, at=at, grace_days=3650)
        except UnknownJurisdiction as fault:
            raise Misused(str(fault)) from None
        keys[part.code] = issue_key(
            operator,
            door="messages",
            organisation_id=organisation,
            client=f"emulator {at:%Y-%m-%d %H:%M:%S}",
            expires_at=at + timedelta(days=1),
            live=False,
        ).secret
    return keys

"""The command line as a whole: its parser, its exit codes, and the listing of every command.

Exit codes: 0 done, 1 refused (every refusal is listed), 2 used wrongly, 3 unavailable.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from vinculum.entrypoints.cli import advice, desk, keeping, look_ups, office, people, vin
from vinculum.entrypoints.cli.station import Misused, NotSignedIn, Station
from vinculum.kernel.refusal import Refusal, Refused

DONE, REFUSED, MISUSED, UNAVAILABLE = 0, 1, 2, 3


def parser() -> argparse.ArgumentParser:
    """The parser with every command; building it imports no command's machinery."""
    from vinculum import __doc__ as about

    top = argparse.ArgumentParser(prog="vinculum", description=about, allow_abbrev=False)
    top.add_argument("--json", action="store_true", help="answer in JSON, refusals included")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    for chapter in (vin, advice, desk, look_ups, office, people, keeping):
        chapter.add_to(commands)
    for _, command in commands_of(top):
        # Said before the command or after it; the default is the one above.
        command.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    return top


def main(arguments: Sequence[str], *, station: Station) -> int:
    """Run one command; the databases are made ready first where it needs them."""
    try:
        options = parser().parse_args(arguments)
    except SystemExit as ended:  # argparse has said why
        return int(ended.code or 0)
    run: Callable[[argparse.Namespace, Station], int] = options.run
    if not options.databases:
        return _run(run, options, station)
    with station.databases():
        return _run(run, options, station)


def _run(
    run: Callable[[argparse.Namespace, Station], int], options: argparse.Namespace, station: Station
) -> int:
    try:
        return run(options, station)
    except Refused as refused:
        _list(refused.refusals, as_json=options.json)
        return REFUSED
    except Misused as misuse:
        _complain(str(misuse))
        return MISUSED
    except NotSignedIn as fault:
        _complain(str(fault))
        return REFUSED
    except BrokenPipeError:
        # Whoever read our answer has read enough; there is nobody to say anything to.
        sys.stderr.close()
        return DONE
    except Exception as fault:
        code = _code_of(fault)
        if code is None:
            raise
        return code


def _code_of(fault: Exception) -> int | None:
    """The exit code of a fault that the person can do something about, said; None for a fault of the program."""
    import psycopg
    from psycopg_pool import PoolTimeout

    from vinculum.access.database import CredentialRefused
    from vinculum.access.permissions import Forbidden
    from vinculum.access.service import NoSystemCredential

    if isinstance(fault, CredentialRefused):
        _complain(f"The key in VINCULUM_KEY is not accepted: {fault}.")
        return REFUSED
    if isinstance(fault, Forbidden):
        _complain(str(fault))
        return REFUSED
    if isinstance(fault, psycopg.errors.IntegrityError | psycopg.errors.InsufficientPrivilege):
        _complain(f"The books refuse it: {fault.diag.message_primary or type(fault).__name__}.")
        return REFUSED
    if isinstance(fault, psycopg.OperationalError | PoolTimeout | NoSystemCredential):
        _complain(f"Unavailable: {fault}")
        return UNAVAILABLE
    return None


def _list(refusals: Sequence[Refusal], *, as_json: bool) -> None:
    if as_json:
        listed = {"refusals": [refusal.as_document() for refusal in refusals]}
        sys.stdout.write(json.dumps(listed, ensure_ascii=False) + "\n")
        return
    for refusal in refusals:
        where = f" ({refusal.field})" if refusal.field else ""
        law = "; ".join(part for part in (refusal.rule, refusal.citation) if part)
        sys.stderr.write(f"[{refusal.code}]{where} {refusal.message}\n    {refusal.remedy}")
        sys.stderr.write(f" ({law})\n" if law else "\n")


def _complain(text: str) -> None:
    sys.stderr.write(f"vinculum: {text}\n")


def listing() -> str:
    """The text of docs/cli.md."""
    lines = [
        "# Commands",
        "",
        "Printed by `python -m vinculum.entrypoints.cli.main`; a test fails when it is stale.",
        "",
        "Exit codes: 0 done; 1 refused, with every refusal on standard error, or as JSON on standard output with",
        "`vinculum --json …`; 2 used wrongly; 3 unavailable.",
        "",
        "Acts of the desk and the office are done in the name of the API key in `VINCULUM_KEY`, at the terminal",
        "named in `VINCULUM_TERMINAL`. Administration is done in the name of the program itself and works only",
        "on its own machine, where its credential is kept.",
    ]
    for name, command in commands_of(parser()):
        command.formatter_class = _wide
        lines += ["", f"## `{name}`", "", command.description or "", ""]
        lines += ["```", command.format_usage().replace("usage: ", "", 1).strip(), "```", ""]
        for action in command._actions:
            if action.help != argparse.SUPPRESS and not isinstance(
                action, argparse._HelpAction | argparse._SubParsersAction
            ):
                called = ", ".join(action.option_strings) or action.metavar or action.dest
                choices = f" ({', '.join(map(str, action.choices))})" if action.choices else ""
                lines.append(f"- `{called}`: {action.help or ''}{choices}")
    return "\n".join(line.rstrip() for line in lines).replace("\n\n\n", "\n\n") + "\n"


def commands_of(top: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command that does something, by its whole name."""
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help for choice in action._choices_actions}
            for name, command in action.choices.items():
                command.description = command.description or _sentence(helps.get(name))
                if command.get_default("run") is not None:
                    yield command.prog, command
                yield from commands_of(command)


def _wide(prog: str) -> argparse.HelpFormatter:
    """Usage lines of a width that does not depend on the terminal of whoever prints them."""
    return argparse.HelpFormatter(prog, width=100)


def _sentence(text: Any) -> str:
    said = str(text or "")
    return f"{said[:1].upper()}{said[1:]}." if said else ""


if __name__ == "__main__":
    sys.stdout.write(listing())

"""Where a command is given: who gives it, at which terminal, and how its answer is written."""

import json
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vinculum.access.database import Actor


class Misused(Exception):
    """The command was given something that it cannot read; the message says what."""


class NotSignedIn(Exception):
    """Who was named could not show password and code; the message says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """What the program around gives to a command.

    `key` and `terminal` are read when a command asks for them; `databases` holds the databases ready while a
    command runs that needs them.
    """

    key: Callable[[], str]
    terminal: Callable[[], str]
    databases: Callable[[], AbstractContextManager[None]]

    def desk(self) -> "Actor":
        """Whose key VINCULUM_KEY is: acts of the desk and of the office are done in its name."""
        from vinculum.access.keys import actor_for

        key = self.key()
        if not key:
            raise Misused("VINCULUM_KEY is not set: it holds the API key in whose name this is done.")
        return actor_for(key, client_address="", terminal=self.terminal() or "cli")

    def program(self) -> "Actor":
        """The program itself, for administration on its own machine."""
        from vinculum.access import service

        return service.actor(terminal="cli")


def say(held: object, *, as_json: bool) -> None:
    """Write an answer: JSON when asked for, else line by line."""
    from pydantic import TypeAdapter

    shape: Any = type(held)
    document = TypeAdapter(shape).dump_python(held, mode="json")
    if as_json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("\n".join(_lines(document) or ["none"]) + "\n")


def read_json(path: str) -> dict[str, Any]:
    """The JSON object of a file, or of standard input for `-`."""
    try:
        if path == "-":
            document = json.load(sys.stdin)
        else:
            with open(path, encoding="utf-8") as stream:
                document = json.load(stream)
    except OSError as fault:
        raise Misused(f"{path} cannot be read: {fault.strerror}.") from None
    except ValueError as fault:
        raise Misused(f"{path} is not JSON: {fault}.") from None
    if not isinstance(document, dict):
        raise Misused(f"{path} is not a JSON object.")
    return document


def _lines(held: Any, *, indent: str = "") -> list[str]:
    if isinstance(held, Mapping):
        lines: list[str] = []
        for name, value in held.items():
            label = f"{indent}{str(name).replace('_', ' ')}:"
            if _is_plain(value):
                lines.append(f"{label} {_plain(value)}")
            elif value:
                lines += [label, *_lines(value, indent=indent + "  ")]
        return lines
    if isinstance(held, list):
        return [line for value in held for line in _item(value, indent=indent)]
    return [f"{indent}{_plain(held)}"]


def _item(value: Any, *, indent: str) -> list[str]:
    if isinstance(value, Mapping) and all(map(_is_plain, value.values())):
        said = (
            f"{name.replace('_', ' ')} {_plain(held)}"
            for name, held in value.items()
            if held not in (None, "")
        )
        return [f"{indent}- {'; '.join(said)}"]
    if isinstance(value, list) and all(map(_is_plain, value)):
        return [f"{indent}- {': '.join(map(_plain, value))}"]
    first, *more = _lines(value, indent=indent + "  ") or [""]
    return [f"{indent}- {first.strip()}", *more]


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool)


def _plain(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)

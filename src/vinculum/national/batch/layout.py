"""The layout of a batch record: its columns declared once, to cut it, to read it, to print it, to explain it.

A fixed-width line has every column in its full length: text on the left filled with blanks, numbers on the right
filled with noughts. A CSV line has the same columns in the same order, separated by commas, without filling.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Any, Final, Literal

from vinculum.protocol.problem import Problem, problem

Form = Literal["fixed", "csv"]
Kind = Literal["text", "number", "date", "flag"]
DATE_LENGTH: Final = 8
_WANTED: Final[Mapping[Kind, str]] = {
    "text": "one of the values that may stand there",
    "number": "a number in digits only",
    "date": "a day as YYYYMMDD",
    "flag": "Y or N",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: what it is called in the message, how long it is, and what may stand in it."""

    name: str
    length: int
    meaning: str
    kind: Kind = "text"
    mnemonic: str = ""
    required: bool = True
    values: tuple[str, ...] = ()
    # What the values stand for, in their order, where they do not say it themselves.
    stand_for: tuple[str, ...] = ()

    @property
    def wanted(self) -> str:
        """What may stand here, as a refusal says it."""
        if not self.values:
            return _WANTED[self.kind]
        said = [
            f"{value} ({means})" if means else value
            for value, means in zip_longest(self.values, self.stand_for, fillvalue="")
        ]
        *most, last = [*said, *([] if self.required else ["blank"])]
        return f"{', '.join(most)} or {last}" if most else last

    def read(self, text: str) -> Any:
        """The value; None for a blank. Raises ValueError when something else stands there."""
        if not text.strip(" "):
            return None
        if self.kind == "number":
            if not (text.isascii() and text.isdigit()):
                raise ValueError(text)
            return int(text)
        if self.kind == "date":
            if not (text.isascii() and text.isdigit() and len(text) == DATE_LENGTH):
                raise ValueError(text)
            return date(int(text[:4]), int(text[4:6]), int(text[6:]))
        if self.kind == "flag":
            return {"Y": True, "N": False}[text] if text in {"Y", "N"} else _no_value(text)
        if self.values and text not in self.values:
            raise ValueError(text)
        return text

    def print(self, value: Any) -> str:
        """The value as it stands in a CSV line; raises ValueError when it does not fit."""
        if value is None:
            text = ""
        elif self.kind == "date":
            text = f"{value:%Y%m%d}".zfill(DATE_LENGTH)
        elif self.kind == "flag":
            text = "Y" if value else "N"
        else:
            text = str(value)
        if len(text) > self.length:
            raise ValueError(f"{self.name}: {text!r} has more than {self.length} characters")
        return text

    def fill(self, text: str) -> str:
        """The printed value in its full length."""
        return text.rjust(self.length, "0") if text and self.kind == "number" else text.ljust(self.length)


def _no_value(text: str) -> bool:
    raise ValueError(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One line type: the letter it begins with, and its columns."""

    letter: str
    columns: tuple[Column, ...]

    @property
    def length(self) -> int:
        """The length of its fixed-width line."""
        return len(self.letter) + sum(column.length for column in self.columns)

    def places(self) -> Iterator[tuple[Column, int]]:
        """Each column with the index at which it begins."""
        begins = len(self.letter)
        for column in self.columns:
            yield column, begins
            begins += column.length

    def cut(self, line: str) -> list[str]:
        """The columns of a fixed-width line of the right length, filling taken off."""
        return [line[begins : begins + column.length].rstrip(" ") for column, begins in self.places()]

    def read(self, cells: Sequence[str]) -> tuple[dict[str, Any], tuple[Problem, ...]]:
        """The values by name, and what cannot be read (V70) or is missing (V72)."""
        values: dict[str, Any] = {}
        faults: list[Problem] = []
        for column, text in zip(self.columns, cells, strict=True):
            try:
                value = column.read(text)
            except ValueError:
                faults.append(problem("V70", field=column.name, given=_shown(text), wanted=column.wanted))
                continue
            if value is None and column.required:
                faults.append(problem("V72", field=column.name, given=column.meaning))
            values[column.name] = value
        return values, tuple(faults)

    def print_line(self, values: Mapping[str, Any], *, form: Form) -> str:
        """The line without its end."""
        cells = [column.print(values.get(column.name)) for column in self.columns]
        if form == "csv":
            return ",".join((self.letter, *map(quoted, cells)))
        filled = (column.fill(text) for column, text in zip(self.columns, cells, strict=True))
        return self.letter + "".join(filled)


def quoted(cell: str) -> str:
    """A CSV cell, in quotation marks where it needs them."""
    return f'"{cell.replace(chr(34), chr(34) * 2)}"' if any(mark in cell for mark in ',"') else cell


def _shown(text: str) -> str:
    """What stood there, short and printable: it goes into a report."""
    readable = "".join(letter if " " <= letter <= "~" else "?" for letter in text[:40])
    return readable or "nothing"

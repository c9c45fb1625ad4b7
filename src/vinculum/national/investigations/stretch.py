"""A stretch of the national files that is scanned in one transaction, and statements about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, LiteralString

import psycopg

_RANGE: Final[LiteralString] = "(x.vin > %(after)s AND x.vin <= %(upto)s)"
_THESE: Final[LiteralString] = "(x.vin = ANY (%(vins)s))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A part of the files: the VINs after one and up to another, or these ones (then `vins` is all of it)."""

    vins: Sequence[str]
    after: str | None = None
    upto: str = ""

    @property
    def values(self) -> dict[str, Any]:
        """The parameters of its condition."""
        if not self.is_of_all:
            return {"vins": list(self.vins)}
        return {"after": self.after, "upto": self.upto}

    @property
    def is_of_all(self) -> bool:
        """Whether it is a part of a scan of everything."""
        return self.after is not None

    def within(self, statement: LiteralString) -> LiteralString:
        """The statement for this stretch."""
        return statement.replace("{stretch}", _RANGE if self.is_of_all else _THESE)


def run_within(
    connection: psycopg.Connection[Any],
    statement: LiteralString,
    stretch: Stretch,
    values: dict[str, Any] | None = None,
) -> psycopg.Cursor[Any]:
    """Run the statement for the stretch, planned anew: the number of its VINs decides how it is best read."""
    return connection.execute(stretch.within(statement), stretch.values | (values or {}), prepare=False)

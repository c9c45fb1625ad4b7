"""What became of the records of a file: the four counts of the SEW report, and every message about a record."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, LiteralString
from uuid import UUID

import psycopg

from vinculum.protocol.problem import Problem

ADD_MESSAGES: Final[LiteralString] = (
    "COPY exchange.batch_message (vin, file_id, record_number, place, code, severity, field, text) FROM STDIN"
)


@dataclass(slots=True, kw_only=True)
class Tally:
    """The counts so far: read = rejected + valid (N-501), and some of the valid have warnings."""

    read: int = 0
    rejected: int = 0
    with_warnings: int = 0
    valid: int = 0


@dataclass(slots=True, kw_only=True)
class Findings:
    """What was found about records and is not written yet."""

    file_id: UUID
    tally: Tally
    rows: list[tuple[Any, ...]] = field(default_factory=list)

    def reject(self, number: int, vin: str, problems: Sequence[Problem]) -> None:
        """The record is not applied."""
        self.tally.rejected += 1
        self._say(number, vin, problems)

    def accept(self, number: int, vin: str, warnings: Sequence[Problem]) -> None:
        """The record is applied."""
        self.tally.valid += 1
        self.tally.with_warnings += bool(warnings)
        self._say(number, vin, warnings)

    def _say(self, number: int, vin: str, problems: Sequence[Problem]) -> None:
        for place, found in enumerate(problems, 1):
            self.rows.append(
                (
                    *(vin, self.file_id, number, place, found.code, found.severity),
                    *(found.field or "", found.text),
                )
            )

    def write(self, connection: psycopg.Connection[Any]) -> None:
        """Write what was found."""
        if not self.rows:
            return
        with connection.cursor() as cursor, cursor.copy(ADD_MESSAGES) as copy:
            for row in self.rows:
                copy.write_row(row)
        self.rows.clear()

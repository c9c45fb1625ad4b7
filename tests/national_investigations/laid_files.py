"""Titles, brands and marks laid straight into the national files, and what scans made of them."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import psycopg

from vinculum.kernel.vin import check_digit

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
_serials = count(1)
_numbers = count(1)


def sound_vin(descriptor: str = "1HGCM826", year_and_plant: str = "JA") -> str:
    """A VIN nobody has used yet, with a right check digit, far from its neighbours."""
    # Steps without neighbours: serials that count up would be a slip away from each other.
    vin = f"{descriptor}0{year_and_plant}{100_000 + next(_serials) * 317_981 % 900_000:06d}"
    return vin[:8] + check_digit(vin) + vin[9:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Titled:
    """A title to lay into the files."""

    state: str
    day: date
    odometer: int = 10_000
    number: str = ""
    current: bool = False
    unit: str = "M"
    make: str = "HOND"
    model_year: int = 2018


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """The national files, written to as their owner."""

    url: str
    at: datetime = AT

    def lay(self, vin: str, *titles: Titled, at: datetime | None = None) -> list[UUID]:
        """Titles of a vehicle, oldest first; the current ones get a pointer each."""
        entries = []
        with self._open() as connection:
            held = connection.execute(
                "SELECT coalesce(max(pointer_number), 0) FROM exchange.pointer WHERE vin = %s", (vin,)
            ).fetchone()
            assert held is not None
            number = held[0]
            for title in titles:
                entry = uuid4()
                columns = (
                    *(entry, "AD", at or self.at, title.state, title.number or f"N{next(_numbers):08d}"),
                    *(title.day, title.make, title.model_year, title.odometer, title.unit),
                )
                connection.execute(
                    "INSERT INTO exchange.title_history (vin, entry_id, transaction_type, transaction_at, jurisdiction,"
                    " title_number, issue_date, make, model_year, odometer, odometer_unit)"
                    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                    (vin, *columns),
                )
                if title.current:
                    number += 1
                    connection.execute(
                        "INSERT INTO exchange.pointer (vin, pointer_number, entry_id, transaction_type, transaction_at,"
                        " jurisdiction, title_number, issue_date, make, model_year, odometer, odometer_unit)"
                        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                        (vin, number, *columns),
                    )
                entries.append(entry)
        return entries

    def brand(self, vin: str, code: str, brander: str, day: date, *, at: datetime | None = None) -> None:
        with self._open() as connection:
            connection.execute(
                "INSERT INTO exchange.brander (code, brander_type, name, jurisdiction, added_at)"
                " SELECT code, 'J', name, code, %s FROM exchange.jurisdiction WHERE code = %s"
                " ON CONFLICT DO NOTHING",
                (AT, brander),
            )
            connection.execute(
                "INSERT INTO exchange.brand_history (vin, brand_code, brander, brand_date, make, model_year,"
                " transaction_type, transaction_at) VALUES (%s, %s, %s, %s, 'HOND', 2018, 'BA', %s)",
                (vin, code, brander, day, at or self.at),
            )

    def withdraw(self, vin: str, entry: UUID, *, at: datetime | None = None) -> None:
        """Take a title out again, its pointer with it."""
        with self._open() as connection:
            connection.execute(
                "INSERT INTO exchange.title_history (vin, entry_id, transaction_type, transaction_at, jurisdiction,"
                " title_number, issue_date, make, model_year, odometer, odometer_unit, withdraws, reason)"
                " SELECT vin, %s, 'RM', %s, jurisdiction, title_number, issue_date, make, model_year, odometer,"
                " odometer_unit, entry_id, 'issued in error' FROM exchange.title_history"
                " WHERE vin = %s AND entry_id = %s",
                (uuid4(), at or self.at, vin, entry),
            )
            connection.execute("DELETE FROM exchange.pointer WHERE vin = %s AND entry_id = %s", (vin, entry))

    def mark(self, vin: str, by: str, *visible_to: str) -> UUID:
        """Mark a record undercover (N-206)."""
        mark = uuid4()
        with self._open() as connection:
            connection.execute(
                "INSERT INTO exchange.undercover (vin, mark_id, marked_by, agency, visible_to, marked_at)"
                " VALUES (%s, %s, %s, 'Test Agency', %s, %s)",
                (vin, mark, by, list(visible_to), AT),
            )
        return mark

    def lift(self, vin: str) -> None:
        with self._open() as connection:
            connection.execute(
                "UPDATE exchange.undercover SET lifted_at = %s WHERE vin = %s AND lifted_at IS NULL",
                (AT, vin),
            )

    def after_scans(self) -> datetime:
        """A month after whatever was scanned by other tests, so that a scan goes on from this test's own."""
        with self._open() as connection:
            row = connection.execute("SELECT max(began_at) FROM exchange.finding_scan").fetchone()
        return max(AT, row[0] if row and row[0] else AT) + timedelta(days=30)

    def findings(self, *vins: str) -> list[tuple[str, str, str]]:
        """Kind, VIN and state of the findings about these vehicles."""
        with self._open() as connection:
            return connection.execute(
                "SELECT kind, vin, state FROM exchange.finding WHERE vin = ANY (%s) OR other_vin = ANY (%s)"
                " ORDER BY kind, vin, finding_id",
                (list(vins), list(vins)),
            ).fetchall()

    def kinds(self, *vins: str) -> list[str]:
        return [kind for kind, _, state in self.findings(*vins) if state == "open"]

    def evidence(self, vin: str) -> Any:
        with self._open() as connection:
            row = connection.execute(
                "SELECT evidence::text FROM exchange.finding WHERE vin = %s", (vin,)
            ).fetchone()
        assert row is not None
        return json.loads(row[0])

    def _open(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.url)

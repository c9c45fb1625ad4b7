"""Customers as the book has them: the facts that a deal's owners are checked on."""

from collections.abc import Sequence
from datetime import date

from vinculum.access.database import Connection
from vinculum.state.law.on_file import CustomerOnFile, CustomerStop

_OWNERS = """
SELECT c.id, c.number, c.kind, d.name, d.last_name, d.date_of_birth, d.residence_state, d.residence_town,
       d.tax_town_code, d.us_dot_number, d.military,
       (SELECT count(DISTINCT other.customer_id)
          FROM book.customer_identification AS mine
          JOIN book.customer_identification AS other
            ON other.kind = mine.kind AND other.number = mine.number AND other.closed_by IS NULL
           AND other.customer_id <> mine.customer_id
         WHERE mine.customer_id = c.id AND mine.closed_by IS NULL),
       (SELECT coalesce(jsonb_agg(jsonb_build_array(s.kind, s.since, s.town_code, s.town_name, s.contact)
                                  ORDER BY s.kind, s.town_code), '[]')
          FROM book.customer_stop AS s WHERE s.customer_id = c.id AND s.closed_by IS NULL)
  FROM book.customer AS c
  JOIN book.customer_detail AS d ON d.customer_id = c.id AND d.closed_by IS NULL
 WHERE c.number = ANY (%s)
"""


def load_owners(connection: Connection, numbers: Sequence[str]) -> tuple[CustomerOnFile | None, ...]:
    """The customers of these numbers in the same order, None where there is none."""
    rows = connection.execute(_OWNERS, (list(numbers),)).fetchall()
    found = {row[1]: _customer(row) for row in rows}
    return tuple(found.get(number) for number in numbers)


def lock_owners(connection: Connection, numbers: Sequence[str]) -> None:
    """Hold put-ons and take-offs of these customers' stops until this transaction ends, in one fixed order."""
    for number in sorted(set(numbers)):
        connection.execute("SELECT pg_advisory_xact_lock_shared(71, hashtext(%s))", (number,))


def lock_stops_of(connection: Connection, number: str) -> None:
    """Wait for deals of this customer that are being decided, so that a stop is seen by them or comes after."""
    connection.execute("SELECT pg_advisory_xact_lock(71, hashtext(%s))", (number,))


def _customer(row: Sequence[object]) -> CustomerOnFile:
    stops: list[list[str]] = row[12]  # type: ignore[assignment]
    return CustomerOnFile(
        customer_id=row[0],  # type: ignore[arg-type]
        number=row[1],  # type: ignore[arg-type]
        kind=row[2],  # type: ignore[arg-type]
        name=row[3],  # type: ignore[arg-type]
        last_name=row[4],  # type: ignore[arg-type]
        date_of_birth=row[5],  # type: ignore[arg-type]
        residence_state=row[6],  # type: ignore[arg-type]
        residence_town=row[7],  # type: ignore[arg-type]
        tax_town_code=row[8],  # type: ignore[arg-type]
        us_dot_number=row[9],  # type: ignore[arg-type]
        military=row[10],  # type: ignore[arg-type]
        other_records=row[11],  # type: ignore[arg-type]
        stops=tuple(
            CustomerStop(
                kind=kind,  # type: ignore[arg-type]
                since=date.fromisoformat(since),
                town_code=town_code,
                town_name=town_name,
                contact=contact,
            )
            for kind, since, town_code, town_name, contact in stops
        ),
    )
